#ifndef PROBER_SOURCES_H
#define PROBER_SOURCES_H

#include "prober/runs.h"

/*
 * Which of our addresses probes are sent from: looked up when a sweep begins,
 * and again while it is open, for addresses come and go. Pure but for the hook
 * of struct runs_hooks.
 */

/* Our address towards each target and control, one look-up a block; 0.0.0.0
 * where there is no route. Owned by the caller. */
struct ip4 *sources_look_up(const struct runs *runs);

/*
 * Once a second: does every open sweep still send from an address that is ours?
 * One that does not sends the rest from the new one; what was waited for at the
 * old one is not silent. Nothing to do where `source` is set.
 */
void sources_follow(struct runs *runs, struct mono now);

#endif
