#include "tests/bench/histories/families.h"

/*
 * A reconstruction, not a record: 18-24 December 2014 as published (growing
 * instability for a day, all four networks dark on the 22nd at 16:15 UTC for
 * 9 h 31 min, back, dark again, unstable), in three worlds the public record
 * cannot tell apart. Every length but that one is invented here.
 */
#define DARK_FROM (INT64_C(1419264900) * 1000000000) /* 2014-12-22 16:15:00 */
#define DARK_UNTIL (DARK_FROM + MINUTES(571))

enum kind_2014 { KIND_REBOOTS, KIND_RAMP, KIND_NEITHER };

/* Shift the world's calendar so that it ends late on the 25th. */
static void set_calendar(struct world *world)
{
	int64_t shift = DARK_FROM - DAYS(7.7) - world->start;

	for (int m = 0; m < world->machine_count; m++) {
		for (size_t i = 0; i < world->machines[m].boots.count; i++)
			world->machines[m].boots.items[i] += shift;
		for (size_t i = 0; i < world->machines[m].twin_boots.count; i++)
			world->machines[m].twin_boots.items[i] += shift;
	}
	for (int i = 0; i < WORLD_PROVIDERS; i++)
		for (size_t k = 0; k < world->providers[i].bursts.count; k++) {
			world->providers[i].bursts.items[k].start += shift;
			world->providers[i].bursts.items[k].end += shift;
		}
	for (size_t k = 0; k < world->vantages[0].bursts.count; k++) {
		world->vantages[0].bursts.items[k].start += shift;
		world->vantages[0].bursts.items[k].end += shift;
	}
	world->start += shift;
	world->end += shift;
	for (int b = 0; b < world->block_count; b++) {
		uint32_t base = UINT32_C(0xaf2db000) + ((uint32_t)b << 8); /* 175.45.176.0/22 */
		for (int i = 0; i < world->endpoint_count; i++)
			if (world->endpoints[i].block == b)
				world->endpoints[i].address.host =
					base | (world->endpoints[i].address.host & 255);
		world->blocks[b].base.host = base;
		world->machines[world->border].boot_median_s = 60;
	}
}

/* Short losses of some machines, more and more often. */
static void unstable(struct history *history, enum kind_2014 kind, int64_t from, int64_t until,
	double worst_per_hour)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t t = from;

	while (t < until) {
		double grown = (double)(t - from) / (double)(until - from);
		t += (int64_t)rng_exponential(
			rng, (double)HOURS(1) / (0.3 + worst_per_hour * grown));
		if (t + MINUTES(8) > until)
			return;
		int event = event_add(history, CAUSE_OTHER, t, "instability");
		history->events[event].ungraded = true;
		int64_t end = t + SECONDS(rng_between(rng, 15, 150));
		if (kind == KIND_REBOOTS) {
			for (int m = 0; m < world->machine_count; m++)
				if (m != world->border && rng_chance(rng, 0.25))
					event_power_machine(history, event, m, t, t + SECONDS(2));
		} else {
			int block = (int)rng_below(rng, (uint32_t)world->block_count);
			event_cut(history, event, EVERY, rng_chance(rng, 0.4) ? EVERY : block, t,
				end, CUT_SILENT);
		}
		t = end + MINUTES(1);
	}
}

static void dark(struct history *history, enum kind_2014 kind, int64_t from, int64_t until)
{
	static const enum cause causes[] = {CAUSE_POWER, CAUSE_CONGESTION, CAUSE_OTHER};
	int event = event_add(history, causes[kind], from, "dark");
	struct event *e = &history->events[event];

	if (kind == KIND_REBOOTS) {
		event_power(history, event, EVERY, true, from, until - SECONDS(90));
		return;
	}
	if (kind == KIND_RAMP) {
		event_congestion(history, event, EVERY, from - HOURS(3), from - MINUTES(5),
			(double[]){0.03, 0.75}, (double[]){0.02, 0.6});
		event_congestion(history, event, EVERY, until, until + MINUTES(40),
			(double[]){0.6, 0.02}, (double[]){0.5, 0});
		e->ramp_start = from - HOURS(2);
		e->peak_start = from;
		e->peak_stop = until;
	}
	event_cut(history, event, EVERY, EVERY, from, until, CUT_SILENT);
}

static void script_2014(struct history *history, enum kind_2014 kind)
{
	struct world *world = history->world;

	set_calendar(world);
	for (int m = 0; m < world->machine_count; m++) {
		world->machines[m].hand_restart = false;
		world->machines[m].boot_median_s = 60;
		world->machines[m].boot_sigma = 0.2;
		if (kind == KIND_NEITHER) /* nothing tells */
			world->machines[m].clock = CLOCK_CONNECTION;
	}
	unstable(history, kind, DARK_FROM - HOURS(25), DARK_FROM, 4);
	dark(history, kind, DARK_FROM, DARK_UNTIL);
	unstable(history, kind, DARK_UNTIL + HOURS(2), DARK_UNTIL + HOURS(13), 2);
	dark(history, kind, DARK_UNTIL + HOURS(14), DARK_UNTIL + HOURS(15));
	unstable(history, kind, DARK_UNTIL + HOURS(16), DARK_UNTIL + HOURS(30), 2);
}

void script_2014_reboots(struct history *history)
{
	script_2014(history, KIND_REBOOTS);
}

void script_2014_ramp(struct history *history)
{
	script_2014(history, KIND_RAMP);
}

void script_2014_neither(struct history *history)
{
	script_2014(history, KIND_NEITHER);
}
