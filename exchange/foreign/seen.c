#include "exchange/foreign/seen.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

static size_t place_of(const struct seen *seen, uint32_t block)
{
	size_t low = 0;
	size_t high = seen->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (seen->blocks[middle].block < block)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void seen_add(struct seen *seen, struct ip4 address)
{
	uint32_t block = address.host >> 8;
	uint32_t last = address.host & 255;
	size_t at = seen->last;

	if (at >= seen->count || seen->blocks[at].block != block)
		at = place_of(seen, block);
	if (at == seen->count || seen->blocks[at].block != block) {
		seen->blocks = mem_grow(
			seen->blocks, &seen->capacity, seen->count + 1, sizeof(*seen->blocks));
		memmove(seen->blocks + at + 1, seen->blocks + at,
			(seen->count - at) * sizeof(*seen->blocks));
		seen->blocks[at] = (struct seen_block){.block = block};
		seen->count++;
	}
	seen->blocks[at].bits[last / 32] |= UINT32_C(1) << last % 32;
	seen->last = at;
}

void seen_finish(struct seen *seen)
{
	free(seen->blocks);
	*seen = (struct seen){.count = 0};
}

/* A run of addresses that is being collected. */
struct run {
	bool open;
	uint32_t first, last;
};

static void put_run(
	const struct run *run, struct target_row **rows, size_t *count, size_t *capacity)
{
	uint64_t next = run->first;

	while (run->open && next <= run->last) {
		struct prefix prefix = prefix_largest(
			(struct ip4){(uint32_t)next}, (struct ip4){run->last});
		*rows = mem_grow(*rows, capacity, *count + 1, sizeof(**rows));
		(*rows)[(*count)++] = (struct target_row){.prefix = prefix, .role = ROLE_TARGET};
		next = (uint64_t)prefix_last(prefix).host + 1;
	}
}

/* The rows by address, as ranges that do not overlap: what is held already. */
struct held {
	uint32_t first, last;
};

static int held_order(const void *a, const void *b)
{
	const struct held *x = a;
	const struct held *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

static struct held *held_of(const struct target_row *rows, size_t count, size_t *ret_count)
{
	struct held *held = mem_zeroed(count + 1, sizeof(*held));
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		held[i] = (struct held){
			rows[i].prefix.base.host, prefix_last(rows[i].prefix).host};
	qsort(held, count, sizeof(*held), held_order);
	for (size_t i = 0; i < count; i++) {
		if (n == 0 || held[i].first > held[n - 1].last)
			held[n++] = held[i];
		else if (held[i].last > held[n - 1].last)
			held[n - 1].last = held[i].last;
	}
	*ret_count = n;
	return held;
}

void seen_to_targets(
	const struct seen *seen, struct target_row **rows, size_t *count, size_t *capacity)
{
	size_t held_count;
	struct held *held = held_of(*rows, *count, &held_count);
	struct run run = {.open = false};
	size_t at = 0;

	for (size_t i = 0; i < seen->count; i++) {
		for (uint32_t last = 0; last < BLOCK_ADDRESSES; last++) {
			uint32_t address = seen->blocks[i].block << 8 | last;
			if (!(seen->blocks[i].bits[last / 32] & UINT32_C(1) << last % 32))
				continue;
			while (at < held_count && held[at].last < address)
				at++;
			if (at < held_count && held[at].first <= address)
				continue;
			if (run.open && run.last + 1 == address) {
				run.last = address;
				continue;
			}
			put_run(&run, rows, count, capacity);
			run = (struct run){true, address, address};
		}
	}
	put_run(&run, rows, count, capacity);
	free(held);
}
