#ifndef COMMANDS_CHECK_SWEEP_READ_H
#define COMMANDS_CHECK_SWEEP_READ_H

#include <stdint.h>

#include "core/text.h"
#include "store/observation.h"
#include "store/store.h"

/*
 * The newest sweep that a vantage point has put into a store of its own.
 */

/* Its number; 0 when there is no such store, or it has none. Negative errno
 * with *why when the file cannot be read. */
int sweep_number(const char *path, const char *vantage, uint64_t *ret, struct diag *why);

/*
 * The newest sweep, when its number is above `before`: 1. Else, or when there is
 * no store: 0. Negative errno with *why. Its arrays are the reader's, so the
 * store stays open until it is let go.
 */
struct sweep_held {
	struct sweep sweep;
	struct store *store;
	struct store_reader *reader;
};
int sweep_hold(const char *path, const char *vantage, uint64_t before, struct sweep_held *ret,
	struct diag *why);
void sweep_let_go(struct sweep_held *held);

#endif
