#ifndef HISTORIES_SCHEDULE_H
#define HISTORIES_SCHEDULE_H

#include "tests/bench/histories/world.h"

/*
 * A family's times are written for a watch of 60 s. At a slower schedule the same outages would
 * fall between two sweeps, so they are stretched: four minutes become three and a half intervals,
 * ten hours 43 of them. At the default schedule all of these return what they were given.
 */

/* Of the world's durations: outages, flaps, batteries. */
int64_t stretched(const struct world *world, int64_t ns);

/* Hours: an interval for each; between two events three, so that hosts answer most of the time. */
int64_t stretched_gap(const struct world *world, double hours);
int64_t stretched_quiet(const struct world *world, double hours);

/* What comes one after another within an event: ten minutes are an interval. */
int64_t stretched_lag(const struct world *world, int64_t ns);

/* The given time, or so many intervals if that is more. */
int64_t at_least_intervals(const struct world *world, int64_t ns, double intervals);

/* Long enough to have a few dozen events, a year at most. */
double schedule_days(const struct play *play, double family_days);

/* How the world is asked, and what its batteries last, drawn once it has been made. */
void schedule_world(struct world *world, const struct play *play);

/* To the next sweep: of an irregular schedule, drawn. */
int64_t schedule_gap(const struct world *world, struct rng *rng);

#endif
