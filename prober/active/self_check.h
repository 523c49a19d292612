#ifndef PROBER_ACTIVE_SELF_CHECK_H
#define PROBER_ACTIVE_SELF_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/clock.h"
#include "store/observation.h"

/*
 * Are our own eyes open? Compares what clocks and capture say now with what
 * they said at the last look. Pure: the readings are passed in.
 */
struct self_check_reading {
	struct mono mono;
	struct wall wall;
	int64_t asleep_ns; /* CLOCK_BOOTTIME - CLOCK_MONOTONIC */
	uint64_t dropped;  /* frames the capture lost since it was opened */
};

struct self_check {
	struct self_check_reading last;
	bool primed;
};

struct self_check_result {
	uint32_t flags;    /* SWEEP_CLOCK_STEP, SWEEP_SUSPENDED: for every open sweep */
	uint64_t dropped;  /* since the last look */
	struct mono since; /* the last look */
};

struct self_check_result self_check_look(
	struct self_check *self_check, const struct self_check_reading *reading);

#endif
