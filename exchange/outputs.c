#include "exchange/output.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "core/mem.h"
#include "exchange/output_file.h"
#include "exchange/output_format.h"

struct place {
	enum output_format format;
	struct output_face face;
	FILE *out;
	char *name;              /* for messages */
	struct output_file file; /* unless it is standard output */
	struct file_place at;
	const struct output_kind *headed; /* csv, fsdb: whose header is written */
	struct format_table table;
	int err; /* of the first write that failed, negative; 0: none */
};

struct outputs {
	bool epoch;
	enum output_format preferred; /* 0: none */
	bool pictures;
	struct place *places;
	size_t count, capacity;
};

static const struct {
	const char *name;
	enum output_format format;
} formats[] = {
	{"csv", OUTPUT_CSV},
	{"jsonl", OUTPUT_JSONL},
	{"table", OUTPUT_TABLE},
	{"fsdb", OUTPUT_FSDB},
	{"svg", OUTPUT_SVG},
	{"png", OUTPUT_PNG},
	{"pdf", OUTPUT_PDF},
	{"ndjson", OUTPUT_JSONL}, /* as suffixes only */
	{"txt", OUTPUT_TABLE},
};
enum { FORMAT_PREFIXES = 7, FORMAT_SUFFIXES = 9 };

static bool locale_is_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
	}
	return false;
}

struct output_face output_face_of(int fd)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *term = getenv("TERM");
	bool dumb = !term || !*term || strcmp(term, "dumb") == 0;

	return (struct output_face){
		.utf8 = locale_is_utf8(),
		.colour = isatty(fd) == 1 && !dumb && !(no_colour && *no_colour),
	};
}

struct outputs *outputs_create(bool epoch)
{
	struct outputs *outputs = mem_zeroed(1, sizeof(*outputs));

	outputs->epoch = epoch;
	return outputs;
}

/* Split "[FORMAT:]FILE". 0 when the format is known, else -EINVAL. */
static int place_parse(const char *text, enum output_format preferred,
	enum output_format *ret_format, const char **ret_path, struct diag *why)
{
	for (size_t i = 0; i < FORMAT_PREFIXES; i++) {
		size_t len = strlen(formats[i].name);
		if (strncmp(text, formats[i].name, len) == 0 && text[len] == ':' && text[len + 1]) {
			*ret_format = formats[i].format;
			*ret_path = text + len + 1;
			return 0;
		}
	}
	if (preferred && strcmp(text, "-") == 0) {
		*ret_format = preferred;
		*ret_path = text;
		return 0;
	}
	if (strcmp(text, "-") == 0) {
		*ret_format = isatty(STDOUT_FILENO) == 1 ? OUTPUT_TABLE : OUTPUT_CSV;
		*ret_path = text;
		return 0;
	}
	const char *dot = strrchr(text, '.');
	for (size_t i = 0; dot && i < FORMAT_SUFFIXES; i++) {
		if (strcasecmp(dot + 1, formats[i].name) == 0) {
			*ret_format = formats[i].format;
			*ret_path = text;
			return 0;
		}
	}
	if (preferred) {
		*ret_format = preferred;
		*ret_path = text;
		return 0;
	}
	return diag_set(why,
		"cannot tell the format of output \"%s\", expected csv:FILE, "
		"jsonl:FILE, fsdb:FILE or table:FILE ('-' as FILE is standard output)",
		text);
}

static void place_finish(struct place *place)
{
	format_table_flush(&place->table, NULL, place->face);
	output_file_finish(&place->file);
	free(place->name);
}

/* Two places that are one file, by whatever names. */
static int place_taken(const struct outputs *outputs, const struct place *new, struct diag *why)
{
	for (size_t i = 0; i < outputs->count; i++) {
		const struct place *old = &outputs->places[i];
		if (strcmp(old->name, new->name) == 0)
			return diag_set(why, "output \"%s\" is named twice", new->name);
		if (file_place_same(&old->at, &new->at))
			return diag_set(why, "outputs \"%.100s\" and \"%.100s\" are one file",
				old->name, new->name);
	}
	return 0;
}

static int place_open(
	struct outputs *outputs, struct place *place, const char *path, struct diag *why)
{
	if (strcmp(path, "-") == 0) {
		if (outputs_to_stdout(outputs))
			return diag_set(
				why, "standard output is named twice, expected one -o for it");
		place->name = mem_text("standard output");
		place->at = file_place_of(STDOUT_FILENO);
		place->out = stdout;
		int r = output_spare_fd(STDOUT_FILENO, place->name, why);
		return r < 0 ? r : place_taken(outputs, place, why);
	}
	place->name = mem_text(path);
	place->at = file_place(path);
	int r = place_taken(outputs, place, why);
	if (r == 0)
		r = output_file_open(&place->file, path, why);
	place->out = place->file.out;
	return r;
}

int outputs_add(struct outputs *outputs, const char *text, struct diag *why)
{
	struct place place = {0};
	const char *path = text;
	int err = place_parse(text, outputs->preferred, &place.format, &path, why);

	if (err)
		return err;
	if (place.format & OUTPUT_PICTURES && !outputs->pictures)
		return diag_set(why,
			"output \"%s\" is a picture, expected records (csv, jsonl, fsdb, table): "
			"pictures are drawn by timeline",
			text);
	err = place_open(outputs, &place, path, why);
	if (err) {
		free(place.name);
		return err;
	}
	place.face = output_face_of(fileno(place.out));
	outputs->places = mem_grow(
		outputs->places, &outputs->capacity, outputs->count + 1, sizeof(*outputs->places));
	outputs->places[outputs->count++] = place;
	return 0;
}

