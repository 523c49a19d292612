#ifndef PROBER_SWEEP_ORDER_H
#define PROBER_SWEEP_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "core/address.h"

/*
 * The order in which a sweep asks its targets: a permutation that follows from
 * the seed and the targets alone, so that every sweep has the same one and the
 * gap between two probes of an address is the interval exactly.
 *
 * Blocks are interleaved: each block's targets are shuffled and laid evenly
 * over the whole sweep, so that no /24 is hit in a burst, however unequal the
 * blocks are. Pure.
 */

/*
 * Fill ret[0..count) with a permutation of the indexes of `addresses`, which
 * are ascending and each there once. Version 1 of the order; a change to it
 * changes what a seed means.
 */
enum { ORDER_VERSION = 1 };
void order_make(const struct ip4 *addresses, size_t count, uint64_t seed, uint32_t *ret);

/* A well-mixed 64-bit function of x (splitmix64, Steele et al. 2014). */
uint64_t order_mix(uint64_t x);

#endif
