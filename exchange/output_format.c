#include "exchange/output_format.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/csv.h"
#include "core/mem.h"

enum { CELL_SIZE = TEXT_DECIMAL_SIZE };
/* ".000", which a table leaves out. */
enum { MS_LENGTH = 4 };
/* Room that a row begins with. */
enum { ROW_ROOM = 256 };

static bool value_empty(const struct output_value *value)
{
	return value->empty || (value->type == COLUMN_DECIMAL && !isfinite(value->as.decimal));
}

/* "-0.000" says nothing that "0.000" does not. */
static size_t format_decimal(double decimal, int decimals, char text[CELL_SIZE])
{
	size_t len = text_format_decimal(decimal, decimals, text);

	if (text[0] == '-' && strspn(text + 1, "0.") == len - 1)
		memmove(text, text + 1, len--);
	return len;
}

/* The value's characters, in text but for COLUMN_TEXT, whose own they are. */
static const char *value_format(const struct output_column *column,
	const struct output_value *value, bool epoch, char text[CELL_SIZE], size_t *ret_len)
{
	*ret_len = 0;
	if (value_empty(value))
		return "";
	assert(value->type == column->type);
	switch (column->type) {
	case COLUMN_TEXT:
		*ret_len = strlen(value->as.text);
		return value->as.text;
	case COLUMN_ADDRESS:
		*ret_len = ip4_format(value->as.prefix.base, text);
		return text;
	case COLUMN_PREFIX:
		*ret_len = prefix_format(value->as.prefix, text);
		return text;
	case COLUMN_TIME:
		*ret_len = epoch ? wall_format_epoch(value->as.time, text)
				 : wall_format(value->as.time, text);
		return text;
	case COLUMN_INTEGER:
		*ret_len = text_format_i64(value->as.integer, text);
		return text;
	case COLUMN_DECIMAL:
		*ret_len = format_decimal(value->as.decimal, column->decimals, text);
		return text;
	}
	return "";
}

static void csv_write(FILE *out, struct csv_text *row)
{
	csv_end_row(row);
	fwrite(row->text, 1, row->len, out);
	free(row->text);
}

void format_csv_header(FILE *out, const struct output_kind *kind)
{
	struct csv_text row = {.len = 0};

	for (size_t i = 0; i < kind->column_count; i++)
		csv_put(&row, kind->columns[i].name);
	csv_write(out, &row);
}

void format_csv_row(
	FILE *out, const struct output_kind *kind, const struct output_value *values, bool epoch)
{
	struct csv_text row = {.len = 0};
	char text[CELL_SIZE];
	size_t len;

	row.text = mem_grow(NULL, &row.capacity, ROW_ROOM, 1);
	for (size_t i = 0; i < kind->column_count; i++) {
		const char *value = value_format(&kind->columns[i], &values[i], epoch, text, &len);
		if (kind->columns[i].type == COLUMN_TEXT)
			csv_put(&row, value);
		else
			csv_put_plain(&row, value, len);
	}
	csv_write(out, &row);
}

void format_fsdb_header(FILE *out, const struct output_kind *kind)
{
	fputs("#fsdb -F t", out);
	for (size_t i = 0; i < kind->column_count; i++)
		fprintf(out, " %s", kind->columns[i].name);
	putc('\n', out);
}

void format_fsdb_row(
	FILE *out, const struct output_kind *kind, const struct output_value *values, bool epoch)
{
	char text[CELL_SIZE];
	size_t len;

	for (size_t i = 0; i < kind->column_count; i++) {
		const char *value = value_format(&kind->columns[i], &values[i], epoch, text, &len);
		if (i)
			putc('\t', out);
		if (len == 0)
			putc('-', out);
		/* What a reader would take for the end of a field, or for a comment. */
		for (size_t k = 0; k < len; k++)
			putc((unsigned char)value[k] < ' ' || (i == 0 && k == 0 && *value == '#')
					? '?'
					: value[k],
				out);
	}
	putc('\n', out);
}

/* Length of the UTF-8 character that begins here, 0 if none does (RFC 3629:
 * no overlong forms, no surrogates, nothing above U+10FFFF). */
static size_t utf8_length(const unsigned char *at)
{
	static const struct {
		unsigned char first, last, low, high, length;
	} forms[] = {
		{0x01, 0x7f, 0, 0, 1},
		{0xc2, 0xdf, 0x80, 0xbf, 2},
		{0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3},
		{0xed, 0xed, 0x80, 0x9f, 3},
		{0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4},
		{0xf1, 0xf3, 0x80, 0xbf, 4},
		{0xf4, 0xf4, 0x80, 0x8f, 4},
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (at[0] < forms[i].first || at[0] > forms[i].last)
			continue;
		if (forms[i].length > 1 && (at[1] < forms[i].low || at[1] > forms[i].high))
			return 0;
		for (size_t k = 2; k < forms[i].length; k++)
			if (at[k] < 0x80 || at[k] > 0xbf)
				return 0;
		return forms[i].length;
	}
	return 0;
}

