#include "analysis/outage/edges.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/method/sorted.h"
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
	bool *block_first; /* of each out: its block went before the rest */
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

/* How many of these may have lost a probe each, at that chance at least (Poisson). */
static size_t losses_at(const struct departures *departures, double chance)
{
	double lost = 0;
	size_t k = 0;

	for (size_t i = 0; i < departures->count; i++)
		lost += run_first_lost(&departures->outs[i].run);
	double log_term = -lost; /* of k; in logs, for a term of many is less than a number holds */
	double up_to_k = exp(log_term);
	while (k < departures->count && 1 - up_to_k >= chance) {
		k++;
		log_term += log(lost / (double)k);
		up_to_k += exp(log_term);
	}
	return k;
}

static bool same_block(const struct host_outage *a, const struct host_outage *b)
{
	return prefix_holds(block_of(a->address), b->address);
}

/* One departure, and the first silence of all that answered as late as it or later. */
struct late {
	int64_t replied_ns, silent_ns;
};

static int by_reply(const void *a, const void *b)
{
	const struct late *x = a;
	const struct late *y = b;

	return (x->replied_ns > y->replied_ns) - (x->replied_ns < y->replied_ns);
}

/* Sorted; owned by the caller. */
static struct late *sort_late(const struct departures *departures)
{
	struct late *late = mem_zeroed(departures->count + 1, sizeof(*late));

	for (size_t i = 0; i < departures->count; i++) {
		const struct silence_run *s = &departures->outs[i].run;
		late[i] = (struct late){s->replied_ns, s->silent_ns[0]};
	}
	qsort(late, departures->count, sizeof(*late), by_reply);
	for (size_t i = departures->count; i-- > 1;)
		if (late[i].silent_ns < late[i - 1].silent_ns)
			late[i - 1].silent_ns = late[i].silent_ns;
	return late;
}

/* The first silence of those that still answered after that; INT64_MAX: none did. */
static int64_t silent_after(const struct late *late, size_t count, int64_t at_ns)
{
	size_t low = sorted_before(
		late, count, sizeof(*late), offsetof(struct late, replied_ns), at_ns + 1);

	return low < count ? late[low].silent_ns : INT64_MAX;
}

struct departed {
	uint32_t block;
	size_t out;
};

static int by_block(const void *a, const void *b)
{
	const struct departed *x = a;
	const struct departed *y = b;

	if (x->block != y->block)
		return x->block < y->block ? -1 : 1;
	return (x->out > y->out) - (x->out < y->out);
}

/* Prefixes go one by one: a block was silent as a whole, two hosts or more, while others
 * answered, which went minutes after: that is no loss, though they are as few as may have lost a
 * probe. Who went later had batteries. Marks the hosts of such blocks. */
static void mark_blocks_first(struct departures *departures)
{
	size_t count = departures->count;
	size_t most = losses_at(departures, LOSS_POSSIBLE);
	struct late *late = sort_late(departures);
	struct departed *departed = mem_zeroed(count + 1, sizeof(*departed));

	for (size_t i = 0; i < count; i++)
		departed[i] = (struct departed){block_of(departures->outs[i].address).base.host, i};
	qsort(departed, count, sizeof(*departed), by_block);
	for (size_t i = 0, end; i < count; i = end) {
		int64_t last_ns = INT64_MIN;
		for (end = i; end < count && departed[end].block == departed[i].block; end++) {
			const struct silence_run *s = &departures->outs[departed[end].out].run;
			if (s->silent_ns[0] > last_ns)
				last_ns = s->silent_ns[0];
		}
		if (end - i < 2 || end - i > most)
			continue;
		int64_t next_ns = silent_after(late, count, last_ns);
		bool first = next_ns != INT64_MAX &&
			     next_ns - last_ns <= PREFIXES_NS(departures->parameters);
		for (size_t k = i; k < end; k++)
			departures->block_first[departed[k].out] = first;
	}
	mem_free(departed);
	mem_free(late);
}

/* The first instant of these, if so many may have lost a probe just before. */
static size_t pierce(struct departures *departures, size_t spares, struct instant *ret)
{
	for (size_t i = 0; i < departures->count; i++) {
		const struct host_outage *out = &departures->outs[i];
		const struct silence_run *s = &out->run;
		departures->brackets[i] = (struct bracket){s->replied_ns, s->silent_ns[0],
			departures->block_first[i] ? 0 : s->silent_ns[1], out->weight, i, 0};
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
		.instants = mem_zeroed(count + 1, sizeof(*departures.instants)),
		.block_first = mem_zeroed(count + 1, sizeof(*departures.block_first))};
	struct instant later;

	if (count) {
		mark_blocks_first(&departures);
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
	mem_free(departures.block_first);
	return count > 0;
}
