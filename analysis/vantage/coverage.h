#ifndef ANALYSIS_VANTAGE_COVERAGE_H
#define ANALYSIS_VANTAGE_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/vantage/proof.h"
#include "core/clock.h"
#include "store/observation.h"

/*
 * When a block was measured at all, and why not when it was not. Pure.
 *
 * Sweeps are told in order of their start. One that measured the block covers
 * it for its interval, and up to the next sweep of the vantage point if that
 * comes within two intervals; without an interval until the next sweep,
 * whenever it comes. One that could not earn its silence covers nothing. A
 * block is covered while any vantage point covers it. Whether a pause is covered
 * is known when the next sweep of that vantage point comes: until then a sweep of
 * another one that could not see makes a gap that is taken back.
 *
 * Carrying a state on is one thing, looking another: who has stopped is not
 * waited for. It looks for half as long again as its interval, or, where it
 * promised none, as the longest of its late gaps: so long its next sweep may
 * take to come.
 */
enum reason {
	REASON_NONE,
	/* of unknown */
	REASON_NEVER_ANSWERED,
	REASON_UNSENT,
	REASON_CAPTURE_DROP,
	REASON_ANCHORS_DOWN,
	REASON_UNPROVEN,
	REASON_NO_SWEEP,
	REASON_BOX,      /* all that answered is what a box answers for a whole block */
	REASON_LEARNING, /* silent, and no host known well enough to call it down */
	/* of degraded */
	REASON_HOSTS,
	REASON_LOSS,
};
const char *reason_name(enum reason reason);

/* Why the silence of a whole sweep says nothing; REASON_NONE where it does. */
enum reason reason_of_sweep(const struct sweep *sweep, const struct proof *proof);

struct gap {
	int64_t start_ns, end_ns;
	enum reason reason;
};

struct coverage {
	struct coverage_vantage {
		int64_t start_ns; /* of its last sweep that measured the block; 0: none yet */
		int64_t until_ns;
		int64_t active_until_ns;
		int64_t interval_ns;     /* the shortest of late */
		int64_t shortest_at_ns;
		int64_t sweep_ns, gap_ns; /* its last sweep; the longest gap of late */
	} * vantages;
	size_t vantage_count;
	int64_t decided_ns; /* the time up to which it is decided */
	enum reason reason; /* why nothing is covered, if nothing is */
	struct gap *gaps;
	size_t gap_count, gap_capacity;
};

/* Nothing is covered from start on. */
void coverage_init(struct coverage *coverage, struct wall start);
void coverage_finish(struct coverage *coverage);

/* A sweep by the vantage of this number; why: REASON_NONE if it measured. */
void coverage_sweep(
	struct coverage *coverage, size_t vantage, const struct sweep_info *info, enum reason why);

/* Where the last gap ends that no sweep after now_ns can take back; 0: there is none. */
int64_t coverage_last_gap(const struct coverage *coverage, int64_t now_ns);

/* Does it still look at the block, or may it have stopped? */
static inline bool coverage_is_active(const struct coverage_vantage *vantage, int64_t now_ns)
{
	return vantage->active_until_ns > now_ns;
}

/* From one of its sweeps to the next: promised, or else learned; 0: not known. */
static inline int64_t coverage_interval(const struct coverage_vantage *vantage)
{
	return vantage->interval_ns ? vantage->interval_ns : vantage->gap_ns;
}

/* Decide up to then; may be called once, at the end. */
void coverage_until(struct coverage *coverage, struct wall until);

#endif
