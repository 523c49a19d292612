#ifndef PROBER_RUNTIME_H
#define PROBER_RUNTIME_H

#include "core/text.h"
#include "prober/active/runs.h"
#include "prober/loop_config.h"
#include "prober/tell.h"

/*
 * What running sweeps need of the real world: the clock, the transmitter, the
 * kernel's routes, the store and the log.
 */

/* Ready to run, having learned from what is in the store. 0 or a negative errno
 * with *why. `config` is borrowed for as long as `runs` lives. */
int runtime_begin(struct loop_config *config, struct runs *ret, struct diag *why);

/*
 * End a sweep and hand it to the store's thread.
 */
void runtime_end(
	const struct loop_config *config, struct tell *tell, struct runs *runs, struct run *run);

/* Tell what became of sweeps since. Called often. */
void runtime_look(const struct loop_config *config, struct tell *tell, struct mono now);

/*
 * What still waits gets its last chance, and the rest is told. 0, or a negative
 * errno with *why: so many sweeps are not stored.
 */
int runtime_finish(const struct loop_config *config, struct tell *tell, struct diag *why);

/*
 * SIGHUP: read settings, targets and blocklist again, and let them be in force from now on,
 * in open sweeps too. What cannot be read leaves all as it was. Told in the log.
 */
void runtime_reload(const struct loop_config *config, struct runs *runs);

#endif
