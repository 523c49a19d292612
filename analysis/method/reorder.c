#include "analysis/method/reorder.h"

#include <stdbool.h>
#include <string.h>

#include "core/mem.h"

/* So many are put in order one by one, and slots are not worth clearing up. */
enum { RUN = 8, SLACK = 64 };
/* By the first bits of their time, where that leaves few together. */
enum { BUCKET_BITS = 7, BUCKETS = 1 << BUCKET_BITS };

void reorder_init(struct reorder *reorder, size_t size)
{
	*reorder = (struct reorder){.size = size};
}

void reorder_finish(struct reorder *reorder)
{
	mem_free(reorder->items);
	mem_free(reorder->keys);
	mem_free(reorder->room);
}

void reorder_grow(struct reorder *w)
{
	w->items = mem_grow(w->items, &w->item_capacity, w->item_count + 1, w->size);
	w->keys = mem_grow(w->keys, &w->key_capacity, w->count + 1, sizeof(*w->keys));
}

static inline bool is_after(
	const struct reorder *w, const struct reorder_key *a, const struct reorder_key *b)
{
	if (a->at_ns != b->at_ns)
		return a->at_ns > b->at_ns;
	return w->tie(w->items + a->slot * w->size, w->items + b->slot * w->size) > 0;
}

static void insert(const struct reorder *w, struct reorder_key *keys, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct reorder_key key = keys[i];
		size_t at = i;
		for (; at > 0 && is_after(w, &keys[at - 1], &key); at--)
			keys[at] = keys[at - 1];
		keys[at] = key;
	}
}

/* from[0..middle) and from[middle..count), each in order, as one. */
static void merge(const struct reorder *w, const struct reorder_key *from, size_t middle,
	size_t count, struct reorder_key *to)
{
	size_t a = 0;
	size_t b = middle;

	while (a < middle && b < count)
		*to++ = is_after(w, &from[a], &from[b]) ? from[b++] : from[a++];
	memcpy(to, from + a, (middle - a) * sizeof(*to));
	memcpy(to + middle - a, from + b, (count - b) * sizeof(*to));
}

static void swap_room(struct reorder *w)
{
	struct reorder_key *keys = w->keys;
	size_t capacity = w->key_capacity;

	w->keys = w->room;
	w->key_capacity = w->room_capacity;
	w->room = keys;
	w->room_capacity = capacity;
}

/* How far to shift times so that those from low to high make BUCKETS at most. */
static unsigned shift_of(int64_t low_ns, int64_t high_ns)
{
	uint64_t range = (uint64_t)high_ns - (uint64_t)low_ns;
	unsigned shift = 0;

	while (range >> shift >= BUCKETS)
		shift++;
	return shift;
}

/* Probes are spread over their sweep, and a bucket gets about one. True: it
 * is done; false: too many in one. */
static bool sort_evenly_spread(struct reorder *w, size_t first)
{
	const struct reorder_key *keys = w->keys + first;
	size_t count = w->count - first;
	uint32_t starts[BUCKETS + 1] = {0};
	int64_t low_ns = keys[0].at_ns;
	int64_t high_ns = keys[0].at_ns;

	for (size_t i = 1; i < count; i++) {
		low_ns = keys[i].at_ns < low_ns ? keys[i].at_ns : low_ns;
		high_ns = keys[i].at_ns > high_ns ? keys[i].at_ns : high_ns;
	}
	unsigned shift = shift_of(low_ns, high_ns);
	for (size_t i = 0; i < count; i++)
		starts[(((uint64_t)keys[i].at_ns - (uint64_t)low_ns) >> shift) + 1]++;
	for (size_t i = 0; i < BUCKETS; i++) {
		if (starts[i + 1] > RUN)
			return false;
		starts[i + 1] += starts[i];
	}
	for (size_t i = 0; i < count; i++) {
		uint64_t bucket = ((uint64_t)keys[i].at_ns - (uint64_t)low_ns) >> shift;
		w->room[first + starts[bucket]++] = keys[i];
	}
	insert(w, w->room + first, count);
	memcpy(w->room, w->keys, first * sizeof(*w->keys));
	swap_room(w);
	return true;
}

/* Keys from `first` on: by runs twice as long each time, if no better way. */
static void sort(struct reorder *w, size_t first)
{
	size_t count = w->count - first;

	if (count > RUN && count <= UINT32_MAX && sort_evenly_spread(w, first))
		return;
	for (size_t i = 0; i < count; i += RUN)
		insert(w, w->keys + first + i, count - i < RUN ? count - i : RUN);
	for (size_t run = RUN; run < count; run *= 2) {
		for (size_t i = 0; i < count; i += 2 * run) {
			size_t all = count - i < 2 * run ? count - i : 2 * run;
			merge(w, w->keys + first + i, all < run ? all : run, all,
				w->room + first + i);
		}
		memcpy(w->room, w->keys, first * sizeof(*w->keys));
		swap_room(w);
	}
}

size_t reorder_ready(
	struct reorder *w, int64_t before_ns, int (*tie)(const void *, const void *))
{
	size_t ready = 0;

	if (w->ordered < w->count) {
		w->room = mem_grow(w->room, &w->room_capacity, w->count, sizeof(*w->room));
		w->tie = tie;
		sort(w, w->ordered);
		if (w->ordered) {
			merge(w, w->keys, w->ordered, w->count, w->room);
			swap_room(w);
		}
		w->tie = NULL;
		w->ordered = w->count;
	}
	while (ready < w->count && w->keys[ready].at_ns < before_ns)
		ready++;
	return ready;
}

/* Items in order from slot 0 on, without those that were dropped. */
static void clear_up(struct reorder *w)
{
	size_t capacity = 0;
	unsigned char *items = mem_grow(NULL, &capacity, w->count + SLACK, w->size);

	for (size_t i = 0; i < w->count; i++) {
		memcpy(items + i * w->size, w->items + w->keys[i].slot * w->size, w->size);
		w->keys[i].slot = (uint32_t)i;
	}
	mem_free(w->items);
	w->items = items;
	w->item_capacity = capacity;
	w->item_count = w->count;
}

void reorder_drop(struct reorder *w, size_t count)
{
	if (count == 0)
		return;
	w->count -= count;
	w->ordered -= count;
	memmove(w->keys, w->keys + count, w->count * sizeof(*w->keys));
	if (w->count == 0)
		w->item_count = 0;
	else if (w->item_count > 2 * w->count + SLACK)
		clear_up(w);
}
