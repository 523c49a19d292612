#ifndef LIVE_TELL_ROUTES_H
#define LIVE_TELL_ROUTES_H

#include "analysis/judge.h"
#include "core/arena.h"
#include "store/store.h"

/* Tell a judge what a store has of routes until then; before judge_end. arena: the one it lies in,
 * not entered; NULL: in none. 0, or a negative errno and *why. */
int tell_routes(struct store *store, struct judge *judge, struct arena *arena, struct wall until,
	struct diag *why);

#endif
