#include "analysis/outage_edges.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/coincidence.h"
#include "analysis/loss.h"
#include "analysis/stagger.h"
#include "core/mem.h"

/* In one instant: all but those that need a hand. */
#define TOGETHER_SHARE 0.9
/* One instant of fewer may be chance. */
enum { TOGETHER_LEAST = 4 };
/* That those who decide came later, all of them unseen between two probes, is let pass if it
 * happens one time in so many. */
#define UNSEEN_CHANCE 0.05

/* One address, or one machine: back in (low, high]; INT64_MAX: not. */
struct back {
	int64_t low_ns, high_ns;
};

struct returns {
	const struct constants *constants;
	const struct out *outs; /* by return */
	size_t count;
	struct back *addresses; /* of each out */
	struct back *machines;
	size_t *group;                       /* of each out: the first of its machine's */
	int64_t first_low_ns, first_high_ns; /* the first instant that any came in */
	struct instant main; /* where nine in ten of those back came at once; count 0: none */
	int64_t most_ns;     /* later than that nine in ten were hardly back */
};

static int by_return(const void *a, const void *b)
{
	const struct out *x = a;
	const struct out *y = b;

	if (x->spell.back_ns != y->spell.back_ns)
		return x->spell.back_ns < y->spell.back_ns ? -1 : 1;
	return ip4_order(&x->address, &y->address);
}

static double probes_lost(const struct out *outs, size_t count)
{
	double lost = 0;

	for (size_t i = 0; i < count; i++)
		lost += spell_last_lost(&outs[i].spell);
	return lost;
}

/* Who came back after the others may have lost one probe, where so many may have; where
 * they answer nearly always they came later. */
static void doubt_losses(struct out *outs, size_t count)
{
	double lost = probes_lost(outs, count);
	size_t plausible = (size_t)(lost + 2 * sqrt(lost) + 0.5);

	if (plausible > 0 && plausible >= count / 10)
		return;
	for (size_t i = 0; i < count; i++)
		outs[i].spell.last_ns[1] = 0;
}

static bool overlap(int64_t a_low_ns, int64_t a_high_ns, int64_t b_low_ns, int64_t b_high_ns)
{
	return a_low_ns < b_high_ns && b_low_ns < a_high_ns;
}

static bool same_block(const struct out *a, const struct out *b)
{
	return prefix_holds(block_of(a->address), b->address);
}

bool outs_may_be_one(const struct out *a, const struct out *b)
{
	const struct spell *x = &a->spell;
	const struct spell *y = &b->spell;

	return same_block(a, b) && x->back_ns && y->back_ns && !apart_holds(a->apart, b->address) &&
	       overlap(x->replied_ns, x->silent_ns[1], y->replied_ns, y->silent_ns[1]) &&
	       overlap(x->last_ns[0], x->back_ns, y->last_ns[0], y->back_ns);
}

/* From a silence to the reply, on average, of those that have this instant in common. */
static double length_of(
	const struct returns *returns, const struct bracket *brackets, size_t count, size_t batch)
{
	double all_ns = 0;
	double n = 0;

	for (size_t k = 0; k < count; k++) {
		const struct spell *s = &returns->outs[brackets[k].owner].spell;
		if (brackets[k].batch != batch)
			continue;
		all_ns += (double)(s->back_ns - s->last_ns[0]);
		n++;
	}
	return n > 0 ? all_ns / n : 0;
}

/* Up to two minutes. Machines asked each eleven minutes have an instant in common though they
 * came one by one. */
static bool is_short(const struct returns *returns, double length_ns)
{
	return length_ns <= (double)returns->constants->flap_ns * 2 / 3;
}

/* Long brackets met in this instant. Nine in ten came later than it only if as many as that
 * takes did, and none of these was asked from the instant until it came. */
static void bound(
	struct returns *returns, const struct instant *instant, size_t all, double length_ns)
{
	size_t later = all - instant->count;
	size_t takes = all / 10 + 1 > later ? all / 10 + 1 - later : 1;

	returns->most_ns = instant->high_ns +
			   (int64_t)(length_ns * (1 - pow(UNSEEN_CHANCE, 1 / (double)takes)));
}

/* Those that came as one tell each other's times. */
static void sharpen(struct returns *returns, const struct bracket *brackets, size_t count,
	const struct instant *instant, size_t batch)
{
	for (size_t k = 0; k < count; k++)
		if (brackets[k].batch == batch)
			returns->addresses[brackets[k].owner] =
				(struct back){instant->low_ns, instant->high_ns};
}

/* The largest of some instants. */
static size_t largest(const struct instant *instants, size_t count)
{
	size_t most = 0;

	for (size_t i = 1; i < count; i++)
		if (instants[i].count > instants[most].count)
			most = i;
	return most;
}

