#ifndef TARGETS_ROUTERS_H
#define TARGETS_ROUTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/observation.h"

/*
 * What a router on the path is: one rule for the prober, which may ask it, and for
 * the analysis, which weighs what it says. Pure.
 *
 * Of a path that reached its target, the last router outside the blocks of the target list
 * is the provider's (ROLE_UPSTREAM), if one hop behind it kept silent at most; the first one
 * inside that forwards is the country's border (ROLE_BORDER). Nobody else has a role: a
 * router outside all blocks is never the border, however near to the target it stands.
 *
 * Whoever a path leads to can make up hops before himself, in any name. He can do so on
 * his own paths only, and never before a hop that is real. So:
 *
 * - A target is a witness for a router once three of its paths in a row have shown it. A
 *   path without it takes back half of what one with it gives, a path with another in its
 *   place as much: no witness stays one for ever.
 * - A block speaks for a router when all its witnesses name this one, two of them where it
 *   has two targets on whose paths we look.
 * - A router has its role when two blocks speak for it and these are a third of all that have whole
 * paths. Where only one block has any, its two witnesses give the role, and `blocks` is 1.
 *
 * A path that does not reach its target changes nothing: an outage forgets nobody. What
 * is kept is so much a block, whoever is named how often.
 */
enum { ROUTERS_WITNESSES = 4, ROUTERS_PLACES = 2 };

struct routers_witness {
	struct ip4 target;
	uint32_t picture; /* of its block, in which it was met last */
	struct {
		struct ip4 router;
		uint8_t score;
		bool sure;
	} places[ROUTERS_PLACES]; /* before the blocks, inside */
};

struct routers_block {
	struct prefix prefix;
	uint64_t picture;  /* of all, the last that met it */
	uint32_t pictures; /* that had a whole path to it */
	uint8_t witness_count;
	struct routers_witness witnesses[ROUTERS_WITNESSES];
};

/* A router with a role. */
struct router_known {
	struct ip4 address;
	enum role role;
	uint32_t blocks; /* that speak for it */
};

struct routers {
	struct routers_block *blocks; /* owned, ascending */
	size_t block_count;
	uint64_t picture;           /* sweeps so far that had a whole path */
	struct router_known *known; /* owned, ascending */
	size_t known_count;
};

/* Of the target list's rows, those of role target are the country. */
void routers_init(struct routers *routers, const struct target_row *rows, size_t count);
void routers_finish(struct routers *routers);

/* Another list: what is known of the blocks it has as well goes on. */
void routers_reload(struct routers *routers, const struct target_row *rows, size_t count);

/* The hops of a finished sweep, sorted as in struct sweep, of one vantage point: another has
 * another provider. True: who is known is not what it was. */
bool routers_learn(struct routers *routers, const struct hop *hops, size_t count);

/* NULL: it has no role. */
const struct router_known *routers_find(const struct routers *routers, struct ip4 address);

/* Inside the blocks of the country? */
bool routers_is_inside(const struct routers *routers, struct ip4 address);

#endif
