#ifndef HISTORIES_STREAM_H
#define HISTORIES_STREAM_H

#include "core/text.h"
#include "store/store.h"
#include "tests/bench/histories/world.h"

/*
 * The prober's schedule, played over a world: watch sweeps with a fixed phase
 * per address and method and retries to the silent, full sweeps, path probes,
 * and what sweeps say against themselves.
 */
struct stream;

/* The world is borrowed, and its spans remember where they were last asked. */
struct stream *stream_create(struct world *world);
void stream_destroy(struct stream *stream);

/* What targets.csv says: room for STREAM_TARGETS rows; returns how many. */
enum { STREAM_TARGETS = WORLD_BLOCKS + WORLD_ENDPOINTS };
size_t stream_targets(const struct stream *stream, struct target_row *rows);

/* The next sweep as the schedule makes it, its arrays valid until the next call;
 * false after the last. */
bool stream_next(struct stream *stream, struct sweep *ret);

/* No sweep to come starts before then, by the clock of its vantage point. */
int64_t stream_settled(const struct stream *stream);

struct stream_count {
	uint64_t sweeps, observations;
};

/* Play the world into a store; with store NULL all is made and thrown away. 0 or
 * a negative errno with *why. */
int stream_world(
	struct world *world, struct store *store, struct stream_count *ret, struct diag *why);

#endif
