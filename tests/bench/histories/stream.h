#ifndef HISTORIES_STREAM_H
#define HISTORIES_STREAM_H

#include "core/text.h"
#include "store/store.h"
#include "tests/bench/histories/world.h"

/*
 * The prober's schedule, played over a world: watch sweeps with a fixed phase
 * per address and method and retries to the silent, full sweeps, path probes,
 * and what sweeps say against themselves. With store NULL everything is made and
 * thrown away.
 */
struct stream_count {
	uint64_t sweeps, observations;
};

/* 0 or a negative errno with *why. */
int stream_world(
	struct world *world, struct store *store, struct stream_count *ret, struct diag *why);

#endif
