#ifndef TESTS_LIVE_PLAYED_H
#define TESTS_LIVE_PLAYED_H

#include "analysis/judge.h"
#include "store/store.h"

/*
 * A history of the bench's generator, whole in memory: in the order of a store, and in the order
 * in which a prober commits it, by end. A full sweep comes ten minutes after watch sweeps that
 * began after it did.
 */
struct played {
	struct target_row *targets;
	size_t target_count;
	struct sweep *sweeps;
	struct sweep **commits;
	size_t count;
};

void played_make(const char *family, uint64_t seed, double days, struct played *ret);
void played_finish(struct played *played);

/* What a store has after the first `count` commits, told to a new judge in a store's order. */
struct judge *played_judge(
	const struct played *played, size_t count, const struct parameters *parameters);

/* All a judgement says, as text: two that differ anywhere differ here. Owned by the caller. */
char *judgement_text(const struct judgement *judgement);

#endif
