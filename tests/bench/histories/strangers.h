#ifndef HISTORIES_STRANGERS_H
#define HISTORIES_STRANGERS_H

#include "store/store.h"
#include "tests/bench/histories/world.h"

/*
 * Addresses where nobody lives answer a full sweep, too, when a box answers for all of a block.
 * They are added behind the sweep's observations, where there must be room for so many.
 */
enum {
	STRANGERS_NEAR = 2 * WORLD_BLOCKS, /* by a box near us, two of each block */
	STRANGERS_BOXED = 254, /* by one before a block; one block at most has one at a time */
	STRANGERS_PORT = 80,   /* of that one */
};

void strangers_near(
	struct world *world, int vantage, int64_t t, struct rng *rng, struct sweep *sweep);
void strangers_boxed(
	struct world *world, int vantage, int64_t t, struct rng *rng, struct sweep *sweep);

#endif
