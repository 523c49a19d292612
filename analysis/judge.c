#include "analysis/judge.h"

#include <errno.h>
#include <string.h>

#include "analysis/country/view.h"
#include "analysis/outages.h"
#include "analysis/routes/routes.h"
#include "core/mem.h"

struct judge {
	struct parameters parameters;
	struct target_row *targets;
	size_t target_count;
	struct view combined;
	size_t per_vantage_count;
	struct view **per_vantage; /* per vantage, as soon as there are two */
	struct uptimes uptimes;
	struct routes routes;
	struct reorder readings; /* not read yet: sweeps overlap */
	bool begun;
	struct wall start, end;
	char **vantages; /* names, by first sweep */
	size_t vantage_count, vantage_capacity;
};

/* Of one instant. */
static int reading_order(const void *a, const void *b)
{
	const struct reading *x = a;
	const struct reading *y = b;

	if (!ip4_equal(x->address, y->address))
		return x->address.host < y->address.host ? -1 : 1;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	return x->vantage < y->vantage ? -1 : x->vantage > y->vantage;
}

struct judge *judge_create(
	const struct target_row *targets, size_t count, const struct parameters *parameters)
{
	struct judge *judge = mem_zeroed(1, sizeof(*judge));

	judge->parameters = *parameters;
	judge->targets = mem_copy(targets, count * sizeof(*targets));
	judge->target_count = count;
	reorder_init(&judge->readings, sizeof(struct reading));
	return judge;
}

void judge_destroy(struct judge *judge)
{
	if (!judge)
		return;
	if (judge->begun)
		view_finish(&judge->combined);
	for (size_t i = 0; i < judge->per_vantage_count; i++)
		if (judge->per_vantage[i]) {
			view_finish(judge->per_vantage[i]);
			mem_free(judge->per_vantage[i]);
		}
	mem_free(judge->per_vantage);
	routes_finish(&judge->routes);
	uptimes_finish(&judge->uptimes);
	reorder_finish(&judge->readings);
	for (size_t i = 0; i < judge->vantage_count; i++)
		mem_free(judge->vantages[i]);
	mem_free(judge->vantages);
	mem_free(judge->targets);
	mem_free(judge);
}

/* VANTAGES_MOST: there is no room for another. */
static size_t vantage_number(struct judge *judge, const char *name)
{
	for (size_t i = 0; i < judge->vantage_count; i++)
		if (strcmp(judge->vantages[i], name) == 0)
			return i;
	if (judge->vantage_count == VANTAGES_MOST)
		return VANTAGES_MOST;
	judge->vantages = mem_grow(judge->vantages, &judge->vantage_capacity,
		judge->vantage_count + 1, sizeof(*judge->vantages));
	judge->vantages[judge->vantage_count] = mem_text(name);
	return judge->vantage_count++;
}

static void read_clock(struct judge *judge, const struct reading *r)
{
	int64_t boot_ns = uptimes_read(&judge->uptimes, r);

	if (!boot_ns)
		return;
	view_set_clock(&judge->combined, r->address, boot_ns);
	for (size_t i = 0; i < judge->per_vantage_count; i++)
		if (judge->per_vantage[i])
			view_set_clock(judge->per_vantage[i], r->address, boot_ns);
}

static void hold_reading(struct judge *judge, const struct reading *r)
{
	struct reading *held = reorder_add(&judge->readings, r->at_ns);

	*held = *r;
}

/* Those from before then are all there: sweeps come in order of their start. */
static void release_readings(struct judge *judge, int64_t before_ns)
{
	size_t ready = reorder_ready(&judge->readings, before_ns, reading_order);

	for (size_t i = 0; i < ready; i++)
		read_clock(judge, reorder_item(&judge->readings, i));
	reorder_drop(&judge->readings, ready);
}

static void read_uptimes(struct judge *judge, const struct sweep *sweep, size_t vantage)
{
	struct reading r = {.source = sweep->info.source,
		.has_source = sweep->info.has_source,
		.vantage = vantage};

	release_readings(judge, sweep->info.start.ns);
	if (sweep->info.flags & SWEEP_CLOCK_STEP) {
		release_readings(judge, INT64_MAX);
		uptimes_restart(&judge->uptimes, vantage);
		return;
	}
	for (size_t i = 0; i < sweep->observation_count; i++) {
		const struct observation *o = &sweep->observations[i];
		if (!o->has_tcp_ts || !observation_is_life(o) ||
			boxes_gave(&judge->combined.boxes[vantage], o))
			continue;
		r.address = o->address;
		r.port = o->port;
		r.at_ns = o->probed_at.ns + (o->rtt_ns > 0 ? o->rtt_ns / 2 : 0);
		r.tcp_ts = o->tcp_ts;
		hold_reading(judge, &r);
	}
	r.is_boot = true;
	r.port = 0;
	for (size_t i = 0; i < sweep->boot_count; i++) {
		r.address = sweep->boots[i].address;
		r.boot_ns = sweep->boots[i].boot_at.ns;
		/* A scan that went on for a day: it was read after the boot it tells of. */
		r.at_ns =
			r.boot_ns > sweep->info.end.ns ? r.boot_ns + NS_PER_S : sweep->info.end.ns;
		hold_reading(judge, &r);
	}
}

/* The view of one vantage point: none while there is only one. */
static struct view *view_of_vantage(struct judge *judge, size_t vantage, struct wall start)
{
	if (judge->vantage_count < 2)
		return NULL;
	if (vantage >= judge->per_vantage_count) {
		struct view **more = mem_zeroed(vantage + 1, sizeof(struct view *));
		for (size_t i = 0; i < judge->per_vantage_count; i++)
			more[i] = judge->per_vantage[i];
		mem_free(judge->per_vantage);
		judge->per_vantage = more;
		judge->per_vantage_count = vantage + 1;
	}
	if (!judge->per_vantage[vantage]) {
		judge->per_vantage[vantage] = mem_zeroed(1, sizeof(struct view));
		view_init(judge->per_vantage[vantage], judge->targets, judge->target_count, start,
			&judge->parameters);
	}
	return judge->per_vantage[vantage];
}

static void tell_others(
	struct judge *judge, const struct view *per_vantage, const struct sweep *sweep)
{
	for (size_t i = 0; i < judge->per_vantage_count; i++)
		if (judge->per_vantage[i] && judge->per_vantage[i] != per_vantage)
			view_hear_elsewhere(judge->per_vantage[i], per_vantage, sweep);
}

int judge_sweep(struct judge *judge, const struct sweep *sweep)
{
	size_t vantage = vantage_number(judge, sweep->info.vantage);

	if (vantage == VANTAGES_MOST)
		return -E2BIG;
	if (!judge->begun) {
		judge->begun = true;
		judge->start = judge->end = sweep->info.start;
		view_init(&judge->combined, judge->targets, judge->target_count, judge->start,
			&judge->parameters);
	}
	if (sweep->info.end.ns > judge->end.ns)
		judge->end = sweep->info.end;
	view_sweep(&judge->combined, sweep, vantage);
	struct view *per_vantage = view_of_vantage(judge, vantage, sweep->info.start);
	if (per_vantage) {
		view_sweep(per_vantage, sweep, 0);
		tell_others(judge, per_vantage, sweep);
	}
	read_uptimes(judge, sweep, vantage);
	return 0;
}

void judge_heard(struct judge *judge, const struct heard *heard)
{
	routes_hear(&judge->routes, heard);
}

void judge_route(struct judge *judge, const struct route *route)
{
	routes_tell(&judge->routes, route);
}

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
	release_readings(judge, INT64_MAX);
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
