#ifndef STORE_TARGET_ROWS_H
#define STORE_TARGET_ROWS_H

#include <stddef.h>

#include "core/role.h"
#include "core/text.h"

/*
 * The targets of a store, and those of a dataset or another store that come to them: what is there stays, what is
 * new is added behind it in its order. A prefix is a target, or has one other role, or both.
 */
struct placed;
struct target_rows {
	struct placed *items; /* owned */
	size_t count, capacity;
};

/* line: in targets.csv; 0 of what the store has, which comes first. */
void target_rows_add(
	struct target_rows *rows, const struct target_row *row, unsigned long line);
void target_rows_finish(struct target_rows *rows);

/* *ret: owned by the caller. -EEXIST where a prefix has a second role that nobody learned: *why,
 * and the first line that says so. */
int target_rows_merge(struct target_rows *rows, struct target_row **ret, size_t *ret_count,
	struct diag *why, unsigned long *ret_line);

#endif
