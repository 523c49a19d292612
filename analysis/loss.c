#include "analysis/loss.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/mem.h"

/* Coincidences of machines failing each by itself: at most one in so many years. */
#define COINCIDENCE_YEARS 10.0

void losses_finish(struct losses *losses)
{
	for (size_t i = 0; i < losses->count; i++)
		free(losses->items[i].outs);
	free(losses->items);
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
	return stagger_pierce(brackets, n, kind, instants);
}

/* Could so many machines have failed within `spread` each by itself? Poisson
 * tail times how often a first one fails. */
static bool coincidence(const struct event *event, size_t machines, int64_t spread_ns,
	const struct constants *constants)
{
	double year_ns = 365.25 * (double)constants->day_ns;
	double mean = event->absences_per_ns * (double)(spread_ns + constants->flap_ns / 3);
	double tail = 1;

	for (size_t k = 1; k < machines; k++)
		tail *= mean / (double)k;
	return tail * event->absences_per_ns * year_ns * COINCIDENCE_YEARS > 1;
}

/* Who was lost in [from, to]: those that went in one chain of goings that
 * reaches back from the first step, and all that went later. */
static void choose(struct loss *loss, const struct event *event, int64_t from_ns, int64_t to_ns,
	const struct constants *constants)
{
	int64_t reach_ns = from_ns;
	bool more = true;

	loss->outs = mem_zeroed(event->out_count + 1, sizeof(*loss->outs));
	while (more) {
		more = false;
		for (size_t i = 0; i < event->out_count; i++) {
			const struct spell *s = &event->outs[i].spell;
			bool spans = s->back_ns == 0 || s->back_ns > from_ns;
			if (spans && s->silent_ns[0] < reach_ns &&
				s->silent_ns[0] >= reach_ns - constants->chain_ns) {
				reach_ns = s->silent_ns[0];
				more = true;
			}
		}
	}
	for (size_t i = 0; i < event->out_count; i++) {
		const struct spell *s = &event->outs[i].spell;
		bool spans = s->back_ns == 0 || s->back_ns > from_ns;
		if (spans && s->silent_ns[0] >= reach_ns &&
			s->silent_ns[0] <= to_ns + constants->flap_ns)
			loss->outs[loss->out_count++] = event->outs[i];
	}
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

static void measure_end(struct loss *loss, struct bracket *brackets, struct instant *instants)
{
	size_t have;
	double back = 0;

	loss->coming =
		outs_pierce(loss->outs, loss->out_count, STAGGER_RETURN, brackets, &have, instants);
	for (size_t i = 0; i < loss->coming; i++) {
		back += instants[i].weight;
		if (back < LOSS_BACK_SHARE * loss->weight)
			continue;
		loss->end_low_ns = instants[i].low_ns;
		loss->end_high_ns = instants[i].high_ns;
		loss->coming_s =
			(double)(instants[i].high_ns - instants[0].high_ns) / (double)NS_PER_S;
		break;
	}
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

static bool is_outage(const struct loss *loss, const struct event *event, int64_t from_ns,
	int64_t to_ns, const struct constants *constants)
{
	if (loss->drowned)
		return true;
	if (loss->dark)
		return loss->out_count > 0;
	return loss->out_count >= 2 && (!to_ns || to_ns - from_ns >= constants->flap_ns) &&
	       loss->weight >= LOSS_DEGRADED_SHARE * loss->weight_all &&
	       !coincidence(event, loss->out_count, (int64_t)(loss->going_s * 1e9), constants);
}

static void measure(
	struct loss *loss, int64_t from_ns, int64_t to_ns, const struct constants *constants)
{
	struct bracket *brackets = mem_zeroed(loss->out_count + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(loss->out_count + 1, sizeof(*instants));

	measure_start(loss, brackets, instants);
	measure_end(loss, brackets, instants);
	free(brackets);
	free(instants);
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

bool losses_add(struct losses *losses, const struct event *event, uint32_t block, int64_t from_ns,
	int64_t to_ns, const struct constants *constants)
{
	struct loss loss = {.block = block,
		.over_ns = to_ns,
		.ramp = event->ramp,
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
	if (!is_outage(&loss, event, from_ns, to_ns, constants)) {
		free(loss.outs);
		return false;
	}
	losses->items = mem_grow(
		losses->items, &losses->capacity, losses->count + 1, sizeof(*losses->items));
	losses->items[losses->count++] = loss;
	return true;
}
