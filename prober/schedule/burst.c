#include "prober/schedule/burst.h"

#include <stdlib.h>

#include "core/mem.h"

enum { LAST_UNKNOWN, LAST_ALIVE, LAST_SILENT };

void zoom_init(struct zoom *zoom, const struct learn *learn, int64_t interval_ns)
{
	size_t capacity = 0;

	*zoom = (struct zoom){
		.learn = learn,
		.interval_ns = interval_ns,
		.last = mem_zeroed(learn->count, 2),
	};
	for (size_t i = 0; i < learn->count; i++) {
		struct prefix block = block_of(learn->addresses[i]);
		if (zoom->block_count == 0 ||
			prefix_order(&block, &zoom->blocks[zoom->block_count - 1].prefix) != 0) {
			zoom->blocks = mem_grow(zoom->blocks, &capacity, zoom->block_count + 1,
				sizeof(*zoom->blocks));
			zoom->blocks[zoom->block_count++] = (struct zoom_block){
				.prefix = block,
				.first = i,
				.since = {INT64_MIN / 2},
				.zoomed = {INT64_MIN / 2},
			};
		}
		zoom->blocks[zoom->block_count - 1].end = i + 1;
	}
}

void zoom_finish(struct zoom *zoom)
{
	free(zoom->last);
	free(zoom->blocks);
	*zoom = (struct zoom){0};
}

static struct zoom_block *block_holding(struct zoom *zoom, size_t index)
{
	size_t low = 0;
	size_t high = zoom->block_count;

	while (high - low > 1) {
		size_t middle = (low + high) / 2;
		if (zoom->blocks[middle].first <= index)
			low = middle;
		else
			high = middle;
	}
	return &zoom->blocks[low];
}

/* How many changes make a block worth a look. */
static size_t enough(const struct zoom *zoom, const struct zoom_block *block)
{
	size_t watched = 0;

	for (size_t i = block->first; i < block->end; i++)
		watched += (size_t)zoom->learn->entries[i].watched[METHOD_ICMP] +
			   zoom->learn->entries[i].watched[METHOD_TCP];
	if (watched <= 2)
		return 1;
	return watched < 20 ? 2 : watched / 10;
}

void zoom_saw(struct zoom *zoom, const struct observation *o, struct mono now)
{
	size_t index = learn_index(zoom->learn, o->address);

	if (index == SIZE_MAX || o->outcome == OUTCOME_UNSENT ||
		!zoom->learn->entries[index].watched[o->method])
		return;
	uint8_t *last = &zoom->last[2 * index + o->method];
	uint8_t next = observation_is_life(o) ? LAST_ALIVE : LAST_SILENT;
	bool changed = *last != LAST_UNKNOWN && *last != next;
	*last = next;
	if (!changed)
		return;
	struct zoom_block *block = block_holding(zoom, index);
	if (mono_since(now, block->since) > zoom->interval_ns) {
		block->since = now;
		block->fallen = block->risen = 0;
	}
	if (next == LAST_SILENT)
		block->fallen++;
	else
		block->risen++;
	size_t need = enough(zoom, block);
	if ((block->fallen >= need || block->risen >= need) &&
		mono_since(now, block->zoomed) > zoom->interval_ns / 2) {
		block->due = true;
		block->falling = block->fallen >= need;
	}
}

bool zoom_due(struct zoom *zoom, struct mono now, struct prefix *ret, bool *ret_falling)
{
	for (size_t i = 0; i < zoom->block_count; i++) {
		struct zoom_block *block = &zoom->blocks[i];
		if (!block->due)
			continue;
		block->due = false;
		block->zoomed = now;
		block->fallen = block->risen = 0;
		*ret = block->prefix;
		*ret_falling = block->falling;
		return true;
	}
	return false;
}
