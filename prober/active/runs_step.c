#include "prober/active/runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prober/active/sources.h"
#include "prober/schedule/plan.h"

/* Over which share of the watch interval a burst is spread: 1 / this. */
#define BURST_SHARE 12
/* Places that a burst leaves free. */
enum { BURST_LEAVES = 3 };

/* --- beginning --- */

void runs_init(struct runs *runs, const struct runs_config *config, struct wall wall)
{
	const struct settings *settings = config->settings;

	*runs = (struct runs){.config = *config, .next_sweep = config->last_sweep + 1};
	dispatch_init(&runs->dispatch, &config->key, (uint8_t)(1 + settings->retry_count),
		config->hooks.drive.now(config->hooks.drive.ctx));
	drive_init(&runs->drive, &config->hooks.drive, settings, config->targets);
	scheduler_init(&runs->scheduler, settings, config->once, config->targets->addresses,
		config->targets->address_count, wall);
	routers_init(&runs->routers, config->targets->rows, config->targets->row_count);
}

void runs_finish(struct runs *runs)
{
	for (size_t i = 0; i < DISPATCH_RUNS; i++)
		sweep_destroy(runs->open[i].sweep);
	dispatch_finish(&runs->dispatch);
	scheduler_finish(&runs->scheduler);
	drive_finish(&runs->drive);
	routers_finish(&runs->routers);
}

/* NULL: none. A burst leaves room for what is on the grid. */
static struct run *free_place(struct runs *runs, enum launch_what what)
{
	struct run *place = NULL;
	size_t count = 0;

	for (size_t i = 0; i < DISPATCH_RUNS; i++) {
		if (runs->open[i].sweep)
			continue;
		place = &runs->open[i];
		count++;
	}
	return what == LAUNCH_BURST && count <= BURST_LEAVES ? NULL : place;
}

static void make_plan(struct runs *runs, const struct launch *launch, struct wall wall,
	const struct way *ways, struct plan *ret)
{
	const struct settings *settings = runs->config.settings;
	const struct plan_input input = {
		.settings = settings,
		.set = runs->config.targets,
		.ways = ways,
		.learn = runs->config.once ? NULL : &runs->scheduler.learn,
		.first = launch->first,
		.round = (uint64_t)(wall.ns / settings->full_interval_ns),
	};
	const struct path *path = &runs->scheduler.path;
	int64_t span = settings->watch_interval_ns;

	if (launch->what == LAUNCH_FULL)
		plan_full(&input, ret);
	else if (launch->what == LAUNCH_WATCH)
		plan_watch(&input, ret);
	else
		plan_burst(&input, launch->block, span / BURST_SHARE, ret);
	if (launch->path && settings->path_interval_ns > 0) {
		bool burst = launch->what == LAUNCH_BURST;
		path_plan(path, &input, burst ? &launch->block : NULL, 0,
			burst ? span / BURST_SHARE : span / 2, ret);
		plan_sort(ret);
	}
}

/* Ours, towards the first that is asked and has one: there may be no way to some of them.
 * Who is not asked has none, and stands last. NULL: nobody is asked. */
static const struct ip4 *source_of(const struct plan *plan)
{
	const struct ip4 *source = NULL;

	for (size_t i = 0; i < plan->count && !plan->tasks[i].unasked; i++) {
		source = &plan->tasks[i].way.source;
		if (source->host != 0)
			break;
	}
	return source;
}

static void fill_info(const struct runs *runs, const struct launch *launch, const struct plan *plan,
	struct sweep_info *info)
{
	*info = (struct sweep_info){.clock_error_us = -1};
	snprintf(info->vantage, sizeof(info->vantage), "%s", runs->config.settings->vantage);
	snprintf(info->epoch, sizeof(info->epoch), "%s", runs->config.epoch);
	memcpy(info->methods, plan->methods, sizeof(info->methods));
	const struct ip4 *source = source_of(plan);
	info->has_source = source && source->host != 0;
	if (info->has_source)
		info->source = *source;
	if (source && !info->has_source)
		info->flags |= SWEEP_INTERFACE_DOWN;
	if (launch->late)
		info->flags |= SWEEP_LATE;
	if (launch->what == LAUNCH_BURST)
		info->flags |= SWEEP_ZOOM;
}

static void begin_one(
	struct runs *runs, const struct launch *launch, struct mono now, struct wall wall)
{
	const struct settings *settings = runs->config.settings;
	const struct runs_hooks *hooks = &runs->config.hooks;
	struct run *run = free_place(runs, launch->what);
	struct plan plan;

