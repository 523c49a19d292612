#ifndef SCENARIO_PLAY_H
#define SCENARIO_PLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/settings.h"
#include "prober/dispatch.h"
#include "prober/drive.h"
#include "prober/eyes.h"
#include "prober/learn.h"
#include "prober/schedule.h"
#include "prober/sweep.h"
#include "targets/targets.h"
#include "tests/scenario/world.h"

/*
 * The prober in virtual time: the steps of prober/loop.c in its order (frames,
 * eyes, what is due, drive, end), with the world's clocks and packets in place
 * of libuv, libpcap and libnet. All that decides is the prober's own.
 */
struct ended {
	struct sweep sweep;
	struct sweep_counts counts;
	struct sweep_task *tasks; /* as planned */
	size_t task_count;
	struct mono began, ended;
};

enum play_mode { PLAY_ONCE, PLAY_SCHEDULED, PLAY_BY_HAND };

struct play {
	struct world world;
	struct settings settings;
	struct target_set set;
	struct ip4 *sources;
	enum play_mode mode;
	struct mono start;
	struct mono stopped_until; /* the process does not run */

	struct learn learn;
	struct dispatch dispatch;
	struct eyes eyes;
	struct drive drive;
	struct schedule schedule;
	struct identity_key key;
	struct sweep_run *runs[DISPATCH_RUNS];
	struct sweep_info infos[DISPATCH_RUNS];
	struct ended open[DISPATCH_RUNS];
	struct mono looked;
	int64_t rtt_max_ns;
	uint64_t next_sweep, started, missed;

	struct ended *ended; /* owned; by sweep number when all is over */
	size_t ended_count, ended_capacity;
};

/* Settings and world are set; make ready to run. */
void play_prepare(struct play *play);
void play_finish(struct play *play);

/* Begin a full sweep now, beside what is open. */
void play_begin(struct play *play, uint32_t flags);

/* One turn of the loop at the world's now; returns when it wants the next. */
struct mono play_step(struct play *play);

/* Nothing is open and nothing will begin. */
bool play_over(const struct play *play);

#endif
