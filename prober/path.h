#ifndef PROBER_PATH_H
#define PROBER_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "prober/learn.h"
#include "prober/plan.h"
#include "store/observation.h"

/*
 * The way to the blocks: TTL-limited echo probes towards a few watched
 * addresses of each, to learn the last routers before them and, when a block
 * falls silent, where the path stops. All TTLs go at once, so a path is one
 * picture, not a walk. Pure.
 */
enum {
	PATH_TARGETS = 2,
	PATH_TTL_FIRST = 24,
	PATH_ROUTERS = 8,
	PATH_CANDIDATES = 32,
	PATH_PICTURES = 3
};

struct path {
	const struct learn *learn; /* borrowed */
	struct path_block {
		struct prefix prefix;
		uint8_t reach; /* TTL at which its targets answer; 0: not known */
	} * blocks;            /* owned */
	size_t block_count;

	/* Seen, and how often: one router may name a bystander, three pictures that
	 * agree seldom do. */
	struct path_candidate {
		struct ip4 address;
		uint8_t pictures;
	} candidates[PATH_CANDIDATES];
	size_t candidate_count;

	/* Routers seen right before a target: the last is the country's border, the
	 * one before it the provider's. */
	struct path_router {
		struct ip4 address;
		enum role role;
	} routers[PATH_ROUTERS];
	size_t router_count;
};

void path_init(struct path *path, const struct learn *learn);
void path_finish(struct path *path);

/*
 * Add path probes to a plan, starting at from_ns and spread over span_ns:
 * towards every block (only NULL), or towards one.
 */
void path_plan(const struct path *path, const struct plan_input *input, const struct prefix *only,
	int64_t from_ns, int64_t span_ns, struct plan *plan);

/* Learn from the hops of a finished sweep. Returns how many routers are new;
 * they are the last of path->routers. */
size_t path_learn(struct path *path, const struct hop *hops, size_t count);

#endif
