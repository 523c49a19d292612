#include "analysis/method/stabbing.h"

#include <stdbool.h>
#include <stdlib.h>

#include "analysis/method/parameters.h"
#include "analysis/method/sorted.h"
#include "core/mem.h"

/* In place of a batch. */
#define NO_BATCH SIZE_MAX
#define WAITS (SIZE_MAX - 1)

/* A bracket where its low sorts it, with what holds of it and of all after it. */
struct low {
	int64_t ns; /* before the bracket's high, be it empty */
	size_t item;
	int64_t first_high_ns; /* the earliest high */
	size_t instants;       /* how many it takes to pierce them */
};

/* Brackets on their way to instants. */
struct piercing {
	struct bracket *brackets; /* by high; batch: twice the instant's, one more if it joined */
	struct low *lows;         /* owned; by low */
	size_t count, left;
	size_t first;     /* all before it are pierced or wait */
	size_t swept;     /* the same of lows */
	size_t spares;    /* so many more may wait */
	int64_t spare_ns; /* until when the first of those that wait does */
};

static int by_high(const void *a, const void *b)
{
	const struct bracket *x = a;
	const struct bracket *y = b;

	if (x->high_ns != y->high_ns)
		return x->high_ns < y->high_ns ? -1 : 1;
	return x->owner < y->owner ? -1 : x->owner > y->owner;
}

static int by_batch(const void *a, const void *b)
{
	const struct bracket *x = a;
	const struct bracket *y = b;

	if (x->batch != y->batch)
		return x->batch < y->batch ? -1 : 1;
	return by_high(a, b);
}

static int by_low(const void *a, const void *b)
{
	const struct low *x = a;
	const struct low *y = b;

	return (x->ns > y->ns) - (x->ns < y->ns);
}

static int64_t min_ns(int64_t a_ns, int64_t b_ns)
{
	return a_ns < b_ns ? a_ns : b_ns;
}

/* How many instants pierce those that begin at this one or later. */
static size_t needed(const struct piercing *piercing, int64_t from_ns)
{
	size_t low = sorted_before(piercing->lows, piercing->count, sizeof(*piercing->lows),
		offsetof(struct low, ns), from_ns);

	return low < piercing->count ? piercing->lows[low].instants : 0;
}

static void sort(struct piercing *piercing)
{
	int64_t first_ns = INT64_MAX;

	qsort(piercing->brackets, piercing->count, sizeof(*piercing->brackets), by_high);
	for (size_t i = 0; i < piercing->count; i++) {
		struct bracket *b = &piercing->brackets[i];
		b->batch = NO_BATCH;
		piercing->lows[i] =
			(struct low){.ns = min_ns(b->low_ns, b->high_ns - 1), .item = i};
	}
	qsort(piercing->lows, piercing->count, sizeof(*piercing->lows), by_low);
	for (size_t i = piercing->count; i-- > 0;) {
		struct low *l = &piercing->lows[i];
		first_ns = min_ns(first_ns, piercing->brackets[l->item].high_ns);
		l->first_high_ns = first_ns;
		l->instants = 1 + needed(piercing, first_ns);
	}
}

/* The next from there on that is not pierced yet. */
static size_t skip(const struct piercing *piercing, size_t from)
{
	while (from < piercing->count && piercing->brackets[from].batch != NO_BATCH)
		from++;
	return from;
}

static int64_t high_at(const struct piercing *piercing, size_t i)
{
	return i < piercing->count ? piercing->brackets[i].high_ns : INT64_MAX;
}

/* When the next instant is, if nobody else waits. */
static int64_t next_ns(const struct piercing *piercing)
{
	return min_ns(high_at(piercing, piercing->first), piercing->spare_ns);
}

/* Those that went just before the rest may have lost a probe and gone with the rest: let one
 * wait for its second silence, or several at once, if that saves an instant. The more wait, the
 * later is the next instant, until the second silence of one of them is next. */
