#include "prober/sweep/order.h"

#include <stdlib.h>

#include "core/mem.h"

uint64_t order_mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* Where in the sweep, 0..2^32, a target comes; ties fall to the block's own number. */
struct place {
	uint64_t at;
	uint64_t tie;
	uint32_t index;
};

static int by_place(const void *a, const void *b)
{
	const struct place *x = a;
	const struct place *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->tie > y->tie) - (x->tie < y->tie);
}

/* Fisher-Yates over indexes first..first+count. */
static void shuffle(uint32_t *indexes, size_t count, uint64_t seed)
{
	for (size_t i = count; i > 1; i--) {
		size_t j = (size_t)(order_mix(seed + i) % i);
		uint32_t held = indexes[i - 1];
		indexes[i - 1] = indexes[j];
		indexes[j] = held;
	}
}

void order_make(const struct ip4 *addresses, size_t count, uint64_t seed, uint32_t *ret)
{
	struct place *places = mem_zeroed(count, sizeof(*places));

	for (size_t i = 0; i < count; i++)
		ret[i] = (uint32_t)i;
	for (size_t first = 0; first < count;) {
		struct prefix block = block_of(addresses[first]);
		size_t n = 1;
		while (first + n < count && prefix_holds(block, addresses[first + n]))
			n++;
		uint64_t own = order_mix(seed ^ order_mix(block.base.host));
		shuffle(ret + first, n, own);
		for (size_t i = 0; i < n; i++)
			places[first + i] = (struct place){
				.at = ((2 * i + 1) << 32) / (2 * n),
				.tie = own,
				.index = ret[first + i],
			};
		first += n;
	}
	qsort(places, count, sizeof(*places), by_place);
	for (size_t i = 0; i < count; i++)
		ret[i] = places[i].index;
	free(places);
}
