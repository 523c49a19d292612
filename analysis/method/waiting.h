#ifndef ANALYSIS_METHOD_WAITING_H
#define ANALYSIS_METHOD_WAITING_H

#include <stddef.h>
#include <stdint.h>

/*
 * Things of an instant that come out of order, because sweeps overlap, and are
 * wanted in order: they wait until all that is earlier must have come. Equal
 * ones keep the order in which they came. Pure but for memory.
 */
struct waiting_key {
	int64_t at_ns;
	uint32_t slot;
};

struct waiting {
	size_t size;                            /* of an item */
	int (*tie)(const void *, const void *); /* order of those of one instant */
	unsigned char *items;                   /* owned, by slot */
	size_t item_count, item_capacity;
	struct waiting_key *keys, *room; /* owned; the first `ordered` are */
	size_t count, ordered;
	size_t key_capacity, room_capacity;
};

void waiting_init(struct waiting *waiting, size_t size, int (*tie)(const void *, const void *));
void waiting_finish(struct waiting *waiting);

/* Room for one more, to be filled in before the next call. */
void waiting_grow(struct waiting *waiting);
static inline void *waiting_add(struct waiting *waiting, int64_t at_ns)
{
	if (waiting->item_count == waiting->item_capacity ||
		waiting->count == waiting->key_capacity)
		waiting_grow(waiting);
	waiting->keys[waiting->count++] =
		(struct waiting_key){at_ns, (uint32_t)waiting->item_count};
	return waiting->items + waiting->item_count++ * waiting->size;
}

/* How many are of before then; waiting_item gives them, in order, from 0. */
size_t waiting_ready(struct waiting *waiting, int64_t before_ns);
static inline const void *waiting_item(const struct waiting *waiting, size_t number)
{
	return waiting->items + waiting->keys[number].slot * waiting->size;
}

/* The first of them are done with. */
void waiting_drop(struct waiting *waiting, size_t count);

#endif
