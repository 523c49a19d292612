#ifndef SCENARIO_PLAY_H
#define SCENARIO_PLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/settings.h"
#include "prober/active/runs.h"
#include "prober/active/self_check.h"
#include "targets/targets.h"
#include "tests/scenario/world.h"

/*
 * The prober in virtual time: the steps of prober/loop.c in its order (frames,
 * self-check, what is due, drive, end), with the world's clocks and packets in place
 * of libuv, libpcap and libnet. All that decides is the prober's own.
 */
struct asked {
	struct ip4 target;
	enum method method;
	uint16_t port;
};

/* A sweep that ended. */
struct ended {
	struct sweep sweep;
	struct sweep_counts counts;
	enum launch_what what;
	struct asked *asked; /* owned */
	size_t asked_count;
	struct mono began, ended;
};

enum play_mode { PLAY_ONCE, PLAY_SCHEDULED, PLAY_BY_HAND };

struct play {
	struct world world;
	struct settings settings;
	struct target_set set;
	char blocked[1024]; /* the blocklist, a prefix a line */
	enum play_mode mode;
	struct mono start;
	struct mono stopped_until; /* the process does not run */

	struct runs runs;
	struct self_check self_check;
	struct mono looked;

	struct ended *ended; /* owned; by sweep number */
	size_t ended_count, ended_capacity;
};

/* Whom to ask, as settings and blocklist say. 0 or a negative errno with *why. */
int play_resolve(const struct play *play, struct target_set *ret, struct diag *why);

/* Settings, targets and world are set; make ready to run. */
void play_prepare(struct play *play);
void play_finish(struct play *play);

/* Settings or blocklist have changed: as prober/runtime_reload.c does on SIGHUP. */
void play_reload(struct play *play);

/* By hand: begin a full sweep with the next step, beside what is open. */
void play_begin(struct play *play);

/* One turn of the loop at the world's now; returns when it wants the next. */
struct mono play_step(struct play *play);

#endif
