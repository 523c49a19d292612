#include "live/scene.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/country_word.h"
#include "core/mem.h"

static void *copy(const void *items, size_t count, size_t size)
{
	void *out = mem_zeroed(count ? count : 1, size);

	if (count)
		memcpy(out, items, count * size);
	return out;
}

static void keep_rows(struct scene *scene, const struct judgement *judgement)
{
	size_t count = judgement->rows.count;

	scene->rows = copy(judgement->rows.items, count, sizeof(*scene->rows));
	scene->row_count = count;
	size_t disruptions = 1;
	for (size_t i = 0; i < count; i++)
		if (scene->rows[i].disruption > disruptions)
			disruptions = scene->rows[i].disruption;
	scene->outage_of = mem_zeroed(disruptions, sizeof(*scene->outage_of));
	scene->row_outage = mem_zeroed(count ? count : 1, sizeof(*scene->row_outage));
	scene->blocks = mem_zeroed(count ? count : 1, sizeof(*scene->blocks));
	for (size_t i = 0; i < count; i++) {
		const struct timeline_row *row = &scene->rows[i];
		if (row->disruption) {
			scene->row_outage[i] = judgement->outage_of[row->disruption - 1];
			scene->outage_of[row->disruption - 1] = scene->row_outage[i];
		}
		struct scene_block *last =
			&scene->blocks[scene->block_count - (scene->block_count > 0)];
		if (scene->block_count == 0 || prefix_order(&last->prefix, &row->block) != 0)
			scene->blocks[scene->block_count++] =
				(struct scene_block){.prefix = row->block, .first = i};
		scene->blocks[scene->block_count - 1].count++;
	}
}

static int by_address(const void *a, const void *b)
{
	const struct host_reboot *x = a;
	const struct host_reboot *y = b;

	return ip4_order(&x->address, &y->address);
}

/* reboots: by address. */
static bool restarted_inside(
	const struct host_reboots *reboots, const struct scene_host *host, int64_t end_ns)
{
	size_t low = 0, high = reboots->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (ip4_order(&reboots->items[middle].address, &host->address) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < reboots->count && ip4_equal(reboots->items[low].address, host->address); low++)
		if (reboots->items[low].latest_ns >= host->went_low_ns &&
			reboots->items[low].earliest_ns <= end_ns)
			return true;
	return false;
}

static void keep_host(struct scene_outage *lost, const struct host_outage *out,
	const struct host *host, const struct host_reboots *reboots)
{
	const int64_t same_ns = 120 * NS_PER_S; /* boot times that clocks imply differ by so much */
	const struct silence_run *run = &out->run;
	struct scene_host *one = &lost->hosts[lost->host_count++];

	*one = (struct scene_host){.address = out->address,
		.went_low_ns = run->replied_ns,
		.went_high_ns = run->silent_ns[0],
		.back_low_ns = run->back_ns ? run->last_ns[0] : 0,
		.back_high_ns = run->back_ns};
	int64_t end_ns = run->back_ns ? run->back_ns + same_ns : INT64_MAX;
	one->restarted = restarted_inside(reboots, one, end_ns);
	one->ran = !one->restarted && run->back_ns && out->clock_ns && host->clock_ns &&
		   llabs(host->clock_ns - out->clock_ns) < same_ns;
}

static int host_order(const void *a, const void *b)
{
	const struct scene_host *x = a;
	const struct scene_host *y = b;
	int64_t mid_x = x->went_low_ns / 2 + x->went_high_ns / 2;
	int64_t mid_y = y->went_low_ns / 2 + y->went_high_ns / 2;

	if (mid_x != mid_y)
		return mid_x < mid_y ? -1 : 1;
	return ip4_order(&x->address, &y->address);
}

