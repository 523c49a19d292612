#include "tests/scenario/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "prober/plan.h"

/* As in prober/loop.c. */
#define TICK_NS (100 * NS_PER_MS)
#define LATE_NS (50 * NS_PER_MS)

static struct mono hook_now(void *ctx)
{
	const struct world *world = ctx;

	return world->now;
}

static int hook_send(void *ctx, const struct probe *probe)
{
	return world_send(ctx, probe);
}

static void look(struct play *play)
{
	struct eyes_reading reading = {
		.mono = play->world.now,
		.wall = world_wall(&play->world),
		.asleep_ns = play->world.asleep_ns,
		.dropped = play->world.dropped,
	};
	struct eyes_glance glance = eyes_look(&play->eyes, &reading);

	for (size_t i = 0; i < DISPATCH_RUNS; i++) {
		if (!play->runs[i])
			continue;
		play->infos[i].flags |= glance.flags;
		if (glance.dropped)
			sweep_dropped(play->runs[i], glance.since, play->world.now, glance.dropped);
	}
	play->looked = play->world.now;
}

void play_prepare(struct play *play)
{
	const struct settings *settings = &play->settings;
	size_t count = play->set.address_count + play->set.control_count;

	play->world.source_port = settings->source_port;
	play->sources = mem_zeroed(count, sizeof(*play->sources));
	for (size_t i = 0; i < count; i++)
		play->sources[i] = play->world.us;
	memcpy(play->key.bytes, "a key of no worth", sizeof(play->key.bytes));
	play->next_sweep = 1;
	play->start = play->world.now;
	learn_init(&play->learn, settings, play->set.addresses, play->set.address_count);
	dispatch_init(&play->dispatch, &play->key, (uint8_t)(1 + settings->retry_count));
	drive_init(&play->drive, &(struct drive_hooks){hook_now, hook_send, &play->world}, settings,
		&play->set);
	schedule_init(&play->schedule, settings->full_interval_ns, world_wall(&play->world));
	look(play);
}

void play_finish(struct play *play)
{
	for (size_t i = 0; i < DISPATCH_RUNS; i++) {
		sweep_destroy(play->runs[i]);
		if (play->runs[i])
			free(play->open[i].tasks);
	}
	for (size_t i = 0; i < play->ended_count; i++) {
		free(play->ended[i].sweep.observations);
		free(play->ended[i].sweep.hops);
		free(play->ended[i].tasks);
	}
	free(play->ended);
	free(play->sources);
	learn_finish(&play->learn);
	drive_finish(&play->drive);
	target_set_finish(&play->set);
	settings_finish(&play->settings);
	world_finish(&play->world);
}

void play_begin(struct play *play, uint32_t flags)
{
	const struct settings *settings = &play->settings;
	bool scheduled = play->mode == PLAY_SCHEDULED;
	struct wall wall = world_wall(&play->world);
	struct plan_input input = {
		.settings = settings,
		.set = &play->set,
		.sources = play->sources,
		.learn = scheduled ? &play->learn : NULL,
		.round = (uint64_t)(wall.ns / settings->full_interval_ns),
	};
	struct plan plan;
	size_t place = 0;

	while (place < DISPATCH_RUNS && play->runs[place])
		place++;
	if (place == DISPATCH_RUNS)
		return;
	plan_full(&input, &plan);
	struct sweep_plan sweep_plan = {
		.sweep = play->next_sweep++,
		.tier = TIER_FULL,
		.start = play->world.now,
		.start_wall = wall,
		.interval_ns = scheduled ? settings->full_interval_ns : 0,
		.tasks = plan.tasks,
		.task_count = plan.count,
		.wait_ns = settings->wait_ns,
		.rtt_max_ns = play->rtt_max_ns,
		.retry_count = settings->retry_count,
		.source_port = settings->source_port,
		.key = play->key,
	};
	memcpy(sweep_plan.retries_ns, settings->retries_ns,
		settings->retry_count * sizeof(settings->retries_ns[0]));
	play->infos[place] = (struct sweep_info){.clock_error_us = -1, .flags = flags};
	play->runs[place] = sweep_create(&sweep_plan);
	play->open[place] = (struct ended){
		.tasks = plan.tasks,
		.task_count = plan.count,
		.began = play->world.now,
	};
	dispatch_add(&play->dispatch, play->runs[place], sweep_plan.sweep);
	play->started++;
}

