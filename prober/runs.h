#ifndef PROBER_RUNS_H
#define PROBER_RUNS_H

#include <stdbool.h>

#include "prober/conductor.h"
#include "prober/dispatch.h"
#include "prober/drive.h"
#include "prober/eyes.h"
#include "prober/loop.h"

/*
 * The sweeps that are open: begun as the conductor says, driven as their agenda
 * says, put into the store when nothing is owed. Carries probes to the
 * transmitter, which looks once more at the target list and the ceilings.
 */
struct run {
	struct sweep_run *sweep; /* NULL: the place is free */
	enum conduct_what what;
	struct sweep_info info;
	size_t told; /* tasks over that zoom was told of */
};

struct runs {
	const struct loop_config *config; /* borrowed */
	struct dispatch dispatch;
	struct conductor conductor;
	struct drive drive;
	struct identity_key key;
	struct run open[DISPATCH_RUNS];
	int64_t rtt_max_ns;
	uint64_t next_sweep;
	uint64_t skipped; /* no place was free: told with the next sweep */
};

/* Reads the store to learn from what is there. 0 or a negative errno with *why. */
int runs_init(struct runs *runs, const struct loop_config *config, struct diag *why);
void runs_finish(struct runs *runs);

/* Begin what is due. */
void runs_begin(struct runs *runs, struct mono now, struct wall wall);

/*
 * Drive an open sweep; all frames up to `seen` were handed in. Returns when it
 * wants to be driven again, MONO_NEVER when it can be ended.
 */
struct mono runs_drive(struct runs *runs, struct run *run, struct mono seen);

/* Store it and free its place. 0, or the negative errno of the store with *why. */
int runs_end(struct runs *runs, struct run *run, struct wall wall, struct diag *why);

/* What the eyes saw concerns every open sweep. */
void runs_look(struct runs *runs, const struct eyes_glance *glance, struct mono now);

/* Nothing is open and nothing will begin. */
bool runs_done(const struct runs *runs);

#endif
