#ifndef LIVE_SERVE_COUNTING_H
#define LIVE_SERVE_COUNTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "report/series.h"

/*
 * How often each host answered: asked for by anybody, and dear, as all of a store is read for it.
 * So there is one question at a time, what was counted is given for a while, and counting takes a
 * tenth of the time at most. Pure.
 */
struct counting {
	bool asked;           /* and not counted yet */
	struct wall from, to; /* the question */
	struct series *series; /* owned; its answer, NULL: none yet */
	struct wall counted_at;
	int64_t took_ns;
};

/* The answer; NULL: not yet, ask again. */
const struct series *counting_ask(
	struct counting *counting, struct wall from, struct wall to, struct wall now);

/* May the question be worked at now? */
bool counting_is_due(const struct counting *counting, struct wall now);

/* series: the answer, which it owns from now on; NULL: there is none, and nobody waits for it. */
void counting_take(
	struct counting *counting, struct series *series, struct wall now, int64_t took_ns);
void counting_finish(struct counting *counting);

#endif
