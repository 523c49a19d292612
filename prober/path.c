#include "prober/path.h"

#include <stdlib.h>

#include "core/mem.h"

/* Between two TTLs of one path: a picture, but no burst. */
#define TTL_GAP_NS (20 * NS_PER_MS)

void path_init(struct path *path, const struct learn *learn)
{
	size_t capacity = 0;

	*path = (struct path){.learn = learn};
	for (size_t i = 0; i < learn->count; i++) {
		struct prefix block = block_of(learn->addresses[i]);
		if (path->block_count && prefix_holds(path->blocks[path->block_count - 1].prefix,
						 learn->addresses[i]))
			continue;
		path->blocks = mem_grow(
			path->blocks, &capacity, path->block_count + 1, sizeof(*path->blocks));
		path->blocks[path->block_count++] = (struct path_block){.prefix = block};
	}
}

void path_finish(struct path *path)
{
	free(path->blocks);
	*path = (struct path){0};
}

/* The first watched addresses of a block, those that answer echo first. */
static size_t pick_targets(
	const struct path *path, struct prefix block, size_t picked[PATH_TARGETS])
{
	const struct learn *learn = path->learn;
	size_t count = 0;

	for (int echo = 1; echo >= 0; echo--)
		for (size_t i = 0; i < learn->count && count < PATH_TARGETS; i++) {
			const struct learned *entry = &learn->entries[i];
			bool watched = entry->watched[METHOD_ICMP];
			if (!echo)
				watched = !watched && entry->watched[METHOD_TCP];
			if (watched && prefix_holds(block, learn->addresses[i]))
				picked[count++] = i;
		}
	return count;
}

void path_plan(const struct path *path, const struct plan_input *input, const struct prefix *only,
	int64_t from_ns, int64_t span_ns, struct plan *plan)
{
	size_t blocks = only ? 1 : path->block_count;
	size_t nth = 0;

	for (size_t b = 0; b < path->block_count; b++) {
		const struct path_block *block = &path->blocks[b];
		size_t picked[PATH_TARGETS];
		if (only && prefix_order(&block->prefix, only) != 0)
			continue;
		size_t count = pick_targets(path, block->prefix, picked);
		uint8_t ttl_max = block->reach ? block->reach : PATH_TTL_FIRST;
		for (size_t i = 0; i < count; i++, nth++)
			plan_add_path(plan, input->set->addresses[picked[i]],
				&input->ways[picked[i]], ttl_max,
				from_ns + span_ns * (int64_t)nth / (int64_t)(blocks * PATH_TARGETS),
				TTL_GAP_NS);
	}
}

/* Seen once more: is it enough to believe in it? */
static bool confirmed(struct path *path, struct ip4 address)
{
	size_t i = 0;

	while (i < path->candidate_count && !ip4_equal(path->candidates[i].address, address))
		i++;
	if (i == PATH_CANDIDATES)
		return false;
	if (i == path->candidate_count)
		path->candidates[path->candidate_count++] =
			(struct path_candidate){.address = address};
	if (path->candidates[i].pictures < PATH_PICTURES)
		path->candidates[i].pictures++;
	return path->candidates[i].pictures == PATH_PICTURES;
}

static bool add_router(struct path *path, struct ip4 address, enum role role)
{
	if (!confirmed(path, address))
		return false;
	for (size_t i = 0; i < path->router_count; i++)
		if (ip4_equal(path->routers[i].address, address))
			return false;
	if (path->router_count == PATH_ROUTERS)
		return false;
	path->routers[path->router_count++] = (struct path_router){address, role};
	return true;
}

/* One target's hops, by TTL. */
static size_t learn_one(struct path *path, const struct hop *hops, size_t count)
{
	size_t reach = 0;
	size_t fresh = 0;

	while (reach < count && !hop_is_life(&hops[reach]))
		reach++;
	if (reach == count)
		return 0;
	for (size_t b = 0; b < path->block_count; b++)
		if (prefix_holds(path->blocks[b].prefix, hops[0].address) &&
			hops[reach].ttl > path->blocks[b].reach)
			path->blocks[b].reach = hops[reach].ttl;
	for (size_t back = 1; back <= 2 && back <= reach; back++) {
		const struct hop *hop = &hops[reach - back];
		if (hop->outcome == OUTCOME_TTL_EXCEEDED && hop->ttl + back == hops[reach].ttl)
			fresh += add_router(
				path, hop->responder, back == 1 ? ROLE_BORDER : ROLE_UPSTREAM);
	}
	return fresh;
}

size_t path_learn(struct path *path, const struct hop *hops, size_t count)
{
	size_t fresh = 0;

	for (size_t first = 0; first < count;) {
		size_t n = 1;
		while (first + n < count && ip4_equal(hops[first].address, hops[first + n].address))
			n++;
		fresh += learn_one(path, hops + first, n);
		first += n;
	}
	return fresh;
}
