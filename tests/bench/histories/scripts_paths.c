#include "tests/bench/histories/families.h"
#include "tests/bench/histories/schedule.h"

/* A1-A5: what routers, paths and boxes on the way do, and hosts that do not come back. */

/* Part of a prefix is behind one router: it goes at once and returns host by host. */
static int64_t one_access_router(struct history *history, int64_t at)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t end = at + draw_minutes(world, 5, 600);
	int block = (int)rng_below(rng, (uint32_t)world->block_count);
	bool wider = rng_chance(rng, 0.3); /* an aggregation router: of every block a part */
	double share = rng_chance(rng, 0.3) ? 1 : rng_between(rng, 0.45, 0.95);
	double slow = rng_log_between(rng, 2, 900);
	int event = event_add(history, CAUSE_UPSTREAM, at, "access router");

	history->events[event].access = true;
	for (int m = 0; m < world->machine_count; m++) {
		bool behind = wider || machine_block(world, m) == block;
		if (m == world->border || !behind || !rng_chance(rng, share))
			continue;
		int64_t lag = stretched_lag(world, SECONDS(rng_exponential(rng, slow)));
		event_part(history, event, m, at, end + lag);
	}
	return history->events[event].stop > end ? history->events[event].stop : end;
}

void script_access_router(struct history *history)
{
	int64_t at, free_at = history->world->start;

	while (next_event(history, free_at, &at))
		free_at = rng_chance(&history->world->rng, 0.2) ? one_cut(history, at)
								: one_access_router(history, at);
}

/* By satellite: everybody is there, half a second away, and more is lost. Sometimes the
 * line is cut first, and the satellite is what brings the country back. */
void script_detour(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t at, free_at = world->start;

	while (next_event(history, free_at, &at)) {
		double which = rng_unit(rng);
		if (which < 0.5)
			at = one_cut(history, at);
		free_at = at;
		if (which < 0.2)
			continue;
		int event = event_add(history, CAUSE_NOTHING, at, "satellite");
		double lost = rng_between(rng, 0.01, 0.12);
		double way = rng_between(rng, 0.53, 0.58);
		free_at = at + draw_minutes(world, 30, 2000);
		for (int i = 0; i < world->provider_count; i++)
			spans_add(&world->providers[i].detour, (struct span){.start = at,
								       .end = free_at,
								       .from = lost,
								       .to = lost,
								       .extra_from = way,
								       .extra_to = way,
								       .event = event});
		history->events[event].stop = free_at;
	}
}

/* A whole block, or most hosts of one, go together and never return. */
static void many_go(struct history *history, int64_t at)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int block = (int)rng_below(rng, (uint32_t)world->block_count);
	double share = rng_chance(rng, 0.5) ? 1 : 0.7;
	int event = event_add(history, CAUSE_OTHER, at, "gone for good");

	for (int m = 0; m < world->machine_count; m++)
		if (machine_block(world, m) == block && m != world->border &&
			rng_chance(rng, share))
			event_part(history, event, m, at, world->end);
	/* What follows is another event's, though this one never ends. */
	history->events[event].stop = at + MINUTES(1);
}

void script_gone_for_good(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t at, free_at = world->start;
	int alone = (int)rng_below(rng, 3), number = 0;
	bool many = world->block_count > 1 && rng_chance(rng, 0.6);

	while (next_event(history, free_at, &at)) {
		number++;
		if (number == 2 && many) {
			many_go(history, at);
			free_at = at + at_least_intervals(world, HOURS(4), 6);
		} else if (number % 3 == 0 && alone-- > 0) {
			int machine = (int)rng_below(rng, (uint32_t)world->machine_count);
			int event = event_add(history, CAUSE_NOTHING, at, "one host, for good");
			if (machine != world->border)
				event_part(history, event, machine, at, world->end);
			history->events[event].stop = at + MINUTES(1);
			free_at = at + at_least_intervals(world, HOURS(4), 6);
		} else {
			free_at = one_cut(history, at);
		}
	}
}

/* At the edge it answers for good and hides TCP; inside it comes and goes. Echoes are the hosts'.
 */
void script_answering_box(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int block = (int)rng_below(rng, (uint32_t)world->block_count);
	bool edge = world->play.kinds != PLAY_TCP && rng_chance(rng, 0.5);
	struct span box = {.from = 1, .to = 1, .event = -1, .kind = edge ? BOX_EDGE : BOX_INSIDE};
	int64_t at, free_at = world->start;

	for (int i = 0; edge && i < world->endpoint_count; i++)
		if (world->endpoints[i].block == block && world->endpoints[i].availability > 0)
			world->endpoints[i].icmp = true; /* or nobody could tell */
	if (edge) {
		box.start = rng_chance(rng, 0.5) ? world->start - DAYS(1)
						 : world->start + (world->end - world->start) / 4;
		box.end = world->end + DAYS(2);
		spans_add(&world->far_box[block], box);
	}
	while (next_event(history, free_at, &at)) {
		if (edge || rng_chance(rng, 0.5)) {
			free_at = rng_chance(rng, 0.7) ? one_cut(history, at)
						       : one_power(history, at, true);
			continue;
		}
		box.event = event_add(history, CAUSE_NOTHING, at, "a box answers for a block");
		box.start = at;
		box.end = free_at = at + draw_minutes(world, 20, 2000);
		spans_add(&world->far_box[block], box);
		history->events[box.event].stop = free_at;
	}
}

/* Of two paths that share the load one loses everything: no host is gone. */
void script_two_paths(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t at, free_at = world->start;

	while (next_event(history, free_at, &at)) {
		if (rng_chance(rng, 0.4)) {
			free_at = one_cut(history, at);
			continue;
		}
		int event = event_add(history, CAUSE_NOTHING, at, "one of two paths");
		double share = rng_between(rng, 0.3, 1);
		free_at = at + draw_minutes(world, 10, 1500);
		for (int i = 0; i < world->provider_count; i++)
			spans_add(&world->providers[i].split,
				(struct span){.start = at,
					.end = free_at,
					.from = share,
					.to = share,
					.kind = rng_chance(rng, 0.75) ? SPLIT_PROBES : SPLIT_KINDS,
					.event = event});
		history->events[event].stop = free_at;
	}
}
