#include "analysis/outage/outage.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/disruption/coincidence.h"
#include "analysis/evidence/attribution.h"
#include "analysis/evidence/gather.h"
#include "analysis/outage/bracket.h"
#include "analysis/outage/group.h"
#include "core/mem.h"

const char *stage_name(enum stage stage)
{
	static const char *const names[] = {"ongoing", "provisional", "final"};

	return names[stage];
}

void outages_finish(struct outages *outages)
{
	for (size_t i = 0; i < outages->count; i++) {
		mem_free(outages->items[i].losses);
		mem_free(outages->items[i].lones);
		mem_free(outages->items[i].blocks);
	}
	mem_free(outages->items);
}

static int64_t loss_over(const struct loss *loss, int64_t now_ns)
{
	if (!loss->over_ns)
		return now_ns;
	return loss->over_ns > loss->end_high_ns ? loss->over_ns : loss->end_high_ns;
}

bool losses_overlap(const struct loss *a, const struct loss *b, int64_t now_ns)
{
	return a->block == b->block && a->start_low_ns < loss_over(b, now_ns) &&
	       b->start_low_ns < loss_over(a, now_ns);
}

struct order {
	size_t loss;
	int64_t start_ns;
};

static int start_order(const void *a, const void *b)
{
	const struct order *x = a;
	const struct order *y = b;

	if (x->start_ns != y->start_ns)
		return x->start_ns < y->start_ns ? -1 : 1;
	return x->loss < y->loss ? -1 : x->loss > y->loss;
}

static void count_machines(struct outage *outage, const struct view *view)
{
	double lost = 0;
	double all = 0;
	size_t dark = 0;
	size_t peopled = 0;

	for (size_t b = 0; b < view->block_count; b++) {
		const struct block *block = &view->blocks[b];
		const struct loss *most = NULL;
		for (size_t i = 0; i < outage->loss_count; i++) {
			const struct loss *l = &view->losses.items[outage->losses[i]];
			if (l->block == b && (!most || l->machines > most->machines))
				most = l;
		}
		if (!most && block->here == 0)
			continue;
		peopled++;
		size_t known = most && most->machines_all ? most->machines_all : block->here;
		/* Some that were absent when it began may have come, and gone with it. */
		outage->machines += most && most->machines > known ? most->machines : known;
		all += most ? most->weight_all : block->weight;
		if (!most)
			continue;
		outage->blocks[outage->block_count++] = block->prefix;
		outage->machines_affected += most->machines;
		lost += most->weight < most->weight_all ? most->weight : most->weight_all;
		dark += most->dark;
	}
	outage->fraction_lost = all > 0 ? lost / all : 1;
	outage->whole_blocks = dark == outage->block_count;
	outage->whole_country = dark == peopled && peopled > 0;
}

/* Its edges by clocks that were right, from edges by clocks that may have been wrong. */
static void widen(struct outage *outage, const struct losses *losses)
{
	int64_t error_ns = 0;

	for (size_t i = 0; i < outage->loss_count; i++)
		if (losses->items[outage->losses[i]].clock_error_ns > error_ns)
			error_ns = losses->items[outage->losses[i]].clock_error_ns;
	outage->start_low_ns -= error_ns;
	outage->start_high_ns += error_ns;
	if (!outage->end_high_ns)
		return;
	outage->end_low_ns -= error_ns;
	outage->end_high_ns += error_ns;
}

/* By the minute of its onset, or the second where a history was played faster than life. */
static void name(struct outage *outage, const char *vantage, const struct constants *constants)
{
	char text[CLOCK_TEXT_SIZE];
	struct wall onset = {outage->start_high_ns};
	int seconds = constants->scale > 1 ? 2 : 0;

	/* 2014-12-22T16:15:00.000Z as 20141222T1615Z. */
	wall_format(onset, text);
	snprintf(outage->id, sizeof(outage->id), "%.4s%.2s%.2sT%.2s%.2s%.*sZ%s%s", text, text + 5,
		text + 8, text + 11, text + 14, seconds, text + 17, vantage ? "/" : "",
		vantage ? vantage : "");
}

