#include "analysis/disruption/loss.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/disruption/cluster.h"
#include "analysis/disruption/coincidence.h"
#include "core/clock.h"
#include "core/mem.h"

void losses_finish(struct losses *losses)
{
	for (size_t i = 0; i < losses->count; i++)
		mem_free(losses->items[i].outs);
	mem_free(losses->items);
	mem_free(losses->lones);
}

size_t outs_pierce(const struct out *outs, size_t count, enum stagger_kind kind,
	struct bracket *brackets, size_t *ret_brackets, struct instant *instants)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const struct spell *s = &outs[i].spell;
		if (kind == STAGGER_RETURN && s->back_ns == 0)
			continue;
		brackets[n++] = kind == STAGGER_GOING
					? (struct bracket){s->replied_ns, s->silent_ns[0],
						  s->silent_ns[1], outs[i].weight, i, 0}
					: (struct bracket){s->last_ns[0], s->back_ns, s->last_ns[1],
						  outs[i].weight, i, 0};
	}
	*ret_brackets = n;
	return stagger_pierce(brackets, n, kind, stagger_spares(n), instants);
}

static int out_order(const void *a, const void *b)
{
	const struct out *x = a;
	const struct out *y = b;

	if (x->spell.silent_ns[0] != y->spell.silent_ns[0])
		return x->spell.silent_ns[0] < y->spell.silent_ns[0] ? -1 : 1;
	return x->machine < y->machine ? -1 : x->machine > y->machine;
}

/* What is often silent by itself tells no times; it stays behind the others, faint. */
static void keep_solid(struct loss *loss)
{
	struct out *faint = mem_zeroed(loss->out_count + 1, sizeof(*faint));
	size_t solid = 0;

	for (size_t i = 0; i < loss->out_count; i++) {
		loss->outs[i].solid = loss->outs[i].availability >= MACHINE_SOLID;
		solid += loss->outs[i].solid;
	}
	for (size_t i = 0, kept = 0; solid >= 2 && i < loss->out_count; i++) {
		if (loss->outs[i].solid)
			loss->outs[kept++] = loss->outs[i];
		else
			faint[loss->faint_count++] = loss->outs[i];
	}
	loss->out_count -= loss->faint_count;
	if (loss->faint_count)
		memcpy(loss->outs + loss->out_count, faint, loss->faint_count * sizeof(*faint));
	mem_free(faint);
}

/* A machine that went more than once went first and came back last. They are in
 * order of going. */
static void merge_spells(struct loss *loss)
{
	size_t kept = 0;

	for (size_t i = 0; i < loss->out_count; i++) {
		struct out *one = &loss->outs[i];
		size_t k = 0;
		while (k < kept && loss->outs[k].machine != one->machine)
			k++;
		if (k == kept) {
			loss->outs[kept++] = *one;
			continue;
		}
		struct spell *s = &loss->outs[k].spell;
		memcpy(s->last_ns, one->spell.last_ns, sizeof(s->last_ns));
		s->back_ns = one->spell.back_ns;
	}
	loss->out_count = kept;
}

/* Who was lost in [from, to]: of those that were out then, the strongest cluster. */
static void choose(struct loss *loss, const struct event *event, int64_t from_ns, int64_t to_ns,
	const struct constants *constants)
{
	bool *member = mem_zeroed(event->out_count + 1, sizeof(*member));
	size_t kept = 0;

	loss->outs = mem_zeroed(event->out_count + 1, sizeof(*loss->outs));
	for (size_t i = 0; i < event->out_count; i++) {
		const struct spell *s = &event->outs[i].spell;
		if ((s->back_ns == 0 || s->back_ns > from_ns) &&
			s->silent_ns[0] <= to_ns + constants->flap_ns)
			loss->outs[loss->out_count++] = event->outs[i];
	}
	qsort(loss->outs, loss->out_count, sizeof(*loss->outs), out_order);
	cluster_find(loss->outs, loss->out_count, event->machines, constants, member);
	for (size_t i = 0; i < loss->out_count; i++)
		if (member[i])
			loss->outs[kept++] = loss->outs[i];
	loss->out_count = kept;
	mem_free(member);
	merge_spells(loss);
	keep_solid(loss);
	/* A loss is kept to the end, and is often a small part of its event. */
	loss->outs = mem_shrink(
		loss->outs, loss->out_count + loss->faint_count, sizeof(*loss->outs));
}

