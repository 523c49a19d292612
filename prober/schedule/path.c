#include "prober/schedule/path.h"

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
		if (path->block_count == 0 ||
			prefix_order(&block, &path->blocks[path->block_count - 1].prefix) != 0) {
			path->blocks = mem_grow(path->blocks, &capacity, path->block_count + 1,
				sizeof(*path->blocks));
			path->blocks[path->block_count++] =
				(struct path_block){.prefix = block, .first = i};
		}
		path->blocks[path->block_count - 1].end = i + 1;
	}
}

void path_finish(struct path *path)
{
	free(path->blocks);
	*path = (struct path){0};
}

static int block_order(const void *a, const void *b)
{
	const struct path_block *x = a;
	const struct path_block *y = b;

	return prefix_order(&x->prefix, &y->prefix);
}

static struct path_block *block_at(const struct path *path, struct ip4 address)
{
	struct path_block key = {.prefix = block_of(address)};

	if (path->block_count == 0)
		return NULL;
	return bsearch(&key, path->blocks, path->block_count, sizeof(key), block_order);
}

/* Watched by echo; or else, if not echo, by TCP only. */
static bool is_watched(const struct learn *learn, size_t index, bool echo)
{
	const struct learned *entry = &learn->entries[index];

	return echo ? entry->watched[METHOD_ICMP]
		    : !entry->watched[METHOD_ICMP] && entry->watched[METHOD_TCP];
}

/* The first watched address of a block and the last, those that answer echo first:
 * neighbours may be one machine. */
static size_t pick_targets(
	const struct path *path, const struct path_block *block, size_t picked[PATH_TARGETS])
{
	size_t count = 0;

	for (int echo = 1; echo >= 0; echo--) {
		for (size_t i = block->first; i < block->end && count == 0; i++)
			if (is_watched(path->learn, i, echo))
				picked[count++] = i;
		for (size_t i = block->end; i-- > block->first && count == 1;)
			if (is_watched(path->learn, i, echo) && i != picked[0])
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
		size_t count = pick_targets(path, block, picked);
		uint8_t ttl_max = block->reach ? block->reach : PATH_TTL_FIRST;
		for (size_t i = 0; i < count; i++, nth++)
			plan_add_path(plan, input->set->addresses[picked[i]],
				&input->ways[picked[i]], ttl_max,
				from_ns + span_ns * (int64_t)nth / (int64_t)(blocks * PATH_TARGETS),
				TTL_GAP_NS);
	}
}

/* One target's hops, by TTL. */
static void learn_one(struct path *path, const struct hop *hops, size_t count)
{
	struct path_block *block = block_at(path, hops[0].address);
	size_t reach = 0;

	while (reach < count && !hop_is_life(&hops[reach]))
		reach++;
	if (block && reach < count && hops[reach].ttl > block->reach)
		block->reach = hops[reach].ttl;
}

void path_learn(struct path *path, const struct hop *hops, size_t count)
{
	for (size_t i = 0, next; i < count; i = next) {
		for (next = i + 1; next < count && ip4_equal(hops[i].address, hops[next].address);)
			next++;
		learn_one(path, hops + i, next - i);
	}
}
