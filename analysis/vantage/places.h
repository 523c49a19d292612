#ifndef ANALYSIS_VANTAGE_PLACES_H
#define ANALYSIS_VANTAGE_PLACES_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/host/machine.h"
#include "analysis/method/constants.h"
#include "store/observation.h"

/*
 * When in a full sweep of one vantage point each address is asked. Silence has no row there,
 * but where the order of the sweep is the same each time, as our prober's is, an address has
 * its place in it, and was silent there. How far it strays from its place is learned too: where
 * it has none, that is as far as the sweep is long, and nothing is known that was not before.
 * Pure.
 */
struct place {
	float after_s; /* from the sweep's start to the first probe, usually */
	float off_s;   /* so far from that, on average; 0: never seen */
};

struct places {
	struct place *items; /* owned: of each machine, by channel */
	size_t count, capacity;
	/* Of the sweep being read. */
	struct wall start, end;
	size_t kept, left; /* rows of addresses that have a place, there or elsewhere */
};

/* It may have been any time in (from, to]; both of the sweep. */
struct stay {
	int64_t from_ns, to_ns;
};

void places_finish(struct places *places);

void places_begin(struct places *places, const struct sweep_info *info);

/* A row of this sweep says when an address was asked. */
void places_see(struct places *places, uint32_t machine, enum channel channel,
	const struct observation *o, const struct constants *constants);

/* After all rows of the sweep: when it was asked, who has none. */
struct stay places_find(const struct places *places, uint32_t machine, enum channel channel,
	const struct constants *constants);

#endif
