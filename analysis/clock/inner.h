#ifndef ANALYSIS_CLOCK_INNER_H
#define ANALYSIS_CLOCK_INNER_H

#include "analysis/clock/uptime.h"
#include "analysis/method/parameters.h"

/* track.c: the track this reading belongs to, made if there is none. */
struct track *uptimes_track(struct uptimes *uptimes, const struct reading *reading, bool *ret_new);

#endif
