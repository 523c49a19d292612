#ifndef PROBER_SCHEDULE_PATH_H
#define PROBER_SCHEDULE_PATH_H

#include <stddef.h>
#include <stdint.h>

#include "prober/schedule/learn.h"
#include "prober/schedule/plan.h"
#include "store/observation.h"

/*
 * The way to the blocks: TTL-limited echo probes towards two watched addresses
 * of each, to learn the last routers before them (targets/routers.h) and, when a block
 * falls silent, where the path stops. All TTLs go at once, so a path is one
 * picture, not a walk. Pure.
 */
enum { PATH_TARGETS = 2, PATH_TTL_FIRST = 24 };

struct path {
	const struct learn *learn; /* borrowed */
	struct path_block {
		struct prefix prefix;
		size_t first, end; /* of learn's addresses */
		uint8_t reach;     /* TTL at which its targets answer; 0: not known */
	} * blocks;                /* owned, ascending */
	size_t block_count;
};

void path_init(struct path *path, const struct learn *learn);
void path_finish(struct path *path);

/*
 * Add path probes to a plan, starting at from_ns and spread over span_ns:
 * towards every block (only NULL), or towards one.
 */
void path_plan(const struct path *path, const struct plan_input *input, const struct prefix *only,
	int64_t from_ns, int64_t span_ns, struct plan *plan);

/* Learn from the hops of a finished sweep how far it is to each block. */
void path_learn(struct path *path, const struct hop *hops, size_t count);

#endif
