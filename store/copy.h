#ifndef STORE_COPY_H
#define STORE_COPY_H

#include "store/internal.h"

/*
 * Rows of sweeps from one store into another as they lie there, inside store/ only: no blob is
 * encoded anew. A blob does not know the id of its sweep; it knows its block, method and the
 * sweep's start, which stay.
 */
struct copy {
	struct sqlite3 *db;
	struct sqlite3_stmt *cells, *path, *boot;
	int64_t id; /* whose rows are next */
};

/* 0, or a negative errno with *why. copy_close: whatever is there. */
int copy_open(struct copy *copy, struct sqlite3 *db, struct diag *why);
void copy_close(struct copy *copy);

/* The rows of copy->id become those of `id`. *sweep: what they say, which the caller has read and
 * verified; counts that are not of it are -EBADMSG. */
int copy_rows(const struct copy *copy, const struct sweep *sweep, struct store *into, int64_t id,
	struct diag *why);

/* store/append.c, in a transaction: store_append of a sweep whose rows lie in another store.
 * 1: stored, 0: there already, -EEXIST: another of its name is. */
int append_copy(struct store *store, const struct sweep *sweep, const struct copy *copy,
	struct diag *why);

#endif
