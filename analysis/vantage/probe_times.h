#ifndef ANALYSIS_VANTAGE_PROBE_TIMES_H
#define ANALYSIS_VANTAGE_PROBE_TIMES_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/host/host.h"
#include "analysis/method/parameters.h"
#include "store/observation.h"

/*
 * When in a full sweep of one vantage point each address is asked. Silence has no row there,
 * but where the order of the sweep is the same each time, as our prober's is, an address has
 * its place in it, and was silent there. How far it strays from its place is learned too: where
 * it has none, that is as far as the sweep is long, and nothing is known that was not before.
 * Pure.
 */
struct probe_time {
	float after_s; /* from the sweep's start to the first probe, usually */
	float off_s;   /* so far from that, on average; 0: never seen */
};

struct probe_times {
	struct probe_time *items; /* owned: of each host, by channel */
	size_t count, capacity;
	/* Of the sweep being read. */
	struct wall start, end;
	size_t kept, left; /* rows of addresses that have a place, there or elsewhere */
};

/* It may have been any time in (from, to]; both of the sweep. */
struct time_range {
	int64_t from_ns, to_ns;
};

void probe_times_finish(struct probe_times *probe_times);

void probe_times_begin(struct probe_times *probe_times, const struct sweep_info *info);

/* A row of this sweep says when an address was asked. */
void probe_times_see(struct probe_times *probe_times, uint32_t host, enum channel channel,
	const struct observation *o, const struct parameters *parameters);

/* After all rows of the sweep: when it was asked, who has none. */
struct time_range probe_times_find(const struct probe_times *probe_times, uint32_t host,
	enum channel channel, const struct parameters *parameters);

#endif
