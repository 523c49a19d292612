#include "prober/sweep/doubts.h"

#include <stdlib.h>

#include "core/mem.h"
#include "prober/sweep/order.h"

void doubts_finish(struct doubts *doubts)
{
	free(doubts->keys);
	doubts->keys = NULL;
	doubts->count = doubts->mask = 0;
}

static uint64_t key_of(const struct sweep_task *question)
{
	return (uint64_t)question->target.host << 32 | (uint64_t)question->method << 16 |
	       question->port;
}

/* Where the key is, or would be. */
static uint64_t *place_of(const struct doubts *doubts, uint64_t key)
{
	size_t i = order_mix(key) & doubts->mask;

	while (doubts->keys[i] && doubts->keys[i] != key)
		i = (i + 1) & doubts->mask;
	return &doubts->keys[i];
}

static void grow(struct doubts *doubts)
{
	struct doubts old = *doubts;
	size_t size = old.keys ? 2 * (old.mask + 1) : 64;

	doubts->keys = mem_zeroed(size, sizeof(*doubts->keys));
	doubts->mask = size - 1;
	for (size_t i = 0; old.keys && i <= old.mask; i++)
		if (old.keys[i])
			*place_of(doubts, old.keys[i]) = old.keys[i];
	free(old.keys);
}

void doubts_add(struct doubts *doubts, const struct sweep_task *question)
{
	uint64_t key = key_of(question);

	if (!doubts->keys || 2 * doubts->count > doubts->mask)
		grow(doubts);
	uint64_t *place = place_of(doubts, key);
	doubts->count += *place == 0;
	*place = key;
}

bool doubts_hold(
	const struct doubts *doubts, const struct sweep_task *question, struct mono asked_at)
{
	return doubts->keys && asked_at.ns <= doubts->until.ns &&
	       *place_of(doubts, key_of(question)) != 0;
}
