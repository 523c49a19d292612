#include "exchange/foreign/keyed.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

/* Where the key is, or where it would be. */
static struct keyed_slot *slot_of(const struct keyed *keyed, uint64_t key)
{
	size_t at = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (keyed->size - 1);

	while (keyed->slots[at].key && keyed->slots[at].key != key + 1)
		at = (at + 1) & (keyed->size - 1);
	return &keyed->slots[at];
}

uint32_t *keyed_find(const struct keyed *keyed, uint64_t key)
{
	struct keyed_slot *slot = keyed->size ? slot_of(keyed, key) : NULL;

	return slot && slot->key ? &slot->value : NULL;
}

static void grow(struct keyed *keyed)
{
	struct keyed old = *keyed;

	keyed->size = old.size ? 2 * old.size : 64;
	keyed->slots = mem_zeroed(keyed->size, sizeof(*keyed->slots));
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i].key)
			*slot_of(keyed, old.slots[i].key - 1) = old.slots[i];
	free(old.slots);
}

uint32_t *keyed_put(struct keyed *keyed, uint64_t key)
{
	if (2 * (keyed->count + 1) > keyed->size)
		grow(keyed);
	struct keyed_slot *slot = slot_of(keyed, key);
	if (!slot->key) {
		*slot = (struct keyed_slot){.key = key + 1};
		keyed->count++;
	}
	return &slot->value;
}

void keyed_clear(struct keyed *keyed)
{
	if (keyed->count)
		memset(keyed->slots, 0, keyed->size * sizeof(*keyed->slots));
	keyed->count = 0;
}

void keyed_finish(struct keyed *keyed)
{
	free(keyed->slots);
	*keyed = (struct keyed){.count = 0};
}
