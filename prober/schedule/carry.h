#ifndef PROBER_SCHEDULE_CARRY_H
#define PROBER_SCHEDULE_CARRY_H

#include "prober/schedule/burst.h"
#include "prober/schedule/learn.h"
#include "prober/schedule/path.h"

/*
 * What was learned of addresses goes on when the list of them, or the settings,
 * change while we run (prober/active/runs.h: runs_reload). Who leaves the list is
 * forgotten, who is new begins unlearned. Pure.
 */

/*
 * From `before` into `learn`, which is made for the new list. What is no longer
 * asked (a kind, a TCP port) is forgotten, so that nobody is watched by it.
 */
void carry_learn(const struct learn *before, struct learn *learn);

/* What bursts and paths know of their blocks; their `learn` has changed from `before` by now. */
void carry_burst(struct burst *burst, const struct learn *before, int64_t interval_ns);
void carry_path(struct path *path);

#endif
