#include "analysis/method/stabbing.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

static int by_high(const void *a, const void *b)
{
	const struct bracket *x = a;
	const struct bracket *y = b;

	if (x->high_ns != y->high_ns)
		return x->high_ns < y->high_ns ? -1 : 1;
	return x->owner < y->owner ? -1 : x->owner > y->owner;
}

/* How many instants pierce those from `from` on, which are sorted by high. */
static size_t greedy(const struct bracket *brackets, size_t from, size_t count)
{
	int64_t at_ns = INT64_MIN;
	size_t n = 0;

	for (size_t i = from; i < count; i++) {
		if (n > 0 && brackets[i].low_ns < at_ns)
			continue;
		at_ns = brackets[i].high_ns;
		n++;
	}
	return n;
}

/* The first `many` wait for their second silence; the others as they are. */
static void make_wait(
	const struct bracket *brackets, size_t count, size_t many, struct bracket *ret)
{
	memcpy(ret, brackets, count * sizeof(*ret));
	for (size_t i = 0; i < many; i++) {
		ret[i].high_ns = ret[i].spare_ns;
		ret[i].spare_ns = 0;
	}
	qsort(ret, count, sizeof(*ret), by_high);
}

/* Those that went just before the rest may have lost a probe and gone with the
 * rest: let one wait for its second silence, or several at once, if that saves an
 * instant. */
static bool postpone(struct bracket *brackets, size_t from, size_t count, size_t *spares)
{
	size_t left = count - from;
	size_t before = greedy(brackets, from, count);
	bool saved = false;

	if (*spares == 0 || before < 2)
		return false;
	struct bracket *trial = mem_zeroed(left, sizeof(*trial));
	for (size_t many = 1; many <= *spares && many < left && !saved; many++) {
		if (brackets[from + many - 1].spare_ns == 0)
			break;
		make_wait(brackets + from, left, many, trial);
		saved = greedy(trial, 0, left) < before;
		if (saved)
			*spares -= many;
	}
	if (saved)
		memcpy(brackets + from, trial, left * sizeof(*trial));
	mem_free(trial);
	return saved;
}

/* One that came back just after the rest may have lost one probe. */
static bool join_previous(const struct bracket *b, const struct instant *previous, size_t *spares)
{
	if (*spares == 0 || b->spare_ns == 0 || b->spare_ns >= previous->high_ns ||
		b->low_ns < previous->high_ns || 3 > previous->count)
		return false;
	--*spares;
	return true;
}

static void add(struct instant *instant, struct bracket *bracket, size_t batch)
{
	/* Empty where two vantage points looked in the same instant: as short as can be. */
	if (instant->count == 0 && bracket->low_ns >= instant->high_ns)
		instant->low_ns = instant->high_ns - 1;
	if (bracket->low_ns > instant->low_ns && bracket->low_ns < instant->high_ns)
		instant->low_ns = bracket->low_ns;
	instant->count++;
	instant->weight += bracket->weight;
	bracket->batch = batch;
}

size_t stabbing_spares(size_t count)
{
	return count < 10 ? 1 : count / 10;
}

size_t stabbing_pierce(struct bracket *brackets, size_t count, enum stabbing_kind kind,
	size_t spares, struct instant *ret_instants)
{
	size_t instants = 0;
	size_t done = 0;

	qsort(brackets, count, sizeof(*brackets), by_high);
	while (done < count) {
		if (kind == STABBING_DEPARTURE && postpone(brackets, done, count, &spares))
			continue;
		struct bracket *first = &brackets[done];
		if (kind == STABBING_RETURN && instants > 0 &&
			join_previous(first, &ret_instants[instants - 1], &spares)) {
			add(&ret_instants[instants - 1], first, instants - 1);
			done++;
			continue;
		}
		struct instant *instant = &ret_instants[instants];
		*instant = (struct instant){.low_ns = INT64_MIN, .high_ns = first->high_ns};
		/* Those it holds move to the front, in order. */
		size_t begin = done;
		for (size_t i = done; i < count; i++) {
			/* The first in any case, were it empty. */
			if (i > begin && brackets[i].low_ns >= instant->high_ns)
				continue;
			struct bracket one = brackets[i];
			for (size_t j = i; j > done; j--)
				brackets[j] = brackets[j - 1];
			brackets[done] = one;
			add(instant, &brackets[done++], instants);
		}
		instants++;
	}
	return instants;
}

double stabbing_largest(const struct instant *instants, size_t count)
{
	size_t most = 0;
	size_t all = 0;

	for (size_t i = 0; i < count; i++) {
		all += instants[i].count;
		if (instants[i].count > most)
			most = instants[i].count;
	}
	return all ? (double)most / (double)all : 0;
}