/* Who went, of an outage that the whole of the vantage points saw. */
static void keep_hosts(struct scene_outage *lost, const struct outage *o, const struct view *view,
	const struct host_reboots *reboots)
{
	size_t count = o->isolated_count;

	for (size_t i = 0; i < o->disruption_count; i++)
		count += view->disruptions.items[o->disruptions[i]].out_count;
	lost->hosts = mem_zeroed(count + 1, sizeof(*lost->hosts));
	for (size_t i = 0; i < o->disruption_count; i++) {
		const struct disruption *d = &view->disruptions.items[o->disruptions[i]];
		for (size_t k = 0; k < d->out_count; k++)
			keep_host(lost, &d->outs[k], &view->hosts[d->outs[k].host], reboots);
	}
	for (size_t i = 0; i < o->isolated_count; i++) {
		const struct host_outage *out = &view->disruptions.isolated[o->isolated[i]].out;
		keep_host(lost, out, &view->hosts[out->host], reboots);
	}
	qsort(lost->hosts, lost->host_count, sizeof(*lost->hosts), host_order);
}

static void keep_lost(struct scene *scene, const struct judgement *judgement)
{
	if (!judgement->view)
		return;
	host_reboots_of(judgement->uptimes, &scene->reboots);
	/* Its texts stay the scene's. */
	struct host_reboots reboots = {.count = scene->reboots.count,
		.items = copy(scene->reboots.items, scene->reboots.count, sizeof(*reboots.items))};
	if (reboots.count)
		qsort(reboots.items, reboots.count, sizeof(*reboots.items), by_address);
	for (size_t i = 0; i < judgement->outages.count; i++)
		if (!judgement->outages.items[i].partial)
			keep_hosts(&scene->lost[i], &judgement->outages.items[i], judgement->view,
				&reboots);
	mem_free(reboots.items);
}

static void keep_counts(struct scene *scene, const struct view *view)
{
	for (size_t b = 0, i = 0; view && b < scene->block_count; b++) {
		struct scene_block *block = &scene->blocks[b];
		while (i < view->block_count &&
			prefix_order(&view->blocks[i].prefix, &block->prefix) < 0)
			i++;
		if (i == view->block_count ||
			view->blocks[i].prefix.base.host != block->prefix.base.host)
			continue;
		for (size_t k = 0; k < view->blocks[i].member_count; k++) {
			const struct host *h = &view->hosts[block_member(&view->blocks[i], k)];
			bool known = host_is_known(h) && !h->left && host_kinds(h);
			block->known += known;
			block->up += known && h->state == HOST_HERE;
		}
	}
}

static void keep_outages(struct scene *scene, const struct outages *outages)
{
	scene->outages = copy(outages->items, outages->count, sizeof(*scene->outages));
	scene->lost = mem_zeroed(outages->count + 1, sizeof(*scene->lost));
	scene->outage_count = outages->count;
	for (size_t i = 0; i < outages->count; i++) {
		struct outage *o = &scene->outages[i];
		o->blocks = copy(o->blocks, o->block_count, sizeof(*o->blocks));
		o->disruptions = NULL;
		o->isolated = NULL;
		o->disruption_count = o->isolated_count = o->isolated_capacity = 0;
		o->facts.prior = NULL;
	}
}

/* Neighbouring blocks as one prefix, where they make one. */
static void keep_ranges(struct scene *scene)
{
	scene->ranges =
		mem_zeroed(scene->block_count ? scene->block_count : 1, sizeof(*scene->ranges));
	for (size_t i = 0; i < scene->block_count;) {
		struct ip4 first = scene->blocks[i].prefix.base;
		struct ip4 last = prefix_last(scene->blocks[i].prefix);
		for (i++; i < scene->block_count &&
			  scene->blocks[i].prefix.base.host == last.host + 1;
			i++)
			last = prefix_last(scene->blocks[i].prefix);
		for (;;) {
			struct prefix prefix = prefix_largest(first, last);
			scene->ranges[scene->range_count++] = prefix;
			if (prefix_last(prefix).host >= last.host)
				break;
			first.host = prefix_last(prefix).host + 1;
		}
	}
}