static void begin_due(struct play *play)
{
	uint64_t wanted = play->settings.count;
	int64_t late = 0;

	if (play->mode == PLAY_ONCE && play->started == 0)
		play_begin(play, 0);
	if (play->mode != PLAY_SCHEDULED || (wanted && play->started >= wanted) ||
		!schedule_due(&play->schedule, world_wall(&play->world), &late))
		return;
	play->missed += play->schedule.missed;
	for (size_t i = 0; i < DISPATCH_RUNS; i++)
		if (play->runs[i])
			play->infos[i].flags |= SWEEP_OVERRUN;
	play_begin(play, late > LATE_NS ? SWEEP_LATE : 0);
}

static void end_sweep(struct play *play, size_t place)
{
	struct sweep_run *run = play->runs[place];
	struct ended ended = play->open[place];

	look(play);
	sweep_result(run, &play->infos[place], world_wall(&play->world), &ended.sweep);
	ended.counts = *sweep_counts(run);
	ended.ended = play->world.now;
	learn_sweep(&play->learn, &ended.sweep);
	if (play->rtt_max_ns < sweep_rtt_max(run))
		play->rtt_max_ns = sweep_rtt_max(run);
	dispatch_remove(&play->dispatch, run, play->world.now);
	sweep_destroy(run);
	play->runs[place] = NULL;

	play->ended =
		mem_grow(play->ended, &play->ended_capacity, play->ended_count + 1, sizeof(ended));
	size_t i = play->ended_count++;
	for (; i > 0 && play->ended[i - 1].sweep.info.sweep > ended.sweep.info.sweep; i--)
		play->ended[i] = play->ended[i - 1];
	play->ended[i] = ended;
}

static struct mono drive_place(struct play *play, size_t place)
{
	play->world.sweep = play->dispatch.sweeps[place];
	struct mono next = drive_sweep(&play->drive, play->runs[place],
		play->mode == PLAY_SCHEDULED ? DRIVE_FULL : DRIVE_ALONE, play->world.now);

	if (next.ns == INT64_MAX) {
		end_sweep(play, place);
		return play->world.now;
	}
	if (play->world.now.ns > drive_deadline(&play->drive, play->runs[place]).ns) {
		play->infos[place].flags |= SWEEP_CUT_SHORT;
		sweep_abandon(play->runs[place]);
		return play->world.now;
	}
	return next;
}

struct mono play_step(struct play *play)
{
	struct mono now = play->world.now;
	struct mono wake = mono_after(now, TICK_NS);
	const struct arriving *packet;

	while ((packet = world_take(&play->world))) {
		if (packet->verdict == SIGHTING_PARSED)
			dispatch_sighting(&play->dispatch, now, packet->stamp, &packet->sighting);
		else
			dispatch_unparsed(&play->dispatch, packet->verdict);
	}
	if (mono_since(now, play->looked) >= TICK_NS)
		look(play);
	begin_due(play);
	for (size_t i = 0; i < DISPATCH_RUNS; i++)
		if (play->runs[i])
			wake = mono_min(wake, drive_place(play, i));
	if (play->mode == PLAY_SCHEDULED)
		wake = mono_min(wake,
			mono_after(now, wall_since(play->schedule.next, world_wall(&play->world))));
	return wake;
}

bool play_over(const struct play *play)
{
	for (size_t i = 0; i < DISPATCH_RUNS; i++)
		if (play->runs[i])
			return false;
	switch (play->mode) {
	case PLAY_ONCE:
		return play->started > 0;
	case PLAY_SCHEDULED:
		return play->settings.count && play->started >= play->settings.count;
	case PLAY_BY_HAND:
	default:
		return true;
	}
}
