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
 * of their intervals, zooms when a block falls or comes back, path probes with
 * the first watch sweep of each path interval and with every zoom on a fall. A
 * single sweep (once) begins at once and is the only one. Pure.
 *
 * There is a watch tier only while its interval is shorter than that of full
 * sweeps, and it begins once there is somebody to watch.
 */
enum conduct_what { CONDUCT_NOTHING, CONDUCT_FULL, CONDUCT_WATCH, CONDUCT_ZOOM };

struct conduct {
	enum conduct_what what;
	uint64_t missed;     /* starts of this tier that passed unused */
	bool late;           /* by more than 50 ms */
	struct prefix block; /* CONDUCT_ZOOM */
	bool path;           /* with path probes */
};

struct conductor {
	const struct settings *settings; /* borrowed */
	bool once;
	struct schedule full, watch;
	int64_t path_round; /* path interval in which paths were last probed */
	uint64_t full_begun;
	struct learn learn;
	struct zoom zoom;
	struct path path;
};

void conductor_init(struct conductor *conductor, const struct settings *settings, bool once,
	const struct ip4 *addresses, size_t count, struct wall now);
void conductor_finish(struct conductor *conductor);

/* The settings have changed, or the list of addresses has. What was learned of who stays is
 * kept; a tier whose interval changed begins at the next multiple of it. */
void conductor_reload(
	struct conductor *conductor, const struct ip4 *addresses, size_t count, struct wall now);

/* What begins now; call again until it is CONDUCT_NOTHING. */
struct conduct conductor_next(struct conductor *conductor, struct mono now, struct wall wall);

/* Nothing begins before then, unless something is seen. */
struct wall conductor_wake(const struct conductor *conductor);

/* No sweep will begin any more. */
bool conductor_done(const struct conductor *conductor);

/* A sweep of a run before this one, for learning; conductor_start follows the last of them. */
void conductor_recall(struct conductor *conductor, const struct sweep *sweep);

/* The schedule begins now: nothing that was due before was missed. */
void conductor_start(struct conductor *conductor, struct wall now);

/* A sweep that has just ended, for learning. */
void conductor_learn(struct conductor *conductor, const struct sweep *sweep);

#endif
