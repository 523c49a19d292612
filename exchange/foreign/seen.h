#ifndef EXCHANGE_FOREIGN_SEEN_H
#define EXCHANGE_FOREIGN_SEEN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/role.h"

/*
 * A set of addresses, as bits of their /24s, and what of it a target list has not yet.
 * Pure. Memory is that of the blocks, however often an address is seen.
 */
struct seen_block {
	uint32_t block; /* the address without its last byte */
	uint32_t bits[BLOCK_ADDRESSES / 32];
};

struct seen {
	struct seen_block *blocks; /* ascending; owned */
	size_t count, capacity;
	size_t last; /* where the last one was found */
};

void seen_add(struct seen *seen, struct ip4 address);
void seen_finish(struct seen *seen);

/* Put what no row holds yet behind the rows, as targets, in the fewest prefixes. */
void seen_to_targets(
	const struct seen *seen, struct target_row **rows, size_t *count, size_t *capacity);

#endif
