#ifndef ANALYSIS_WEATHER_H
#define ANALYSIS_WEATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/constants.h"

/*
 * Loss and delay of a block, minute by minute, over the last two hours: what
 * congestion looks like. Only machines that are there are asked, so that those
 * that are off do not count. Pure.
 */
enum { WEATHER_MINUTES = 128 };

struct minute {
	int64_t number; /* since the epoch; 0: empty */
	float asked, answered;
	float excess_s; /* sum of round trips beyond the machines' usual ones */
	uint16_t timed;
};

struct weather {
	struct minute minutes[WEATHER_MINUTES];
	int64_t number; /* of the minute that is being filled */
};

/* A probe of a machine that is there; expected: its availability; excess: NaN
 * where no round trip is known. True when a minute has just become full. */
bool weather_add(struct weather *weather, int64_t now_ns, double expected, bool answered,
	double excess_s, const struct constants *constants);

/* The probes of a machine that turned out to be gone from then on. */
void weather_forget(struct weather *weather, int64_t from_ns, int64_t to_ns, double expected,
	const struct constants *constants);

/*
 * Have the last `count` full minutes all had less (more, if `above`) than this
 * share answered, with some probes each and not all silent? Then true, and since
 * when.
 */
bool weather_held(const struct weather *weather, int count, double share, bool above,
	const struct constants *constants, int64_t *ret_since_ns);

/* In the hour before, the longest run of minutes with a fifth lost, though not
 * all, or 80 ms more than usual. NaN when fewer than 20 were measured. */
double weather_ramp(
	const struct weather *weather, int64_t before_ns, const struct constants *constants);

#endif
