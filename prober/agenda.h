#ifndef PROBER_AGENDA_H
#define PROBER_AGENDA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"

/*
 * What is due when: a heap with at most one entry per task. Entries of the
 * same instant come in the order of their tasks. Pure.
 */
struct agenda {
	struct agenda_entry {
		struct mono at;
		uint32_t task;
	} * entries; /* owned */
	size_t count, capacity;
};

void agenda_init(struct agenda *agenda, size_t capacity);
void agenda_finish(struct agenda *agenda);
void agenda_add(struct agenda *agenda, struct mono at, uint32_t task);

/* The earliest, or NULL; it stays on the agenda. */
const struct agenda_entry *agenda_first(const struct agenda *agenda);
void agenda_drop_first(struct agenda *agenda);

#endif
