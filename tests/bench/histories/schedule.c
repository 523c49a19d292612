#include "tests/bench/histories/schedule.h"

#include <math.h>

static double intervals_of(double minutes)
{
	return 3.5 * sqrt(minutes / 4);
}

int64_t stretched(const struct world *world, int64_t ns)
{
	int64_t every = world->play.every_ns;

	if (!every || ns <= 0 || ns == FOR_EVER)
		return ns;
	return (int64_t)((double)every * intervals_of((double)ns / (double)MINUTES(1)));
}

int64_t stretched_gap(const struct world *world, double hours)
{
	int64_t every = world->play.every_ns;

	return every ? (int64_t)((double)every * hours) : HOURS(hours);
}

int64_t stretched_quiet(const struct world *world, double hours)
{
	return stretched_gap(world, world->play.every_ns ? 3 * hours : hours);
}

int64_t stretched_lag(const struct world *world, int64_t ns)
{
	int64_t every = world->play.every_ns;

	return every ? (int64_t)((double)ns * (double)every / (double)MINUTES(10)) : ns;
}

int64_t at_least_intervals(const struct world *world, int64_t ns, double intervals)
{
	int64_t least = (int64_t)((double)world->play.every_ns * intervals);

	return ns > least ? ns : least;
}

double schedule_days(const struct play *play, double family_days)
{
	if (play->days > 0)
		return play->days;
	if (!play->every_ns)
		return family_days;
	return fmin(365, 2000 * (double)play->every_ns / (double)DAYS(1));
}

static void draw_batteries(struct world *world, bool all)
{
	struct rng *rng = &world->rng;

	for (int m = 0; m < world->machine_count; m++) {
		struct machine *machine = &world->machines[m];
		if (m == world->border)
			continue;
		if (all)
			machine->ups_ns = SECONDS(rng_lognormal(rng, 900, 0.8));
		machine->ups_ns = stretched(world, machine->ups_ns);
	}
}

void schedule_world(struct world *world, const struct play *play)
{
	bool full = play->tiers == PLAY_FULL ||
		    (play->tiers == PLAY_DRAWN && play->every_ns && world->seed % 2 == 0);

	if (play->every_ns) {
		world->watch_ns = world->step_ns = play->every_ns;
		world->spread_ns = play->irregular ? MINUTES(5) : play->every_ns;
		world->full_ns = 11 * play->every_ns;
	}
	if (full) {
		world->step_ns = world->full_ns = play->every_ns ? play->every_ns : SECONDS(660);
		world->watch_ns = 0;
	}
	/* A machine's battery lasts minutes or, so that one sees them go one by one, intervals. */
	if (play->batteries || (play->every_ns && rng_chance(&world->rng, 0.5)))
		draw_batteries(world, play->batteries);
}

int64_t schedule_gap(const struct world *world, struct rng *rng)
{
	if (!world->play.irregular)
		return world->step_ns;
	double gap = rng_exponential(rng, (double)(world->step_ns - MINUTES(10)));
	return MINUTES(10) + (int64_t)fmin(gap, (double)HOURS(5.8));
}
