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

/* How many brackets from `from` on hold the instant `at`. */
static size_t held(const struct bracket *brackets, size_t from, size_t count, int64_t at_ns)
{
	size_t n = 0;

	for (size_t i = from; i < count; i++)
		n += brackets[i].low_ns < at_ns;
	return n;
}

/* A few that went just before the rest may have lost one probe and gone with
 * the rest: let them wait for their second silence. */
static bool postpone(struct bracket *brackets, size_t from, size_t count, size_t *spares)
{
	int64_t at_ns = brackets[from].high_ns;
	int64_t next_ns = INT64_MAX;
	size_t few = held(brackets, from, count, at_ns);

	if (few > *spares)
		return false;
	for (size_t i = from; i < count; i++)
		if (brackets[i].low_ns >= at_ns && brackets[i].high_ns < next_ns)
			next_ns = brackets[i].high_ns;
	if (next_ns == INT64_MAX || held(brackets, from, count, next_ns) <= 2 * few)
		return false;
	for (size_t i = from; i < count; i++)
		if (brackets[i].low_ns < at_ns && brackets[i].spare_ns < next_ns &&
			brackets[i].high_ns < next_ns)
			return false;
	for (size_t i = from; i < count; i++) {
		if (brackets[i].low_ns >= at_ns || brackets[i].high_ns >= next_ns)
			continue;
		brackets[i].high_ns = brackets[i].spare_ns;
		brackets[i].spare_ns = 0;
	}
	*spares -= few;
	qsort(brackets + from, count - from, sizeof(*brackets), by_high);
	return true;
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
		for (size_t i = done; i < count; i++) {
			if (brackets[i].low_ns >= instant->high_ns)
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
