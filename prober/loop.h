#ifndef PROBER_LOOP_H
#define PROBER_LOOP_H

#include <stdbool.h>

#include "core/settings.h"
#include "core/text.h"
#include "prober/io/capture.h"
#include "prober/io/notify.h"
#include "prober/io/transmit.h"
#include "prober/report.h"
#include "prober/request.h"
#include "prober/storing.h"
#include "store/store.h"
#include "targets/targets.h"

/*
 * The prober at work: one libuv loop. It reads the clocks, carries probes from
 * running sweeps to the transmitter and frames from the capture to running
 * sweeps, and hands finished ones to the thread that stores (prober/storing.h).
 * It waits for nothing but the next packet and the next moment; it decides
 * nothing: what is due is prober/sweep and prober/schedule.
 */
struct loop_config {
	struct request *request; /* read again on SIGHUP; has the next two */
	const struct settings *settings;
	struct target_set *targets; /* routers met on the path are added */
	struct transmit *transmit;  /* borrowed, as is all here */
	struct capture *capture;
	struct store *store;     /* read in the beginning */
	struct store_reader **history; /* to learn from, then closed and NULL; NULL: nothing */
	struct storing *storing; /* sweeps go to it */
	struct notify *notify;   /* the service manager */
	bool once;               /* one full sweep, now */
	bool partial;            /* ... told as a watch sweep: prober/schedule/series.h */
	enum report_style style;
	int ifindex; /* -I: of the interface that counts; 0: any, or there is none now */
};

/*
 * Run until stopped by SIGTERM or SIGINT, or until what was asked for is done. SIGHUP
 * reads again what the request named (runtime_reload); a single sweep, and one whose
 * terminal is gone, it stops.
 * 0: done, and every sweep that ended is stored. 1: stopped by a signal, the same
 * holds. -errno with *why: could not go on, or what waited at the end is not stored.
 */
int loop_run(const struct loop_config *config, struct diag *why);

#endif
