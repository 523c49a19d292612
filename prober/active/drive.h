#ifndef PROBER_ACTIVE_DRIVE_H
#define PROBER_ACTIVE_DRIVE_H

#include "core/clock.h"
#include "core/settings.h"
#include "prober/active/pace.h"
#include "prober/packet/probe.h"
#include "prober/sweep/sweep.h"
#include "targets/targets.h"

/*
 * Lets running sweeps send, as far as target list, ceilings, pace and line
 * allow. Pure but for its two hooks, the clock and the sending: the loop hands
 * in the real ones, the player of scenarios its own.
 */
struct drive_hooks {
	struct mono (*now)(void *ctx);
	int (*send)(void *ctx, const struct probe *probe); /* as transmit_send */
	void *ctx;
};

struct drive {
	struct drive_hooks hooks;
	const struct target_set *targets; /* borrowed */
	struct pace pace;
	struct ceiling ceiling;
	struct mono blocked_since; /* the first of the sends that blocked in a row, or MONO_NEVER */
	struct mono blocked_until; /* no use trying before then */
	struct mono trouble_at;    /* our own line would not carry, last */
};

void drive_init(struct drive *drive, const struct drive_hooks *hooks,
	const struct settings *settings, const struct target_set *targets);
void drive_finish(struct drive *drive);

/* Other ceilings from now on. */
void drive_reload(struct drive *drive, const struct settings *settings, struct mono now);

/*
 * Who yields when the ceiling of a block and kind binds: paths first, then
 * bursts, retries, and full sweeps. Each leaves so much of the ceiling to those
 * behind it. A single sweep has nobody to yield to.
 */
enum drive_class { DRIVE_ALONE, DRIVE_WATCH, DRIVE_FULL, DRIVE_BURST };

/*
 * Drive one sweep up to `seen`, the time up to which all frames were handed in.
 * At most DRIVE_SENDS probes leave before the capture must be looked at again.
 * Returns when it wants to be driven again; MONO_NEVER when nothing is owed.
 */
enum { DRIVE_SENDS = 64 };
struct mono drive_sweep(
	struct drive *drive, struct sweep_run *run, enum drive_class class, struct mono seen);

/* No sweep outlives this: its own deadline, what the pace may hold up its
 * retries, and some grace. */
struct mono drive_deadline(const struct drive *drive, const struct sweep_run *run);

#endif