/* Outs from..to, of one block, in an array of their own. */
static void sharpen_block(struct returns *returns, const size_t *members, size_t count,
	struct bracket *brackets, struct instant *instants)
{
	struct out *outs = mem_zeroed(count + 1, sizeof(*outs));
	size_t have;

	for (size_t i = 0; i < count; i++)
		outs[i] = returns->outs[members[i]];
	size_t n = outs_pierce(outs, count, STAGGER_RETURN, brackets, &have, instants);
	size_t most = largest(instants, n);
	if (n && instants[most].count >= TOGETHER_LEAST &&
		(double)instants[most].count >= TOGETHER_SHARE * (double)count) {
		for (size_t k = 0; k < have; k++)
			brackets[k].owner = members[brackets[k].owner];
		if (is_short(returns, length_of(returns, brackets, have, most)))
			sharpen(returns, brackets, have, &instants[most], most);
	}
	free(outs);
}

/* Each by itself; but all as one if they came so, or a block's as one: prefixes return
 * one by one. */
static void measure(struct returns *returns)
{
	size_t count = returns->count;
	struct bracket *brackets = mem_zeroed(count + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(count + 1, sizeof(*instants));
	size_t *members = mem_zeroed(count + 1, sizeof(*members));
	bool *done = mem_zeroed(count + 1, sizeof(*done));
	size_t have;

	for (size_t i = 0; i < count; i++) {
		const struct spell *s = &returns->outs[i].spell;
		returns->addresses[i] = s->back_ns ? (struct back){s->last_ns[0], s->back_ns}
						   : (struct back){INT64_MIN, INT64_MAX};
	}
	size_t n = outs_pierce(returns->outs, count, STAGGER_RETURN, brackets, &have, instants);
	size_t most = largest(instants, n);
	if (n) {
		returns->first_low_ns = instants[0].low_ns;
		returns->first_high_ns = instants[0].high_ns;
	}
	if (n && stagger_largest(instants, n) >= TOGETHER_SHARE) {
		double length_ns = length_of(returns, brackets, have, most);
		if (is_short(returns, length_ns)) {
			sharpen(returns, brackets, have, &instants[most], most);
			returns->main = instants[most];
		} else {
			bound(returns, &instants[most], have, length_ns);
		}
	}
	for (size_t i = 0; i < count && !returns->main.count; i++) {
		size_t in_block = 0;
		for (size_t k = i; k < count && !done[i]; k++)
			if (k == i || same_block(&returns->outs[i], &returns->outs[k]))
				members[in_block++] = k;
		for (size_t k = 0; k < in_block; k++)
			done[members[k]] = true;
		if (in_block)
			sharpen_block(returns, members, in_block, brackets, instants);
	}
	free(done);
	free(members);
	free(instants);
	free(brackets);
}

/* Which addresses are one machine: what is known; and where nothing speaks against it, of
 * those that came back first or last, so that the end is as late or as early as may be. */
enum guess { AS_KNOWN, FIRST_ARE_TWINS, LAST_ARE_TWINS };

static void group(struct returns *returns, enum guess guess, int64_t after_ns)
{
	size_t count = returns->count;
	size_t pairs = guess == AS_KNOWN ? 0 : outs_twins(count);
	bool *taken = mem_zeroed(count + 1, sizeof(*taken));

	for (size_t i = 0; i < count; i++) {
		returns->group[i] = i;
		for (size_t k = 0; k < i; k++) {
			if (returns->group[k] != k ||
				!same_block(&returns->outs[i], &returns->outs[k]) ||
				!outs_same_machine(&returns->outs[i], &returns->outs[k]))
				continue;
			returns->group[i] = k;
			taken[i] = taken[k] = true;
			break;
		}
	}
	for (size_t at = 0; at < count; at++) {
		size_t i = guess == LAST_ARE_TWINS ? count - 1 - at : at;
		if (guess == LAST_ARE_TWINS && returns->addresses[i].high_ns <= after_ns)
			break;
		for (size_t k = 0; k < count && pairs > 0 && !taken[i]; k++) {
			if (k == i || taken[k] ||
				(guess == LAST_ARE_TWINS &&
					returns->addresses[k].high_ns <= after_ns) ||
				!outs_may_be_one(&returns->outs[i], &returns->outs[k]))
				continue;
			returns->group[i > k ? i : k] = i < k ? i : k;
			taken[i] = taken[k] = true;
			pairs--;
		}
	}
	free(taken);
}

/* A machine is back when its first address is. Returns how many machines there are. */
static size_t make_machines(struct returns *returns)
{
	size_t machines = 0;

	for (size_t i = 0; i < returns->count; i++) {
		if (returns->group[i] != i)
			continue;
		struct back *all = &returns->machines[machines++];
		*all = returns->addresses[i];
		for (size_t k = i + 1; k < returns->count; k++) {
			const struct back *one = &returns->addresses[k];
			if (returns->group[k] != i)
				continue;
			if (one->low_ns > all->low_ns && one->low_ns < all->high_ns)
				all->low_ns = one->low_ns;
			if (one->high_ns < all->high_ns && one->high_ns > all->low_ns)
				all->high_ns = one->high_ns;
		}
	}
	return machines;
}

static int by_low(const void *a, const void *b)
{
	const struct back *x = a;
	const struct back *y = b;

	return (x->low_ns > y->low_ns) - (x->low_ns < y->low_ns);
}

static int by_high(const void *a, const void *b)
{
	const struct back *x = a;
	const struct back *y = b;

	return (x->high_ns > y->high_ns) - (x->high_ns < y->high_ns);
}

/* Within (low, high] the machine came that made it nine in ten, `more` of them allowed
 * for. False: none did, or only after long when most were back. */
static bool ninth_tenth(struct back *machines, size_t count, long more, struct back *ret)
{
	long need = (long)count - (long)(count / 10) + more;

	if (count == 0 || need > (long)count)
		return false;
	if (need < 1)
		need = 1;
	qsort(machines, count, sizeof(*machines), by_low);
	int64_t low_ns = machines[need - 1].low_ns;
	qsort(machines, count, sizeof(*machines), by_high);
	int64_t high_ns = machines[need - 1].high_ns;
	int64_t most_ns = machines[(size_t)ceil(LOSS_MOST_SHARE * (double)count) - 1].high_ns;
	if (high_ns == INT64_MAX || high_ns - most_ns > LOSS_STRAGGLE_NS)
		return false;
	*ret = (struct back){low_ns, high_ns};
	return true;
}

/* Of those that seem to have come with all others some came later, unseen between two
 * probes: as many as are seen to have come in the minute after, less what lost probes are. */
static long late_unseen(const struct returns *returns)
{
	double lost = probes_lost(returns->outs, returns->count);
	double late = -lost - 2 * sqrt(lost);

	if (!returns->main.count)
		return 0;
	for (size_t i = 0; i < returns->count; i++) {
		const struct back *b = &returns->addresses[i];
		late += b->low_ns >= returns->main.high_ns &&
			b->high_ns <= returns->main.high_ns + LOSS_TOGETHER_NS;
	}
	return late > 0 ? (long)ceil(late) : 0;
}

static bool hold_all(struct returns *returns, struct back *ret)
{
	/* One after the other, not as one: then one machine more or less decides. */
	long slack = returns->main.count == 0;
	long late = late_unseen(returns);
	bool found = true;
	struct back one = {0};

	*ret = (struct back){INT64_MAX, INT64_MIN};
	for (int guess = AS_KNOWN; guess <= LAST_ARE_TWINS; guess++) {
		group(returns, (enum guess)guess, one.high_ns);
		size_t machines = make_machines(returns);
		for (long more = -slack; more <= slack + late; more++) {
			struct back at;
			bool is = ninth_tenth(returns->machines, machines, more, &at);
			found = found && (is || more > 0);
			if (!is)
				continue;
			if (guess == AS_KNOWN && more == 0)
				one = at;
			if (at.low_ns < ret->low_ns)
				ret->low_ns = at.low_ns;
			if (at.high_ns > ret->high_ns)
				ret->high_ns = at.high_ns;
		}
	}
	/* All within a minute: those that came first may have lost fewer probes. */
	if (found && ret->high_ns - returns->first_high_ns <= LOSS_TOGETHER_NS &&
		returns->first_low_ns < ret->low_ns)
		ret->low_ns = returns->first_low_ns;
	if (returns->most_ns > ret->low_ns && returns->most_ns < ret->high_ns)
		ret->high_ns = returns->most_ns;
	return found;
}

bool outage_end(struct out *outs, size_t count, const struct constants *constants,
	int64_t *ret_low_ns, int64_t *ret_high_ns)
{
	struct returns returns = {.constants = constants,
		.outs = outs,
		.count = count,
		.addresses = mem_zeroed(count + 1, sizeof(*returns.addresses)),
		.machines = mem_zeroed(count + 1, sizeof(*returns.machines)),
		.group = mem_zeroed(count + 1, sizeof(*returns.group))};
	struct back end;

	if (count)
		qsort(outs, count, sizeof(*outs), by_return);
	doubt_losses(outs, count);
	measure(&returns);
	bool found = hold_all(&returns, &end);
	if (found) {
		*ret_low_ns = end.low_ns;
		*ret_high_ns = end.high_ns;
	}
	free(returns.addresses);
	free(returns.machines);
	free(returns.group);
	return found;
}
