#ifndef EXCHANGE_OUTPUT_H
#define EXCHANGE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/address.h"
#include "core/clock.h"
#include "core/text.h"

/*
 * One writer of records, in each format the same ones:
 *
 *   csv    RFC 4180 with LF line ends, header always, empty = not measured
 *   jsonl  one object a line, {"v":1,"type":KIND,...}; numbers as numbers,
 *          null = not measured. docs/FORMATS.md is the schema.
 *   fsdb   tab-separated with a "#fsdb" header, "-" = not measured: the same records
 *          as csv, for the tools of Fsdb (https://www.isi.edu/~johnh/SOFTWARE/FSDB/)
 *   table  aligned, for people, times to the second; followed by whatever a command adds for
 *          them. What stands in one by default fits 80 columns
 *
 * Numbers have the same digits in csv, jsonl and fsdb. Nothing depends on the locale
 * but whether a table may hold more than ASCII, and nothing on the terminal
 * but colour and the default format.
 *
 * A kind of record is declared once; then come rows of values in its order:
 *
 *	static const struct output_column columns[] = {
 *		{"block", COLUMN_PREFIX, 0}, {"duration_s", COLUMN_DECIMAL, 3}};
 *	static const struct output_kind kind = {"interval", columns, 2, OUTPUT_ALL};
 *
 *	outputs_row(outputs, &kind, (struct output_value[]){
 *		value_prefix(block), value_decimal(660)});
 */
enum { OUTPUT_SCHEMA = 1 };

enum column_type {
	COLUMN_TEXT,
	COLUMN_ADDRESS,
	COLUMN_PREFIX,
	COLUMN_TIME, /* RFC 3339 with milliseconds, or Unix seconds with six decimals */
	COLUMN_INTEGER,
	COLUMN_DECIMAL, /* always with its number of decimals */
};

struct output_column {
	const char *name;
	enum column_type type;
	int decimals; /* of COLUMN_DECIMAL, 0..9 */
};

/* Formats as bits: in which of them a kind of record appears. A csv file can
 * hold one kind only, a table only what a person wants to see; what csv has, fsdb has. */
enum output_format {
	OUTPUT_CSV = 1,
	OUTPUT_JSONL = 2,
	OUTPUT_TABLE = 4,
	OUTPUT_FSDB = 8,
	/* Pictures: no record appears in them, see outputs_picture. */
	OUTPUT_SVG = 16,
	OUTPUT_PNG = 32,
	OUTPUT_PDF = 64,
};
enum { OUTPUT_PICTURES = OUTPUT_SVG | OUTPUT_PNG | OUTPUT_PDF };
enum { OUTPUT_ALL = OUTPUT_CSV | OUTPUT_JSONL | OUTPUT_TABLE, OUTPUT_COLUMNS = 48 };

struct output_kind {
	const char *name; /* "type" in jsonl */
	const struct output_column *columns;
	size_t column_count; /* at most OUTPUT_COLUMNS */
	unsigned formats;
};

/* Made by the functions below; the type must be its column's. */
struct output_value {
	enum column_type type;
	bool empty;
	union {
		const char *text; /* borrowed until outputs_row returns */
		struct prefix prefix;
		struct wall time;
		int64_t integer;
		double decimal;
	} as;
};

static inline struct output_value value_none(void)
{
	return (struct output_value){.empty = true};
}

/* NULL and "" are empty. */
static inline struct output_value value_text(const char *text)
{
	return (struct output_value){COLUMN_TEXT, !text || !*text, {.text = text}};
}

static inline struct output_value value_address(struct ip4 address)
{
	return (struct output_value){COLUMN_ADDRESS, false, {.prefix = {address, 32}}};
}

static inline struct output_value value_prefix(struct prefix prefix)
{
	return (struct output_value){COLUMN_PREFIX, false, {.prefix = prefix}};
}

static inline struct output_value value_time(struct wall time)
{
	return (struct output_value){COLUMN_TIME, false, {.time = time}};
}

static inline struct output_value value_integer(int64_t integer)
{
	return (struct output_value){COLUMN_INTEGER, false, {.integer = integer}};
}

/* Not a number and infinite are empty. */
static inline struct output_value value_decimal(double decimal)
{
	return (struct output_value){COLUMN_DECIMAL, false, {.decimal = decimal}};
}

/* -1 is how an observation says "not measured". */
static inline struct output_value value_measured(int64_t integer)
{
	return integer < 0 ? value_none() : value_integer(integer);
}

/* What a table's reader can see. Read from the environment: LC_ALL, LC_CTYPE,
 * LANG; NO_COLOR, TERM; and whether the descriptor is a terminal. */
struct output_face {
	bool utf8;
	bool colour;
};
struct output_face output_face_of(int fd);

/* The places that one command writes to. */
struct outputs;

/* epoch: times as Unix seconds with six decimals. */
struct outputs *outputs_create(bool epoch);

/*
 * Add one place, as -o takes it: "[FORMAT:]FILE", "-" is standard output.
 * Without FORMAT a file's suffix tells (.csv, .jsonl, .fsdb, .txt); for standard
 * output it is a table on a terminal and csv elsewhere. Files are made now, so
 * that a bad name is told before any work; a regular file gets its name only
 * when it is whole. 0 or a negative errno.
 */
int outputs_add(struct outputs *outputs, const char *place, struct diag *why);

/* Add a stream of somebody's, who closes it after outputs_finish: rows into memory. */
void outputs_add_stream(struct outputs *outputs, FILE *out, enum output_format format);

/* Before the first place: what "-" and a name that tells no format mean. */
void outputs_prefer(struct outputs *outputs, enum output_format format);

/* Before the first place: this command draws pictures too. Else their formats are refused. */
void outputs_allow_pictures(struct outputs *outputs);

/* How many places there are, and whether one is standard output. */
size_t outputs_count(const struct outputs *outputs);
bool outputs_to_stdout(const struct outputs *outputs);

/* Which formats some place wants, or-ed. */
unsigned outputs_formats(const struct outputs *outputs);

/*
 * Say that records of this kind may come, so that a csv or a table has its header even if
 * none does. outputs_row does it for the kinds it meets.
 */
void outputs_declare(struct outputs *outputs, const struct output_kind *kind);
void outputs_row(
	struct outputs *outputs, const struct output_kind *kind, const struct output_value *values);

/* Text for people, behind the rows so far, in tables only: `view` is called
 * once for each and returns text for such a face, freed by the caller. */
typedef char *output_view_fn(const void *ctx, struct output_face face);
void outputs_view(struct outputs *outputs, output_view_fn *view, const void *ctx);

/* The picture, in each place that wants one: `draw` writes it and returns 0, or a negative errno
 * with *why, which ends it. */
typedef int output_picture_fn(
	const void *ctx, enum output_format format, FILE *out, struct diag *why);
int outputs_picture(struct outputs *outputs, output_picture_fn *draw, const void *ctx,
	struct diag *why);

/*
 * Write what is pending, close, and free. 0, or a negative errno with *why:
 * then no regular file named with -o was touched.
 */
int outputs_finish(struct outputs *outputs, struct diag *why);

/* Free without writing or leaving anything; NULL is fine. */
void outputs_abandon(struct outputs *outputs);

#endif
