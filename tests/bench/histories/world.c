#include "tests/bench/histories/world.h"

#include <stdlib.h>

void world_destroy(struct world *world)
{
	for (int i = 0; i < world->machine_count; i++) {
		free(world->machines[i].boots.items);
		free(world->machines[i].twin_boots.items);
		spans_finish(&world->machines[i].down);
	}
	for (int i = 0; i < world->endpoint_count; i++)
		spans_finish(&world->endpoints[i].off);
	for (int i = 0; i < WORLD_PROVIDERS; i++) {
		spans_finish(&world->providers[i].bursts);
		spans_finish(&world->providers[i].ramp);
		spans_finish(&world->providers[i].detour);
		spans_finish(&world->providers[i].split);
	}
	for (int i = 0; i < WORLD_VANTAGES; i++) {
		spans_finish(&world->vantages[i].bursts);
		spans_finish(&world->vantages[i].faults);
		for (int k = 0; k < WORLD_BLOCKS; k++) {
			spans_finish(&world->vantages[i].cut[k]);
			spans_finish(&world->vantages[i].near_box[k]);
		}
	}
	for (int i = 0; i < WORLD_VANTAGES; i++)
		for (int tier = 0; tier < 2; tier++)
			free(world->looks[i].starts[tier].items);
	for (int k = 0; k < WORLD_BLOCKS; k++) {
		spans_finish(&world->icmp_filtered[k]);
		spans_finish(&world->far_box[k]);
	}
	free(world);
}

void world_settle(struct world *world)
{
	for (int i = 0; i < world->machine_count; i++) {
		instants_settle(&world->machines[i].boots);
		instants_settle(&world->machines[i].twin_boots);
		spans_settle(&world->machines[i].down);
	}
	for (int i = 0; i < world->endpoint_count; i++)
		spans_settle(&world->endpoints[i].off);
	for (int i = 0; i < world->provider_count; i++) {
		spans_settle(&world->providers[i].bursts);
		spans_settle(&world->providers[i].ramp);
		spans_settle(&world->providers[i].detour);
		spans_settle(&world->providers[i].split);
	}
	for (int i = 0; i < world->vantage_count; i++) {
		spans_settle(&world->vantages[i].bursts);
		spans_settle(&world->vantages[i].faults);
		for (int k = 0; k < world->block_count; k++) {
			spans_settle(&world->vantages[i].cut[k]);
			spans_settle(&world->vantages[i].near_box[k]);
		}
	}
	for (int k = 0; k < world->block_count; k++) {
		spans_settle(&world->icmp_filtered[k]);
		spans_settle(&world->far_box[k]);
	}
}

bool machine_clock_usable(const struct world *world, int machine)
{
	enum clock_kind kind = world->machines[machine].clock;

	if (kind != CLOCK_GLOBAL && kind != CLOCK_PAIR)
		return false;
	for (int i = 0; i < world->endpoint_count; i++) {
		const struct endpoint *endpoint = &world->endpoints[i];
		if (endpoint->machine == machine && endpoint->port && !endpoint->refuses)
			return true;
	}
	return false;
}

bool machine_counted(const struct world *world, int machine)
{
	for (int i = 0; i < world->endpoint_count; i++)
		if (world->endpoints[i].machine == machine)
			return world->endpoints[i].availability >= 0.8 &&
			       world->endpoints[i].daily_on == world->endpoints[i].daily_off;
	return false;
}

int machine_block(const struct world *world, int machine)
{
	for (int i = 0; i < world->endpoint_count; i++)
		if (world->endpoints[i].machine == machine)
			return world->endpoints[i].block;
	return -1;
}
