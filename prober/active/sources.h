#ifndef PROBER_ACTIVE_SOURCES_H
#define PROBER_ACTIVE_SOURCES_H

#include "prober/active/runs.h"

/*
 * Which of our addresses probes are sent from, and by which interface: looked up
 * when a sweep begins, and again while it is open, for addresses and routes come
 * and go. Pure but for the hook of struct runs_hooks.
 */

/* The way to each target and control: one look-up a block where it has one way, one an
 * address where it has not, as far as its first and last address and what strayed tell.
 * Owned by the caller. */
struct way *sources_look_up(const struct runs *runs);

/*
 * Once a second: does every open sweep still send by the ways that there are? One that does
 * not sends the rest by the new ones; what was waited for at an address that is no longer
 * ours is not silent.
 */
void sources_follow(struct runs *runs, struct mono now);

#endif