static void measure_start(struct loss *loss, struct bracket *brackets, struct instant *instants)
{
	size_t have;

	loss->going =
		outs_pierce(loss->outs, loss->out_count, STAGGER_GOING, brackets, &have, instants);
	if (loss->going == 0)
		return;
	loss->start_low_ns = instants[0].low_ns;
	loss->start_high_ns = instants[0].high_ns;
	loss->going_s = (double)(instants[loss->going - 1].high_ns - instants[0].high_ns) /
			(double)NS_PER_S;
}

bool outs_end(const struct out *outs, size_t count, const struct instant *instants,
	size_t instant_count, const struct constants *constants, int64_t *ret_low_ns,
	int64_t *ret_high_ns)
{
	double weight = 0;
	double back = 0;
	bool low = false;
	bool high = false;

	for (size_t i = 0; i < count; i++)
		weight += outs[i].weight;
	double one = count ? weight * fmax(1.5 / (double)count, 0.06) : 0;
	double need = LOSS_BACK_SHARE * weight;
	int64_t most_ns = 0; /* most were back, and then nothing for long */
	for (size_t i = 0; i < instant_count; i++) {
		const struct instant *at = &instants[i];
		back += at->weight;
		if (most_ns && !high && at->high_ns - most_ns > constants->settle_ns)
			break;
		if (back >= LOSS_MOST_SHARE * weight && !most_ns)
			most_ns = at->high_ns;
		if (!low && back >= need - one) {
			*ret_low_ns = at->low_ns;
			low = true;
		}
		if (high && (back - at->weight >= need + one ||
				    at->high_ns - *ret_high_ns > constants->settle_ns / 32))
			break;
		if (back >= need || (low && most_ns)) {
			*ret_high_ns = at->high_ns;
			high = back >= need;
		}
	}
	/* All within a minute: those that came first may have lost fewer probes. */
	if (high && *ret_high_ns - instants[0].high_ns <= constants->minute_ns &&
		instants[0].low_ns < *ret_low_ns)
		*ret_low_ns = instants[0].low_ns;
	if (most_ns && !high) { /* stragglers do not hold it open */
		for (size_t i = 0; i < instant_count && !low; i++)
			if (instants[i].high_ns == most_ns)
				*ret_low_ns = instants[i].low_ns;
		if (!low)
			*ret_high_ns = most_ns;
		high = true;
	}
	return high;
}

static void measure_end(struct loss *loss, struct bracket *brackets, struct instant *instants,
	const struct constants *constants)
{
	size_t have;

	loss->coming =
		outs_pierce(loss->outs, loss->out_count, STAGGER_RETURN, brackets, &have, instants);
	loss->coming_most = stagger_largest(instants, loss->coming);
	if (outs_end(loss->outs, loss->out_count, instants, loss->coming, constants,
		    &loss->end_low_ns, &loss->end_high_ns))
		loss->coming_s =
			(double)(loss->end_high_ns - instants[0].high_ns) / (double)NS_PER_S;
}

static bool has(const struct event *event, enum plight_kind kind, int64_t from_ns, int64_t to_ns)
{
	for (size_t i = 0; i < event->plight_count; i++) {
		const struct plight *p = &event->plights[i];
		if (p->kind == kind && (!to_ns || p->high_ns < to_ns) &&
			(!p->end_high_ns || p->end_high_ns > from_ns))
			return true;
	}
	return false;
}

/* From its going at the earliest to its return at the latest, as the instants have it. */
struct absence {
	int64_t low_ns, high_ns;
};

