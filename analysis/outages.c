#include "analysis/outages.h"

#include <stdio.h>
#include <stdlib.h>

#include "analysis/disruption/coincidence.h"
#include "analysis/evidence/attribution.h"
#include "analysis/evidence/gather.h"
#include "analysis/outage/bracket.h"
#include "analysis/outage/group.h"
#include "core/mem.h"

struct order {
	size_t disruption;
	int64_t start_ns;
};

static int start_order(const void *a, const void *b)
{
	const struct order *x = a;
	const struct order *y = b;

	if (x->start_ns != y->start_ns)
		return x->start_ns < y->start_ns ? -1 : 1;
	return x->disruption < y->disruption ? -1 : x->disruption > y->disruption;
}

static void count_hosts(struct outage *outage, const struct view *view)
{
	double lost = 0;
	double all = 0;
	size_t down = 0;
	size_t peopled = 0;

	for (size_t b = 0; b < view->block_count; b++) {
		const struct block *block = &view->blocks[b];
		const struct disruption *most = NULL;
		for (size_t i = 0; i < outage->disruption_count; i++) {
			const struct disruption *l =
				&view->disruptions.items[outage->disruptions[i]];
			if (l->block == b && (!most || l->hosts > most->hosts))
				most = l;
		}
		if (!most && block->here == 0)
			continue;
		peopled++;
		size_t known = most && most->hosts_all ? most->hosts_all : block->here;
		/* Some that were absent when it began may have come, and gone with it. */
		outage->hosts += most && most->hosts > known ? most->hosts : known;
		all += most ? most->weight_all : block->weight;
		if (!most)
			continue;
		outage->blocks[outage->block_count++] = block->prefix;
		outage->hosts_affected += most->hosts;
		lost += most->weight < most->weight_all ? most->weight : most->weight_all;
		down += most->down;
	}
	outage->fraction_lost = all > 0 ? lost / all : 1;
	outage->whole_blocks = down == outage->block_count;
	outage->whole_country = down == peopled && peopled > 0;
}

/* Its edges by clocks that were right, from edges by clocks that may have been wrong. */
static void widen(struct outage *outage, const struct disruptions *disruptions)
{
	int64_t error_ns = 0;

	for (size_t i = 0; i < outage->disruption_count; i++)
		if (disruptions->items[outage->disruptions[i]].clock_error_ns > error_ns)
			error_ns = disruptions->items[outage->disruptions[i]].clock_error_ns;
	outage->start_low_ns -= error_ns;
	outage->start_high_ns += error_ns;
	if (!outage->end_high_ns)
		return;
	outage->end_low_ns -= error_ns;
	outage->end_high_ns += error_ns;
}

/* By the minute of its onset, or the second where a history was played faster than life. */
static void name(struct outage *outage, const char *vantage, const struct parameters *parameters)
{
	char text[CLOCK_TEXT_SIZE];
	struct wall onset = {outage->start_high_ns};
	int seconds = parameters->scale > 1 ? 2 : 0;

	/* 2014-12-22T16:15:00.000Z as 20141222T1615Z. */
	wall_format(onset, text);
	snprintf(outage->id, sizeof(outage->id), "%.4s%.2s%.2sT%.2s%.2s%.*sZ%s%s", text, text + 5,
		text + 8, text + 11, text + 14, seconds, text + 17, vantage ? "/" : "",
		vantage ? vantage : "");
}

static void finish_one(struct outage *outage, const struct outage_context *context)
{
	const struct parameters *parameters = &context->view->parameters;

	outage->blocks = mem_zeroed(context->view->block_count + 1, sizeof(*outage->blocks));
	count_hosts(outage, context->view);
	outage->partial = context->only_vantage;
	name(outage, context->only_vantage, parameters);
	outage->stage = !outage->end_high_ns ? STAGE_ONGOING
			: context->now_ns - outage->end_high_ns < parameters->final_ns
				? STAGE_PROVISIONAL
				: STAGE_FINAL;
	outage_facts(outage, context);
	verdict_reach(&outage->facts, &outage->verdict);
	widen(outage, &context->view->disruptions);
}

/* A disruption that may be chance by itself, and in what went with it elsewhere. */
static bool is_weak(const struct disruption *disruption, const struct view *view)
{
	double per_ns = 0;
	size_t blocks = 0;

	if (!view->blocks[disruption->block].has_counted)
		return true;
	if (disruption->saturated || (!disruption->weak && disruption->out_count > 1))
		return false;
	/* One host's addresses, for all that is known, and restarted while others were. */
	int64_t lasted_ns = disruption_over(disruption, view->now_ns) - disruption->start_high_ns;
	if (disruption_hosts(disruption, &view->parameters) < 2 &&
		lasted_ns < 2 * view->parameters.flap_ns)
		return true;
	for (size_t b = 0; b < view->block_count; b++) {
		per_ns += block_absences(&view->blocks[b], &view->parameters);
		blocks += view->blocks[b].counting > 0;
	}
	return disruptions_coincide(
		&view->disruptions, disruption, per_ns, blocks, &view->parameters);
}

/* By what all blocks tell together it was a flap. */
static bool is_flap(const struct outage *outage, const struct parameters *parameters)
{
	return outage->end_high_ns &&
	       outage->end_high_ns - outage->start_low_ns < parameters->flap_ns;
}

/* Lost from this vantage point, and the others that looked met silence too: then it is for the
 * whole of them to say what it was. */
static bool is_lost_to_all(const struct outage *outage)
{
	return outage->partial && !outage->facts.reached_elsewhere &&
	       !outage->facts.missed_elsewhere;
}

static void close_one(
	struct outage *outage, const struct outage_context *context, struct outages *outages)
{
	outage_bracket(outage, context->view);
	if (!is_flap(outage, &context->view->parameters)) {
		finish_one(outage, context);
		if (!is_lost_to_all(outage))
			return;
	}
	mem_free(outage->disruptions);
	mem_free(outage->isolated);
	mem_free(outage->blocks);
	outages->count--;
}

void outages_build(
	const struct outage_context *context, const bool *chosen, struct outages *outages)
{
	const struct disruptions *disruptions = &context->view->disruptions;
	struct order *order = mem_zeroed(disruptions->count + 1, sizeof(*order));
	size_t *numbers = mem_zeroed(disruptions->count + 1, sizeof(*numbers));
	bool *weak = mem_zeroed(disruptions->count + 1, sizeof(*weak));
	struct groups groups;
	size_t count = 0;

	for (size_t i = 0; i < disruptions->count; i++)
		if (!chosen || chosen[i])
			order[count++] = (struct order){i, disruptions->items[i].start_high_ns};
	qsort(order, count, sizeof(*order), start_order);
	for (size_t i = 0; i < count; i++) {
		numbers[i] = order[i].disruption;
		weak[order[i].disruption] =
			is_weak(&disruptions->items[order[i].disruption], context->view);
	}
	groups_build(disruptions, numbers, count, &context->view->parameters, &groups);
	for (size_t i = 0; i < groups.count; i++) {
		struct group *group = &groups.items[i];
		bool significant = false;
		for (size_t k = 0; k < group->count; k++)
			significant |= !weak[group->disruptions[k]];
		if (!significant)
			continue;
		outages->items = mem_grow(outages->items, &outages->capacity, outages->count + 1,
			sizeof(*outages->items));
		outages->items[outages->count] = (struct outage){
			.disruptions = group->disruptions, .disruption_count = group->count};
		group->disruptions = NULL;
		close_one(&outages->items[outages->count++], context, outages);
	}
	groups_finish(&groups);
	mem_free(weak);
	mem_free(numbers);
	mem_free(order);
}
