#include "tests/bench/histories/families.h"
#include "tests/bench/histories/schedule.h"

/* F0-F7, F14 and the mixtures: what takes a country, or part of one, off. */

void script_quiet(struct history *history)
{
	(void)history; /* the world's own loss, bursts and single failures are the point */
}

static int64_t outage_lasts(struct world *world)
{
	/* Some too short to be an outage: flaps. */
	double minutes = rng_chance(&world->rng, 0.1) ? rng_between(&world->rng, 0.3, 2.4)
						      : rng_log_between(&world->rng, 4, 600);

	return stretched(world, MINUTES(minutes));
}

int64_t one_cut(struct history *history, int64_t at)
{
	struct world *world = history->world;
	int64_t end = at + outage_lasts(world);
	int provider = rng_chance(&world->rng, 0.5)
			       ? EVERY
			       : (int)rng_below(&world->rng, (uint32_t)world->provider_count);
	enum cut_kind kind = draw_cut_kind(world);
	int event = -1;

	for (int b = 0; b < world->block_count; b++) {
		if (provider != EVERY && world->provider_of[b] != provider)
			continue;
		if (event < 0)
			event = event_add(history, CAUSE_UPSTREAM, at, "cut");
		event_cut(history, event, EVERY, b, at, end, kind);
	}
	return end;
}

static bool site_matters(const struct world *world, int site)
{
	for (int b = 0; b < world->block_count; b++) {
		int all = 0, there = 0;
		for (int m = 0; m < world->machine_count; m++) {
			const struct machine *machine = &world->machines[m];
			if (machine_block(world, m) != b || machine->router ||
				!machine_counted(world, m))
				continue;
			all++;
			there += machine->site == site && machine->ups_ns != FOR_EVER;
		}
		if (there >= 2 && there * 10 >= all * 3)
			return true;
	}
	return false;
}

int64_t one_power(struct history *history, int64_t at, bool national)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t on = at + outage_lasts(world);
	int event = event_add(history, CAUSE_POWER, at, national ? "national" : "site");

	if (national) {
		event_power(history, event, EVERY, true, at, on);
		return history->events[event].stop;
	}
	int site = (int)rng_below(rng, (uint32_t)world->site_count);
	for (int tries = 0; tries < 8 && !site_matters(world, site); tries++)
		site = (int)rng_below(rng, (uint32_t)world->site_count);
	event_power(history, event, site, rng_chance(rng, 0.3), at, on);
	return history->events[event].stop;
}

void script_cuts(struct history *history)
{
	int64_t at, free_at = history->world->start;

	while (next_event(history, free_at, &at))
		free_at = one_cut(history, at);
}

void script_site_power(struct history *history)
{
	int64_t at, free_at = history->world->start;

	while (next_event(history, free_at, &at))
		free_at = one_power(history, at, false);
}

void script_national_power(struct history *history)
{
	int64_t at, free_at = history->world->start;

	while (next_event(history, free_at, &at))
		free_at = one_power(history, at, true);
}

void script_flap_trains(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t at, free_at = world->start;

	while (next_event(history, free_at, &at)) {
		int event = event_add(history, CAUSE_UPSTREAM, at, "flap train");
		enum cut_kind kind = draw_cut_kind(world);
		int block = rng_chance(rng, 0.6)
				    ? EVERY
				    : (int)rng_below(rng, (uint32_t)world->block_count);
		for (int i = 3 + (int)rng_below(rng, 8); i > 0; i--) {
			int64_t end = at + draw_minutes(world, 0.7, 20);
			event_cut(history, event, EVERY, block, at, end, kind);
			/* Not so near 180 s of up that it is a matter of taste. */
			at = end + (rng_chance(rng, 0.3) ? SECONDS(rng_between(rng, 20, 110))
							 : draw_minutes(world, 4.5, 40));
		}
		free_at = history->events[event].stop;
	}
}

void script_brown_out(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t at, free_at = world->start;

	while (next_event(history, free_at, &at)) {
		int64_t dark = at + HOURS(rng_between(rng, 10, 24));
		int64_t t = at;
		while (t < dark) {
			double grown = (double)(t - at) / (double)(dark - at);
			t += (int64_t)rng_exponential(
				rng, (double)HOURS(1) / (0.2 + 5 * grown * grown));
			if (t + MINUTES(12) >= dark)
				break;
			/* A dip: a few feeders, a few seconds. */
			int dip = event_add(history, CAUSE_POWER, t, "dip");
			double reach = rng_between(rng, 0.05, 0.5);
			int64_t on = t + SECONDS(rng_between(rng, 0.5, 30));
			for (int m = 0; m < world->machine_count; m++)
				if (m != world->border && !world->machines[m].hand_restart &&
					rng_chance(rng, reach))
					event_power_machine(history, dip, m, t, on);
			history->events[dip].ungraded = true;
			t = history->events[dip].stop;
		}
		free_at = one_power(history, dark, true);
	}
}