static bool postpone(struct piercing *piercing)
{
	size_t before = 1 + needed(piercing, next_ns(piercing));
	int64_t spare_ns = piercing->spare_ns;
	bool saved = false;
	size_t many = 0;
	size_t end = piercing->first;

	if (before < 2)
		return false;
	while (!saved && many < piercing->spares && many + 1 < piercing->left) {
		const struct bracket *b = &piercing->brackets[end];
		if (end == piercing->count || b->spare_ns == 0 || b->high_ns >= spare_ns)
			return false;
		many++;
		spare_ns = min_ns(spare_ns, b->spare_ns);
		end = skip(piercing, end + 1);
		int64_t at_ns = min_ns(spare_ns, high_at(piercing, end));
		saved = 1 + needed(piercing, at_ns) < before;
	}
	if (!saved)
		return false;
	for (size_t i = piercing->first; i != end; i = skip(piercing, i + 1)) {
		struct bracket *b = &piercing->brackets[i];
		b->high_ns = b->spare_ns;
		b->spare_ns = 0;
		b->batch = WAITS;
	}
	piercing->first = end;
	piercing->spare_ns = spare_ns;
	piercing->spares -= many;
	return true;
}

/* One that came back just after the rest may have lost one probe. */
static bool joins(const struct piercing *piercing, const struct instant *previous)
{
	const struct bracket *b = &piercing->brackets[piercing->first];

	return piercing->spares > 0 && b->spare_ns != 0 && b->spare_ns < previous->high_ns &&
	       b->low_ns >= previous->high_ns && previous->count >= 3;
}

/* All that hold this instant. Returns how many. */
static size_t sweep(struct piercing *piercing, int64_t at_ns, size_t batch)
{
	size_t n = 0;

	while (piercing->swept < piercing->count && piercing->lows[piercing->swept].ns < at_ns) {
		struct bracket *b = &piercing->brackets[piercing->lows[piercing->swept++].item];
		if (b->batch < WAITS)
			continue;
		b->batch = 2 * batch;
		n++;
	}
	piercing->left -= n;
	return n;
}

static void add(struct instant *instant, const struct bracket *bracket)
{
	/* Empty where two vantage points looked in the same instant: as short as can be. */
	if (instant->count == 0 && bracket->low_ns >= instant->high_ns)
		instant->low_ns = instant->high_ns - 1;
	if (bracket->low_ns > instant->low_ns && bracket->low_ns < instant->high_ns)
		instant->low_ns = bracket->low_ns;
	instant->count++;
	instant->weight += bracket->weight;
}

/* What the instants hold, each bracket with its instant's number, in order. */
static void tell(struct piercing *piercing, struct instant *instants, size_t count)
{
	for (size_t i = 0; i < count; i++)
		instants[i].count = 0;
	qsort(piercing->brackets, piercing->count, sizeof(*piercing->brackets), by_batch);
	for (size_t i = 0; i < piercing->count; i++) {
		struct bracket *b = &piercing->brackets[i];
		b->batch /= 2;
		add(&instants[b->batch], b);
	}
}

size_t stabbing_spares(size_t count)
{
	return count < SPARE_OF ? 1 : count / SPARE_OF;
}

size_t stabbing_pierce(struct bracket *brackets, size_t count, enum stabbing_kind kind,
	size_t spares, struct instant *ret_instants)
{
	struct piercing piercing = {.brackets = brackets,
		.lows = mem_zeroed(count + 1, sizeof(*piercing.lows)),
		.count = count,
		.left = count,
		.spares = spares,
		.spare_ns = INT64_MAX};
	size_t instants = 0;

	sort(&piercing);
	while (piercing.left > 0) {
		piercing.first = skip(&piercing, piercing.first);
		if (kind == STABBING_RETURN && instants > 0 &&
			joins(&piercing, &ret_instants[instants - 1])) {
			brackets[piercing.first].batch = 2 * instants - 1;
			piercing.spares--;
			piercing.left--;
			continue;
		}
		while (kind == STABBING_DEPARTURE && postpone(&piercing))
			;
		int64_t at_ns = next_ns(&piercing);
		ret_instants[instants] = (struct instant){.low_ns = INT64_MIN, .high_ns = at_ns};
		ret_instants[instants].count = sweep(&piercing, at_ns, instants);
		piercing.spare_ns = INT64_MAX;
		instants++;
	}
	tell(&piercing, ret_instants, instants);
	mem_free(piercing.lows);
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