static void finish_one(struct outage *outage, const struct outage_context *context)
{
	const struct constants *constants = &context->view->constants;

	outage->blocks = mem_zeroed(context->view->block_count + 1, sizeof(*outage->blocks));
	outage_bracket(outage, context->view);
	count_machines(outage, context->view);
	outage->partial = context->only_vantage;
	name(outage, context->only_vantage, constants);
	outage->stage = !outage->end_high_ns ? STAGE_ONGOING
			: context->now_ns - outage->end_high_ns < constants->final_ns
				? STAGE_PROVISIONAL
				: STAGE_FINAL;
	outage_facts(outage, context);
	verdict_reach(&outage->facts, &outage->verdict);
	widen(outage, &context->view->losses);
}

/* A loss that may be chance by itself, and in what went with it elsewhere. */
static bool is_weak(const struct loss *loss, const struct view *view)
{
	double per_ns = 0;
	size_t blocks = 0;

	if (!view->blocks[loss->block].has_counted)
		return true;
	if (loss->drowned || (!loss->weak && loss->out_count > 1))
		return false;
	/* One machine's addresses, for all that is known, and restarted while others were. */
	int64_t lasted_ns = loss_over(loss, view->now_ns) - loss->start_high_ns;
	if (loss_distinct(loss, &view->constants) < 2 && lasted_ns < 2 * view->constants.flap_ns)
		return true;
	for (size_t b = 0; b < view->block_count; b++) {
		per_ns += block_absences(&view->blocks[b], &view->constants);
		blocks += view->blocks[b].counting > 0;
	}
	return losses_coincide(&view->losses, loss, per_ns, blocks, &view->constants);
}

/* By what all blocks tell together it was a flap. */
static bool is_flap(struct outage *outage, const struct view *view)
{
	outage_bracket(outage, view);
	return outage->end_high_ns &&
	       outage->end_high_ns - outage->start_low_ns < view->constants.flap_ns;
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
	if (!is_flap(outage, context->view)) {
		finish_one(outage, context);
		if (!is_lost_to_all(outage))
			return;
	}
	mem_free(outage->losses);
	mem_free(outage->lones);
	mem_free(outage->blocks);
	outages->count--;
}

void outages_build(
	const struct outage_context *context, const bool *chosen, struct outages *outages)
{
	const struct losses *losses = &context->view->losses;
	struct order *order = mem_zeroed(losses->count + 1, sizeof(*order));
	size_t *numbers = mem_zeroed(losses->count + 1, sizeof(*numbers));
	bool *weak = mem_zeroed(losses->count + 1, sizeof(*weak));
	struct groups groups;
	size_t count = 0;

	for (size_t i = 0; i < losses->count; i++)
		if (!chosen || chosen[i])
			order[count++] = (struct order){i, losses->items[i].start_high_ns};
	qsort(order, count, sizeof(*order), start_order);
	for (size_t i = 0; i < count; i++) {
		numbers[i] = order[i].loss;
		weak[order[i].loss] = is_weak(&losses->items[order[i].loss], context->view);
	}
	groups_build(losses, numbers, count, &context->view->constants, &groups);
	for (size_t i = 0; i < groups.count; i++) {
		struct group *group = &groups.items[i];
		bool stands = false;
		for (size_t k = 0; k < group->count; k++)
			stands |= !weak[group->losses[k]];
		if (!stands)
			continue;
		outages->items = mem_grow(outages->items, &outages->capacity, outages->count + 1,
			sizeof(*outages->items));
		outages->items[outages->count] =
			(struct outage){.losses = group->losses, .loss_count = group->count};
		group->losses = NULL;
		close_one(&outages->items[outages->count++], context, outages);
	}
	groups_finish(&groups);
	mem_free(weak);
	mem_free(numbers);
	mem_free(order);
}

static int outage_order(const void *a, const void *b)
{
	const struct outage *x = a;
	const struct outage *y = b;

	if (x->start_high_ns != y->start_high_ns)
		return x->start_high_ns < y->start_high_ns ? -1 : 1;
	return strcmp(x->id, y->id);
}

void outages_settle(struct outages *outages, const struct constants *constants)
{
	int64_t over_ns = INT64_MIN;

	if (outages->count)
		qsort(outages->items, outages->count, sizeof(*outages->items), outage_order);
	for (size_t i = 0; i < outages->count; i++) {
		struct outage *o = &outages->items[i];
		bool joins = i > 0 && o->start_high_ns - constants->settle_ns < over_ns;
		strcpy(o->episode, joins ? outages->items[i - 1].episode : o->id);
		int64_t end_ns = o->end_high_ns ? o->end_high_ns : INT64_MAX;
		if (!joins || end_ns > over_ns)
			over_ns = end_ns;
	}
}
