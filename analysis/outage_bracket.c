#include "analysis/outage_bracket.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/coincidence.h"
#include "core/mem.h"

/* Most never came back, but all blocks are up again: they have left. */
static void outage_left(struct outage *outage, const struct losses *losses)
{
	int64_t over_ns = 0;

	for (size_t i = 0; i < outage->loss_count; i++) {
		const struct loss *l = &losses->items[outage->losses[i]];
		if (!l->over_ns)
			return;
		if (l->over_ns > over_ns)
			over_ns = l->over_ns;
	}
	outage->end_low_ns = outage->end_high_ns = over_ns;
}

/* In one instant: all but those that need a hand. */
#define TOGETHER_SHARE 0.9

/* Whom it took, of all blocks. */
struct taken {
	struct out *outs;
	size_t count, capacity;
};

/* A machine that went again came back later. True: it is a new one. */
static bool take(struct taken *taken, const struct out *out)
{
	for (size_t i = 0; i < taken->count; i++) {
		struct spell *s = &taken->outs[i].spell;
		if (taken->outs[i].machine != out->machine)
			continue;
		if (out->spell.silent_ns[0] > s->silent_ns[0]) {
			memcpy(s->last_ns, out->spell.last_ns, sizeof(s->last_ns));
			s->back_ns = out->spell.back_ns;
		}
		return false;
	}
	taken->outs =
		mem_grow(taken->outs, &taken->capacity, taken->count + 1, sizeof(*taken->outs));
	taken->outs[taken->count++] = *out;
	return true;
}

static void note_lone(struct outage *outage, size_t lone)
{
	outage->lones = mem_grow(outage->lones, &outage->lone_capacity, outage->lone_count + 1,
		sizeof(*outage->lones));
	outage->lones[outage->lone_count++] = lone;
}

/* What takes a part of several blocks takes single machines elsewhere, which are no
 * loss of their blocks: those that went within minutes before, or in the chain of
 * goings that followed. Where blocks are lost as a whole, single machines are not. */
static void take_lones(struct taken *taken, struct outage *outage, const struct losses *losses,
	int64_t end_ns, const struct constants *constants)
{
	int64_t first_ns = INT64_MAX;
	int64_t last_ns = INT64_MIN;

	for (size_t i = 0; i < taken->count; i++) {
		int64_t at_ns = taken->outs[i].spell.silent_ns[0];
		first_ns = at_ns < first_ns ? at_ns : first_ns;
		last_ns = at_ns > last_ns ? at_ns : last_ns;
	}
	if (taken->count == 0)
		return;
	for (size_t i = losses_first_lone(losses, first_ns - 2 * constants->flap_ns);
		i < losses->lone_count; i++) {
		const struct out *out = &losses->lones[i].out;
		int64_t at_ns = out->spell.silent_ns[0];
		if (at_ns > last_ns + constants->chain_ns || (end_ns && at_ns >= end_ns))
			break;
		if (take(taken, out))
			note_lone(outage, i);
		last_ns = at_ns > last_ns ? at_ns : last_ns;
	}
}

static void gather(struct taken *taken, struct outage *outage, const struct view *view)
{
	const struct losses *losses = &view->losses;
	bool partial = false;
	int64_t end_ns = 0;

	outage->start_high_ns = INT64_MAX;
	outage->lone_count = 0;
	for (size_t i = 0; i < outage->loss_count; i++) {
		const struct loss *l = &losses->items[outage->losses[i]];
		for (size_t k = 0; k < l->out_count; k++)
			take(taken, &l->outs[k]);
		/* All its machines together tell the start better than those of one block. */
		bool by_loss = l->drowned || l->out_count == 0;
		if (by_loss && l->start_high_ns < outage->start_high_ns) {
			outage->start_high_ns = l->start_high_ns;
			outage->start_low_ns = l->start_low_ns;
		}
		partial |= !l->dark && !l->drowned;
		end_ns = l->end_high_ns > end_ns ? l->end_high_ns : end_ns;
	}
	if (partial)
		take_lones(taken, outage, losses, end_ns, &view->constants);
}

/* Who came back after the others may have lost one probe, where so many may have; where
 * they answer nearly always they came later. */
static void doubt_losses(struct taken *taken)
{
	double lost = 0;

	for (size_t i = 0; i < taken->count; i++)
		lost += 1 - taken->outs[i].availability;
	size_t plausible = (size_t)(lost + 2 * sqrt(lost) + 0.5);
	if (plausible > 0 && plausible >= taken->count / 10)
		return;
	for (size_t i = 0; i < taken->count; i++)
		taken->outs[i].spell.last_ns[1] = 0;
}

static bool overlap(int64_t a_low_ns, int64_t a_high_ns, int64_t b_low_ns, int64_t b_high_ns)
{
	return a_low_ns < b_high_ns && b_low_ns < a_high_ns;
}

bool outs_may_be_one(const struct out *a, const struct out *b)
{
	const struct spell *x = &a->spell;
	const struct spell *y = &b->spell;

	return prefix_holds(block_of(a->address), b->address) && x->back_ns && y->back_ns &&
	       !apart_holds(a->apart, b->address) &&
	       overlap(x->replied_ns, x->silent_ns[1], y->replied_ns, y->silent_ns[1]) &&
	       overlap(x->last_ns[0], x->back_ns, y->last_ns[0], y->back_ns);
}

