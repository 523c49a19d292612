#include "analysis/stagger.h"

#include <stdbool.h>
#include <stdlib.h>

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

/* One that went just before the rest may have lost a probe and gone with the
 * rest: let it wait for its second silence, if that saves an instant. */
static bool postpone(struct bracket *brackets, size_t from, size_t count, size_t *spares)
{
	struct bracket one = brackets[from];
	size_t before = greedy(brackets, from, count);
	size_t at = from;

	if (*spares == 0 || one.spare_ns == 0 || before < 2)
		return false;
	for (; at + 1 < count && brackets[at + 1].high_ns <= one.spare_ns; at++)
		brackets[at] = brackets[at + 1];
	brackets[at] = one;
	brackets[at].high_ns = one.spare_ns;
	if (greedy(brackets, from, count) < before) {
		brackets[at].spare_ns = 0;
		--*spares;
		return true;
	}
	for (; at > from; at--)
		brackets[at] = brackets[at - 1];
	brackets[from] = one;
	return false;
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
	if (bracket->low_ns > instant->low_ns && bracket->low_ns < instant->high_ns)
		instant->low_ns = bracket->low_ns;
	instant->count++;
	instant->weight += bracket->weight;
	bracket->batch = batch;
}

size_t stagger_pierce(struct bracket *brackets, size_t count, enum stagger_kind kind,
	struct instant *ret_instants)
{
	size_t spares = count < 10 ? 1 : count / 10;
	size_t instants = 0;
	size_t done = 0;

	qsort(brackets, count, sizeof(*brackets), by_high);
	while (done < count) {
		if (kind == STAGGER_GOING && postpone(brackets, done, count, &spares))
			continue;
		struct bracket *first = &brackets[done];
		if (kind == STAGGER_RETURN && instants > 0 &&
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
