#include "tests/bench/histories/rng.h"

#include <math.h>

uint64_t rng_mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static uint64_t rotated(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

struct rng rng_seed(uint64_t seed, uint64_t stream)
{
	struct rng rng;
	uint64_t x = rng_mix(seed) ^ rng_mix(~stream);

	for (int i = 0; i < 4; i++)
		rng.state[i] = x = rng_mix(x);
	return rng;
}

uint64_t rng_u64(struct rng *rng)
{
	uint64_t *s = rng->state;
	uint64_t result = rotated(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotated(s[3], 45);
	return result;
}

double rng_unit(struct rng *rng)
{
	return (double)(rng_u64(rng) >> 11) * 0x1p-53;
}

bool rng_chance(struct rng *rng, double p)
{
	return rng_unit(rng) < p;
}

uint32_t rng_below(struct rng *rng, uint32_t n)
{
	return (uint32_t)((rng_u64(rng) >> 32) * n >> 32);
}

double rng_between(struct rng *rng, double low, double high)
{
	return low + (high - low) * rng_unit(rng);
}

double rng_log_between(struct rng *rng, double low, double high)
{
	return exp(rng_between(rng, log(low), log(high)));
}

double rng_normal(struct rng *rng)
{
	double u = 1 - rng_unit(rng);

	return sqrt(-2 * log(u)) * cos(6.283185307179586 * rng_unit(rng));
}

double rng_lognormal(struct rng *rng, double median, double sigma)
{
	return median * exp(sigma * rng_normal(rng));
}

double rng_exponential(struct rng *rng, double mean)
{
	return -mean * log(1 - rng_unit(rng));
}

double rng_pareto(struct rng *rng, double least, double alpha)
{
	return least * pow(1 - rng_unit(rng), -1 / alpha);
}
