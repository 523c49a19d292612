#ifndef ANALYSIS_DISRUPTION_DEPARTED_H
#define ANALYSIS_DISRUPTION_DEPARTED_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/disruption/incident.h"

/* Who went in an incident, in order of going, and the build-ups met then: a part of it is found
 * without reading the rest. */
struct departed {
	struct buildup *buildups; /* owned */
	size_t buildup_count;
	struct host_outage *outs; /* owned */
	int64_t *until_ns;        /* owned: when the last of it and those before it was back */
	size_t count;
};

void departed_init(struct departed *departed, const struct incident *incident);
void departed_finish(struct departed *departed);

/* The first that was still out then, or went later. */
size_t departed_still_out(const struct departed *departed, int64_t at_ns);

/* The worst build-up met from from_ns to to_ns; NaN: none was measured. */
struct buildup_reading departed_buildup(
	const struct departed *departed, int64_t from_ns, int64_t to_ns);

#endif
