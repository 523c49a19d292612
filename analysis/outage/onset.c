#include "analysis/outage/edges.h"

#include <math.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/mem.h"

/* A silence before the rest went is plain loss where so many lost probes are no wonder;
 * it may be loss where they would be one. */
#define LOSS_LIKELY 0.05
#define LOSS_POSSIBLE 0.002
/* Prefixes that go one by one are no further apart than two minutes. */
#define PREFIXES_NS(constants) (2 * (constants)->minute_ns)

/* Those that went, and what all of them tell. */
struct goings {
	const struct constants *constants;
	const struct out *outs;
	size_t count;
	struct bracket *brackets;
	struct instant *instants;
};

/* Chance of k or more where so many are expected (Poisson). */
static double tail(double expected, size_t k)
{
	double term = exp(-expected);
	double below = 0;

	for (size_t i = 0; i < k; i++) {
		below += term;
		term *= expected / (double)(i + 1);
	}
	return below < 1 ? 1 - below : 0;
}

/* How many of these may have lost a probe each, at that chance at least. */
static size_t losses_at(const struct goings *goings, double chance)
{
	double lost = 0;
	size_t k = 0;

	for (size_t i = 0; i < goings->count; i++)
		lost += spell_first_lost(&goings->outs[i].spell);
	while (k < goings->count && tail(lost, k + 1) >= chance)
		k++;
	return k;
}

static bool same_block(const struct out *a, const struct out *b)
{
	return prefix_holds(block_of(a->address), b->address);
}

/* Prefixes go one by one: the block of this one was silent as a whole, two machines or more,
 * while others of other blocks answered, which went minutes after: that is no loss, though they
 * are as few as `most`. Who went later had batteries. */
static bool block_went_first(const struct goings *goings, const struct out *one, size_t most)
{
	int64_t last_ns = INT64_MIN;
	size_t members = 0;

	for (size_t i = 0; i < goings->count; i++) {
		const struct out *out = &goings->outs[i];
		if (!same_block(one, out))
			continue;
		members++;
		if (out->spell.silent_ns[0] > last_ns)
			last_ns = out->spell.silent_ns[0];
	}
	for (size_t i = 0; i < goings->count && members >= 2 && members <= most; i++) {
		const struct spell *s = &goings->outs[i].spell;
		if (!same_block(one, &goings->outs[i]) && s->replied_ns > last_ns &&
			s->silent_ns[0] - last_ns <= PREFIXES_NS(goings->constants))
			return true;
	}
	return false;
}

/* The first instant of these, if so many may have lost a probe just before. */
static size_t pierce(struct goings *goings, size_t spares, struct instant *ret)
{
	size_t most = losses_at(goings, LOSS_POSSIBLE);

	for (size_t i = 0; i < goings->count; i++) {
		const struct out *out = &goings->outs[i];
		const struct spell *s = &out->spell;
		goings->brackets[i] = (struct bracket){s->replied_ns, s->silent_ns[0],
			block_went_first(goings, out, most) ? 0 : s->silent_ns[1], out->weight, i,
			0};
	}
	size_t n = stagger_pierce(
		goings->brackets, goings->count, STAGGER_GOING, spares, goings->instants);
	*ret = goings->instants[0];
	return n;
}

/* Prefixes may go one by one: where it takes two instants, one soon after the other, those that
 * went first are the ones of the first's block, and only they tell since when. */
static void loosen(struct goings *goings, struct instant *first)
{
	const struct out *of = NULL;
	int64_t low_ns = INT64_MIN;

	for (size_t i = 0; i < goings->count; i++) {
		const struct bracket *b = &goings->brackets[i];
		if (b->batch == 0 && b->high_ns == first->high_ns)
			of = &goings->outs[b->owner];
	}
	for (size_t i = 0; i < goings->count && of; i++) {
		const struct bracket *b = &goings->brackets[i];
		if (b->batch == 0 && same_block(of, &goings->outs[b->owner]) &&
			b->low_ns > low_ns && b->low_ns < first->high_ns)
			low_ns = b->low_ns;
	}
	if (low_ns > INT64_MIN)
		first->low_ns = low_ns;
}

static int latest_first(const void *a, const void *b)
{
	const int64_t *x = a;
	const int64_t *y = b;

	return (*x < *y) - (*x > *y);
}

/* From the last reply to the silence, on average, of the first instant's. */
static double length_of(const struct goings *goings)
{
	double all_ns = 0;
	double n = 0;

	for (size_t i = 0; i < goings->count; i++) {
		const struct spell *s = &goings->outs[goings->brackets[i].owner].spell;
		if (goings->brackets[i].batch != 0)
			continue;
		all_ns += (double)(s->silent_ns[0] - s->replied_ns);
		n++;
	}
	return n > 0 ? all_ns / n : 0;
}

/* Where machines go one after another and brackets are long, one that went later may share
 * the first instant unseen: its last reply says nothing of the first. By chance it was as near
 * before that instant's end once in the brackets' length, for each that is seen to be late. */
static void allow_late(
	const struct goings *goings, const struct constants *constants, struct instant *first)
{
	double length_ns = length_of(goings);
	int64_t *lows = mem_zeroed(goings->count + 1, sizeof(*lows));
	size_t n = 0;
	double late = 0;

	for (size_t i = 0; i < goings->count; i++) {
		const struct bracket *b = &goings->brackets[i];
		if (b->batch == 0 && b->low_ns < first->high_ns)
			lows[n++] = b->low_ns;
		late += b->batch != 0 && (double)(b->low_ns - first->high_ns) < length_ns;
	}
	qsort(lows, n, sizeof(*lows), latest_first);
	for (size_t k = 0; k < n && length_ns > (double)constants->flap_ns * 2 / 3; k++) {
		double expected = late * (double)(first->high_ns - lows[k]) / length_ns;
		if (lows[k] < first->low_ns)
			first->low_ns = lows[k];
		if (tail(expected, k + 1) < LOSS_LIKELY)
			break;
	}
	mem_free(lows);
}

/* The first silences of all may be loss; so many of them that they are none. */
static int64_t earned(const struct goings *goings, const struct instant *first)
{
	int64_t high_ns = first->high_ns;
	double chance = 1;

	for (size_t i = 0; i < goings->count && chance >= LOSS_LIKELY; i++) {
		const struct bracket *b = &goings->brackets[i];
		if (b->batch != 0)
			continue;
		high_ns = b->high_ns;
		chance *= spell_first_lost(&goings->outs[b->owner].spell);
	}
	return high_ns > first->high_ns ? high_ns : first->high_ns;
}

bool outage_onset(const struct out *outs, size_t count, const struct constants *constants,
	struct instant *ret)
{
	struct goings goings = {.constants = constants,
		.outs = outs,
		.count = count,
		.brackets = mem_zeroed(count + 1, sizeof(*goings.brackets)),
		.instants = mem_zeroed(count + 1, sizeof(*goings.instants))};
	struct instant later;

	if (count) {
		size_t n = pierce(&goings, losses_at(&goings, LOSS_LIKELY), ret);
		if (n > 1 &&
			goings.instants[1].high_ns - ret->high_ns <= PREFIXES_NS(constants))
			loosen(&goings, ret);
		allow_late(&goings, constants, ret);
		int64_t high_ns = earned(&goings, ret);
		pierce(&goings, losses_at(&goings, LOSS_POSSIBLE), &later);
		if (later.high_ns > high_ns)
			high_ns = later.high_ns;
		ret->high_ns = high_ns;
	}
	mem_free(goings.brackets);
	mem_free(goings.instants);
	return count > 0;
}
