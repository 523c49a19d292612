#include "analysis/judge.h"

#include <errno.h>
#include <string.h>

#include "analysis/judge_state.h"
#include "core/mem.h"

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
void judge_release_readings(struct judge *judge, int64_t before_ns)
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

	judge_release_readings(judge, sweep->info.start.ns);
	if (sweep->info.flags & SWEEP_CLOCK_STEP) {
		judge_release_readings(judge, INT64_MAX);
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
