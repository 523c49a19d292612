#ifndef PROBER_SCHEDULE_SCHEDULE_H
#define PROBER_SCHEDULE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/clock.h"

/*
 * When sweeps start: at wall-clock multiples of their interval, so that series
 * of several vantage points line up. A start that was missed is counted, never
 * caught up. Pure.
 */
struct schedule {
	int64_t interval_ns;
	struct wall next;
	int64_t ahead_ns; /* how far ahead of now the next may lie */
	uint64_t missed;  /* since the last start */
};

/* The first multiple of interval_ns at or after t. */
struct wall schedule_align(struct wall t, int64_t interval_ns);

void schedule_init(struct schedule *schedule, int64_t interval_ns, struct wall now);

/* The first start is now. The second is the first multiple at least half an interval later. */
void schedule_init_at_once(struct schedule *schedule, int64_t interval_ns, struct wall now);

/*
 * Is a sweep due? Then *ret_late_ns says by how much, schedule->missed how many
 * starts have passed unused, and the next one is set. After the clock stepped
 * back the next start is the next multiple again, not the one far ahead.
 */
bool schedule_due(struct schedule *schedule, struct wall now, int64_t *ret_late_ns);

#endif
