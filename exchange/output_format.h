#ifndef EXCHANGE_OUTPUT_FORMAT_H
#define EXCHANGE_OUTPUT_FORMAT_H

#include <stdio.h>

#include "exchange/output.h"

/*
 * From a record to its text in each format. Nothing here opens, closes or
 * checks the stream: whoever owns it asks ferror() before believing it.
 */
void format_csv_header(FILE *out, const struct output_kind *kind);
void format_csv_row(
	FILE *out, const struct output_kind *kind, const struct output_value *values, bool epoch);
void format_fsdb_header(FILE *out, const struct output_kind *kind);
void format_fsdb_row(
	FILE *out, const struct output_kind *kind, const struct output_value *values, bool epoch);
void format_json_row(
	FILE *out, const struct output_kind *kind, const struct output_value *values, bool epoch);

/*
 * A JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD; what
 * is UTF-8 stays as it is, but what steers a terminal or turns text is escaped (text_printable).
 */
void format_json_text(FILE *out, const char *text);

/*
 * Rows wait here until all widths are known. Control characters become '?':
 * a label from somebody's file must not drive the reader's terminal.
 */
struct format_table {
	const struct output_kind *kind; /* NULL: no table */
	char **cells;                   /* owned, row by row */
	size_t cell_count, cell_capacity;
};

/* The table must be empty or of this kind. */
void format_table_add(struct format_table *table, const struct output_kind *kind,
	const struct output_value *values, bool epoch);

/* Write header and rows, if it has a kind, and be empty again. out may be NULL. */
void format_table_flush(struct format_table *table, FILE *out, struct output_face face);

#endif
