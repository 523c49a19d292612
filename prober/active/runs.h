#ifndef PROBER_ACTIVE_RUNS_H
#define PROBER_ACTIVE_RUNS_H

#include <stdbool.h>

#include "core/settings.h"
#include "prober/active/dispatch.h"
#include "prober/active/drive.h"
#include "prober/active/self_check.h"
#include "prober/schedule/scheduler.h"
#include "prober/schedule/trial.h"
#include "targets/routers.h"
#include "targets/targets.h"

/*
 * The sweeps that are open: begun as the scheduler says, driven as their timer
 * queue says, handed back whole when nothing is owed. Pure but for its hooks: the
 * loop hands in the real ones (prober/runtime.h), the player of scenarios its own.
 */
struct run {
	struct sweep_run *sweep; /* NULL: the place is free */
	uint64_t number;
	enum launch_what what;
	struct mono began;
	struct sweep_info info;
	size_t told; /* tasks over that the burst was told of */
};

struct runs_hooks {
	struct drive_hooks drive; /* its ctx is that of all */
	/* The way to a target, as way_choose finds it; without one, why not. */
	struct way (*way)(void *ctx, struct ip4 target);
	/* For the log: a sweep begins, or (run NULL) no place is free for it. */
	void (*begins)(void *ctx, const struct launch *launch, const struct run *run);
	/* A router on the path is on trial, learned or asked no more: the set is in step, its
	 * rows are for the store. */
	void (*router)(void *ctx, const struct trial_news *news);
	/* A box answers for a whole block, or (why BOX_NONE) does so no more. */
	void (*box)(void *ctx, const struct box *box);
};

struct runs_config {
	const struct settings *settings; /* borrowed, as is all here */
	struct target_set *targets;      /* routers on the path come and go */
	bool once;
	bool partial;
	const char *epoch;   /* of the store */
	uint64_t last_sweep; /* the highest number in the store; 0: none */
	struct identity_key key;
	struct runs_hooks hooks;
};

enum { RUNS_APART = 256 };

struct runs {
	struct runs_config config;
	struct dispatch dispatch;
	struct scheduler scheduler;
	struct drive drive;
	struct run open[DISPATCH_RUNS];
	struct routers routers; /* what this run saw on the paths */
	struct trial trial;
	int64_t rtt_max_ns;
	struct ip4 apart[RUNS_APART]; /* targets whose way is not that of their block */
	size_t apart_count;
	struct mono sources_at; /* when our address was last looked up for open sweeps */
	uint64_t next_sweep;
	uint64_t skipped; /* no place was free: told with the next sweep */
};

void runs_init(struct runs *runs, const struct runs_config *config, struct wall wall);
void runs_finish(struct runs *runs);

/*
 * The settings and the targets that runs_config borrowed have been replaced where they
 * stand. Open sweeps go on without whom nobody may
 * ask any more; what they had in mind otherwise is done as it was begun. Routers on the path
 * are asked as before, but for those. The caller has
 * brought the series' list over (prober/schedule/series.h). Returns how many tasks of open sweeps
 * are unsent for it.
 */
size_t runs_reload(struct runs *runs, struct mono now, struct wall wall);

/* Begin what is due. */
void runs_begin(struct runs *runs, struct mono now, struct wall wall);

/*
 * Drive an open sweep; all frames up to `seen` were handed in. Returns when it
 * wants to be driven again, MONO_NEVER when it can be ended.
 */
struct mono runs_drive(struct runs *runs, struct run *run, struct mono seen);

/*
 * What the sweep amounts to; learns from it and frees its place. The caller has
 * looked once more (runs_look) and put into run->info what it knows of the
 * clock. ret->observations and ret->hops are owned by the caller.
 */
void runs_end(struct runs *runs, struct run *run, struct wall wall, struct sweep *ret,
	struct sweep_counts *ret_counts);

/* What the self-check saw concerns every open sweep. */
void runs_look(struct runs *runs, const struct self_check_result *glance, struct mono now);

/* Nothing is open and nothing will begin. */
bool runs_done(const struct runs *runs);

#endif
