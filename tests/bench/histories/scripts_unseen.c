#include "tests/bench/histories/families.h"
#include "tests/bench/histories/schedule.h"

/* N1-N6: worlds whose seeds nobody fits with. */

void script_staggered_routes(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t at, free_at = world->start;

	while (next_event(history, free_at, &at)) {
		int event = event_add(history, CAUSE_UPSTREAM, at, "prefixes one by one");
		enum cut_kind kind = draw_cut_kind(world);
		int64_t end = at + draw_minutes(world, 5, 400);
		bool onset_too = rng_chance(rng, 0.3);
		for (int b = 0; b < world->block_count; b++) {
			event_cut(history, event, EVERY, b, at, end, kind);
			end += stretched_lag(world, SECONDS(rng_log_between(rng, 20, 900)));
			if (onset_too)
				at += stretched_lag(world, SECONDS(rng_log_between(rng, 5, 100)));
		}
		free_at = history->events[event].stop;
	}
}

void script_all_ups(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t at, free_at = world->start;

	for (int m = 0; m < world->machine_count; m++)
		world->machines[m].ups_ns = m == world->border ? 0 : FOR_EVER;
	while (next_event(history, free_at, &at)) {
		if (rng_chance(rng, 0.3)) {
			free_at = one_cut(history, at);
			continue;
		}
		int event = event_add(history, CAUSE_POWER, at, "border dark, machines on UPS");
		event_power(history, event, EVERY, true, at, at + draw_minutes(world, 5, 400));
		free_at = history->events[event].stop;
	}
}

void script_stepwise_power(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t at, free_at = world->start;

	while (next_event(history, free_at, &at)) {
		int event = event_add(history, CAUSE_POWER, at, "site after site");
		int64_t on = at + draw_minutes(world, 5, 300);
		bool border = rng_chance(rng, 0.5);
		for (int site = 0; site < world->site_count; site++) {
			event_power(history, event, site, border && site == 0, at, on);
			on += draw_minutes(world, 1, 40);
		}
		free_at = history->events[event].stop;
	}
}

void script_restarts_in_cut(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t at, free_at = world->start;

	while (next_event(history, free_at, &at)) {
		int event = event_add(history, CAUSE_UPSTREAM, at, "cut, restarts by hand");
		int64_t end = at + draw_minutes(world, 40, 600);
		event_cut(history, event, EVERY, EVERY, at, end, draw_cut_kind(world));
		for (int n = 1 + (int)rng_below(rng, 3); n > 0; n--) {
			int machine = (int)rng_below(rng, (uint32_t)world->machine_count);
			int64_t when =
				at + (int64_t)(rng_between(rng, 0.05, 0.7) * (double)(end - at));
			if (!world->machines[machine].router)
				event_restart(history, event, machine,
					when + SECONDS(rng_between(rng, 60, 600)));
		}
		free_at = history->events[event].stop;
	}
}

void script_crashing_attack(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t at, free_at = world->start;

	while (next_event(history, free_at, &at)) {
		free_at = one_congestion(history, at);
		int event = history->event_count - 1;
		struct event *e = &history->events[event];
		double share = rng_between(rng, 0.2, 0.8);
		for (int m = 0; m < world->machine_count; m++)
			if (rng_chance(rng, share) && !world->machines[m].router)
				event_restart(history, event, m,
					e->peak_start +
						(int64_t)(rng_unit(rng) *
							  (double)(e->peak_stop - e->peak_start)));
		if (free_at < e->stop)
			free_at = e->stop;
	}
}

void script_heavy_bursts(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	double a_day = rng_log_between(rng, 5, 60);
	double alpha = rng_between(rng, 1.0, 1.8);
	int64_t t = world->start;

	for (;;) {
		t += (int64_t)rng_exponential(rng, (double)DAYS(1) / a_day);
		int64_t end = t + SECONDS(rng_pareto(rng, 2, alpha));
		if (end - t > MINUTES(30))
			end = t + MINUTES(30);
		if (end >= world->end || history->event_count >= HISTORY_EVENTS)
			return;
		double share = rng_chance(rng, 0.6) ? 1 : rng_between(rng, 0.5, 1);
		struct span span = {
			.start = t, .end = end, .from = share, .to = share, .event = -1};
		if (rng_chance(rng, 0.5)) {
			spans_add(&world->vantages[0].bursts, span);
		} else {
			spans_add(&world->providers[0].bursts, span);
			/* Long and whole, it is a loss like any other. */
			if (end - t > SECONDS(60)) {
				int event = event_add(history, CAUSE_OTHER, t, "far burst");
				history->events[event].stop = end;
				history->events[event].ungraded = true;
			}
		}
		t = end + MINUTES(2);
	}
}
