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
struct timer_queue_entry {
	struct mono at;
	uint32_t task;
};

struct timer_queue_run {
	struct timer_queue_entry *entries; /* owned */
	size_t first, end, capacity;
};

enum { TIMER_QUEUE_RUNS = 4 };

struct timer_queue {
	struct timer_queue_run runs[TIMER_QUEUE_RUNS];
	struct timer_queue_run heap; /* first is 0 */
};

void timer_queue_init(struct timer_queue *timers, size_t capacity); /* a hint */
void timer_queue_finish(struct timer_queue *timers);
void timer_queue_add(struct timer_queue *timers, struct mono at, uint32_t task);

/* The earliest, or NULL; it stays in the queue. */
const struct timer_queue_entry *timer_queue_first(const struct timer_queue *timers);
void timer_queue_drop_first(struct timer_queue *timers);

#endif
