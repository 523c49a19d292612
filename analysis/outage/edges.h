#ifndef ANALYSIS_OUTAGE_EDGES_H
#define ANALYSIS_OUTAGE_EDGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/disruption/event.h"
#include "analysis/method/stagger.h"

/*
 * Between which instants an outage began and ended, from when each address that
 * it took was last heard, first silent, last silent and first heard again. Pure.
 */

/* The first machine went within *ret. Silences before the rest went that lost probes
 * may be are allowed for. False: there are no machines. */
bool outage_onset(const struct out *outs, size_t count, const struct constants *constants,
	struct instant *ret);

/*
 * Nine in ten of the machines were back within (low, high]: that holds every
 * instant which is left possible by lost probes and by not knowing which
 * addresses are one machine. Sorts outs by return. False: not yet, or only after
 * a pause so long that the rest needs a hand.
 */
bool outage_end(struct out *outs, size_t count, const struct constants *constants,
	int64_t *ret_low_ns, int64_t *ret_high_ns);

/* May these be two addresses of one machine, by this outage and all before? */
bool outs_may_be_one(const struct out *a, const struct out *b);

/* Of so many addresses lost, so many at most are thought to be second ones. */
static inline size_t outs_twins(size_t count)
{
	return (count + 7) / 8;
}

#endif
