#ifndef ANALYSIS_DISRUPTION_SEGMENTS_H
#define ANALYSIS_DISRUPTION_SEGMENTS_H

#include "analysis/disruption/disruption.h"

/*
 * The states a block went through in an incident, worked out when it is over: from
 * who went and came back, and from what befell the block as a whole. Pure.
 */
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
	size_t disruption; /* 1 + index into the disruptions found, 0 for none */
};

struct segments {
	struct segment *items;
	size_t count, capacity;
};

/* Work it out: append its segments, and its disruptions. */
void incident_resolve(const struct incident *incident, uint32_t block,
	const struct parameters *parameters, struct segments *segments,
	struct disruptions *disruptions);

#endif
