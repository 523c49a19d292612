#include "prober/schedule/burst.h"

#include <stdlib.h>

#include "core/mem.h"

enum { LAST_UNKNOWN, LAST_ALIVE, LAST_SILENT };

void burst_init(struct burst *burst, const struct learn *learn, int64_t interval_ns)
{
	size_t capacity = 0;

	*burst = (struct burst){
		.learn = learn,
		.interval_ns = interval_ns,
		.last = mem_zeroed(learn->count, 2),
	};
	for (size_t i = 0; i < learn->count; i++) {
		struct prefix block = block_of(learn->addresses[i]);
		if (burst->block_count == 0 ||
			prefix_order(&block, &burst->blocks[burst->block_count - 1].prefix) != 0) {
			burst->blocks = mem_grow(burst->blocks, &capacity, burst->block_count + 1,
				sizeof(*burst->blocks));
			burst->blocks[burst->block_count++] = (struct burst_block){
				.prefix = block,
				.first = i,
				.since = {INT64_MIN / 2},
				.burst_at = {INT64_MIN / 2},
			};
		}
		burst->blocks[burst->block_count - 1].end = i + 1;
	}
}

void burst_finish(struct burst *burst)
{
	free(burst->last);
	free(burst->blocks);
	*burst = (struct burst){0};
}

static struct burst_block *block_holding(struct burst *burst, size_t index)
{
	size_t low = 0;
	size_t high = burst->block_count;

	while (high - low > 1) {
		size_t middle = (low + high) / 2;
		if (burst->blocks[middle].first <= index)
			low = middle;
		else
			high = middle;
	}
	return &burst->blocks[low];
}

/* How many changes make a block worth a look. */
static size_t enough(const struct burst *burst, const struct burst_block *block)
{
	size_t watched = 0;

	for (size_t i = block->first; i < block->end; i++)
		watched += (size_t)burst->learn->entries[i].watched[METHOD_ICMP] +
			   burst->learn->entries[i].watched[METHOD_TCP];
	if (watched <= 2)
		return 1;
	return watched < 20 ? 2 : watched / 10;
}

void burst_saw(struct burst *burst, const struct observation *o, struct mono now)
{
	size_t index = learn_index(burst->learn, o->address);

	if (index == SIZE_MAX || o->outcome == OUTCOME_UNSENT ||
		!burst->learn->entries[index].watched[o->method])
		return;
	uint8_t *last = &burst->last[2 * index + o->method];
	uint8_t next = observation_is_life(o) ? LAST_ALIVE : LAST_SILENT;
	bool changed = *last != LAST_UNKNOWN && *last != next;
	*last = next;
	if (!changed)
		return;
	struct burst_block *block = block_holding(burst, index);
	if (mono_since(now, block->since) > burst->interval_ns) {
		block->since = now;
		block->fallen = block->risen = 0;
	}
	if (next == LAST_SILENT)
		block->fallen++;
	else
		block->risen++;
	size_t need = enough(burst, block);
	if ((block->fallen >= need || block->risen >= need) &&
		mono_since(now, block->burst_at) > burst->interval_ns / 2) {
		block->due = true;
		block->falling = block->fallen >= need;
	}
}

bool burst_due(struct burst *burst, struct mono now, struct prefix *ret, bool *ret_falling)
{
	for (size_t i = 0; i < burst->block_count; i++) {
		struct burst_block *block = &burst->blocks[i];
		if (!block->due)
			continue;
		block->due = false;
		block->burst_at = now;
		block->fallen = block->risen = 0;
		*ret = block->prefix;
		*ret_falling = block->falling;
		return true;
	}
	return false;
}
