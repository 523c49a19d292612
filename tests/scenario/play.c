#include "tests/scenario/play.h"

#include <stdio.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/mem.h"
#include "prober/schedule/series.h"

/* As in prober/loop.c. */
#define TICK_NS (100 * NS_PER_MS)

static struct mono hook_now(void *ctx)
{
	const struct world *world = ctx;

	return world->now;
}

static int hook_send(void *ctx, const struct probe *probe)
{
	return world_send(ctx, probe);
}

static struct way hook_way(void *ctx, struct ip4 target)
{
	const struct world *world = ctx;

	if (world->no_address || (world->no_way.len > 0 && prefix_holds(world->no_way, target)))
		return (struct way){.error = -ENETUNREACH};
	return (struct way){.source = world->us};
}

static void hook_begins(void *ctx, const struct launch *launch, const struct run *run)
{
	(void)ctx;
	(void)launch;
	(void)run;
}

static void hook_router(void *ctx, const struct trial_news *news)
{
	(void)ctx;
	(void)news;
}

static void hook_box(void *ctx, const struct box *box)
{
	(void)ctx;
	(void)box;
}

static void look(struct play *play)
{
	struct self_check_reading reading = {
		.mono = play->world.now,
		.wall = world_wall(&play->world),
		.asleep_ns = play->world.asleep_ns,
		.dropped = play->world.dropped,
	};
	struct self_check_result glance = self_check_look(&play->self_check, &reading);

	runs_look(&play->runs, &glance, play->world.now);
	play->looked = play->world.now;
}

int play_resolve(const struct play *play, struct target_set *ret, struct diag *why)
{
	const struct settings *s = &play->settings;
	int fd = memfd_create("blocklist", MFD_CLOEXEC);
	size_t len = strlen(play->blocked);
	char name[64];

	if (fd < 0 || write(fd, play->blocked, len) != (ssize_t)len)
		abort();
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	const struct target_sources from = {
		.blocklist = len ? name : NULL,
		.again = play->start.ns > 0,
		.anchors = (const char *const *)s->anchors.items,
		.anchor_count = s->anchors.count,
		.upstream = (const char *const *)s->upstream.items,
		.upstream_count = s->upstream.count,
	};
	int r = target_set_resolve(
		(const char *const *)s->targets.items, s->targets.count, &from, ret, why);
	close(fd);
	return r;
}

/* The store of a scenario knows the whole list, as if nobody were blocked. */
static void join_series(struct play *play)
{
	size_t size = play->set.row_count * sizeof(*play->set.rows);

	series_add(&play->set, play->mode != PLAY_SCHEDULED, mem_copy(play->set.rows, size),
		play->set.row_count);
}

void play_prepare(struct play *play)
{
	struct runs_config config = {
		.settings = &play->settings,
		.targets = &play->set,
		.once = play->mode != PLAY_SCHEDULED,
		.epoch = "scenario",
		.key = {"no worth at all"},
		.hooks = {{hook_now, hook_send, &play->world}, hook_way, hook_begins,
			hook_router, hook_box},
	};

	play->start = play->world.now;
	join_series(play);
	runs_init(&play->runs, &config, world_wall(&play->world));
	if (play->mode == PLAY_BY_HAND)
		play->runs.scheduler.full_begun = 1;
	look(play);
}

void play_reload(struct play *play)
{
	struct target_set before = play->set;
	struct diag why = {0};

	if (play_resolve(play, &play->set, &why) < 0) {
		fprintf(stderr, "reload: %s\n", why.text);
		exit(2);
	}
	size_t size = before.row_count * sizeof(*before.rows);
	series_add(&play->set, false, mem_copy(before.rows, size), before.row_count);
	runs_reload(&play->runs, play->world.now, world_wall(&play->world));
	target_set_finish(&before);
}

void play_finish(struct play *play)
{
	runs_finish(&play->runs);
	for (size_t i = 0; i < play->ended_count; i++) {
		free(play->ended[i].sweep.observations);
		free(play->ended[i].sweep.hops);
		free(play->ended[i].asked);
	}
	free(play->ended);
	target_set_finish(&play->set);
	settings_finish(&play->settings);
	world_finish(&play->world);
}

void play_begin(struct play *play)
{
	play->runs.scheduler.full_begun = 0;
}

/* What it asked: all tasks are over. */
static void list_asked(const struct sweep_run *sweep, struct ended *ended)
{
	size_t count = sweep_over_count(sweep);

	ended->asked = mem_zeroed(count, sizeof(*ended->asked));
	for (size_t i = 0; i < count; i++) {
		uint8_t ttl;
		struct observation o = sweep_over(sweep, i, &ttl);
		if (ttl == PROBE_TTL)
			ended->asked[ended->asked_count++] =
				(struct asked){o.address, o.method, o.port};
	}
}

static void end_sweep(struct play *play, struct run *run)
{
	struct ended ended = {.what = run->what, .began = run->began, .ended = play->world.now};

	look(play);
	list_asked(run->sweep, &ended);
	runs_end(&play->runs, run, world_wall(&play->world), &ended.sweep, &ended.counts);

	play->ended =
		mem_grow(play->ended, &play->ended_capacity, play->ended_count + 1, sizeof(ended));
	size_t i = play->ended_count++;
	for (; i > 0 && play->ended[i - 1].sweep.info.sweep > ended.sweep.info.sweep; i--)
		play->ended[i] = play->ended[i - 1];
	play->ended[i] = ended;
}

static void take_frames(struct play *play)
{
	struct dispatch *dispatch = &play->runs.dispatch;
	const struct arriving *packet;

	while ((packet = world_take(&play->world))) {
		if (packet->verdict == SIGHTING_PARSED)
			dispatch_sighting(
				dispatch, play->world.now, packet->stamp, &packet->sighting);
		else
			dispatch_unparsed(dispatch, packet->verdict);
	}
}

struct mono play_step(struct play *play)
{
	struct mono now = play->world.now;
	struct wall wall = world_wall(&play->world);
	struct mono wake = mono_after(now, TICK_NS);

	take_frames(play);
	if (mono_since(now, play->looked) >= TICK_NS)
		look(play);
	runs_begin(&play->runs, now, wall);
	for (size_t i = 0; i < DISPATCH_RUNS; i++) {
		struct run *run = &play->runs.open[i];
		if (!run->sweep)
			continue;
		play->world.sweep = run->number;
		struct mono next = runs_drive(&play->runs, run, now);
		if (next.ns == INT64_MAX)
			end_sweep(play, run);
		wake = mono_min(wake, next.ns == INT64_MAX ? now : next);
	}
	return mono_min(
		wake, mono_after(now, wall_since(scheduler_wake(&play->runs.scheduler), wall)));
}
