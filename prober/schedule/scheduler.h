#ifndef PROBER_SCHEDULE_SCHEDULER_H
#define PROBER_SCHEDULE_SCHEDULER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/settings.h"
#include "prober/schedule/burst.h"
#include "prober/schedule/learn.h"
#include "prober/schedule/path.h"
#include "prober/schedule/schedule.h"

/*
 * Which sweep begins when: the full and the watch tier at wall-clock multiples
 * of their intervals, but a full sweep at once where there is no history; bursts when a block
 * falls or comes back; path probes with the first watch sweep of each path interval and with every
 * burst on a fall. A single sweep (once) begins at once and is the only one. Pure.
 *
 * There is a watch tier only while its interval is shorter than that of full
 * sweeps, and it begins once there is somebody to watch.
 */
enum launch_what { LAUNCH_NOTHING, LAUNCH_FULL, LAUNCH_WATCH, LAUNCH_BURST };

struct launch {
	enum launch_what what;
	uint64_t missed;     /* starts of this tier that passed unused */
	bool late;           /* by more than 50 ms */
	bool first;          /* the full sweep of a series without history */
	struct prefix block; /* LAUNCH_BURST */
	bool path;           /* with path probes */
};

struct scheduler {
	const struct settings *settings; /* borrowed */
	bool once;
	bool recalled; /* there is a history */
	bool first;    /* the next full sweep begins a series */
	struct schedule full, watch;
	int64_t path_round; /* path interval in which paths were last probed */
	uint64_t full_begun;
	struct learn learn;
	struct burst burst;
	struct path path;
};

void scheduler_init(struct scheduler *scheduler, const struct settings *settings, bool once,
	const struct ip4 *addresses, size_t count, struct wall now);
void scheduler_finish(struct scheduler *scheduler);

/* The settings have changed, or the list of addresses has. What was learned of who stays is
 * kept; a tier whose interval changed begins at the next multiple of it. */
void scheduler_reload(
	struct scheduler *scheduler, const struct ip4 *addresses, size_t count, struct wall now);

/* What begins now; call again until it is LAUNCH_NOTHING. */
struct launch scheduler_next(struct scheduler *scheduler, struct mono now, struct wall wall);

/* Nothing begins before then, unless something is seen. */
struct wall scheduler_wake(const struct scheduler *scheduler);

/* No sweep will begin any more. */
bool scheduler_done(const struct scheduler *scheduler);

/* A sweep of a run before this one, for learning; scheduler_start follows the last of them. */
void scheduler_recall(struct scheduler *scheduler, const struct sweep *sweep);

/* The schedule begins now: nothing that was due before was missed. Where nothing was recalled
 * a full sweep is due at once. */
void scheduler_start(struct scheduler *scheduler, struct wall now);

/* A sweep that has just ended, for learning. */
void scheduler_learn(struct scheduler *scheduler, const struct sweep *sweep);

#endif
