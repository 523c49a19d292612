#include "tests/bench/histories/families.h"

/* F8-F13 and F15: what looks like an outage and is none, or is one for some only. */

void script_partial(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t at, free_at = world->start;

	while (next_event(history, free_at, &at)) {
		if (rng_chance(rng, 0.25)) {
			free_at = one_cut(history, at);
			continue;
		}
		int event = event_add(history, CAUSE_ROUTING, at, "one vantage point's routes");
		int vantage = (int)rng_below(rng, (uint32_t)world->vantage_count);
		int block = rng_chance(rng, 0.7)
				    ? EVERY
				    : (int)rng_below(rng, (uint32_t)world->block_count);
		free_at = at + draw_minutes(world, 5, 600);
		event_cut(history, event, vantage, block, at, free_at,
			rng_chance(rng, 0.5) ? CUT_SILENT : draw_cut_kind(world));
	}
}

void script_vantage_faults(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	struct vantage *vantage = &world->vantages[0];
	int64_t at, free_at = world->start;

	if (rng_chance(rng, 0.4)) {
		vantage->clock_step_at = world->start + (world->end - world->start) / 2;
		vantage->clock_step_ns = SECONDS(rng_between(rng, -30, 30));
	} else if (rng_chance(rng, 0.4)) {
		vantage->source_changes_at = world->start + (world->end - world->start) / 3;
	}
	while (next_event(history, free_at, &at)) {
		if (rng_chance(rng, 0.15)) {
			free_at = one_cut(history, at);
			continue;
		}
		int event = event_add(history, CAUSE_NOTHING, at, "vantage fault");
		free_at = at + draw_minutes(world, 0.5, 400);
		double share = rng_chance(rng, 0.6) ? 1 : rng_between(rng, 0.1, 1);
		spans_add(&vantage->faults, (struct span){.start = at,
						    .end = free_at,
						    .from = share,
						    .to = share,
						    .kind = (int)rng_below(rng, 4),
						    .event = event});
		history->events[event].stop = free_at;
	}
}

/* A machine's new address in the same block; the old one falls silent. */
static bool move_machine(struct world *world, int index, int64_t at)
{
	struct endpoint *old = &world->endpoints[index];
	uint32_t host = 1 + rng_below(&world->rng, 253);

	if (world->endpoint_count >= WORLD_ENDPOINTS || old->off.count)
		return false;
	for (int i = 0; i < world->endpoint_count; i++)
		if (world->endpoints[i].address.host == world->blocks[old->block].base.host + host)
			return false;
	struct endpoint *moved = &world->endpoints[world->endpoint_count++];
	*moved = *old;
	moved->off = (struct spans){0};
	moved->address.host = world->blocks[old->block].base.host + host;
	spans_add(&old->off, (struct span){.start = at, .end = world->end + DAYS(2), .event = -1});
	spans_add(&moved->off, (struct span){.start = world->start - DAYS(1),
				       .end = at + SECONDS(rng_between(&world->rng, 1, 50)),
				       .event = -1});
	return true;
}

void script_renumbering(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t at, free_at = world->start;
	int hosts = world->endpoint_count;
	int index = 0;

	while (next_event(history, free_at, &at)) {
		free_at = at + MINUTES(30);
		if (rng_chance(rng, 0.3)) {
			free_at = one_cut(history, at);
			continue;
		}
		int event = event_add(history, CAUSE_NOTHING, at, "renumbering");
		int moves = 1 + (int)rng_below(rng, 6);
		for (; index < hosts && moves > 0; index++)
			if (world->endpoints[index].role == ROLE_TARGET &&
				world->endpoints[index].machine != world->border)
				moves -= move_machine(world, index, at);
		history->events[event].stop = free_at;
	}
}

void script_diurnal(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t at, free_at = world->start;
	double share = rng_between(rng, 0.2, 0.6);

	for (int i = 0; i < world->endpoint_count; i++) {
		struct endpoint *endpoint = &world->endpoints[i];
		if (endpoint->role != ROLE_TARGET || !rng_chance(rng, share) ||
			endpoint->machine == world->border)
			continue;
		endpoint->daily_on = 21 + (int)rng_below(rng, 3); /* morning in the east */
		endpoint->daily_off = 9 + (int)rng_below(rng, 5);
	}
	while (next_event(history, free_at, &at)) {
		free_at = at + HOURS(8);
		if (rng_chance(rng, 0.3))
			free_at = one_cut(history, at);
	}
}

void script_maintenance(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t at, free_at = world->start;

	while (next_event(history, free_at, &at)) {
		int event = event_add(history, CAUSE_NOTHING, at, "maintenance");
		for (int n = 1 + (int)rng_below(rng, 4); n > 0; n--) {
			int machine = (int)rng_below(rng, (uint32_t)world->machine_count);
			if (world->machines[machine].router)
				continue;
			event_restart(history, event, machine, at);
			at = history->events[event].stop + MINUTES(rng_between(rng, 3, 40));
		}
		free_at = at;
	}
}

void script_rate_limit(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t at, free_at = world->start;

	world->icmp_per_block = rng_log_between(rng, 0.3, 2);
	for (int i = 0; i < world->endpoint_count; i++) /* TCP is what remains */
		if (world->endpoints[i].role == ROLE_TARGET && rng_chance(rng, 0.7) &&
			!world->endpoints[i].port)
			world->endpoints[i].port = 443;
	while (next_event(history, free_at, &at)) {
		if (rng_chance(rng, 0.5)) {
			free_at = one_cut(history, at);
			continue;
		}
		int event = event_add(history, CAUSE_NOTHING, at, "ICMP filtered");
		int block = (int)rng_below(rng, (uint32_t)world->block_count);
		bool answered = false;
		for (int i = 0; i < world->endpoint_count; i++)
			answered =
				answered ||
				(world->endpoints[i].block == block && world->endpoints[i].port &&
					machine_counted(world, world->endpoints[i].machine));
		free_at = at + draw_minutes(world, 10, 600);
		/* Where nothing answers TCP a filter is, from outside, an outage. */
		history->events[event].ungraded = true;
		history->events[event].stop = free_at;
		if (answered)
			spans_add(&world->icmp_filtered[block], (struct span){.start = at,
									.end = free_at,
									.from = 1,
									.to = 1,
									.event = event});
	}
}

void script_forged(struct history *history)
{
	struct world *world = history->world;
	struct rng *rng = &world->rng;
	int64_t at, free_at = world->start;

	while (next_event(history, free_at, &at)) {
		if (rng_chance(rng, 0.6)) {
			free_at = one_cut(history, at);
			if (!rng_chance(rng, 0.3))
				continue;
			/* The box answers while the country is away. */
			for (int b = 0; b < world->block_count; b++)
				spans_add(
					&world->vantages[0].near_box[b], (struct span){.start = at,
										 .end = free_at,
										 .from = 0.2,
										 .to = 0.2,
										 .event = -1});
			continue;
		}
		int event = event_add(history, CAUSE_NOTHING, at, "near box answers");
		free_at = at + draw_minutes(world, 1, 60);
		spans_add(
			&world->vantages[0].near_box[rng_below(rng, (uint32_t)world->block_count)],
			(struct span){.start = at,
				.end = free_at,
				.from = 0.3,
				.to = 0.3,
				.event = event});
		history->events[event].stop = free_at;
	}
}
