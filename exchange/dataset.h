#ifndef EXCHANGE_DATASET_H
#define EXCHANGE_DATASET_H

#include <stdint.h>

#include "core/text.h"
#include "store/store.h"

/*
 * A dataset: a directory of CSV files (docs/FORMATS.md) that holds what a
 * store holds, for people and for other tools, and the way in for scans that
 * other tools made. What was exported imports as the same sweeps, and they
 * export as the same bytes.
 *
 * Memory is that of one sweep, except where sweeps.csv is not in the order of
 * its numbers: then its rows are held.
 */
struct dataset_counts {
	uint64_t sweeps;     /* in the dataset */
	uint64_t new_sweeps; /* of import: not in the store before */
	uint64_t anchored;   /* of them, those that asked an anchor */
	uint64_t observations, hops, boots, targets, routes;
};

/*
 * Write all files, made if need be together with the directory, under other
 * names first; sweeps.csv gets its name last, so that what is cut short has
 * none and is no dataset. Files of those names are replaced where an export wrote them, as the
 * names of their columns tell, and else refused. 0, or a negative errno and *why.
 */
int dataset_export(
	struct store *store, const char *directory, struct diag *why, struct dataset_counts *ret);

/*
 * Read a dataset into a store open for writing, in one transaction: all or
 * nothing. Sweeps that are there already, and are the same, stay. `note` is
 * called with remarks that do not stop it (columns that are not read), and
 * `stopped` asked now and then whether to give up: -EINTR. Either may be NULL.
 */
struct dataset_notes {
	void (*note)(void *ctx, const char *text);
	bool (*stopped)(void *ctx);
	void *ctx;
};
/* Its files are read: no store is to be made of one (core/inputs.h). */
void dataset_note(const char *directory);
int dataset_import(struct store *store, const char *directory, const struct dataset_notes *notes,
	struct diag *why, struct dataset_counts *ret);

#endif