struct scene *scene_of(const struct scene_names *names, const struct judgement *judgement,
	const struct series_facts *facts)
{
	struct scene *scene = mem_zeroed(1, sizeof(*scene));

	snprintf(scene->name, sizeof(scene->name), "%s", names->name);
	snprintf(scene->title, sizeof(scene->title), "%s", names->title);
	scene->start = judgement->start;
	scene->end = judgement->end;
	scene->facts = *facts;
	keep_rows(scene, judgement);
	keep_outages(scene, &judgement->outages);
	keep_lost(scene, judgement);
	keep_counts(scene, judgement->view);
	known_hosts_of(judgement->view, &scene->hosts);
	scene->proven = judgement->proof;
	if (scene->proven)
		scene->proof = *judgement->proof;
	scene->proof.targets = NULL;
	scene->proof.target_count = 0;
	keep_ranges(scene);
	struct timeline_rows country;
	country_rows(scene->rows, scene->row_count, &country);
	scene->country = country.items;
	scene->country_count = country.count;
	return scene;
}

void scene_destroy(struct scene *scene)
{
	if (!scene)
		return;
	for (size_t i = 0; i < scene->outage_count; i++) {
		mem_free(scene->outages[i].blocks);
		mem_free(scene->lost[i].hosts);
	}
	mem_free(scene->lost);
	mem_free(scene->hosts.items);
	host_reboots_finish(&scene->reboots);
	mem_free(scene->outages);
	mem_free(scene->rows);
	mem_free(scene->row_outage);
	mem_free(scene->outage_of);
	mem_free(scene->blocks);
	mem_free(scene->country);
	mem_free(scene->ranges);
	mem_free(scene);
}

const struct timeline_row *scene_last(const struct scene *scene, const struct scene_block *block)
{
	return block->count ? &scene->rows[block->first + block->count - 1] : NULL;
}

bool scene_look(struct scene *scene, struct wall now)
{
	bool was = scene->late;

	scene->late = scene->facts.vantage_count > 0;
	for (size_t i = 0; i < scene->facts.vantage_count; i++)
		scene->late &= facts_is_late(&scene->facts.vantages[i], now);
	return scene->late != was;
}

struct timeline_row scene_now(const struct scene *scene, const struct scene_block *block)
{
	const struct timeline_row *last = scene_last(scene, block);
	struct timeline_row unknown = {.block = block->prefix,
		.start = scene->end,
		.end = scene->end,
		.state = BLOCK_UNKNOWN,
		.reason = last ? REASON_NO_SWEEP : REASON_NEVER_ANSWERED,
		.belief = (double)NAN,
		.fraction_up = (double)NAN};

	if (last && (!scene->late || last->reason == REASON_NEVER_ANSWERED))
		return *last;
	return unknown;
}

void scene_hosts(const struct scene *scene, size_t *ret_up, size_t *ret_known)
{
	*ret_up = *ret_known = 0;
	for (size_t i = 0; i < scene->block_count; i++) {
		*ret_up += scene->blocks[i].up;
		*ret_known += scene->blocks[i].known;
	}
}

struct country_now scene_country(const struct scene *scene)
{
	struct country_now now = {.state = BLOCK_UNKNOWN, .learning = true};

	for (size_t i = 0; i < scene->country_count; i++)
		if (scene->country[i].state != BLOCK_UNKNOWN)
			now.learning = false;
	if (scene->country_count == 0)
		return now;
	const struct timeline_row *row = &scene->country[scene->country_count - 1];
	if (scene->late && !now.learning) {
		now.reason = REASON_NO_SWEEP;
		now.since_low = now.since_high = scene->end;
		return now;
	}
	now.state = row->state;
	now.reason = row->reason;
	now.since_low = row_earliest(row);
	now.since_high = row->start;
	return now;
}

const char *country_word(const struct country_now *country)
{
	static const char *const words[] = {"Up", "Partly up", "Down", "Not measured"};

	return country->state == BLOCK_UNKNOWN && country->learning ? "Learning"
								    : words[country->state];
}

const struct outage *scene_outage(const struct scene *scene, const char *id)
{
	for (size_t i = 0; i < scene->outage_count; i++)
		if (strcmp(scene->outages[i].id, id) == 0)
			return &scene->outages[i];
	return NULL;
}
