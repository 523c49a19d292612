#ifndef PROBER_LOOP_H
#define PROBER_LOOP_H

#include <stdbool.h>

#include "core/settings.h"
#include "core/text.h"
#include "prober/capture.h"
#include "prober/notify.h"
#include "prober/report.h"
#include "prober/transmit.h"
#include "store/store.h"
#include "targets/targets.h"

/*
 * The prober at work: one libuv loop, one thread. It reads the clocks, carries
 * probes from running sweeps to the transmitter and frames from the capture to
 * running sweeps, and puts finished ones into the store. It decides nothing:
 * what is due is prober/sweep and prober/schedule.
 */
struct loop_config {
	const struct settings *settings;
	struct target_set *targets; /* routers met on the path are added */
	struct transmit *transmit;  /* borrowed, as is all here */
	struct capture *capture;
	struct store *store;
	struct notify *notify; /* the service manager */
	bool once;             /* one full sweep, now */
	bool partial;          /* ... told as a watch sweep: prober/series.h */
	enum report_face face;
};

/*
 * Run until stopped by SIGTERM or SIGINT, or until what was asked for is done.
 * 0: done, and every sweep that ended is stored. 1: stopped by a signal. -errno
 * with *why: could not go on, or (once) not stored.
 */
int loop_run(const struct loop_config *config, struct diag *why);

#endif
