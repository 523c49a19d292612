#include "analysis/disruption/assess.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/disruption/cluster.h"
#include "analysis/disruption/coincidence.h"
#include "core/clock.h"
#include "core/mem.h"

/* What is often silent by itself tells no times; it stays behind the others, intermittent. */
static void keep_stable(struct disruption *disruption)
{
	struct host_outage *intermittent =
		mem_zeroed(disruption->out_count + 1, sizeof(*intermittent));
	size_t stable = 0;

	for (size_t i = 0; i < disruption->out_count; i++) {
		disruption->outs[i].stable = disruption->outs[i].availability >= HOST_STABLE;
		stable += disruption->outs[i].stable;
	}
	for (size_t i = 0, kept = 0; stable >= 2 && i < disruption->out_count; i++) {
		if (disruption->outs[i].stable)
			disruption->outs[kept++] = disruption->outs[i];
		else
			intermittent[disruption->intermittent_count++] = disruption->outs[i];
	}
	disruption->out_count -= disruption->intermittent_count;
	if (disruption->intermittent_count)
		memcpy(disruption->outs + disruption->out_count, intermittent,
			disruption->intermittent_count * sizeof(*intermittent));
	mem_free(intermittent);
}

/* A host that went more than once went first and came back last. They are in
 * order of departure. */
static void merge_runs(struct disruption *disruption)
{
	size_t kept = 0;

	for (size_t i = 0; i < disruption->out_count; i++) {
		struct host_outage *one = &disruption->outs[i];
		size_t k = 0;
		while (k < kept && disruption->outs[k].host != one->host)
			k++;
		if (k == kept) {
			disruption->outs[kept++] = *one;
			continue;
		}
		struct silence_run *s = &disruption->outs[k].run;
		memcpy(s->last_ns, one->run.last_ns, sizeof(s->last_ns));
		s->back_ns = one->run.back_ns;
	}
	disruption->out_count = kept;
}

/* Who was lost in [from, to]: of those that were out then, the strongest cluster. */
static void choose(struct disruption *disruption, const struct incident *incident,
	const struct departed *departed, int64_t from_ns, int64_t to_ns,
	const struct parameters *parameters)
{
	size_t first = departed_still_out(departed, from_ns);
	size_t end = first;
	size_t kept = 0;

	while (end < departed->count &&
		departed->outs[end].run.silent_ns[0] <= to_ns + parameters->flap_ns)
		end++;
	bool *member = mem_zeroed(end - first + 1, sizeof(*member));
	disruption->outs = mem_zeroed(end - first + 1, sizeof(*disruption->outs));
	for (size_t i = first; i < end; i++) {
		const struct silence_run *s = &departed->outs[i].run;
		if (s->back_ns == 0 || s->back_ns > from_ns)
			disruption->outs[disruption->out_count++] = departed->outs[i];
	}
	cluster_find(disruption->outs, disruption->out_count, incident->hosts, parameters, member);
	for (size_t i = 0; i < disruption->out_count; i++)
		if (member[i])
			disruption->outs[kept++] = disruption->outs[i];
	disruption->out_count = kept;
	mem_free(member);
	merge_runs(disruption);
	keep_stable(disruption);
	/* A disruption is kept to the end, and is often a small part of its incident. */
	disruption->outs = mem_shrink(disruption->outs,
		disruption->out_count + disruption->intermittent_count, sizeof(*disruption->outs));
}

static void measure_start(
	struct disruption *disruption, struct bracket *brackets, struct instant *instants)
{
	size_t have;

	disruption->departure_instants = outs_pierce(disruption->outs, disruption->out_count,
		STABBING_DEPARTURE, brackets, &have, instants);
	if (disruption->departure_instants == 0)
		return;
	disruption->start_low_ns = instants[0].low_ns;
	disruption->start_high_ns = instants[0].high_ns;
	disruption->departure_spread_s =
		(double)(instants[disruption->departure_instants - 1].high_ns -
			 instants[0].high_ns) /
		(double)NS_PER_S;
}

static void measure_end(struct disruption *disruption, struct bracket *brackets,
	struct instant *instants, const struct parameters *parameters)
{
	size_t have;

	disruption->return_instants = outs_pierce(disruption->outs, disruption->out_count,
		STABBING_RETURN, brackets, &have, instants);
	disruption->return_largest_share = stabbing_largest(instants, disruption->return_instants);
	if (outs_end(disruption->outs, disruption->out_count, instants, disruption->return_instants,
		    parameters, &disruption->end_low_ns, &disruption->end_high_ns))
		disruption->return_spread_s =
			(double)(disruption->end_high_ns - instants[0].high_ns) / (double)NS_PER_S;
}

static bool has(
	const struct incident *incident, enum impairment_kind kind, int64_t from_ns, int64_t to_ns)
{
	for (size_t i = 0; i < incident->impairment_count; i++) {
		const struct impairment *p = &incident->impairments[i];
		if (p->kind == kind && (!to_ns || p->high_ns < to_ns) &&
			(!p->end_high_ns || p->end_high_ns > from_ns))
			return true;
	}
	return false;
}

/* From its departure at the earliest to its return at the latest, as the instants have it. */
struct absence {
	int64_t low_ns, high_ns;
};

