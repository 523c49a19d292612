#include "analysis/outage/edges.h"

#include <math.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/mem.h"

/* Prefixes that go one by one are no further apart than two minutes. */
#define PREFIXES_NS(parameters) (2 * (parameters)->minute_ns)

/* Those that went, and what all of them tell. */
struct departures {
	const struct parameters *parameters;
	const struct host_outage *outs;
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
static size_t losses_at(const struct departures *departures, double chance)
{
	double lost = 0;
	size_t k = 0;

	for (size_t i = 0; i < departures->count; i++)
		lost += run_first_lost(&departures->outs[i].run);
	while (k < departures->count && tail(lost, k + 1) >= chance)
		k++;
	return k;
}

static bool same_block(const struct host_outage *a, const struct host_outage *b)
{
	return prefix_holds(block_of(a->address), b->address);
}

/* Prefixes go one by one: the block of this one was silent as a whole, two hosts or more,
 * while others of other blocks answered, which went minutes after: that is no loss, though they
 * are as few as `most`. Who went later had batteries. */
static bool block_went_first(
	const struct departures *departures, const struct host_outage *one, size_t most)
{
	int64_t last_ns = INT64_MIN;
	size_t members = 0;

	for (size_t i = 0; i < departures->count; i++) {
		const struct host_outage *out = &departures->outs[i];
		if (!same_block(one, out))
			continue;
		members++;
		if (out->run.silent_ns[0] > last_ns)
			last_ns = out->run.silent_ns[0];
	}
	for (size_t i = 0; i < departures->count && members >= 2 && members <= most; i++) {
		const struct silence_run *s = &departures->outs[i].run;
		if (!same_block(one, &departures->outs[i]) && s->replied_ns > last_ns &&
			s->silent_ns[0] - last_ns <= PREFIXES_NS(departures->parameters))
			return true;
	}
	return false;
}

/* The first instant of these, if so many may have lost a probe just before. */
static size_t pierce(struct departures *departures, size_t spares, struct instant *ret)
{
	size_t most = losses_at(departures, LOSS_POSSIBLE);

	for (size_t i = 0; i < departures->count; i++) {
		const struct host_outage *out = &departures->outs[i];
		const struct silence_run *s = &out->run;
		departures->brackets[i] = (struct bracket){s->replied_ns, s->silent_ns[0],
			block_went_first(departures, out, most) ? 0 : s->silent_ns[1], out->weight,
			i, 0};
	}
	size_t n = stabbing_pierce(departures->brackets, departures->count, STABBING_DEPARTURE,
		spares, departures->instants);
	*ret = departures->instants[0];
	return n;
}

/* Prefixes may go one by one: where it takes two instants, one soon after the other, those that
 * went first are the ones of the first's block, and only they tell since when. */
static void loosen(struct departures *departures, struct instant *first)
{
	const struct host_outage *of = NULL;
	int64_t low_ns = INT64_MIN;

	for (size_t i = 0; i < departures->count; i++) {
		const struct bracket *b = &departures->brackets[i];
		if (b->batch == 0 && b->high_ns == first->high_ns)
			of = &departures->outs[b->owner];
	}
	for (size_t i = 0; i < departures->count && of; i++) {
		const struct bracket *b = &departures->brackets[i];
		if (b->batch == 0 && same_block(of, &departures->outs[b->owner]) &&
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
static double length_of(const struct departures *departures)
{
	double all_ns = 0;
	double n = 0;

	for (size_t i = 0; i < departures->count; i++) {
		const struct silence_run *s = &departures->outs[departures->brackets[i].owner].run;
		if (departures->brackets[i].batch != 0)
			continue;
		all_ns += (double)(s->silent_ns[0] - s->replied_ns);
		n++;
	}
	return n > 0 ? all_ns / n : 0;
}

/* Where hosts go one after another and brackets are long, one that went later may share
 * the first instant unseen: its last reply says nothing of the first. By chance it was as near
 * before that instant's end once in the brackets' length, for each that is seen to be late. */
static void allow_late(const struct departures *departures, const struct parameters *parameters,
	struct instant *first)
{
	double length_ns = length_of(departures);
	int64_t *lows = mem_zeroed(departures->count + 1, sizeof(*lows));
	size_t n = 0;
	double late = 0;

	for (size_t i = 0; i < departures->count; i++) {
		const struct bracket *b = &departures->brackets[i];
		if (b->batch == 0 && b->low_ns < first->high_ns)
			lows[n++] = b->low_ns;
		late += b->batch != 0 && (double)(b->low_ns - first->high_ns) < length_ns;
	}
	qsort(lows, n, sizeof(*lows), latest_first);
	for (size_t k = 0; k < n && length_ns > (double)parameters->flap_ns * 2 / 3; k++) {
		double expected = late * (double)(first->high_ns - lows[k]) / length_ns;
		if (lows[k] < first->low_ns)
			first->low_ns = lows[k];
		if (tail(expected, k + 1) < LOSS_LIKELY)
			break;
	}
	mem_free(lows);
}

/* The first silences of all may be loss; so many of them that they are none. */
static int64_t earned(const struct departures *departures, const struct instant *first)
{
	int64_t high_ns = first->high_ns;
	double chance = 1;

	for (size_t i = 0; i < departures->count && chance >= LOSS_LIKELY; i++) {
		const struct bracket *b = &departures->brackets[i];
		if (b->batch != 0)
			continue;
		high_ns = b->high_ns;
		chance *= run_first_lost(&departures->outs[b->owner].run);
	}
	return high_ns > first->high_ns ? high_ns : first->high_ns;
}

bool outage_onset(const struct host_outage *outs, size_t count, const struct parameters *parameters,
	struct instant *ret)
{
	struct departures departures = {.parameters = parameters,
		.outs = outs,
		.count = count,
		.brackets = mem_zeroed(count + 1, sizeof(*departures.brackets)),
		.instants = mem_zeroed(count + 1, sizeof(*departures.instants))};
	struct instant later;

	if (count) {
		size_t n = pierce(&departures, losses_at(&departures, LOSS_LIKELY), ret);
		if (n > 1 &&
			departures.instants[1].high_ns - ret->high_ns <= PREFIXES_NS(parameters))
			loosen(&departures, ret);
		allow_late(&departures, parameters, ret);
		int64_t high_ns = earned(&departures, ret);
		pierce(&departures, losses_at(&departures, LOSS_POSSIBLE), &later);
		if (later.high_ns > high_ns)
			high_ns = later.high_ns;
		ret->high_ns = high_ns;
	}
	mem_free(departures.brackets);
	mem_free(departures.instants);
	return count > 0;
}
