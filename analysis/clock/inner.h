#ifndef ANALYSIS_CLOCK_INNER_H
#define ANALYSIS_CLOCK_INNER_H

#include "analysis/clock/uptime.h"

/* What the files of uptimes share; nobody else includes it. */

/* Reckoned boot times of one boot agree this well: reading jitter. */
#define UPTIME_AGREE_NS (2 * NS_PER_S)
/* A real clock is off by up to 100 ppm (10-72 ppm are seen). */
#define UPTIME_SKEW_PPM 100
/* Linux counts from five minutes before zero (INITIAL_JIFFIES), so that wraps show early. */
#define UPTIME_BEFORE_ZERO_NS (300 * NS_PER_S)
/* Readings in a row that make an offset worth something; and how often one given
 * up may come back before there are two hosts behind the address. */
enum { UPTIME_TRUSTED = 3, UPTIME_BALANCED = 2 };

/* track.c: the track this reading belongs to, made if there is none. */
struct track *uptimes_track(struct uptimes *uptimes, const struct reading *reading, bool *ret_new);

#endif
