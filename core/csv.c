#include "core/csv.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

enum { CHUNK = 1 << 16 };

struct csv_reader {
	char *file; /* its name */
	struct csv_source source;
	const char *bytes; /* of csv_open_bytes, given out once */
	size_t len;

	char *chunk;
	size_t at, end;
	int failed; /* what the source said */
	unsigned long line;
	bool started, ended;

	char *text; /* fields of this record, each ended by a NUL */
	size_t text_len, text_capacity;
	size_t *starts; /* of the fields in text */
	size_t start_count, start_capacity;
	char **fields;
	size_t field_capacity;
};

static ssize_t read_bytes(void *ctx, char *bytes, size_t size)
{
	struct csv_reader *r = ctx;
	size_t take = r->len < size ? r->len : size;

	if (take)
		memcpy(bytes, r->bytes, take);
	r->bytes += take;
	r->len -= take;
	return (ssize_t)take;
}

struct csv_reader *csv_open(const char *file, struct csv_source source)
{
	struct csv_reader *r = mem_zeroed(1, sizeof(*r));

	r->file = mem_text(file);
	r->source = source;
	r->chunk = mem_zeroed(1, CHUNK);
	r->line = 1;
	return r;
}

struct csv_reader *csv_open_bytes(const char *file, const char *bytes, size_t len)
{
	struct csv_reader *r = csv_open(file, (struct csv_source){.read = read_bytes});

	r->source.ctx = r;
	r->bytes = bytes;
	r->len = len;
	return r;
}

void csv_close(struct csv_reader *r)
{
	if (!r)
		return;
	free(r->file);
	free(r->chunk);
	free(r->text);
	free(r->starts);
	free(r->fields);
	free(r);
}

/* Have `want` bytes at hand, or as many as there still are. */
static size_t look_ahead(struct csv_reader *r, size_t want)
{
	if (r->at > 0 && r->end - r->at < want) {
		memmove(r->chunk, r->chunk + r->at, r->end - r->at);
		r->end -= r->at;
		r->at = 0;
	}
	while (r->end - r->at < want && !r->failed && !r->ended) {
		ssize_t got = r->source.read(r->source.ctx, r->chunk + r->end, CHUNK - r->end);
		if (got < 0)
			r->failed = (int)got;
		r->ended = got == 0;
		r->end += got > 0 ? (size_t)got : 0;
	}
	return r->end - r->at;
}

/* The next byte without taking it; -1 at the end. */
static inline int peek(struct csv_reader *r)
{
	if (r->at == r->end && look_ahead(r, 1) == 0)
		return -1;
	return (unsigned char)r->chunk[r->at];
}

static int take(struct csv_reader *r)
{
	int c = peek(r);

	if (c >= 0)
		r->at++;
	r->line += c == '\n';
	return c;
}

static void keep(struct csv_reader *r, int c)
{
	r->text = mem_grow(r->text, &r->text_capacity, r->text_len + 1, 1);
	r->text[r->text_len++] = (char)c;
}

static int wrong(const struct csv_reader *r, struct diag *why, const char *text)
{
	snprintf(why->file, sizeof(why->file), "%s", r->file);
	why->line = r->line;
	why->column[0] = '\0';
	return diag_set(why, "field %zu: %s", r->start_count, text);
}

/* Behind the opening quote, up to and with the closing one. */
static int read_quoted(struct csv_reader *r, struct diag *why)
{
	unsigned long first = r->line;

	for (;;) {
		int c = take(r);
		if (c < 0 || r->text_len > CSV_RECORD_MAX) {
			r->line = first;
			return wrong(r, why, "quote opened and never closed, expected \"");
		}
		if (c == 0)
			return wrong(r, why, "a zero byte, expected text");
		if (c == '"') {
			if (peek(r) != '"')
				return 0;
			take(r);
		}
		keep(r, c);
	}
}

static int read_plain(struct csv_reader *r, struct diag *why)
{
	for (;;) {
		int c = peek(r);
		if (c < 0 || c == ',' || c == '\n' || c == '\r')
			return 0;
		if (c == '"')
			return wrong(
				r, why, "a quote within a field, expected the field in quotes");
		if (c == 0)
			return wrong(r, why, "a zero byte, expected text");
		if (r->text_len > CSV_RECORD_MAX)
			return wrong(r, why, "the record is longer than 1 MiB");
		keep(r, take(r));
	}
}

/* One field, its end left to be read. */
static int read_field(struct csv_reader *r, struct diag *why)
{
	r->starts = mem_grow(r->starts, &r->start_capacity, r->start_count + 1, sizeof(*r->starts));
	r->starts[r->start_count++] = r->text_len;
	int result = 0;
	if (peek(r) == '"') {
		take(r);
		result = read_quoted(r, why);
	} else {
		result = read_plain(r, why);
	}
	keep(r, '\0');
	return result;
}

/* 1: another field follows. 0: the record ends here. */
static int read_separator(struct csv_reader *r, struct diag *why)
{
	int c = peek(r);

	if (c < 0)
		return 0;
	if (c == ',') {
		take(r);
		return 1;
	}
	if (c == '\r') {
		take(r);
		if (peek(r) != '\n' && peek(r) >= 0)
			return wrong(
				r, why, "a lone carriage return, expected the end of the line");
		c = peek(r);
	}
	if (c == '\n' || c < 0) {
		take(r);
		return 0;
	}
	return wrong(r, why, "text behind a closing quote, expected a comma");
}

