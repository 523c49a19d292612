#ifndef PROBER_SWEEP_DOUBTS_H
#define PROBER_SWEEP_DOUBTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"
#include "core/clock.h"
#include "prober/sweep/sweep.h"

/*
 * Who may hold a connection that an earlier run of ours began: who was heard to
 * acknowledge it, or to speak of another probe nobody here knows. Such a peer
 * answers some of our SYNs only (Linux: two a second), so what it said once holds
 * for whatever it is asked until then. Pure.
 */
struct doubts {
	struct mono until; /* what is asked later is not in doubt */
	uint64_t *keys;    /* owned; a hash, 0 is an empty place */
	size_t count, mask;
};

void doubts_finish(struct doubts *doubts);

/* This question, of address, kind and port, is in doubt. */
void doubts_add(struct doubts *doubts, const struct sweep_task *question);

/* Is it, if it was asked then? */
bool doubts_hold(
	const struct doubts *doubts, const struct sweep_task *question, struct mono asked_at);

#endif
