#include "tests/bench/histories/events.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "core/mem.h"
#include "tests/bench/histories/schedule.h"

const char *event_cause_name(enum cause cause)
{
	static const char *const names[] = {
		"nothing", "power_loss", "upstream_disconnect", "congestion", "routing", "other"};

	return names[cause];
}

struct history *history_create(struct world *world)
{
	struct history *history = mem_zeroed(1, sizeof(*history));

	history->world = world;
	return history;
}

void history_destroy(struct history *history)
{
	world_destroy(history->world);
	free(history);
}

int event_add(struct history *history, enum cause cause, int64_t start, const char *note)
{
	assert(history->event_count < HISTORY_EVENTS);
	history->events[history->event_count] =
		(struct event){.cause = cause, .start = start, .stop = start, .note = note};
	return history->event_count++;
}

static void reaches(struct history *history, int event, int64_t until)
{
	if (history->events[event].stop < until)
		history->events[event].stop = until;
}

enum cut_kind draw_cut_kind(struct world *world)
{
	double which = rng_unit(&world->rng);

	return which < 0.35   ? CUT_SILENT
	       : which < 0.75 ? CUT_UNREACHABLE
	       : which < 0.87 ? CUT_INNER_UNREACHABLE
			      : CUT_LOOP;
}

void event_cut(struct history *history, int event, int vantage, int block, int64_t start,
	int64_t end, enum cut_kind kind)
{
	struct world *world = history->world;
	struct event *e = &history->events[event];

	for (int v = 0; v < world->vantage_count; v++)
		for (int b = 0; b < world->block_count; b++) {
			if ((vantage != EVERY && v != vantage) || (block != EVERY && b != block))
				continue;
			spans_add(&world->vantages[v].cut[b], (struct span){.start = start,
								      .end = end,
								      .kind = (int)kind,
								      .from = 1,
								      .to = 1,
								      .event = event});
			if (kind == CUT_SILENT || kind == CUT_BORDER)
				continue;
			e->errors = true;
			if (world->providers[world->provider_of[b]].named)
				e->errors_named = true;
		}
	e->cut = kind;
	reaches(history, event, end);
}

static double boot_seconds(struct world *world, const struct machine *machine)
{
	return fmax(rng_lognormal(&world->rng, machine->boot_median_s, machine->boot_sigma), 5);
}

void event_part(struct history *history, int event, int machine, int64_t start, int64_t end)
{
	spans_add(&history->world->machines[machine].down,
		(struct span){.start = start, .end = end, .from = 1, .to = 1, .event = event});
	reaches(history, event, end);
}

void event_power_machine(struct history *history, int event, int which, int64_t off, int64_t on)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	struct machine *machine = &world->machines[which];

	if (machine->ups_ns == FOR_EVER || off + machine->ups_ns >= on)
		return;
	off += machine->ups_ns;
	if (machine->hand_restart)
		on += SECONDS(rng_lognormal(rng, 5400, 0.8));
	int64_t lag = SECONDS(boot_seconds(world, machine));
	instants_add(&machine->boots, on + (int64_t)((double)lag * rng_between(rng, 0.2, 0.6)));
	spans_add(&machine->down,
		(struct span){.start = off, .end = on + lag, .from = 1, .to = 1, .event = event});
	if (machine->clock == CLOCK_BALANCED)
		instants_add(&machine->twin_boots, on + lag / 2);
	reaches(history, event, on + lag);
}

void event_power(struct history *history, int event, int site, bool border, int64_t off, int64_t on)
{
	struct world *world = history->world;
	struct machine *router = &world->machines[world->border];

	for (int m = 0; m < world->machine_count; m++)
		if (m != world->border && (site == EVERY || world->machines[m].site == site))
			event_power_machine(history, event, m, off, on);
	reaches(history, event, on);
	if (!border)
		return;
	size_t before = router->down.count;
	event_power_machine(history, event, world->border, off, on);
	if (router->down.count == before)
		return;
	struct span dark = router->down.items[before];
	/* The routing session comes back after the router does. */
	int64_t session = dark.end + SECONDS(rng_between(&world->rng, 5, 90));
	history->events[event].border_dark = true;
	event_cut(history, event, EVERY, EVERY, dark.start, session,
		rng_chance(&world->rng, 0.06) ? CUT_UNREACHABLE : CUT_BORDER);
}

void event_restart(struct history *history, int event, int which, int64_t at)
{
	struct world *world = history->world;
	struct machine *machine = &world->machines[which];
	int64_t lag = SECONDS(boot_seconds(world, machine));

	instants_add(&machine->boots, at + lag / 3);
	spans_add(&machine->down,
		(struct span){.start = at, .end = at + lag, .from = 1, .to = 1, .event = event});
	reaches(history, event, at + lag);
}

void event_congestion(struct history *history, int event, int provider, int64_t start, int64_t end,
	const double share[2], const double delay_s[2])
{
	struct world *world = history->world;

	for (int i = 0; i < world->provider_count; i++)
		if (provider == EVERY || i == provider)
			spans_add(&world->providers[i].ramp, (struct span){.start = start,
								     .end = end,
								     .from = share[0],
								     .to = share[1],
								     .extra_from = delay_s[0],
								     .extra_to = delay_s[1],
								     .event = event});
	reaches(history, event, end);
}

static bool busy(const struct history *history, int64_t start, int64_t end)
{
	int64_t apart = at_least_intervals(history->world, MINUTES(40), 4);

	for (int i = 0; i < history->event_count; i++) {
		const struct event *event = &history->events[i];
		if (start < event->stop + apart && end > event->start - apart)
			return true;
	}
	return false;
}

/* Machines fail and are restarted one at a time, all the year round. */
static void add_single_failures(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	double days = rng_log_between(rng, 4, 60); /* for one machine */
	double mean = world->play.every_ns ? (double)stretched_gap(world, days * 24)
					   : (double)DAYS(1) * days;
	int64_t t = world->start + HOURS(2);

	for (;;) {
		t += (int64_t)rng_exponential(rng, mean / world->machine_count);
		int64_t end = t + stretched(world, SECONDS(rng_lognormal(rng, 150, 1.0)));
		struct machine *machine =
			&world->machines[rng_below(rng, (uint32_t)world->machine_count)];
		if (end >= world->end)
			return;
		if (machine->router || busy(history, t, end))
			continue;
		spans_add(&machine->down, (struct span){.start = t, .end = end, .event = -1});
		instants_add(&machine->boots, t + (end - t) / 2);
		t = end + at_least_intervals(world, MINUTES(20), 2);
	}
}

void history_settle(struct history *history)
{
	add_single_failures(history);
	world_settle(history->world);
}
