#ifndef ANALYSIS_OUTAGE_GROUP_H
#define ANALYSIS_OUTAGE_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/disruption/disruption.h"

/*
 * Which blocks' disruptions are one outage: what went together. Pure. METHOD.md, "Outages".
 *
 * A disruption that begins d after the last departure of an outage which is not over joins it
 * where that is likelier than an outage of its own:
 *
 *     stage e^{-d/tail} min(1, w/tail)  >  outages per time x w
 *
 * w is how narrowly its beginning is known. So it joins for about two hours, on any schedule;
 * what goes days later is another outage, though the first still lasts.
 */
struct group {
	size_t *disruptions; /* owned: indices, by start */
	size_t count, capacity;
	int64_t last_ns; /* its last departure */
	int64_t back_ns; /* the first return of any that it took; INT64_MAX: none yet */
};

struct groups {
	struct group *items; /* owned */
	size_t count, capacity;
};

/* numbers: indices of disruptions, by start. Only the latest group is asked: had an older one been
 * nearer, the latest would have joined it. */
void groups_build(const struct disruptions *disruptions, const size_t *numbers, size_t count,
	const struct parameters *parameters, struct groups *ret);
void groups_finish(struct groups *groups);

#endif
