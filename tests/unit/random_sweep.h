#ifndef TESTS_UNIT_RANDOM_SWEEP_H
#define TESTS_UNIT_RANDOM_SWEEP_H

#include "store/observation.h"

/* Seeded: the same numbers every run (splitmix64). */
struct random {
	uint64_t state;
};

uint64_t random_u64(struct random *random);
uint64_t random_below(struct random *random, uint64_t limit);

/*
 * An observation as wild as the contract allows: any column may be absent in
 * any row, and any present number may be at the end of its range.
 */
struct observation random_observation(
	struct random *random, struct ip4 address, enum method method, struct wall start);

/* A sweep with up to `most` observations in several blocks, hops and boots;
 * random_sweep_free frees its arrays. Observations in order, each once. */
struct sweep random_sweep(struct random *random, uint64_t number, size_t most);
void random_sweep_free(struct sweep *sweep);

/* What the readers promise: field by field. Fails the test that calls it. */
void assert_same_observation(const struct observation *a, const struct observation *b);
void assert_same_sweep(const struct sweep *a, const struct sweep *b);

#endif
