#ifndef ANALYSIS_DISRUPTION_ASSESS_H
#define ANALYSIS_DISRUPTION_ASSESS_H

#include "analysis/disruption/departed.h"
#include "analysis/disruption/disruption.h"

/*
 * The block was not up in [from, to), from low on perhaps; to 0: it still is not. If
 * that is an outage and no coincidence of hosts that failed each by itself, append it.
 * A flap: all its hosts were gone, but by what they tell together not for long enough.
 */
enum disruption_kind { DISRUPTION_NONE, DISRUPTION_FLAP, DISRUPTION_ADDED };
enum disruption_kind disruptions_add(struct disruptions *disruptions,
	const struct incident *incident, const struct departed *departed, uint32_t block,
	int64_t low_ns, int64_t from_ns, int64_t to_ns, const struct parameters *parameters);

#endif
