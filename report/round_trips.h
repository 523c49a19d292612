#ifndef REPORT_ROUND_TRIPS_H
#define REPORT_ROUND_TRIPS_H

#include <stddef.h>
#include <stdint.h>

/*
 * The median of many round trips, in the room of a few: they are counted in steps of two per cent,
 * and what is told is the mean of the median's step. Only steps between the least and the most
 * that were met have room. Pure; zeroes are an empty one.
 */
struct round_trips {
	struct round_trip_step {
		uint64_t count;
		double sum_s;
	} * steps; /* owned */
	int first; /* the number of steps[0] */
	int count;
	uint64_t all;
};

void round_trips_add(struct round_trips *trips, int64_t rtt_ns);
/* NaN: there are none. */
double round_trips_median_s(const struct round_trips *trips);
void round_trips_finish(struct round_trips *trips);

#endif
