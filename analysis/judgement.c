#include "analysis/judge.h"
#include "analysis/judge_state.h"
#include "core/mem.h"

static void settle_routes(struct judge *judge)
{
	const struct view *view = &judge->combined;
	struct prefix *blocks = mem_zeroed(view->block_count + 1, sizeof(*blocks));

	for (size_t i = 0; i < view->block_count; i++)
		blocks[i] = view->blocks[i].prefix;
	routes_settle(&judge->routes, blocks, view->block_count, judge->parameters.day_ns);
	mem_free(blocks);
}

/* Is it in an outage of the whole? What may have been chance is in none. */
static bool *find_told(const struct judge *judge, const struct outages *outages)
{
	bool *told = mem_zeroed(judge->combined.disruptions.count + 1, sizeof(*told));

	for (size_t i = 0; i < outages->count; i++)
		for (size_t k = 0; k < outages->items[i].disruption_count; k++)
			told[outages->items[i].disruptions[k]] = true;
	return told;
}

/* Lost from one vantage point, while the whole of them still reached it. */
static void find_partial(struct judge *judge, size_t vantage, const struct outage_context *combined,
	const bool *told, struct outages *outages)
{
	struct view *view = judge->per_vantage[vantage];
	bool *chosen = mem_zeroed(view->disruptions.count + 1, sizeof(*chosen));
	struct outage_context context = *combined;

	for (size_t i = 0; i < view->disruptions.count; i++) {
		chosen[i] = true;
		for (size_t k = 0; k < judge->combined.disruptions.count; k++)
			if (told[k] &&
				disruptions_overlap(&view->disruptions.items[i],
					&judge->combined.disruptions.items[k], judge->end.ns))
				chosen[i] = false;
	}
	context.view = view;
	context.only_vantage = judge->vantages[vantage];
	outages_build(&context, chosen, outages);
	mem_free(chosen);
}

static void name_disruptions(const struct judge *judge, struct judgement *ret)
{
	ret->outage_of = mem_zeroed(judge->combined.disruptions.count + 1, sizeof(*ret->outage_of));
	for (size_t i = 0; i < ret->outages.count; i++) {
		const struct outage *o = &ret->outages.items[i];
		for (size_t k = 0; k < o->disruption_count && !o->partial; k++)
			ret->outage_of[o->disruptions[k]] = i + 1;
	}
}

void judge_end(struct judge *judge, struct judgement *ret)
{
	*ret = (struct judgement){.start = judge->start,
		.end = judge->end,
		.vantage_count = judge->vantage_count,
		.vantages = judge->vantages,
		.uptimes = &judge->uptimes};
	if (!judge->begun)
		return;
	ret->view = &judge->combined;
	ret->routes = &judge->routes;
	ret->proof = &judge->combined.proof;
	view_end(&judge->combined, judge->end);
	for (size_t i = 0; i < judge->per_vantage_count; i++)
		if (judge->per_vantage[i])
			view_end(judge->per_vantage[i], judge->end);
	judge_release_readings(judge, INT64_MAX);
	uptimes_settle(&judge->uptimes);
	settle_routes(judge);

	const struct view **others =
		mem_zeroed(judge->per_vantage_count + 1, sizeof(struct view *));
	struct outage_context context = {.view = &judge->combined,
		.uptimes = &judge->uptimes,
		.routes = &judge->routes,
		.others = others,
		.now_ns = judge->end.ns};
	for (size_t i = 0; i < judge->per_vantage_count; i++)
		if (judge->per_vantage[i])
			others[context.other_count++] = judge->per_vantage[i];
	outages_build(&context, NULL, &ret->outages);
	bool *told = find_told(judge, &ret->outages);
	for (size_t i = 0; i < judge->per_vantage_count; i++)
		if (judge->per_vantage[i])
			find_partial(judge, i, &context, told, &ret->outages);
	outages_settle(&ret->outages, &judge->parameters);
	mem_free(told);
	mem_free(others);
	name_disruptions(judge, ret);
	for (size_t i = 0; i < judge->combined.block_count; i++)
		timeline_block(&judge->combined.blocks[i], judge->start, judge->end, &ret->rows);
}

const char *judgement_outage(const struct judgement *judgement, size_t disruption)
{
	size_t outage = disruption ? judgement->outage_of[disruption - 1] : 0;

	return outage ? judgement->outages.items[outage - 1].id : "";
}

void judgement_finish(struct judgement *judgement)
{
	mem_free(judgement->rows.items);
	mem_free(judgement->outage_of);
	outages_finish(&judgement->outages);
}
