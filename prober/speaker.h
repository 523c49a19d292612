#ifndef PROBER_SPEAKER_H
#define PROBER_SPEAKER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/text.h"

/*
 * Writes what the log says from a thread of its own: a pipe that nobody reads,
 * a terminal that was stopped, a log file on a slow disk must not stop the
 * measuring loop. Lines wait in memory, SPEAKER_ROOM bytes at most; more are
 * dropped, whole, and counted.
 *
 * One for the process, as standard error is; begun before calls are filtered.
 */
enum { SPEAKER_ROOM = 64 << 10 };

/* From here on the log goes this way. 0 or a negative errno with *why. */
int speaker_begin(struct diag *why);

/* Lines dropped since it was last asked, once there is room again to tell it; else 0. */
uint64_t speaker_dropped(void);

/*
 * Waits until all is written, but no longer than `patience_ns`; then lines go to
 * standard error again. False: it still takes none, and what is said from here
 * on is dropped too.
 */
bool speaker_end(int64_t patience_ns);

#endif
