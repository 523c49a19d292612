#include "prober/schedule/carry.h"

#include <stdlib.h>
#include <string.h>

/* Where in `to` each address of `from` is: call with growing i. SIZE_MAX: it is gone. */
static size_t next_index(
	const struct learn *to, const struct learn *from, size_t i, size_t *reached)
{
	while (*reached < to->count && to->addresses[*reached].host < from->addresses[i].host)
		(*reached)++;
	if (*reached < to->count && ip4_equal(to->addresses[*reached], from->addresses[i]))
		return *reached;
	return SIZE_MAX;
}

static bool has_port(const struct learn *learn, uint16_t port)
{
	for (size_t i = 0; i < learn->port_count; i++)
		if (learn->ports[i] == port)
			return true;
	return false;
}

/* The ports that were tried, bit by bit of another list. */
static uint32_t tried_again(const struct learn *before, const struct learn *learn, uint32_t tried)
{
	uint32_t again = 0;

	for (size_t i = 0; i < learn->port_count; i++)
		for (size_t j = 0; j < before->port_count; j++)
			if (learn->ports[i] == before->ports[j] && (tried >> j & 1))
				again |= 1u << i;
	return again;
}

static void forget(struct learned *entry, enum method method)
{
	entry->watched[method] = false;
	entry->hits[method] = 0;
	entry->silent[method] = 0;
	if (method == METHOD_TCP) {
		entry->port = 0;
		entry->port_open = false;
	}
}

void carry_learn(const struct learn *before, struct learn *learn)
{
	size_t reached = 0;

	for (size_t i = 0; i < before->count; i++) {
		size_t index = next_index(learn, before, i, &reached);
		if (index == SIZE_MAX)
			continue;
		struct learned *entry = &learn->entries[index];
		*entry = before->entries[i];
		entry->ports_tried = tried_again(before, learn, entry->ports_tried);
		if (!learn->settings->icmp)
			forget(entry, METHOD_ICMP);
		if (!learn->settings->tcp || !has_port(learn, entry->port))
			forget(entry, METHOD_TCP);
	}
}

void carry_burst(struct burst *burst, const struct learn *before, int64_t interval_ns)
{
	struct burst was = *burst;
	size_t reached = 0;
	size_t block = 0;

	burst_init(burst, was.learn, interval_ns);
	for (size_t i = 0; i < before->count; i++) {
		size_t index = next_index(burst->learn, before, i, &reached);
		if (index != SIZE_MAX)
			memcpy(burst->last + 2 * index, was.last + 2 * i, 2);
	}
	for (size_t i = 0; i < was.block_count; i++) {
		const struct burst_block *from = &was.blocks[i];
		while (block < burst->block_count &&
			prefix_order(&burst->blocks[block].prefix, &from->prefix) < 0)
			block++;
		if (block == burst->block_count ||
			prefix_order(&burst->blocks[block].prefix, &from->prefix) != 0)
			continue;
		struct burst_block *to = &burst->blocks[block];
		size_t first = to->first;
		size_t end = to->end;
		*to = *from;
		to->first = first;
		to->end = end;
	}
	burst_finish(&was);
}

void carry_path(struct path *path)
{
	struct path fresh;
	size_t block = 0;

	path_init(&fresh, path->learn);
	for (size_t i = 0; i < path->block_count; i++) {
		const struct path_block *from = &path->blocks[i];
		while (block < fresh.block_count &&
			prefix_order(&fresh.blocks[block].prefix, &from->prefix) < 0)
			block++;
		if (block < fresh.block_count &&
			prefix_order(&fresh.blocks[block].prefix, &from->prefix) == 0)
			fresh.blocks[block].reach = from->reach;
	}
	free(path->blocks);
	path->blocks = fresh.blocks;
	path->block_count = fresh.block_count;
}
