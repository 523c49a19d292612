#ifndef ANALYSIS_VANTAGE_TRIPS_H
#define ANALYSIS_VANTAGE_TRIPS_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/method/parameters.h"

/*
 * The usual round trip of each host, as each vantage point measures it: a running
 * mean, in seconds. Memory is taken for the vantage points that measured any. Pure.
 */
struct trips {
	float *usual_s[VANTAGES_MOST]; /* owned; by host number */
	size_t count[VANTAGES_MOST];   /* of numbers there is room for */
};

void trips_finish(struct trips *trips);

/* One more, rtt_s > 0. Returns by how much it was over what was usual; NAN for the first. */
float trips_learn(struct trips *trips, size_t vantage, uint32_t host, float rtt_s);

#endif
