#ifndef PROBER_SWEEP_TIMER_QUEUE_H
#define PROBER_SWEEP_TIMER_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"

/*
 * What is due when. Entries of the same instant come in the order of their
 * tasks. Pure.
 *
 * Nearly all of it is added in order: the slots of a plan, then retries and
 * waits of a few lengths, each behind the one before. So entries stand in a few
 * sorted runs, where adding and taking cost next to nothing, and a heap has
 * what fits behind none of them.
 */
struct agenda_entry {
	struct mono at;
	uint32_t task;
};

struct agenda_run {
	struct agenda_entry *entries; /* owned */
	size_t first, end, capacity;
};

enum { AGENDA_RUNS = 4 };

struct agenda {
	struct agenda_run runs[AGENDA_RUNS];
	struct agenda_run heap; /* first is 0 */
};

void agenda_init(struct agenda *agenda, size_t capacity); /* a hint */
void agenda_finish(struct agenda *agenda);
void agenda_add(struct agenda *agenda, struct mono at, uint32_t task);

/* The earliest, or NULL; it stays on the agenda. */
const struct agenda_entry *agenda_first(const struct agenda *agenda);
void agenda_drop_first(struct agenda *agenda);

#endif
