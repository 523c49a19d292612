#ifndef EXCHANGE_DATASET_ROWS_H
#define EXCHANGE_DATASET_ROWS_H

#include <stdint.h>

#include "core/csv.h"
#include "store/observation.h"
#include "store/route.h"

/*
 * The rows of a dataset's files as values, and back: columns, units and
 * limits of docs/FORMATS.md, one place for reading and writing. Pure.
 */
enum dataset_file {
	DATASET_TARGETS,
	DATASET_SWEEPS,
	DATASET_OBSERVATIONS,
	DATASET_PATHS,
	DATASET_BOOTS,
	DATASET_ROUTES,
};
enum { DATASET_FILE_COUNT = DATASET_ROUTES + 1 };

/* "targets.csv" and so on. */
const char *dataset_file_name(enum dataset_file file);

struct dataset_row {
	/* The sweep's number in this dataset, which all its files use. It nearly
	 * always is info.sweep, the number in its own series: not so where
	 * several series with the same numbers were written as one dataset. */
	uint64_t sweep;
	unsigned long line;
	bool is_heard; /* of routes.csv: as.heard, not as.route */
	union {
		struct target_row target;
		struct sweep_info info;
		struct observation observation;
		struct hop hop;
		struct boot boot;
		struct route route;
		struct heard heard;
	} as; /* by file */
};

struct dataset_rows;

/* The rows own the reader, also when this fails. */
int dataset_rows_open(enum dataset_file file, struct csv_reader *reader, struct diag *why,
	struct dataset_rows **ret);
void dataset_rows_close(struct dataset_rows *rows); /* NULL is fine */

/* Columns of the file that no one reads, comma-separated; "" for none. */
const char *dataset_rows_unknown(const struct dataset_rows *rows);

/* 1 and a row, 0 at the end, or a negative errno and *why with line and column. */
int dataset_rows_next(struct dataset_rows *rows, struct dataset_row *ret, struct diag *why);

/*
 * Append a header or a row. `renumbered`: sweeps.csv has the column that says
 * each sweep's number in its own series.
 */
void dataset_put_header(struct csv_text *out, enum dataset_file file, bool renumbered);
void dataset_put_row(struct csv_text *out, enum dataset_file file, const struct dataset_row *row,
	bool renumbered);

#endif