static int by_return(const void *a, const void *b)
{
	const struct out *x = a;
	const struct out *y = b;

	if (x->spell.back_ns != y->spell.back_ns)
		return x->spell.back_ns < y->spell.back_ns ? -1 : 1;
	return ip4_order(&x->address, &y->address);
}

/* Machines, each one by its addresses: what is known of them at first; and, twins true, if
 * those that may be one machine were, the first to come back before others. */
static void weigh_machines(const struct taken *taken, bool twins, double *ret_weights)
{
	size_t pairs = twins ? outs_twins(taken->count) : 0;

	for (size_t i = 0; i < taken->count; i++)
		ret_weights[i] = taken->outs[i].weight / taken->outs[i].availability;
	for (size_t i = 0; i < taken->count; i++)
		for (size_t k = i + 1; k < taken->count && pairs > 0; k++) {
			if (ret_weights[i] < 1 || ret_weights[k] < 1 ||
				!outs_may_be_one(&taken->outs[i], &taken->outs[k]))
				continue;
			ret_weights[i] = ret_weights[k] = 0.5;
			pairs--;
		}
}

/* The instant that brought back nine tenths; NULL: none, or only after a long pause. */
static const struct instant *back_by(const struct bracket *brackets, size_t count,
	const struct instant *instants, size_t instant_count, const double *weights, double all,
	double more)
{
	double back = 0;
	int64_t most_ns = 0;

	for (size_t i = 0; i < instant_count; i++) {
		for (size_t k = 0; k < count; k++)
			if (brackets[k].batch == i)
				back += weights[brackets[k].owner];
		if (most_ns && instants[i].high_ns - most_ns > LOSS_STRAGGLE_NS)
			return NULL;
		if (back >= LOSS_BACK_SHARE * all + more - 1e-6)
			return &instants[i];
		if (!most_ns && back >= LOSS_MOST_SHARE * all)
			most_ns = instants[i].high_ns;
	}
	return NULL;
}

/* When nine tenths were back, be the addresses as many machines as is known, or fewer; and
 * one machine more or less, where they came back one after the other. */
static bool find_end(const struct taken *taken, const struct bracket *brackets, size_t count,
	const struct instant *instants, size_t instant_count, struct outage *outage)
{
	double *weights = mem_zeroed(taken->count + 1, sizeof(*weights));
	/* One after the other, not as one. */
	int slack = stagger_largest(instants, instant_count) < TOGETHER_SHARE;
	bool found = true;

	outage->end_low_ns = INT64_MAX;
	outage->end_high_ns = 0;
	for (int twins = 0; twins < 2; twins++) {
		double all = 0;
		weigh_machines(taken, twins, weights);
		for (size_t i = 0; i < taken->count; i++)
			all += weights[i];
		for (int more = -slack; more <= slack; more++) {
			const struct instant *at = back_by(
				brackets, count, instants, instant_count, weights, all, more);
			found = found && (at || more > 0);
			if (at && at->low_ns < outage->end_low_ns)
				outage->end_low_ns = at->low_ns;
			if (at && at->high_ns > outage->end_high_ns)
				outage->end_high_ns = at->high_ns;
		}
	}
	free(weights);
	if (!found)
		return false;
	/* All within a minute: those that came first may have lost fewer probes. */
	if (outage->end_high_ns - instants[0].high_ns <= LOSS_TOGETHER_NS &&
		instants[0].low_ns < outage->end_low_ns)
		outage->end_low_ns = instants[0].low_ns;
	return true;
}

void outage_bracket(struct outage *outage, const struct view *view)
{
	const struct losses *losses = &view->losses;
	struct taken taken = {0};
	bool lasts = true;
	bool drowning = false;
	int64_t drowned_ns = 0;
	size_t have;

	gather(&taken, outage, view);
	for (size_t i = 0; i < outage->loss_count; i++) {
		const struct loss *l = &losses->items[outage->losses[i]];
		if (l->drowned && l->end_high_ns > drowned_ns)
			drowned_ns = l->end_high_ns;
		drowning |= l->drowned && !l->over_ns;
	}
	struct bracket *brackets = mem_zeroed(taken.count + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(taken.count + 1, sizeof(*instants));
	size_t n = outs_pierce(taken.outs, taken.count, STAGGER_GOING, brackets, &have, instants);
	if (n && instants[0].high_ns <= outage->start_high_ns) {
		outage->start_low_ns = instants[0].low_ns;
		outage->start_high_ns = instants[0].high_ns;
	}
	qsort(taken.outs, taken.count, sizeof(*taken.outs), by_return);
	doubt_losses(&taken);
	n = outs_pierce(taken.outs, taken.count, STAGGER_RETURN, brackets, &have, instants);
	if (find_end(&taken, brackets, have, instants, n, outage))
		lasts = false;
	else
		outage->end_low_ns = outage->end_high_ns = 0;
	if (lasts && taken.count)
		lasts = !outs_end(taken.outs, taken.count, instants, n, &outage->end_low_ns,
			&outage->end_high_ns);
	if (drowned_ns > outage->end_high_ns) {
		outage->end_low_ns = outage->end_high_ns = drowned_ns;
		lasts = false;
	}
	if (lasts || drowning)
		outage->end_low_ns = outage->end_high_ns = 0;
	if (!outage->end_high_ns && !drowning)
		outage_left(outage, losses);
	free(brackets);
	free(instants);
	free(taken.outs);
}