	if (!run) {
		runs->skipped += launch->what != LAUNCH_BURST;
		hooks->begins(hooks->drive.ctx, launch, NULL);
		return;
	}
	struct way *ways = sources_look_up(runs);
	make_plan(runs, launch, wall, ways, &plan);
	free(ways);
	if (plan.count == 0) {
		plan_finish(&plan);
		return;
	}
	bool full = launch->what == LAUNCH_FULL;
	struct sweep_plan sweep_plan = {
		.sweep = runs->next_sweep++,
		.tier = full && !runs->config.partial ? TIER_FULL : TIER_WATCH,
		.start = now,
		.start_wall = wall,
		.interval_ns = full ? settings->full_interval_ns : settings->watch_interval_ns,
		.tasks = plan.tasks,
		.task_count = plan.count,
		.wait_ns = settings->wait_ns,
		.rtt_max_ns = runs->rtt_max_ns,
		.retry_count = settings->retry_count,
		.source_port = settings->source_port,
		.key = runs->config.key,
	};
	if (runs->config.once)
		sweep_plan.interval_ns = 0;
	memcpy(sweep_plan.retries_ns, settings->retries_ns,
		settings->retry_count * sizeof(settings->retries_ns[0]));
	*run = (struct run){
		.sweep = sweep_create(&sweep_plan),
		.number = sweep_plan.sweep,
		.what = launch->what,
		.began = now,
	};
	fill_info(runs, launch, &plan, &run->info);
	run->info.start = wall;
	sweep_counts(run->sweep)->missed = launch->missed + runs->skipped;
	runs->skipped = 0;
	dispatch_add(&runs->dispatch, run->sweep, sweep_plan.sweep);
	plan_finish(&plan);
	hooks->begins(hooks->drive.ctx, launch, run);
}

/* A full sweep that is open when the next is due has overrun. */
static void mark_overrun(struct runs *runs)
{
	for (size_t i = 0; i < DISPATCH_RUNS; i++)
		if (runs->open[i].sweep && runs->open[i].what == LAUNCH_FULL)
			runs->open[i].info.flags |= SWEEP_OVERRUN;
}

void runs_begin(struct runs *runs, struct mono now, struct wall wall)
{
	struct launch launch;

	while ((launch = scheduler_next(&runs->scheduler, now, wall)).what != LAUNCH_NOTHING) {
		if (launch.what == LAUNCH_FULL)
			mark_overrun(runs);
		begin_one(runs, &launch, now, wall);
	}
}

/* --- driving --- */

/* The burst hears of every task as soon as it is over. */
static void tell_burst(struct runs *runs, struct run *run, struct mono now)
{
	for (; run->told < sweep_over_count(run->sweep); run->told++) {
		uint8_t ttl;
		struct observation o = sweep_over(run->sweep, run->told, &ttl);
		if (ttl == PROBE_TTL)
			burst_saw(&runs->scheduler.burst, &o, now);
	}
}

struct mono runs_drive(struct runs *runs, struct run *run, struct mono seen)
{
	static const enum drive_class classes[] = {
		[LAUNCH_FULL] = DRIVE_FULL,
		[LAUNCH_WATCH] = DRIVE_WATCH,
		[LAUNCH_BURST] = DRIVE_BURST,
	};
	enum drive_class class = runs->config.once ? DRIVE_ALONE : classes[run->what];
	struct mono again = drive_sweep(&runs->drive, run->sweep, class, seen);
	struct mono now = runs->config.hooks.drive.now(runs->config.hooks.drive.ctx);

	if (!runs->config.once)
		tell_burst(runs, run, now);
	if (again.ns != INT64_MAX && now.ns > drive_deadline(&runs->drive, run->sweep).ns) {
		run->info.flags |= SWEEP_CUT_SHORT;
		sweep_abandon(run->sweep);
		return MONO_NEVER;
	}
	return again;
}

void runs_look(struct runs *runs, const struct self_check_result *glance, struct mono now)
{
	sources_follow(runs, now);
	for (size_t i = 0; i < DISPATCH_RUNS; i++) {
		struct run *run = &runs->open[i];
		if (!run->sweep)
			continue;
		run->info.flags |= glance->flags;
		if (glance->dropped || runs->drive.trouble_at.ns > glance->since.ns)
			sweep_dropped(run->sweep, glance->since, now, glance->dropped);
	}
}

/* --- ending --- */

static void learn(struct runs *runs, const struct sweep *sweep)
{
	const struct runs_hooks *hooks = &runs->config.hooks;
	struct trial_news news[TRIAL_NEWS];

	scheduler_learn(&runs->scheduler, sweep);
	for (size_t i = 0; i < runs->scheduler.learn.changes.count; i++)
		hooks->box(hooks->drive.ctx, &runs->scheduler.learn.changes.items[i]);
	routers_learn(&runs->routers, sweep->hops, sweep->hop_count);
	size_t count = trial_sweep(&runs->trial, &runs->routers, sweep, runs->config.targets, news);
	for (size_t i = 0; i < count; i++)
		hooks->router(hooks->drive.ctx, &news[i]);
}

void runs_end(struct runs *runs, struct run *run, struct wall wall, struct sweep *ret,
	struct sweep_counts *ret_counts)
{
	const struct drive_hooks *hooks = &runs->config.hooks.drive;

	sweep_result(run->sweep, &run->info, wall, ret);
	*ret_counts = *sweep_counts(run->sweep);
	if (runs->rtt_max_ns < sweep_rtt_max(run->sweep))
		runs->rtt_max_ns = sweep_rtt_max(run->sweep);
	dispatch_remove(&runs->dispatch, run->sweep, hooks->now(hooks->ctx));
	sweep_destroy(run->sweep);
	run->sweep = NULL;
	if (!runs->config.once)
		learn(runs, ret);
}

bool runs_done(const struct runs *runs)
{
	for (size_t i = 0; i < DISPATCH_RUNS; i++)
		if (runs->open[i].sweep)
			return false;
	return scheduler_done(&runs->scheduler);
}