int64_t one_congestion(struct history *history, int64_t at)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int event = event_add(history, CAUSE_CONGESTION, at, "attack");
	struct event *e = &history->events[event];
	int provider = rng_chance(rng, 0.7) ? EVERY : world->provider_of[0];
	double delay = rng_log_between(rng, 0.06, 0.8);
	double half = rng_between(rng, 0.25, 0.7);
	double peak = rng_chance(rng, 0.4) ? 1 : rng_between(rng, 0.975, 0.999);
	int64_t rise = draw_minutes(world, 12, 90), top = at + rise + draw_minutes(world, 1, 15);
	int64_t fall = top + draw_minutes(world, 8, 240), over = fall + draw_minutes(world, 3, 60);

	event_congestion(history, event, provider, at, at + rise, (double[]){0.02, half},
		(double[]){0.01, delay});
	event_congestion(history, event, provider, at + rise, top, (double[]){half, peak},
		(double[]){delay, delay});
	event_congestion(history, event, provider, top, fall, (double[]){peak, peak},
		(double[]){delay, delay});
	event_congestion(
		history, event, provider, fall, over, (double[]){0.9, 0}, (double[]){delay, 0});
	e->ramp_start = at + rise / 3;
	e->peak_start = top;
	e->peak_stop = fall;
	return over;
}

void script_congestion(struct history *history)
{
	int64_t at, free_at = history->world->start;

	while (next_event(history, free_at, &at))
		free_at = one_congestion(history, at);
}

void script_ordered(struct history *history)
{
	struct world *world = history->world;
	int64_t at, free_at = world->start;

	while (next_event(history, free_at, &at)) {
		at = (at / HOURS(0.5) + 1) * HOURS(0.5) + SECONDS(rng_between(&world->rng, -5, 40));
		free_at = at + stretched(world, HOURS(rng_log_between(&world->rng, 0.25, 14)));
		if (rng_chance(&world->rng, 0.7))
			free_at = (free_at / HOURS(0.25)) * HOURS(0.25) +
				  SECONDS(rng_between(&world->rng, 0, 30));
		if (free_at < at + MINUTES(5))
			free_at = at + MINUTES(15);
		int event = event_add(history, CAUSE_UPSTREAM, at, "ordered");
		event_cut(history, event, EVERY, EVERY, at, free_at, draw_cut_kind(world));
	}
}

void script_compound(struct history *history)
{
	struct world *world = history->world;
	int64_t at, free_at = world->start;

	while (next_event(history, free_at, &at)) {
		/* Power is back and machines boot; the line needs longer. */
		int64_t on = at + draw_minutes(world, 5, 240);
		int64_t line = on + draw_minutes(world, 2, 90);
		int event = event_add(history, CAUSE_POWER, at, "power, then the line");
		event_power(history, event, EVERY, true, at, on);
		event_cut(history, event, EVERY, EVERY, at, line, CUT_BORDER);
		history->events[event].border_dark = true;
		free_at = history->events[event].stop;
	}
}

void script_mixed(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t at, free_at = world->start;

	while (next_event(history, free_at, &at))
		free_at = rng_chance(rng, 0.5) ? one_cut(history, at)
					       : one_power(history, at, rng_chance(rng, 0.7));
}

void script_twins(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t at, free_at = world->start;

	/* No clock tells, every machine has a generator, routers say nothing. */
	for (int m = 0; m < world->machine_count; m++)
		world->machines[m].ups_ns = m == world->border ? 0 : FOR_EVER;
	while (next_event(history, free_at, &at)) {
		bool power = rng_chance(rng, 0.5);
		int event = event_add(history, power ? CAUSE_POWER : CAUSE_UPSTREAM, at, "twin");
		free_at = at + draw_minutes(world, 5, 600);
		event_cut(history, event, EVERY, EVERY, at, free_at, CUT_SILENT);
		history->events[event].border_dark = power;
	}
}
