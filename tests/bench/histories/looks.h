#ifndef HISTORIES_LOOKS_H
#define HISTORIES_LOOKS_H

#include "tests/bench/histories/world.h"

/*
 * When each machine was asked, and by how many sweeps: what the truth needs to say whether
 * an outage could be seen at all, and how well. Of sweeps that say something against themselves
 * (blind, unproven, frames lost) nobody can learn; they are not among them. True time.
 */

/* Sweeps that asked it from `from` on and before `to`, by the vantage point that asked most. */
int looks_between(const struct world *world, int machine, int64_t from, int64_t to);

/* The last time before t and the first after it that one of these machines was asked. */
struct look_pair {
	int64_t before, after; /* INT64_MIN, INT64_MAX: none */
};
struct look_pair looks_around(const struct world *world, const bool *machines, int64_t t);

#endif
