#ifndef ANALYSIS_ROUTES_ROUTES_H
#define ANALYSIS_ROUTES_ROUTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/route.h"

/*
 * What BGP said, and what it comes to for each block: how many of the peers that know a route to it
 * have one. Pure. METHOD.md, "Routes".
 *
 * A peer has the block while its longest match is as long as the one it is used to: the one that it
 * held for a day, or from the beginning. Where that is withdrawn a covering aggregate that stays
 * leads nowhere (Luckie and Beverly, SIGCOMM 2017). A more-specific that comes for less than a day
 * is nothing to get used to. A peer whose session was reset is not counted until it announces again.
 */
struct route_step {
	int64_t at_ns; /* from then on */
	uint32_t peers, have;
	uint32_t aggregate; /* of those that have it no more: they have a covering route still */
};

struct route_steps {
	struct route_step *items; /* owned, by time */
	size_t count, capacity;
};

struct routes {
	/* What was told. */
	struct heard *heard; /* owned */
	size_t heard_count, heard_capacity;
	char (*peers)[PEER_SIZE]; /* owned: names, as they came */
	size_t peer_count, peer_capacity;
	struct route_change {
		int64_t at_ns;
		struct prefix prefix;
		enum route_event event;
		uint32_t peer;
	} * changes; /* owned, by time */
	size_t change_count, change_capacity;
	/* After routes_settle. */
	struct route_steps *blocks; /* owned: one for each */
	size_t block_count;
};

/* All zero: nothing was told. */
void routes_finish(struct routes *routes);

/* By time, as store_routes gives them. */
void routes_hear(struct routes *routes, const struct heard *heard);
void routes_tell(struct routes *routes, const struct route *route);

/* When all is told. day_ns: how long a route is held to get used to it. */
void routes_settle(
	struct routes *routes, const struct prefix *blocks, size_t count, int64_t day_ns);

/* Was a collector listened to all the time from one to the other? */
bool routes_were_heard(const struct routes *routes, int64_t from_ns, int64_t to_ns);
/* Until when from there on; from_ns itself where it was not. */
int64_t routes_heard_until(const struct routes *routes, int64_t from_ns);

/* The share of peers that had the block then; NaN: no peer knew a route. */
double route_share(const struct route_steps *steps, int64_t at_ns);
/* The smallest from one time to another, both within; NaN: at one of them no peer knew. */
double route_share_least(const struct route_steps *steps, int64_t from_ns, int64_t to_ns);

#endif