static bool stands_at(struct csv_reader *r, const char *text, size_t len)
{
	return look_ahead(r, len) >= len && memcmp(r->chunk + r->at, text, len) == 0;
}

static void skip_mark(struct csv_reader *r)
{
	if (!r->started && stands_at(r, "\xef\xbb\xbf", 3))
		r->at += 3;
	r->started = true;
}

static void skip_empty_lines(struct csv_reader *r)
{
	while (peek(r) == '\n' || (peek(r) == '\r' && stands_at(r, "\r\n", 2)))
		take(r);
}

int csv_next(struct csv_reader *r, struct csv_row *ret, struct diag *why)
{
	skip_mark(r);
	skip_empty_lines(r);
	r->text_len = 0;
	r->start_count = 0;
	unsigned long line = r->line;
	if (peek(r) < 0 && !r->failed)
		return 0;

	int more;
	do {
		more = read_field(r, why);
		if (more == 0)
			more = read_separator(r, why);
	} while (more == 1);
	if (r->failed) {
		wrong(r, why, strerror(-r->failed));
		return r->failed;
	}
	if (more < 0)
		return more;

	r->fields = mem_grow(r->fields, &r->field_capacity, r->start_count, sizeof(*r->fields));
	for (size_t i = 0; i < r->start_count; i++)
		r->fields[i] = r->text + r->starts[i];
	*ret = (struct csv_row){.fields = r->fields, .count = r->start_count, .line = line};
	return 1;
}

struct csv_table {
	struct csv_reader *reader;
	const struct csv_column *columns;
	size_t count;
	size_t at[CSV_COLUMNS_MAX]; /* columns[i] is field at[i]; SIZE_MAX: absent */
	size_t width;
	unsigned long line;
	char unknown[256];
};

static int wrong_at(const struct csv_table *t, const char *column, struct diag *why)
{
	snprintf(why->file, sizeof(why->file), "%s", t->reader->file);
	snprintf(why->column, sizeof(why->column), "%s", column);
	why->line = t->line;
	return -EINVAL;
}

int csv_table_wrong(
	const struct csv_table *t, size_t column, struct diag *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return wrong_at(t, t->columns[column].name, why);
}

static void note_unknown(struct csv_table *t, const char *name)
{
	size_t len = strlen(t->unknown);

	snprintf(t->unknown + len, sizeof(t->unknown) - len, "%s%s", len ? "," : "", *name ? name : "\"\"");
}

static int place_column(struct csv_table *t, const char *name, size_t field, struct diag *why)
{
	for (size_t i = 0; i < t->count; i++) {
		if (strcmp(name, t->columns[i].name) != 0)
			continue;
		if (t->at[i] != SIZE_MAX) {
			diag_set(why, "twice in the header, expected once");
			return wrong_at(t, name, why);
		}
		t->at[i] = field;
		return 0;
	}
	note_unknown(t, name);
	return 0;
}

/* One field that holds what others separate by: this is no comma-separated file. */
static const char *other_separator(const struct csv_row *row)
{
	if (row->count != 1)
		return NULL;
	return strchr(row->fields[0], ';') ? "\";\"" : strchr(row->fields[0], '\t') ? "tabs" : NULL;
}

static int read_header(struct csv_table *t, struct diag *why)
{
	struct csv_row row;

	t->line = 1;
	int r = csv_next(t->reader, &row, why);
	if (r < 0)
		return r;
	if (r == 0) {
		diag_set(why, "the file is empty, expected a header");
		return wrong_at(t, "", why);
	}
	t->line = row.line;
	t->width = row.count;
	const char *separator = other_separator(&row);
	if (separator) {
		diag_set(why, "the header's columns are separated by %s, expected commas", separator);
		return wrong_at(t, "", why);
	}
	for (size_t i = 0; i < t->count; i++)
		t->at[i] = SIZE_MAX;
	for (size_t i = 0; i < row.count; i++) {
		r = place_column(t, row.fields[i], i, why);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < t->count; i++)
		if (t->columns[i].required && t->at[i] == SIZE_MAX)
			return csv_table_wrong(t, i, why, "missing, expected it in the header");
	return 0;
}

int csv_table_open(struct csv_reader *reader, const struct csv_column *columns, size_t count,
	struct diag *why, struct csv_table **ret)
{
	struct csv_table *t = mem_zeroed(1, sizeof(*t));

	t->reader = reader;
	t->columns = columns;
	t->count = count < CSV_COLUMNS_MAX ? count : CSV_COLUMNS_MAX;
	int r = read_header(t, why);
	if (r < 0) {
		csv_table_close(t);
		return r;
	}
	*ret = t;
	return 0;
}

void csv_table_close(struct csv_table *t)
{
	if (!t)
		return;
	csv_close(t->reader);
	free(t);
}

const char *csv_table_unknown(const struct csv_table *t)
{
	return t->unknown;
}

int csv_table_next(
	struct csv_table *t, const char **fields, unsigned long *ret_line, struct diag *why)
{
	struct csv_row row;
	int r = csv_next(t->reader, &row, why);

	if (r <= 0)
		return r;
	t->line = row.line;
	if (row.count != t->width) {
		diag_set(why, "%zu fields, expected %zu as in the header", row.count, t->width);
		return wrong_at(t, "", why);
	}
	for (size_t i = 0; i < t->count; i++)
		fields[i] = t->at[i] == SIZE_MAX ? "" : row.fields[t->at[i]];
	*ret_line = row.line;
	return 1;
}
