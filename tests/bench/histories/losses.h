#ifndef HISTORIES_LOSSES_H
#define HISTORIES_LOSSES_H

#include "tests/bench/histories/events.h"

/*
 * When each machine was truly out of reach of every vantage point: read from
 * the world's spans after it has settled.
 */
struct loss {
	int machine;
	int64_t start, end;
};

struct losses {
	struct loss *items; /* owned; by machine, then start */
	size_t count, capacity;
};

void losses_of_world(struct world *world, struct losses *ret);
void losses_free(struct losses *losses);

/* One outage inside an event, by the definition in README.md. */
struct outage_truth {
	int64_t start, end;
	int64_t pair_start, pair_end; /* while two machines or more were gone */
	int64_t longest_pair;         /* ... without a break */
	int lost;                     /* machines, at most together */
	bool gone[WORLD_MACHINES];    /* in it at any time */
	bool in_block[WORLD_BLOCKS];  /* a quarter of the block's machines were gone */
	double worst_share;           /* of a block's machines */
	int at_onset, at_end;         /* went, came back within one second of start, end */
	bool first[WORLD_MACHINES];   /* those that went then, and those that came back then */
	bool last[WORLD_MACHINES];
	int64_t second;               /* until the next machine went: 0 when two went at once */
	int onset_points, end_points; /* most instants any block needs: stabbing number at 60 s */
	bool steps;                   /* every block's machines went and came back in one instant */
};

enum { OUTAGES_PER_EVENT = 64 };
int outages_of_event(const struct world *world, const struct losses *losses,
	const struct event *event, struct outage_truth ret[OUTAGES_PER_EVENT]);

/* Counted machines of a block, and in all. */
int block_machines(const struct world *world, int block);

#endif