void outputs_add_stream(struct outputs *outputs, FILE *out, enum output_format format)
{
	struct place place = {.format = format, .out = out, .name = mem_text("a stream")};

	outputs->places = mem_grow(
		outputs->places, &outputs->capacity, outputs->count + 1, sizeof(*outputs->places));
	outputs->places[outputs->count++] = place;
}

void outputs_prefer(struct outputs *outputs, enum output_format format)
{
	outputs->preferred = format;
}

void outputs_allow_pictures(struct outputs *outputs)
{
	outputs->pictures = true;
}

size_t outputs_count(const struct outputs *outputs)
{
	return outputs->count;
}

bool outputs_to_stdout(const struct outputs *outputs)
{
	for (size_t i = 0; i < outputs->count; i++)
		if (outputs->places[i].out == stdout)
			return true;
	return false;
}

unsigned outputs_formats(const struct outputs *outputs)
{
	unsigned all = 0;

	for (size_t i = 0; i < outputs->count; i++)
		all |= outputs->places[i].format;
	return all;
}

/* Where there is csv there can be fsdb. */
static bool appears(const struct output_kind *kind, enum output_format format)
{
	return kind->formats & (format == OUTPUT_FSDB ? OUTPUT_CSV : (unsigned)format);
}

void outputs_declare(struct outputs *outputs, const struct output_kind *kind)
{
	assert(kind->column_count <= OUTPUT_COLUMNS);
	for (size_t i = 0; i < outputs->count; i++) {
		struct place *place = &outputs->places[i];
		if (place->format == OUTPUT_TABLE && appears(kind, place->format) &&
			!place->table.kind)
			place->table.kind = kind;
		if (!(place->format & (OUTPUT_CSV | OUTPUT_FSDB)) ||
			!appears(kind, place->format) || place->headed == kind)
			continue;
		assert(!place->headed); /* one kind to a csv */
		place->headed = kind;
		if (place->format == OUTPUT_CSV)
			format_csv_header(place->out, kind);
		else
			format_fsdb_header(place->out, kind);
	}
}

/* Called right behind the writes, while errno still says why one failed. */
static void place_note(struct place *place)
{
	if (!place->err && ferror(place->out))
		place->err = errno ? -errno : -EIO;
}

static void place_row(struct place *place, const struct output_kind *kind,
	const struct output_value *values, bool epoch)
{
	switch (place->format) {
	case OUTPUT_CSV:
		format_csv_row(place->out, kind, values, epoch);
		break;
	case OUTPUT_FSDB:
		format_fsdb_row(place->out, kind, values, epoch);
		break;
	case OUTPUT_JSONL:
		format_json_row(place->out, kind, values, epoch);
		break;
	case OUTPUT_TABLE:
		if (place->table.cell_count > 0 && place->table.kind != kind) {
			format_table_flush(&place->table, place->out, place->face);
			putc('\n', place->out);
		}
		format_table_add(&place->table, kind, values, epoch);
		break;
	case OUTPUT_SVG:
	case OUTPUT_PNG:
	case OUTPUT_PDF:
		break;
	}
	place_note(place);
}

void outputs_row(
	struct outputs *outputs, const struct output_kind *kind, const struct output_value *values)
{
	outputs_declare(outputs, kind);
	for (size_t i = 0; i < outputs->count; i++)
		if (appears(kind, outputs->places[i].format))
			place_row(&outputs->places[i], kind, values, outputs->epoch);
}

void outputs_view(struct outputs *outputs, output_view_fn *view, const void *ctx)
{
	for (size_t i = 0; i < outputs->count; i++) {
		struct place *place = &outputs->places[i];
		if (place->format != OUTPUT_TABLE)
			continue;
		format_table_flush(&place->table, place->out, place->face);
		char *text = view(ctx, place->face);
		fputs(text, place->out);
		place_note(place);
		free(text);
	}
}

int outputs_picture(struct outputs *outputs, output_picture_fn *draw, const void *ctx,
	struct diag *why)
{
	int r = 0;

	for (size_t i = 0; i < outputs->count && r == 0; i++) {
		struct place *place = &outputs->places[i];
		if (!(place->format & OUTPUT_PICTURES))
			continue;
		r = draw(ctx, place->format, place->out, why);
		place_note(place);
	}
	return r;
}

/* Everything down to the kernel; for a file, down to the disk. */
static int place_write(struct place *place)
{
	format_table_flush(&place->table, place->out, place->face);
	place_note(place);
	if (place->err)
		return place->err;
	if (!place->file.out)
		return fflush(place->out) == 0 ? 0 : -errno;
	return output_file_write(&place->file);
}

int outputs_finish(struct outputs *outputs, struct diag *why)
{
	int err = 0;
	size_t at = 0;

	for (; at < outputs->count && !err; at++)
		err = place_write(&outputs->places[at]);
	for (size_t i = 0; i < outputs->count && !err; i++) {
		struct place *place = &outputs->places[i];
		at = i + 1;
		err = output_file_name(&place->file);
	}
	if (err)
		diag_set(why, "cannot write %s: %s", outputs->places[at - 1].name, strerror(-err));
	outputs_abandon(outputs);
	return err;
}

void outputs_abandon(struct outputs *outputs)
{
	if (!outputs)
		return;
	for (size_t i = 0; i < outputs->count; i++)
		place_finish(&outputs->places[i]);
	free(outputs->places);
	free(outputs);
}
