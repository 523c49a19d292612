#ifndef ANALYSIS_EVENT_H
#define ANALYSIS_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/cover.h"
#include "analysis/machine.h"

/*
 * A time around which machines of one block went silent, and what its states
 * were then. Collected while it lasts, worked out when it is over (or the data
 * are): all its machines are known by then, so that a bracket can borrow from
 * its neighbours. Pure.
 */
struct out {
	uint32_t machine;
	double weight;
	struct spell spell; /* back_ns 0: still out */
};

/* No machine of the block answered: from (low, high] to (end_low, end_high]. */
struct dark {
	int64_t low_ns, high_ns;
	int64_t end_low_ns, end_high_ns; /* 0: still dark */
	double belief;
};

struct event {
	struct out *outs;
	size_t out_count, out_capacity;
	struct dark *darks;
	size_t dark_count, dark_capacity;
	double weight; /* of all the machines that were here when it began */
	size_t machines;
	double absences_per_ns; /* of all of them together, each by itself */
};

enum block_state { BLOCK_UP, BLOCK_DEGRADED, BLOCK_DOWN, BLOCK_UNKNOWN };
const char *block_state_name(enum block_state state);

/* From start on, until the next segment of the block. */
struct segment {
	int64_t start_ns;
	int64_t uncertainty_ns;
	enum block_state state;
	enum reason reason;
	double belief;
	double fraction_up;
	size_t loss; /* 1 + index into the losses found, 0 for none */
};

/* A part of an event that is an outage of this block. */
struct loss {
	uint32_t block;
	int64_t start_low_ns, start_high_ns;
	int64_t end_low_ns, end_high_ns; /* 0: it lasts */
	int64_t over_ns;                 /* when the block was up again; 0: not yet */
	bool dark;                       /* all machines, not some */
	double weight, weight_all;
	size_t machines, machines_all;
	/* As stagger finds them, in seconds and instants. */
	size_t going, coming;
	double going_s, coming_s;
	struct out *outs; /* owned: who was lost */
	size_t out_count;
};

struct segments {
	struct segment *items;
	size_t count, capacity;
};
struct losses {
	struct loss *items;
	size_t count, capacity;
};

/* Work it out, append; now: the data end or the event is over. */
void event_resolve(const struct event *event, uint32_t block, int64_t now_ns,
	const struct constants *constants, struct segments *segments, struct losses *losses);

void event_add_out(struct event *event, uint32_t machine, double weight, const struct spell *spell);
void event_clear(struct event *event);
void event_finish(struct event *event);
void losses_finish(struct losses *losses);

#endif
