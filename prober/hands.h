#ifndef PROBER_HANDS_H
#define PROBER_HANDS_H

#include "core/text.h"
#include "prober/loop.h"
#include "prober/runs.h"

/*
 * What running sweeps need of the real world: the clock, the transmitter, the
 * kernel's routes, the store and the log.
 */

/* Ready to run, having learned from what is in the store. 0 or a negative errno
 * with *why. `config` is borrowed for as long as `runs` lives. */
int hands_begin(struct loop_config *config, struct runs *ret, struct diag *why);

/* What is not as it should be: said when it begins, when it changes, and when it
 * is over. Starts as {0}. */
struct hands_trouble {
	int err;        /* of a store that takes no sweeps; 0: it does */
	uint64_t lost;  /* sweeps since */
	uint32_t flags; /* of the last sweep, that say how well we see */
	uint64_t sweep; /* the last one */
};

/*
 * End a sweep and put it into the store. 0, or the negative errno of the store
 * with *why: the sweep is lost, and that is all.
 */
int hands_end(const struct loop_config *config, struct hands_trouble *trouble, struct runs *runs,
	struct run *run, struct diag *why);

#endif
