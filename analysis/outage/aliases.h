#ifndef ANALYSIS_OUTAGE_ALIASES_H
#define ANALYSIS_OUTAGE_ALIASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/outage/edges.h"

/* One address, or one host: back in (low, high]; INT64_MAX: not. */
struct back {
	int64_t low_ns, high_ns;
};

static inline bool outs_same_block(const struct host_outage *a, const struct host_outage *b)
{
	return prefix_holds(block_of(a->address), b->address);
}

/*
 * Which of the addresses that an outage took are one host. Only addresses of one block may be:
 * the cost grows with the addresses, and not with their square. Pure; of end.c alone.
 */
struct aliases {
	const struct host_outage *outs; /* not owned; by return */
	size_t count;
	size_t *of_block; /* owned: every out, block by block, in order within it */
	size_t *begin;    /* owned: of each out, where in of_block its block begins */
	size_t *leader;   /* owned: of each out, the first of its host's */
	size_t *host;     /* owned: of each leader, which host it is */
};

void aliases_init(struct aliases *aliases, const struct host_outage *outs, size_t count);
void aliases_finish(struct aliases *aliases);

/* How many outs the block has that begins at this place of of_block. */
size_t aliases_block_size(const struct aliases *aliases, size_t begin);

/* What is known; or also, where nothing speaks against it, of those that came back first or
 * last, so that the end is as late or as early as may be. */
enum alias_guess { AS_KNOWN, FIRST_ARE_ALIASES, LAST_ARE_ALIASES };

/*
 * Fills hosts (room for count) from when each address was back; returns how many. A host is back
 * when its first address is. LAST_ARE_ALIASES: of those that came after after_ns.
 */
size_t aliases_group(struct aliases *aliases, enum alias_guess guess, const struct back *backs,
	int64_t after_ns, struct back *hosts);

#endif
