#ifndef LIVE_FACTS_H
#define LIVE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/judge.h"
#include "store/observation.h"

/*
 * Who measures, and how lately: what is told beside a judgement. Plain data. Pure.
 */

/* A vantage point, as its sweeps tell of it. */
struct vantage_facts {
	char name[VANTAGE_SIZE];
	uint64_t sweeps;
	enum tier tier;                     /* of its last sweep: the one that ended last */
	struct wall start, end;             /* of that */
	int64_t anchors_probed, anchors_up; /* of that; -1: not told */
	int64_t interval_ns; /* the shortest that its last sweep of either tier names; 0: none */
	enum reason blind;   /* why its silence says nothing now; REASON_NONE: it sees */
};

/* A sweep, to be named to a person. */
struct sweep_name {
	char vantage[VANTAGE_SIZE];
	char epoch[EPOCH_SIZE];
	uint64_t number;
	struct wall start;
};

struct series_facts {
	char epoch[EPOCH_SIZE]; /* the store's own: its identity */
	uint64_t readings;      /* grows when the store was read again from the start */
	bool written;           /* somebody holds the store's lock of a writer: a prober lives */
	uint64_t sweeps;
	struct wall start, end; /* the first one's start, the last one's end */
	uint64_t anchored;      /* sweeps that asked an anchor */
	int64_t interval_ns;    /* the longest that a sweep names */
	int64_t span_ns;        /* the longest that one took */
	/* The longest time without a sweep was between these two; `until` sweeps are before it. */
	struct sweep_name last, before, after;
	uint64_t until;
	/* In the order of judgement.vantages. */
	struct vantage_facts vantages[VANTAGES_MOST];
	size_t vantage_count;
	int64_t interval_of[VANTAGES_MOST][2]; /* by tier; 0: none */
};

/* A sweep was read; in the order of store_next. */
void facts_note(struct series_facts *facts, const struct sweep_info *info);

/* After the end: which vantage points are blind. */
void facts_settle(struct series_facts *facts, const struct judgement *judgement);

/* Has it been longer than two intervals since this vantage point's last sweep ended, or longer
 * than an hour where it names none? */
bool facts_is_late(const struct vantage_facts *vantage, struct wall now);

#endif