/* Which character it is; what must not be shown has three bytes at most. */
static unsigned code_of(const unsigned char *at, size_t length)
{
	if (length == 1)
		return *at;
	if (length == 2)
		return (at[0] & 0x1fu) << 6 | (at[1] & 0x3fu);
	return (at[0] & 0x0fu) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
}

void format_json_text(FILE *out, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	putc('"', out);
	while (*at) {
		size_t length = utf8_length(at);
		if (length == 0) {
			fputs("\xef\xbf\xbd", out);
			length = 1;
		} else if (*at == '"' || *at == '\\') {
			fprintf(out, "\\%c", *at);
		} else if (*at == '\n') {
			fputs("\\n", out);
		} else if (*at == '\t') {
			fputs("\\t", out);
		} else if (text_printable_one((const char *)at) == 0) {
			fprintf(out, "\\u%04x", code_of(at, length));
		} else {
			fwrite(at, 1, length, out);
		}
		at += length;
	}
	putc('"', out);
}

void format_json_row(
	FILE *out, const struct output_kind *kind, const struct output_value *values, bool epoch)
{
	char text[CELL_SIZE];
	size_t len;

	fprintf(out, "{\"v\":%d,\"type\":\"%s\"", OUTPUT_SCHEMA, kind->name);
	for (size_t i = 0; i < kind->column_count; i++) {
		enum column_type type = kind->columns[i].type;
		const char *value = value_format(&kind->columns[i], &values[i], epoch, text, &len);

		fprintf(out, ",\"%s\":", kind->columns[i].name);
		if (value_empty(&values[i]))
			fputs("null", out);
		else if (type == COLUMN_INTEGER || type == COLUMN_DECIMAL ||
			 (type == COLUMN_TIME && epoch))
			fputs(value, out);
		else
			format_json_text(out, value);
	}
	fputs("}\n", out);
}

void format_table_add(struct format_table *table, const struct output_kind *kind,
	const struct output_value *values, bool epoch)
{
	char text[CELL_SIZE];
	size_t len;

	assert(table->cell_count == 0 || table->kind == kind);
	table->kind = kind;
	table->cells = mem_grow(table->cells, &table->cell_capacity,
		table->cell_count + kind->column_count, sizeof(*table->cells));
	for (size_t i = 0; i < kind->column_count; i++) {
		const char *value = value_format(&kind->columns[i], &values[i], epoch, text, &len);
		if (kind->columns[i].type == COLUMN_TIME && !epoch && len > MS_LENGTH + 1)
			strcpy(text + len - MS_LENGTH - 1, "Z");
		table->cells[table->cell_count++] = mem_text(*value ? value : "-");
	}
}

/* Make a cell fit to be shown, in place; returns how many columns it takes. */
static size_t cell_clean(char *cell, bool utf8)
{
	unsigned char *to = (unsigned char *)cell;
	size_t width = 0;

	for (const unsigned char *at = to; *at; width++) {
		size_t length = utf8_length(at);
		bool control = *at < 0x20 || *at == 0x7f || (*at == 0xc2 && at[1] < 0xa0);
		if (length == 0 || control || (length > 1 && !utf8)) {
			*to++ = '?';
		} else {
			memmove(to, at, length);
			to += length;
		}
		at += length ? length : 1;
	}
	*to = '\0';
	return width;
}

static void table_cell(FILE *out, const char *cell, size_t own, size_t width, bool right, bool last)
{
	int pad = (int)(width - own);

	if (right)
		fprintf(out, "%*s", pad, "");
	fputs(cell, out);
	if (!right && !last)
		fprintf(out, "%*s", pad, "");
	fputs(last ? "\n" : "  ", out);
}

static bool column_right(enum column_type type)
{
	return type == COLUMN_INTEGER || type == COLUMN_DECIMAL;
}

static void table_write(const struct format_table *table, FILE *out, bool utf8)
{
	const struct output_kind *kind = table->kind;
	size_t columns = kind->column_count;
	size_t *own = mem_zeroed(table->cell_count, sizeof(*own));
	size_t width[OUTPUT_COLUMNS];

	for (size_t c = 0; c < columns; c++)
		width[c] = strlen(kind->columns[c].name);
	for (size_t i = 0; i < table->cell_count; i++) {
		own[i] = cell_clean(table->cells[i], utf8);
		if (own[i] > width[i % columns])
			width[i % columns] = own[i];
	}
	for (size_t c = 0; c < columns; c++)
		table_cell(out, kind->columns[c].name, strlen(kind->columns[c].name), width[c],
			column_right(kind->columns[c].type), c + 1 == columns);
	for (size_t i = 0; i < table->cell_count; i++)
		table_cell(out, table->cells[i], own[i], width[i % columns],
			column_right(kind->columns[i % columns].type), (i + 1) % columns == 0);
	free(own);
}

void format_table_flush(struct format_table *table, FILE *out, struct output_face face)
{
	if (table->kind && out)
		table_write(table, out, face.utf8);
	for (size_t i = 0; i < table->cell_count; i++)
		free(table->cells[i]);
	free(table->cells);
	*table = (struct format_table){0};
}
