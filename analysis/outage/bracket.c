#include "analysis/outage/bracket.h"

#include <string.h>

#include "analysis/disruption/coincidence.h"
#include "analysis/outage/edges.h"
#include "core/mem.h"

#define AT_ONCE_SHARE 0.9
enum { AT_ONCE_LEAST = 5 };

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

/* Did nearly all of them go in one instant? */
static bool went_at_once(const struct taken *taken)
{
	struct bracket *brackets = mem_zeroed(taken->count + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(taken->count + 1, sizeof(*instants));
	size_t have;
	size_t n = outs_pierce(taken->outs, taken->count, STAGGER_GOING, brackets, &have, instants);
	bool at_once =
		taken->count >= AT_ONCE_LEAST && stagger_largest(instants, n) >= AT_ONCE_SHARE;

	mem_free(brackets);
	mem_free(instants);
	return at_once;
}

/* The last of the goings that follow the one at at_ns, each soon after the one before: what
 * goes days later has another reason. */
static int64_t chain_end(
	const struct taken *taken, int64_t at_ns, const struct constants *constants)
{
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < taken->count; i++) {
			int64_t next_ns = taken->outs[i].spell.silent_ns[0];
			if (next_ns <= at_ns || next_ns > at_ns + constants->chain_ns)
				continue;
			at_ns = next_ns;
			more = true;
		}
	}
	return at_ns;
}

/* What takes a part of several blocks takes single machines elsewhere, which are no
 * loss of their blocks: those that went within minutes before, or in the chain of
 * goings that followed. Where blocks are lost as a whole, single machines are not. */
static void take_lones(struct taken *taken, struct outage *outage, const struct losses *losses,
	int64_t end_ns, const struct constants *constants)
{
	int64_t first_ns = INT64_MAX;

	if (taken->count == 0)
		return;
	for (size_t i = 0; i < taken->count; i++) {
		int64_t at_ns = taken->outs[i].spell.silent_ns[0];
		first_ns = at_ns < first_ns ? at_ns : first_ns;
	}
	/* One that went before all others at once, or is silent by itself now and then, was
	 * not the first of them. */
	int64_t before_ns = went_at_once(taken) ? 0 : 2 * constants->flap_ns;
	int64_t last_ns = chain_end(taken, first_ns, constants);
	for (size_t i = losses_first_lone(losses, first_ns - before_ns); i < losses->lone_count;
		i++) {
		const struct out *out = &losses->lones[i].out;
		int64_t at_ns = out->spell.silent_ns[0];
		if (at_ns > last_ns + constants->chain_ns || (end_ns && at_ns >= end_ns))
			break;
		if (at_ns < first_ns && out->availability < MACHINE_SURE)
			continue;
		if (take(taken, out))
			note_lone(outage, i);
		if (at_ns > last_ns)
			last_ns = chain_end(taken, at_ns, constants);
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

/* When most were back; false: they are not. */
static bool find_most(
	struct outage *outage, const struct taken *taken, const struct constants *constants)
{
	struct bracket *brackets = mem_zeroed(taken->count + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(taken->count + 1, sizeof(*instants));
	size_t have;
	size_t n =
		outs_pierce(taken->outs, taken->count, STAGGER_RETURN, brackets, &have, instants);
	bool over = taken->count && outs_end(taken->outs, taken->count, instants, n, constants,
					    &outage->end_low_ns, &outage->end_high_ns);

	mem_free(brackets);
	mem_free(instants);
	return over;
}

void outage_bracket(struct outage *outage, const struct view *view)
{
	const struct losses *losses = &view->losses;
	struct taken taken = {0};
	bool drowning = false;
	int64_t drowned_ns = 0;

	gather(&taken, outage, view);
	for (size_t i = 0; i < outage->loss_count; i++) {
		const struct loss *l = &losses->items[outage->losses[i]];
		if (l->drowned && l->end_high_ns > drowned_ns)
			drowned_ns = l->end_high_ns;
		drowning |= l->drowned && !l->over_ns;
	}
	struct instant first;
	if (outage_onset(taken.outs, taken.count, &view->constants, &first) &&
		first.high_ns <= outage->start_high_ns) {
		outage->start_low_ns = first.low_ns;
		outage->start_high_ns = first.high_ns;
	}
	outage->end_low_ns = outage->end_high_ns = 0;
	bool over = outage_end(taken.outs, taken.count, &view->constants, &outage->end_low_ns,
			    &outage->end_high_ns) ||
		    find_most(outage, &taken, &view->constants);
	if (drowned_ns > outage->end_high_ns) {
		outage->end_low_ns = outage->end_high_ns = drowned_ns;
		over = true;
	}
	if (!over || drowning)
		outage->end_low_ns = outage->end_high_ns = 0;
	if (!outage->end_high_ns && !drowning)
		outage_left(outage, losses);
	if (!drowned_ns && !drowning)
		outage_join_blinks(outage, view);
	mem_free(taken.outs);
}
