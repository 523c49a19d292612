#include "tests/judgement/world.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/mem.h"

void world_finish(struct world *world)
{
	for (size_t i = 0; i < world->host_count; i++) {
		struct host *h = &world->hosts[i];
		free(h->changes);
		free(h->habits);
		free(h->restarts);
		free(h->loss.items);
		free(h->delay.items);
	}
	for (size_t i = 0; i < world->vantage_count; i++) {
		free(world->vantages[i].loss.items);
		free(world->vantages[i].spans);
		free(world->vantages[i].clock.items);
	}
	free(world->hosts);
	free(world->schedules);
	free(world->paths);
	free(world->targets);
	free(world->routes);
}

size_t world_vantage(struct world *world, const char *name, bool make)
{
	for (size_t i = 0; i < world->vantage_count; i++)
		if (strcmp(world->vantages[i].name, name) == 0)
			return i;
	if (!make || world->vantage_count == VANTAGES_ROOM || strlen(name) >= VANTAGE_SIZE)
		return SIZE_MAX;
	struct vantage *v = &world->vantages[world->vantage_count];
	strcpy(v->name, name);
	v->source.host = 0xc0000201 + (uint32_t)world->vantage_count; /* 192.0.2.1 */
	return world->vantage_count++;
}

struct host *world_host(const struct world *world, struct ip4 address)
{
	for (size_t i = 0; i < world->host_count; i++)
		if (ip4_equal(world->hosts[i].address, address))
			return &world->hosts[i];
	return NULL;
}

void ramps_add(struct ramps *ramps, struct ramp ramp)
{
	ramps->items =
		mem_grow(ramps->items, &ramps->capacity, ramps->count + 1, sizeof(*ramps->items));
	size_t i = ramps->count++;
	for (; i > 0 && ramps->items[i - 1].at_ns > ramp.at_ns; i--)
		ramps->items[i] = ramps->items[i - 1];
	ramps->items[i] = ramp;
}

double ramps_at(const struct ramps *ramps, int64_t at_ns, double before)
{
	double value = before;

	for (size_t i = 0; i < ramps->count && ramps->items[i].at_ns <= at_ns; i++) {
		const struct ramp *r = &ramps->items[i];
		int64_t until_ns = at_ns;
		if (i + 1 < ramps->count && ramps->items[i + 1].at_ns < until_ns)
			until_ns = ramps->items[i + 1].at_ns;
		double share = r->over_ns ? (double)(until_ns - r->at_ns) / (double)r->over_ns : 1;
		value += (r->value - value) * (share < 1 ? share : 1);
	}
	return value;
}

static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

double chance(uint64_t a, uint64_t b, uint64_t c)
{
	return (double)(mix(mix(mix(a) ^ b) ^ c) >> 11) / 9007199254740992.0;
}

static bool is_away(const struct host *host, const struct habit *habit, int64_t at_ns)
{
	int64_t since = at_ns - habit->from_ns;

	if (since < 0 || at_ns >= habit->until_ns)
		return false;
	uint64_t turn = (uint64_t)(since / habit->period_ns);
	int64_t within = since % habit->period_ns;
	double draw = chance(host->machine, turn, 0x4ab17);
	int64_t room = habit->random ? habit->period_ns - habit->length_ns : habit->stray_ns;
	int64_t begins = (int64_t)(draw * (double)room);
	return within >= begins && within < begins + habit->length_ns;
}

const struct change *host_down(const struct host *host, size_t kind, size_t vantage, int64_t at_ns)
{
	static const struct change away = {.down = true};
	static const struct change unborn = {.down = true};

	if (at_ns < host->born_ns)
		return &unborn;
	for (size_t i = host->change_count; i-- > 0;) {
		const struct change *c = &host->changes[i];
		if (c->at_ns > at_ns || !(c->kinds & (1u << kind)) ||
			!(c->vantages & (UINT64_C(1) << vantage)))
			continue;
		if (c->down)
			return c;
		break;
	}
	for (size_t i = 0; i < host->habit_count; i++)
		if (is_away(host, &host->habits[i], at_ns))
			return &away;
	return NULL;
}

uint32_t host_clock(const struct host *host, size_t vantage, int64_t at_ns)
{
	int64_t boot_ns = 0;

	for (size_t i = 0; i < host->restart_count && host->restarts[i].seen_ns <= at_ns; i++)
		boot_ns = host->restarts[i].boot_ns;
	if (host->pair_ns)
		boot_ns -= (int64_t)(chance(host->machine, vantage, (uint64_t)boot_ns) * 1e9) *
			   NS_PER_MS;
	return (uint32_t)((at_ns - boot_ns) / NS_PER_MS);
}

struct span vantage_span(const struct vantage *vantage, int64_t at_ns)
{
	struct span span = {0};

	for (size_t i = 0; i < vantage->span_count && vantage->spans[i].at_ns <= at_ns; i++)
		span = vantage->spans[i];
	return span;
}
