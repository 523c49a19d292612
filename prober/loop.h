#ifndef PROBER_LOOP_H
#define PROBER_LOOP_H

#include "core/text.h"
#include "prober/loop_config.h"

/*
 * The prober at work: one libuv loop. It reads the clocks, carries probes from
 * running sweeps to the transmitter and frames from the capture to running
 * sweeps, and hands finished ones to the thread that stores (prober/storing.h).
 * It waits for nothing but the next packet and the next moment; it decides
 * nothing: what is due is prober/sweep and prober/schedule.
 *
 * Run until stopped by SIGTERM or SIGINT, or until what was asked for is done. SIGHUP
 * reads again what the request named (runtime_reload); a single sweep, and one whose
 * terminal is gone, it stops.
 * 0: done, and every sweep that ended is stored. 1: stopped by a signal, the same
 * holds. -errno with *why: could not go on, or what waited at the end is not stored.
 */
int loop_run(const struct loop_config *config, struct diag *why);

#endif
