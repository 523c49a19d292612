#ifndef CORE_CSV_H
#define CORE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/text.h"

/*
 * CSV as RFC 4180 has it, and as spreadsheets write it: fields in quotes may
 * hold commas, doubled quotes and line ends; lines end with LF or CRLF, the
 * last perhaps with neither; a UTF-8 byte order mark is passed over, and so
 * are empty lines. Not taken: a quote within an unquoted field, anything but a
 * comma behind a closing quote, a lone carriage return, a NUL.
 *
 * Memory is that of the longest record, never of the whole file.
 */

/* Where bytes come from: up to `size` of them, 0 at the end, or -errno. */
struct csv_source {
	ssize_t (*read)(void *ctx, char *bytes, size_t size);
	void *ctx;
};

struct csv_row {
	char **fields; /* the reader's, until its next call */
	size_t count;
	unsigned long line; /* on which the record begins, from 1 */
};

/* Longer records are refused: they are an unclosed quote. */
enum { CSV_RECORD_MAX = 1 << 20 };

/* `file` names it in *why, "FILE:LINE: ...". The source is borrowed. */
struct csv_reader;
struct csv_reader *csv_open(const char *file, struct csv_source source);
struct csv_reader *csv_open_bytes(const char *file, const char *bytes, size_t len);
void csv_close(struct csv_reader *reader); /* NULL is fine */

/* 1: a record in *ret. 0: the end. -EINVAL, or what the source said. */
int csv_next(struct csv_reader *reader, struct csv_row *ret, struct diag *why);

/*
 * A file with a header, read by column name: in any order, columns nobody
 * asked for passed over, optional ones perhaps absent.
 */
struct csv_column {
	const char *name;
	bool required;
};

enum { CSV_COLUMNS_MAX = 64 };

/* Reads the header. The table owns the reader, also when this fails. `columns`
 * are borrowed. An empty file is an error: the header is always there. */
struct csv_table;
int csv_table_open(struct csv_reader *reader, const struct csv_column *columns, size_t count,
	struct diag *why, struct csv_table **ret);
void csv_table_close(struct csv_table *table); /* NULL is fine */

/* The columns nobody asked for, comma-separated; "" when there are none. */
const char *csv_table_unknown(const struct csv_table *table);

/* Fill fields[i] for columns[i], "" where the column is absent; *ret_line is
 * the record's. Returns as csv_next; every record must be as long as the header. */
int csv_table_next(
	struct csv_table *table, const char **fields, unsigned long *ret_line, struct diag *why);

/* Fill *why for column i of the record read last; returns -EINVAL. */
int csv_table_wrong(const struct csv_table *table, size_t column, struct diag *why,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * Writing: fields into a growing text, quoted where needed, LF line ends.
 * `text` is owned, not terminated; set len to 0 to use it again.
 */
struct csv_text {
	char *text;
	size_t len, capacity;
	bool in_row;
};

void csv_put(struct csv_text *out, const char *field);
void csv_put_plain(struct csv_text *out, const char *field, size_t len); /* nothing to quote */
void csv_put_empty(struct csv_text *out);
void csv_put_i64(struct csv_text *out, int64_t value);
void csv_end_row(struct csv_text *out);

#endif
