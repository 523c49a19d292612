#include "analysis/outage/bracket.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/disruption/coincidence.h"
#include "analysis/outage/edges.h"
#include "core/mem.h"

/* Most never came back, but all blocks are up again: they have left. */
static void outage_left(struct outage *outage, const struct disruptions *disruptions)
{
	int64_t over_ns = 0;

	for (size_t i = 0; i < outage->disruption_count; i++) {
		const struct disruption *l = &disruptions->items[outage->disruptions[i]];
		if (!l->over_ns)
			return;
		if (l->over_ns > over_ns)
			over_ns = l->over_ns;
	}
	outage->end_low_ns = outage->end_high_ns = over_ns;
}

/* Whom it took, of all blocks. */
struct taken {
	struct host_outage *outs;
	size_t count, capacity;
	size_t *slots;     /* by host: one more than where in outs it is; 0: free */
	size_t slot_count; /* twice count at least; a power of two */
};

static size_t *slot_of(const struct taken *taken, uint32_t host)
{
	size_t i = host * UINT32_C(2654435769) & (taken->slot_count - 1);

	while (taken->slots[i] && taken->outs[taken->slots[i] - 1].host != host)
		i = (i + 1) & (taken->slot_count - 1);
	return &taken->slots[i];
}

static void more_slots(struct taken *taken)
{
	if (taken->slot_count > 2 * taken->count)
		return;
	mem_free(taken->slots);
	taken->slot_count = taken->slot_count ? 2 * taken->slot_count : 64;
	taken->slots = mem_zeroed(taken->slot_count, sizeof(*taken->slots));
	for (size_t i = 0; i < taken->count; i++)
		*slot_of(taken, taken->outs[i].host) = i + 1;
}

/* A host that went again came back later. True: it is a new one. */
static bool take(struct taken *taken, const struct host_outage *out)
{
	more_slots(taken);
	size_t *slot = slot_of(taken, out->host);
	if (*slot) {
		struct silence_run *s = &taken->outs[*slot - 1].run;
		if (out->run.silent_ns[0] > s->silent_ns[0]) {
			memcpy(s->last_ns, out->run.last_ns, sizeof(s->last_ns));
			s->back_ns = out->run.back_ns;
		}
		return false;
	}
	taken->outs =
		mem_grow(taken->outs, &taken->capacity, taken->count + 1, sizeof(*taken->outs));
	taken->outs[taken->count++] = *out;
	*slot = taken->count;
	return true;
}

static void note_isolated(struct outage *outage, size_t isolated)
{
	outage->isolated = mem_grow(outage->isolated, &outage->isolated_capacity,
		outage->isolated_count + 1, sizeof(*outage->isolated));
	outage->isolated[outage->isolated_count++] = isolated;
}