static void find_absences(const struct loss *loss, struct absence *absences)
{
	struct bracket *brackets = mem_zeroed(loss->out_count + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(loss->out_count + 1, sizeof(*instants));
	size_t have;

	outs_pierce(loss->outs, loss->out_count, STAGGER_GOING, brackets, &have, instants);
	for (size_t i = 0; i < have; i++)
		absences[brackets[i].owner] =
			(struct absence){instants[brackets[i].batch].low_ns, INT64_MAX};
	outs_pierce(loss->outs, loss->out_count, STAGGER_RETURN, brackets, &have, instants);
	for (size_t i = 0; i < have; i++)
		absences[brackets[i].owner].high_ns = instants[brackets[i].batch].high_ns;
	mem_free(brackets);
	mem_free(instants);
}

/* Were two machines of it gone together for longer than a flap? When power returns to
 * one machine after the other the block may be no longer degraded by then. */
static bool outlasts_flap(const struct loss *loss, const struct constants *constants)
{
	struct absence *absences = mem_zeroed(loss->out_count + 1, sizeof(*absences));
	struct out *outs = mem_zeroed(loss->out_count + 1, sizeof(*outs));
	bool found = false;

	find_absences(loss, absences);
	for (size_t i = 0; i < loss->out_count && !found; i++) {
		size_t count = 0;
		for (size_t k = 0; k < loss->out_count; k++)
			if (absences[k].low_ns <= absences[i].low_ns &&
				absences[k].high_ns - constants->flap_ns >= absences[i].low_ns)
				outs[count++] = loss->outs[k];
		found = count >= 2 && outs_distinct(outs, count) >= 2;
	}
	mem_free(absences);
	mem_free(outs);
	return found;
}

enum standing { NO_OUTAGE, WEAK, OUTAGE };

static enum standing stands(const struct loss *loss, const struct event *event, int64_t low_ns,
	int64_t to_ns, const struct constants *constants)
{
	if (loss->drowned)
		return OUTAGE;
	if (loss->dark)
		return loss->out_count > 0 ? OUTAGE : NO_OUTAGE;
	size_t solid = 0;
	for (size_t i = 0; i < loss->out_count; i++)
		solid += loss->outs[i].solid;
	if (solid < 2)
		return NO_OUTAGE;
	if (to_ns && to_ns - low_ns < constants->flap_ns && !outlasts_flap(loss, constants))
		return NO_OUTAGE;
	if (loss->weight < LOSS_DEGRADED_SHARE * loss->weight_all)
		return WEAK;
	size_t machines = loss_distinct(loss, constants);
	return machines >= 2 && !loss_coincides(event->absences_per_ns, machines, loss, constants)
		       ? OUTAGE
		       : WEAK;
}

static void measure(
	struct loss *loss, int64_t from_ns, int64_t to_ns, const struct constants *constants)
{
	struct bracket *brackets = mem_zeroed(loss->out_count + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(loss->out_count + 1, sizeof(*instants));

	measure_start(loss, brackets, instants);
	measure_end(loss, brackets, instants, constants);
	mem_free(brackets);
	mem_free(instants);
	if (loss->drowned && (loss->out_count == 0 || loss->start_high_ns > from_ns)) {
		loss->start_low_ns = from_ns - constants->loss_ns;
		loss->start_high_ns = from_ns;
	}
	/* Drowned, or most never came back though the block did. */
	if (to_ns && (!loss->end_high_ns || loss->drowned))
		loss->end_low_ns = loss->end_high_ns = to_ns;
	if (!to_ns && loss->drowned)
		loss->end_low_ns = loss->end_high_ns = 0;
}

enum loss_kind losses_add(struct losses *losses, const struct event *event, uint32_t block,
	int64_t low_ns, int64_t from_ns, int64_t to_ns, const struct constants *constants)
{
	struct loss loss = {.block = block,
		.over_ns = to_ns,
		.clock_error_ns = event->clock_error_ns,
		.ramp = event_ramp(
			event, from_ns - constants->settle_ns, to_ns ? to_ns : INT64_MAX),
		.weight_all = event->weight,
		.machines_all = event->machines,
		.dark = has(event, PLIGHT_DARK, from_ns, to_ns),
		.drowned = has(event, PLIGHT_DROWNED, from_ns, to_ns)};

	choose(&loss, event, from_ns, to_ns ? to_ns : INT64_MAX - constants->flap_ns, constants);
	for (size_t i = 0; i < loss.out_count; i++)
		loss.weight += loss.outs[i].weight;
	loss.machines = loss.drowned ? event->machines : loss.out_count;
	if (loss.drowned && loss.weight < loss.weight_all)
		loss.weight = loss.weight_all;
	measure(&loss, from_ns, to_ns, constants);
	enum standing standing = stands(&loss, event, low_ns, to_ns, constants);
	/* By its brackets it may have begun and ended later and sooner, but not before and after.
	 */
	bool brief = loss.end_high_ns && loss.end_high_ns - loss.start_low_ns < constants->flap_ns;
	if (brief)
		standing = NO_OUTAGE;
	loss.weak = standing == WEAK;
	if (standing == NO_OUTAGE) {
		mem_free(loss.outs);
		return brief && loss.dark ? LOSS_FLAP : LOSS_NONE;
	}
	losses->items = mem_grow(
		losses->items, &losses->capacity, losses->count + 1, sizeof(*losses->items));
	losses->items[losses->count++] = loss;
	return LOSS_ADDED;
}
