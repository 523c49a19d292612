#ifndef ANALYSIS_OUTAGE_EDGES_H
#define ANALYSIS_OUTAGE_EDGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/disruption/incident.h"
#include "analysis/method/stabbing.h"

/*
 * Between which instants an outage began and ended, from when each address that
 * it took was last heard, first silent, last silent and first heard again. Pure.
 */

/* The first host went within *ret. Silences before the rest went that lost probes
 * may be are allowed for. False: there are no hosts. */
bool outage_onset(const struct host_outage *outs, size_t count, const struct parameters *parameters,
	struct instant *ret);

/*
 * Nine in ten of the hosts were back within (low, high]: that holds every
 * instant which is left possible by lost probes and by not knowing which
 * addresses are one host. Sorts outs by return. False: not yet, or only after
 * a pause so long that the rest needs a hand.
 */
bool outage_end(struct host_outage *outs, size_t count, const struct parameters *parameters,
	int64_t *ret_low_ns, int64_t *ret_high_ns);

/* May these be two addresses of one host, by this outage and all before? */
bool outs_may_be_aliases(const struct host_outage *a, const struct host_outage *b);

/* Of so many addresses lost, so many at most are thought to be second ones. */
static inline size_t assumed_aliases(size_t count)
{
	return (count + 7) / 8;
}

#endif