/* Did nearly all of them go in one instant? */
static bool went_at_once(const struct taken *taken)
{
	struct bracket *brackets = mem_zeroed(taken->count + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(taken->count + 1, sizeof(*instants));
	size_t have;
	size_t n = outs_pierce(
		taken->outs, taken->count, STABBING_DEPARTURE, brackets, &have, instants);
	bool at_once = taken->count >= AT_ONCE_LEAST && stabbing_largest(instants, n) >= BACK_SHARE;

	mem_free(brackets);
	mem_free(instants);
	return at_once;
}

static int earliest_first(const void *a, const void *b)
{
	const int64_t *x = a;
	const int64_t *y = b;

	return (*x > *y) - (*x < *y);
}

/* The last of the departures that follow the one at at_ns, each soon after the one before: what
 * goes days later has another reason. */
static int64_t last_departure(
	const struct taken *taken, int64_t at_ns, const struct parameters *parameters)
{
	int64_t *silent_ns = mem_zeroed(taken->count + 1, sizeof(*silent_ns));

	for (size_t i = 0; i < taken->count; i++)
		silent_ns[i] = taken->outs[i].run.silent_ns[0];
	if (taken->count)
		qsort(silent_ns, taken->count, sizeof(*silent_ns), earliest_first);
	for (size_t i = 0; i < taken->count; i++) {
		if (silent_ns[i] > at_ns + parameters->cluster_gap_ns)
			break;
		if (silent_ns[i] > at_ns)
			at_ns = silent_ns[i];
	}
	mem_free(silent_ns);
	return at_ns;
}

/* What takes a part of several blocks takes single hosts elsewhere, which are no
 * disruption of their blocks: those that went within minutes before, or in the chain of
 * departures that followed. Where blocks are lost as a whole, single hosts are not. */
static void take_isolated(struct taken *taken, struct outage *outage,
	const struct disruptions *disruptions, int64_t end_ns, const struct parameters *parameters)
{
	int64_t first_ns = INT64_MAX;

	if (taken->count == 0)
		return;
	for (size_t i = 0; i < taken->count; i++) {
		int64_t at_ns = taken->outs[i].run.silent_ns[0];
		first_ns = at_ns < first_ns ? at_ns : first_ns;
	}
	/* One that went before all others at once, or is silent by itself now and then, was
	 * not the first of them. */
	int64_t before_ns = went_at_once(taken) ? 0 : 2 * parameters->flap_ns;
	int64_t last_ns = last_departure(taken, first_ns, parameters);
	for (size_t i = disruptions_first_isolated(disruptions, first_ns - before_ns);
		i < disruptions->isolated_count; i++) {
		const struct host_outage *out = &disruptions->isolated[i].out;
		int64_t at_ns = out->run.silent_ns[0];
		if (at_ns > last_ns + parameters->cluster_gap_ns || (end_ns && at_ns >= end_ns))
			break;
		if (at_ns < first_ns && out->availability < HOST_VERY_STABLE)
			continue;
		if (take(taken, out))
			note_isolated(outage, i);
		if (at_ns > last_ns)
			last_ns = last_departure(taken, at_ns, parameters);
	}
}

static void gather(struct taken *taken, struct outage *outage, const struct view *view)
{
	const struct disruptions *disruptions = &view->disruptions;
	bool partial = false;
	int64_t end_ns = 0;

	outage->start_high_ns = INT64_MAX;
	outage->isolated_count = 0;
	for (size_t i = 0; i < outage->disruption_count; i++) {
		const struct disruption *l = &disruptions->items[outage->disruptions[i]];
		for (size_t k = 0; k < l->out_count; k++)
			take(taken, &l->outs[k]);
		/* All its hosts together tell the start better than those of one block. */
		bool by_loss = l->saturated || l->out_count == 0;
		if (by_loss && l->start_high_ns < outage->start_high_ns) {
			outage->start_high_ns = l->start_high_ns;
			outage->start_low_ns = l->start_low_ns;
		}
		partial |= !l->down && !l->saturated;
		end_ns = l->end_high_ns > end_ns ? l->end_high_ns : end_ns;
	}
	if (partial)
		take_isolated(taken, outage, disruptions, end_ns, &view->parameters);
}

/* When most were back; false: they are not. */
static bool find_most(
	struct outage *outage, const struct taken *taken, const struct parameters *parameters)
{
	struct bracket *brackets = mem_zeroed(taken->count + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(taken->count + 1, sizeof(*instants));
	size_t have;
	size_t n =
		outs_pierce(taken->outs, taken->count, STABBING_RETURN, brackets, &have, instants);
	bool over = taken->count && outs_end(taken->outs, taken->count, instants, n, parameters,
					    &outage->end_low_ns, &outage->end_high_ns);

	mem_free(brackets);
	mem_free(instants);
	return over;
}

void outage_bracket(struct outage *outage, const struct view *view)
{
	const struct disruptions *disruptions = &view->disruptions;
	struct taken taken = {0};
	bool saturating = false;
	int64_t saturated_ns = 0;

	gather(&taken, outage, view);
	for (size_t i = 0; i < outage->disruption_count; i++) {
		const struct disruption *l = &disruptions->items[outage->disruptions[i]];
		if (l->saturated && l->end_high_ns > saturated_ns)
			saturated_ns = l->end_high_ns;
		saturating |= l->saturated && !l->over_ns;
	}
	struct instant first;
	if (outage_onset(taken.outs, taken.count, &view->parameters, &first) &&
		first.high_ns <= outage->start_high_ns) {
		outage->start_low_ns = first.low_ns;
		outage->start_high_ns = first.high_ns;
	}
	outage->end_low_ns = outage->end_high_ns = 0;
	bool over = outage_end(taken.outs, taken.count, &view->parameters, &outage->end_low_ns,
			    &outage->end_high_ns) ||
		    find_most(outage, &taken, &view->parameters);
	if (saturated_ns > outage->end_high_ns) {
		outage->end_low_ns = outage->end_high_ns = saturated_ns;
		over = true;
	}
	if (!over || saturating)
		outage->end_low_ns = outage->end_high_ns = 0;
	if (!outage->end_high_ns && !saturating)
		outage_left(outage, disruptions);
	if (!saturated_ns && !saturating)
		outage_join_brief_downs(outage, view);
	mem_free(taken.outs);
	mem_free(taken.slots);
}
