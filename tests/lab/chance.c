#include "tests/lab/scenario.h"

/* One round of a 64-bit finalizer: every input bit stirs every output bit. */
static uint64_t stir(uint64_t x)
{
	x ^= x >> 30;
	x *= UINT64_C(0xbf58476d1ce4e5b9);
	x ^= x >> 27;
	x *= UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

uint64_t chance(uint64_t seed, uint64_t address, uint64_t what)
{
	return stir(stir(stir(seed + UINT64_C(0x9e3779b97f4a7c15)) + address) + what);
}

double chance_share(uint64_t seed, uint64_t address, uint64_t what)
{
	return (double)(chance(seed, address, what) >> 11) * 0x1p-53;
}

int64_t span_draw(struct span span, uint64_t drawn)
{
	return span.least + (int64_t)(drawn % (uint64_t)(span.most - span.least + 1));
}
