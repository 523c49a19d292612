#include "tests/live/played.h"

#include <stdlib.h>

#include "core/mem.h"
#include "tests/bench/histories/ordered.h"

static struct sweep copy_of(const struct sweep *s)
{
	struct sweep copy = *s;

	copy.observations =
		mem_copy(s->observations, s->observation_count * sizeof(*s->observations));
	copy.hops = mem_copy(s->hops, s->hop_count * sizeof(*s->hops));
	copy.boots = mem_copy(s->boots, s->boot_count * sizeof(*s->boots));
	return copy;
}

static int by_end(const void *a, const void *b)
{
	const struct sweep *x = *(const struct sweep *const *)a;
	const struct sweep *y = *(const struct sweep *const *)b;

	if (x->info.end.ns != y->info.end.ns)
		return x->info.end.ns < y->info.end.ns ? -1 : 1;
	return x < y ? -1 : x > y;
}

void played_make(const char *family, uint64_t seed, double days, struct played *ret)
{
	struct play play = {.days = days, .hosts = 14, .blocks = 3};
	struct ordered *history = ordered_create(family, seed, &play);
	size_t capacity = 0;
	struct sweep sweep;

	*ret = (struct played){.targets = NULL};
	ret->targets = ordered_targets(history, &ret->target_count);
	while (ordered_next(history, &sweep)) {
		ret->sweeps =
			mem_grow(ret->sweeps, &capacity, ret->count + 1, sizeof(*ret->sweeps));
		ret->sweeps[ret->count++] = copy_of(&sweep);
	}
	ordered_destroy(history);
	ret->commits = mem_zeroed(ret->count, sizeof(struct sweep *));
	for (size_t i = 0; i < ret->count; i++)
		ret->commits[i] = &ret->sweeps[i];
	qsort(ret->commits, ret->count, sizeof(struct sweep *), by_end);
}

void played_finish(struct played *played)
{
	for (size_t i = 0; i < played->count; i++) {
		free(played->sweeps[i].observations);
		free(played->sweeps[i].hops);
		free(played->sweeps[i].boots);
	}
	free(played->sweeps);
	free(played->commits);
	free(played->targets);
}

struct judge *played_judge(
	const struct played *played, size_t count, const struct parameters *parameters)
{
	bool *there = mem_zeroed(played->count, sizeof(*there));
	struct judge *judge = judge_create(played->targets, played->target_count, parameters);

	for (size_t i = 0; i < count; i++)
		there[played->commits[i] - played->sweeps] = true;
	for (size_t i = 0; i < played->count; i++)
		if (there[i] && judge_sweep(judge, &played->sweeps[i]) < 0)
			abort();
	free(there);
	return judge;
}
