#ifndef PROBER_SCHEDULE_TRIAL_H
#define PROBER_SCHEDULE_TRIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/observation.h"
#include "targets/routers.h"
#include "targets/targets.h"

/*
 * Whom of the routers on the path we ask ourselves, though nobody named them. Pure.
 *
 * Who is inside the country is a target anyway. Of the others one is put on trial when it has a
 * role (targets/routers.h) and two blocks at least speak for it: in a country of one block a
 * router has to be named. On trial it is asked like any control, and it is learned
 * when three of its answers came as they would from that hop: after such a time, and from
 * so far, as the TTL of the answer tells. A stranger in whose name somebody speaks answers from
 * elsewhere; he is asked no more, and is not tried again for a week.
 *
 * What is learned is asked as long as it has its role, and answers like that
 * hop where it answers. Nothing outlives the run: the next one has a key of its own,
 * and tries again.
 */
enum { TRIAL_ROUTERS = 8, TRIAL_REFUSED = 32, TRIAL_NEWS = 2 * TRIAL_ROUTERS };

struct trial_router {
	struct ip4 address;
	enum role role;
	bool learned;
	uint8_t ttl;      /* the least at which it was met; 0: not since it is on trial */
	int64_t rtt_ns;   /* the least of its words as a hop; -1 */
	uint32_t fits;    /* answers as of that hop */
	uint32_t misfits; /* others; in a row, once it is learned */
	uint32_t silences;
};

struct trial {
	struct trial_router routers[TRIAL_ROUTERS];
	size_t count;
	struct {
		struct ip4 address;
		struct wall until;
	} refused[TRIAL_REFUSED];
	size_t refused_count;
};

/* What became of a router, for the log and the store. */
struct trial_news {
	enum { TRIAL_BEGINS, TRIAL_LEARNED, TRIAL_ENDS } what;
	struct ip4 address;
	enum role role;
	const char *why; /* TRIAL_ENDS; static */
};

/*
 * After a sweep from which `routers` learned: whom to ask from now on, and whom no more. The set
 * is brought in step, as to who may be asked and as to its rows. Returns how many news.
 */
size_t trial_sweep(struct trial *trial, const struct routers *routers, const struct sweep *sweep,
	struct target_set *set, struct trial_news news[TRIAL_NEWS]);

/* The set was read anew: who is on trial or learned is asked as before, but who may not be. */
void trial_reload(const struct trial *trial, struct target_set *set);

#endif
