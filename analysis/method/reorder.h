#ifndef ANALYSIS_METHOD_REORDER_H
#define ANALYSIS_METHOD_REORDER_H

#include <stddef.h>
#include <stdint.h>

/*
 * Things of an instant that come out of order, because sweeps overlap, and are
 * wanted in order: they wait until all that is earlier must have come. Equal
 * ones keep the order in which they came. Pure but for memory.
 */
struct reorder_key {
	int64_t at_ns;
	uint32_t slot;
};

struct reorder {
	size_t size;                            /* of an item */
	unsigned char *items;                   /* owned, by slot */
	size_t item_count, item_capacity;
	struct reorder_key *keys, *room; /* owned; the first `ordered` are */
	size_t count, ordered;
	size_t key_capacity, room_capacity;
	/* Order of those of one instant, while it is put in order; else NULL: what waits is data. */
	int (*tie)(const void *, const void *);
};

void reorder_init(struct reorder *reorder, size_t size);
void reorder_finish(struct reorder *reorder);

/* Room for one more, to be filled in before the next call. */
void reorder_grow(struct reorder *reorder);
static inline void *reorder_add(struct reorder *reorder, int64_t at_ns)
{
	if (reorder->item_count == reorder->item_capacity ||
		reorder->count == reorder->key_capacity)
		reorder_grow(reorder);
	reorder->keys[reorder->count++] =
		(struct reorder_key){at_ns, (uint32_t)reorder->item_count};
	return reorder->items + reorder->item_count++ * reorder->size;
}

/* How many are of before then; reorder_item gives them, in order, from 0. */
size_t reorder_ready(struct reorder *reorder, int64_t before_ns,
	int (*tie)(const void *, const void *));
static inline const void *reorder_item(const struct reorder *reorder, size_t number)
{
	return reorder->items + reorder->keys[number].slot * reorder->size;
}

/* The first of them are done with. */
void reorder_drop(struct reorder *reorder, size_t count);

#endif
