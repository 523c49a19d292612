#include "analysis/routes/routes.h"

#include <math.h>
#include <string.h>

#include "analysis/method/sorted.h"
#include "core/mem.h"

void routes_finish(struct routes *routes)
{
	for (size_t i = 0; i < routes->block_count; i++)
		mem_free(routes->blocks[i].items);
	mem_free(routes->blocks);
	mem_free(routes->heard);
	mem_free(routes->peers);
	mem_free(routes->changes);
	*routes = (struct routes){0};
}

void routes_hear(struct routes *routes, const struct heard *heard)
{
	routes->heard = mem_grow(routes->heard, &routes->heard_capacity, routes->heard_count + 1,
		sizeof(*routes->heard));
	routes->heard[routes->heard_count++] = *heard;
}

static uint32_t peer_number(struct routes *routes, const char *name)
{
	for (size_t i = 0; i < routes->peer_count; i++)
		if (strcmp(routes->peers[i], name) == 0)
			return (uint32_t)i;
	routes->peers = mem_grow(routes->peers, &routes->peer_capacity, routes->peer_count + 1,
		sizeof(*routes->peers));
	memcpy(routes->peers[routes->peer_count], name, strlen(name) + 1);
	return (uint32_t)routes->peer_count++;
}

void routes_tell(struct routes *routes, const struct route *route)
{
	uint32_t peer = peer_number(routes, route->peer);

	routes->changes = mem_grow(routes->changes, &routes->change_capacity,
		routes->change_count + 1, sizeof(*routes->changes));
	routes->changes[routes->change_count++] =
		(struct route_change){route->at.ns, route->prefix, route->event, peer};
}

/* One peer and one block: the lengths of its prefixes that hold the block, a bit each. */
struct held {
	uint64_t lengths;
	int64_t first_ns, since_ns; /* its first word; since when the longest match is what it is */
	int used_to;                /* length of the longest match, -1: none yet */
	bool known;
};

static int longest(const struct held *held)
{
	return held->lengths ? 63 - __builtin_clzll(held->lengths) : -1;
}

static void change(struct held *held, const struct route_change *c, int64_t day_ns)
{
	int before = longest(held);

	if (c->event == ROUTE_RESET) {
		*held = (struct held){.used_to = -1};
		return;
	}
	uint64_t bit = UINT64_C(1) << c->prefix.len;
	held->lengths = c->event == ROUTE_ANNOUNCE ? held->lengths | bit : held->lengths & ~bit;
	int after = longest(held);
	if (!held->known && after < 0)
		return;
	if (!held->known)
		*held = (struct held){held->lengths, c->at_ns, c->at_ns, after, true};
	if (after == before)
		return;
	if (before >= 0 && c->at_ns - held->since_ns >= day_ns)
		held->used_to = before;
	if (c->at_ns == held->first_ns && after > held->used_to) /* of one table */
		held->used_to = after;
	held->since_ns = c->at_ns;
}

static void count(struct route_step *step, const struct held *held, uint32_t by)
{
	if (!held->known)
		return;
	int now = longest(held);
	step->peers += by;
	step->have += now >= held->used_to ? by : 0;
	step->aggregate += now >= 0 && now < held->used_to ? by : 0;
}

static void settle_block(
	const struct routes *routes, struct prefix block, int64_t day_ns, struct route_steps *ret)
{
	struct held *held = mem_zeroed(routes->peer_count + 1, sizeof(*held));
	struct route_step step = {0};

	for (size_t i = 0; i < routes->peer_count; i++)
		held[i].used_to = -1;
	for (size_t i = 0; i < routes->change_count; i++) {
		const struct route_change *c = &routes->changes[i];
		struct route_step before = step;
		if (c->prefix.len > block.len || !prefix_holds(c->prefix, block.base))
			continue;
		count(&step, &held[c->peer], UINT32_MAX); /* one less */
		change(&held[c->peer], c, day_ns);
		count(&step, &held[c->peer], 1);
		if (step.peers == before.peers && step.have == before.have &&
			step.aggregate == before.aggregate)
			continue;
		step.at_ns = c->at_ns;
		if (ret->count == 0 || ret->items[ret->count - 1].at_ns != c->at_ns)
			ret->items = mem_grow(
				ret->items, &ret->capacity, ++ret->count, sizeof(*ret->items));
		ret->items[ret->count - 1] = step;
	}
	mem_free(held);
}

void routes_settle(
	struct routes *routes, const struct prefix *blocks, size_t block_count, int64_t day_ns)
{
	if (routes->change_count == 0)
		return;
	routes->blocks = mem_zeroed(block_count, sizeof(*routes->blocks));
	routes->block_count = block_count;
	for (size_t i = 0; i < block_count; i++)
		settle_block(routes, blocks[i], day_ns, &routes->blocks[i]);
}

int64_t routes_heard_until(const struct routes *routes, int64_t from_ns)
{
	int64_t until_ns = from_ns;

	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < routes->heard_count; i++)
			if (routes->heard[i].start.ns <= until_ns &&
				routes->heard[i].end.ns > until_ns) {
				until_ns = routes->heard[i].end.ns;
				more = true;
			}
	}
	return until_ns;
}

bool routes_were_heard(const struct routes *routes, int64_t from_ns, int64_t to_ns)
{
	return routes_heard_until(routes, from_ns) >= to_ns;
}

static double share(const struct route_step *step)
{
	return step->peers ? (double)step->have / step->peers : (double)NAN;
}

/* How many steps are not later. */
static size_t steps_until(const struct route_steps *steps, int64_t at_ns)
{
	return sorted_before(steps->items, steps->count, sizeof(*steps->items),
		offsetof(struct route_step, at_ns), at_ns + 1);
}

double route_share(const struct route_steps *steps, int64_t at_ns)
{
	size_t until = steps_until(steps, at_ns);

	return until ? share(&steps->items[until - 1]) : (double)NAN;
}

double route_share_least(const struct route_steps *steps, int64_t from_ns, int64_t to_ns)
{
	double least = route_share(steps, from_ns);

	for (size_t i = steps_until(steps, from_ns); i < steps->count; i++) {
		if (steps->items[i].at_ns > to_ns)
			break;
		double now = share(&steps->items[i]);
		if (isnan(now) || isnan(least)) /* nobody knew, for a moment */
			return (double)NAN;
		least = fmin(least, now);
	}
	return least;
}
