#ifndef HISTORIES_RNG_H
#define HISTORIES_RNG_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Numbers at random, the same for the same seed on every machine: xoshiro256**
 * (Blackman and Vigna), seeded through splitmix64. Each stream is a generator of its own,
 * so that drawing more of one thing does not move another.
 */
struct rng {
	uint64_t state[4];
};

struct rng rng_seed(uint64_t seed, uint64_t stream);
uint64_t rng_u64(struct rng *rng);
double rng_unit(struct rng *rng); /* [0, 1) */
bool rng_chance(struct rng *rng, double p);
uint32_t rng_below(struct rng *rng, uint32_t n); /* 0..n-1; n >= 1 */
double rng_between(struct rng *rng, double low, double high);
double rng_log_between(struct rng *rng, double low, double high); /* uniform in the logarithm */
double rng_normal(struct rng *rng);
double rng_lognormal(struct rng *rng, double median, double sigma);
double rng_exponential(struct rng *rng, double mean);
double rng_pareto(struct rng *rng, double least, double alpha);

/* A mixing function without state: for offsets that are a function of names. */
uint64_t rng_mix(uint64_t x);

#endif
