#include "tests/bench/histories/ordered.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "tests/bench/histories/families.h"
#include "tests/bench/histories/truth.h"

struct ordered {
	struct history *history;
	struct stream *stream;
	struct stream_count count;
	struct sweep *held; /* owned, their arrays too; not sorted */
	size_t held_count, held_capacity;
	struct sweep given; /* until the next call */
	bool over;
};

struct ordered *ordered_create(const char *name, uint64_t seed, const struct play *play)
{
	const struct family *family = family_named(name);
	struct ordered *ordered = family ? mem_zeroed(1, sizeof(*ordered)) : NULL;

	if (!ordered)
		return NULL;
	ordered->history = family_history(family, seed, play);
	ordered->stream = stream_create(ordered->history->world);
	return ordered;
}

static void free_sweep(struct sweep *sweep)
{
	free(sweep->observations);
	free(sweep->hops);
	*sweep = (struct sweep){.observations = NULL};
}

void ordered_destroy(struct ordered *ordered)
{
	if (!ordered)
		return;
	for (size_t i = 0; i < ordered->held_count; i++)
		free_sweep(&ordered->held[i]);
	free_sweep(&ordered->given);
	free(ordered->held);
	stream_destroy(ordered->stream);
	history_destroy(ordered->history);
	free(ordered);
}

static int hop_order(const void *a, const void *b)
{
	const struct hop *x = a;
	const struct hop *y = b;

	if (!ip4_equal(x->address, y->address))
		return x->address.host < y->address.host ? -1 : 1;
	return (x->ttl > y->ttl) - (x->ttl < y->ttl);
}

static bool sorted(const struct sweep *sweep)
{
	for (size_t i = 1; i < sweep->observation_count; i++)
		if (observation_order(&sweep->observations[i - 1], &sweep->observations[i]) > 0)
			return false;
	return true;
}

static void hold(struct ordered *ordered, const struct sweep *sweep)
{
	ordered->held = mem_grow(ordered->held, &ordered->held_capacity, ordered->held_count + 1,
		sizeof(*ordered->held));
	struct sweep *to = &ordered->held[ordered->held_count++];

	*to = *sweep;
	to->observations = mem_copy(
		sweep->observations, sweep->observation_count * sizeof(*sweep->observations));
	to->hops = mem_copy(sweep->hops, sweep->hop_count * sizeof(*sweep->hops));
	if (!sorted(to))
		qsort(to->observations, to->observation_count, sizeof(*to->observations),
			observation_order);
	if (to->hop_count)
		qsort(to->hops, to->hop_count, sizeof(*to->hops), hop_order);
}

static bool before(const struct sweep_info *a, const struct sweep_info *b)
{
	if (a->start.ns != b->start.ns)
		return a->start.ns < b->start.ns;
	int vantages = strcmp(a->vantage, b->vantage);
	return vantages ? vantages < 0 : a->sweep < b->sweep;
}

bool ordered_next(struct ordered *ordered, struct sweep *ret)
{
	struct sweep sweep;
	size_t first = 0;

	free_sweep(&ordered->given);
	for (;;) {
		for (size_t i = 1; i < ordered->held_count; i++)
			if (before(&ordered->held[i].info, &ordered->held[first].info))
				first = i;
		if (ordered->held_count &&
			(ordered->over || ordered->held[first].info.start.ns <
						  stream_settled(ordered->stream)))
			break;
		if (ordered->over)
			return false;
		ordered->over = !stream_next(ordered->stream, &sweep);
		if (!ordered->over)
			hold(ordered, &sweep);
	}
	*ret = ordered->given = ordered->held[first];
	ordered->count.sweeps++;
	ordered->count.observations += ret->observation_count;
	ordered->held[first] = ordered->held[--ordered->held_count];
	return true;
}

struct target_row *ordered_targets(const struct ordered *ordered, size_t *ret_count)
{
	struct target_row *rows = mem_zeroed(STREAM_TARGETS, sizeof(*rows));

	*ret_count = stream_targets(ordered->stream, rows);
	return rows;
}

int ordered_write_truth(struct ordered *ordered, const char *directory)
{
	return truth_write(ordered->history, directory, ordered->count);
}
