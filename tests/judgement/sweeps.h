#ifndef JUDGEMENT_SWEEPS_H
#define JUDGEMENT_SWEEPS_H

#include "tests/judgement/world.h"

/* The sweeps that the world's schedules make of it, one after another, by start. */
struct sweeps {
	const struct world *world;
	int64_t *next_ns; /* owned: per schedule */
	uint64_t *made;   /* owned: per schedule */
	uint64_t numbers[VANTAGES_ROOM];
	char methods[METHODS_SIZE];
	struct sweep sweep; /* the last one */
	size_t room;
};

void sweeps_begin(struct sweeps *sweeps, const struct world *world);
/* NULL: that was all. The sweep is valid until the next call. */
const struct sweep *sweeps_next(struct sweeps *sweeps);
void sweeps_finish(struct sweeps *sweeps);

#endif