static void find_absences(const struct disruption *disruption, struct absence *absences)
{
	struct bracket *brackets = mem_zeroed(disruption->out_count + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(disruption->out_count + 1, sizeof(*instants));
	size_t have;

	outs_pierce(disruption->outs, disruption->out_count, STABBING_DEPARTURE, brackets, &have,
		instants);
	for (size_t i = 0; i < have; i++)
		absences[brackets[i].owner] =
			(struct absence){instants[brackets[i].batch].low_ns, INT64_MAX};
	outs_pierce(disruption->outs, disruption->out_count, STABBING_RETURN, brackets, &have,
		instants);
	for (size_t i = 0; i < have; i++)
		absences[brackets[i].owner].high_ns = instants[brackets[i].batch].high_ns;
	mem_free(brackets);
	mem_free(instants);
}

/* Were two hosts of it gone together for longer than a flap? When power returns to
 * one host after the other the block may be no longer degraded by then. */
static bool outlasts_flap(const struct disruption *disruption, const struct parameters *parameters)
{
	struct absence *absences = mem_zeroed(disruption->out_count + 1, sizeof(*absences));
	struct host_outage *outs = mem_zeroed(disruption->out_count + 1, sizeof(*outs));
	bool found = false;

	find_absences(disruption, absences);
	for (size_t i = 0; i < disruption->out_count && !found; i++) {
		size_t count = 0;
		for (size_t k = 0; k < disruption->out_count; k++)
			if (absences[k].low_ns <= absences[i].low_ns &&
				absences[k].high_ns - parameters->flap_ns >= absences[i].low_ns)
				outs[count++] = disruption->outs[k];
		found = count >= 2 && outs_hosts(outs, count) >= 2;
	}
	mem_free(absences);
	mem_free(outs);
	return found;
}

enum significance { SIGNIFICANCE_NONE, SIGNIFICANCE_WEAK, SIGNIFICANCE_OUTAGE };

static enum significance significance_of(const struct disruption *disruption,
	const struct incident *incident, int64_t low_ns, int64_t to_ns,
	const struct parameters *parameters)
{
	if (disruption->saturated)
		return SIGNIFICANCE_OUTAGE;
	if (disruption->down)
		return disruption->out_count > 0 ? SIGNIFICANCE_OUTAGE : SIGNIFICANCE_NONE;
	size_t stable = 0;
	for (size_t i = 0; i < disruption->out_count; i++)
		stable += disruption->outs[i].stable;
	if (stable < 2)
		return SIGNIFICANCE_NONE;
	if (to_ns && to_ns - low_ns < parameters->flap_ns && !outlasts_flap(disruption, parameters))
		return SIGNIFICANCE_NONE;
	if (disruption->weight < DEGRADED_SHARE * disruption->weight_all)
		return SIGNIFICANCE_WEAK;
	size_t hosts = disruption_hosts(disruption, parameters);
	return hosts >= 2 && !disruption_coincides(
				     incident->absences_per_ns, hosts, disruption, parameters)
		       ? SIGNIFICANCE_OUTAGE
		       : SIGNIFICANCE_WEAK;
}

static void measure(struct disruption *disruption, int64_t from_ns, int64_t to_ns,
	const struct parameters *parameters)
{
	struct bracket *brackets = mem_zeroed(disruption->out_count + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(disruption->out_count + 1, sizeof(*instants));

	measure_start(disruption, brackets, instants);
	measure_end(disruption, brackets, instants, parameters);
	mem_free(brackets);
	mem_free(instants);
	if (disruption->saturated &&
		(disruption->out_count == 0 || disruption->start_high_ns > from_ns)) {
		disruption->start_low_ns = from_ns - parameters->loss_ns;
		disruption->start_high_ns = from_ns;
	}
	/* Saturated, or most never came back though the block did. */
	if (to_ns && (!disruption->end_high_ns || disruption->saturated))
		disruption->end_low_ns = disruption->end_high_ns = to_ns;
	if (!to_ns && disruption->saturated)
		disruption->end_low_ns = disruption->end_high_ns = 0;
}

enum disruption_kind disruptions_add(struct disruptions *disruptions,
	const struct incident *incident, const struct departed *departed, uint32_t block,
	int64_t low_ns, int64_t from_ns, int64_t to_ns, const struct parameters *parameters)
{
	struct disruption disruption = {.block = block,
		.over_ns = to_ns,
		.clock_error_ns = incident->clock_error_ns,
		.buildup = departed_buildup(
			departed, from_ns - parameters->episode_ns, to_ns ? to_ns : INT64_MAX),
		.weight_all = incident->weight,
		.hosts_all = incident->hosts,
		.down = has(incident, IMPAIRMENT_DOWN, from_ns, to_ns),
		.saturated = has(incident, IMPAIRMENT_SATURATED, from_ns, to_ns)};

	choose(&disruption, incident, departed, from_ns,
		to_ns ? to_ns : INT64_MAX - parameters->flap_ns, parameters);
	for (size_t i = 0; i < disruption.out_count; i++)
		disruption.weight += disruption.outs[i].weight;
	disruption.hosts = disruption.saturated ? incident->hosts : disruption.out_count;
	if (disruption.saturated && disruption.weight < disruption.weight_all)
		disruption.weight = disruption.weight_all;
	measure(&disruption, from_ns, to_ns, parameters);
	enum significance significance =
		significance_of(&disruption, incident, low_ns, to_ns, parameters);
	/* By its brackets it may have begun and ended later and sooner, but not before and after.
	 */
	bool brief = disruption.end_high_ns &&
		     disruption.end_high_ns - disruption.start_low_ns < parameters->flap_ns;
	if (brief)
		significance = SIGNIFICANCE_NONE;
	disruption.weak = significance == SIGNIFICANCE_WEAK;
	if (significance == SIGNIFICANCE_NONE) {
		mem_free(disruption.outs);
		return brief && disruption.down ? DISRUPTION_FLAP : DISRUPTION_NONE;
	}
	disruptions->items = mem_grow(disruptions->items, &disruptions->capacity,
		disruptions->count + 1, sizeof(*disruptions->items));
	disruptions->items[disruptions->count++] = disruption;
	return DISRUPTION_ADDED;
}
