#include "prober/loop.h"

#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "core/log.h"
#include "core/mem.h"
#include "prober/dispatch.h"
#include "prober/drive.h"
#include "prober/eyes.h"
#include "prober/packet/frame.h"
#include "prober/plan.h"
#include "prober/route.h"
#include "prober/schedule.h"

enum {
	LOOP_RUNS = 4,    /* sweeps that may be open at once */
	LOOP_BATCH = 512, /* frames a wake-up hands out, times LOOP_BATCHES */
	LOOP_BATCHES = 8,
};

/* The loop looks around this often even when nothing is due. */
#define LOOP_TICK_NS (100 * NS_PER_MS)

struct loop {
	const struct loop_config *config;
	uv_loop_t uv;
	uv_poll_t readable;
	uv_timer_t timer;
	uv_signal_t on_term, on_int;

	struct dispatch dispatch; /* frames to sweeps */
	struct eyes eyes;         /* what makes us blind */
	struct drive drive;       /* who may send, when */
	struct schedule schedule;
	struct learn learn;
	struct identity_key key;
	struct sweep_run *runs[LOOP_RUNS];
	struct sweep_info infos[LOOP_RUNS];
	struct mono now; /* of the frames being handed out */
	struct mono looked, shown;
	int64_t rtt_max_ns;
	uint64_t next_sweep;
	uint64_t started, stored;
	unsigned int ifindex; /* -I: of the interface that counts; 0: any */
	struct wall last_frame;
	bool stopping;
	int result;
	struct diag *why;
};

static void on_timer(uv_timer_t *timer);

static void stop(struct loop *loop, int result)
{
	loop->stopping = true;
	if (loop->result == 0)
		loop->result = result;
}

/* --- beginning a sweep --- */

/* Our address towards each target and control, one look-up a block; 0.0.0.0
 * where there is no route. Owned by the caller. */
static struct ip4 *look_up_sources(const struct loop *loop)
{
	const struct target_set *set = loop->config->targets;
	size_t count = set->address_count + set->control_count;
	struct ip4 *sources = mem_zeroed(count, sizeof(*sources));
	struct ip4 fixed = {0};
	struct ip4 last = {0};
	const struct settings *settings = loop->config->settings;
	struct route route;

	if (settings->source[0])
		ip4_parse(settings->source, &fixed);
	for (size_t i = 0; i < count; i++) {
		bool control = i >= set->address_count;
		struct ip4 target =
			control ? set->controls[i - set->address_count] : set->addresses[i];
		sources[i] = fixed;
		if (fixed.host)
			continue;
		if (i > 0 && !control && prefix_holds(block_of(last), target))
			sources[i] = sources[i - 1];
		else if (route_lookup(target, settings->interface, &route) == 0)
			sources[i] = route.source;
		last = target;
	}
	return sources;
}

static size_t free_place(const struct loop *loop)
{
	size_t i = 0;

	while (i < LOOP_RUNS && loop->runs[i])
		i++;
	return i;
}

static void begin_full(struct loop *loop, struct mono now, struct wall wall, uint32_t flags)
{
	const struct settings *settings = loop->config->settings;
	bool scheduled = !loop->config->once;
	size_t place = free_place(loop);
	struct plan plan;

	if (place == LOOP_RUNS) {
		log_warn("sweep: skipped, %d are still open", LOOP_RUNS);
		return;
	}
	struct ip4 *sources = look_up_sources(loop);
	const struct plan_input input = {
		.settings = settings,
		.set = loop->config->targets,
		.sources = sources,
		.learn = scheduled ? &loop->learn : NULL,
		.round = (uint64_t)(wall.ns / settings->full_interval_ns),
	};
	plan_full(&input, &plan);
	free(sources);

	struct sweep_plan sweep_plan = {
		.sweep = loop->next_sweep++,
		.tier = TIER_FULL,
		.start = now,
		.start_wall = wall,
		.interval_ns = scheduled ? settings->full_interval_ns : 0,
		.tasks = plan.tasks,
		.task_count = plan.count,
		.wait_ns = settings->wait_ns,
		.rtt_max_ns = loop->rtt_max_ns,
		.retry_count = settings->retry_count,
		.source_port = settings->source_port,
		.key = loop->key,
	};
	memcpy(sweep_plan.retries_ns, settings->retries_ns,
		settings->retry_count * sizeof(settings->retries_ns[0]));

	struct sweep_info *info = &loop->infos[place];
	*info = (struct sweep_info){.clock_error_us = -1, .flags = flags};
	snprintf(info->vantage, sizeof(info->vantage), "%s", settings->vantage);
	snprintf(info->epoch, sizeof(info->epoch), "%s", store_epoch(loop->config->store));
	memcpy(info->methods, plan.methods, sizeof(info->methods));
	info->has_source = plan.count > 0 && plan.tasks[0].source.host != 0;
	info->source = plan.count > 0 ? plan.tasks[0].source : (struct ip4){0};
	if (!info->has_source)
		info->flags |= SWEEP_INTERFACE_DOWN;

	loop->runs[place] = sweep_create(&sweep_plan);
	dispatch_add(&loop->dispatch, loop->runs[place], sweep_plan.sweep);
	plan_finish(&plan);
	loop->started++;
}

static void begin_due(struct loop *loop, struct mono now, struct wall wall)
{
	const struct settings *settings = loop->config->settings;
	int64_t late = 0;

	if (loop->stopping)
		return;
	if (loop->config->once) {
		if (loop->started == 0)
			begin_full(loop, now, wall, 0);
		return;
	}
	if (settings->count && loop->started >= settings->count)
		return;
	if (!schedule_due(&loop->schedule, wall, &late))
		return;
	for (size_t i = 0; i < LOOP_RUNS; i++)
		if (loop->runs[i])
			loop->infos[i].flags |= SWEEP_OVERRUN;
	if (loop->schedule.missed)
		log_warn("schedule: missed=%" PRIu64 " sweeps", loop->schedule.missed);
	begin_full(loop, now, wall, late > 50 * NS_PER_MS ? SWEEP_LATE : 0);
}

/* --- sending --- */

static struct mono hook_now(void *ctx)
{
	(void)ctx;
	return clock_mono();
}

static int hook_send(void *ctx, const struct probe *probe)
{
	const struct loop *loop = ctx;

	return transmit_send(loop->config->transmit, probe);
}

/* --- ending a sweep --- */

static void end_sweep(struct loop *loop, size_t place, struct wall wall)
{
	struct sweep_run *run = loop->runs[place];
	struct sweep_info *info = &loop->infos[place];
	struct diag why = {0};
	struct sweep sweep;

	if (!clock_synced(&info->clock_error_us))
		info->flags |= SWEEP_CLOCK_UNSYNCED;
	sweep_result(run, info, wall, &sweep);
	int r = store_append(loop->config->store, &sweep, &why);
	if (r < 0) {
		log_error("store: sweep=%" PRIu64 " is not kept: %s", sweep.info.sweep, why.text);
		if (loop->config->once) {
			*loop->why = why;
			stop(loop, r);
		}
	}
	loop->stored += r >= 0;
	report_progress_end(loop->config->face);
	if (!loop->config->once || loop->config->face != REPORT_TERMINAL) /* check tells it */
		report_sweep(loop->config->face, &sweep.info, sweep_counts(run), r >= 0);
	learn_sweep(&loop->learn, &sweep);
	free(sweep.observations);
	free(sweep.hops);
	if (loop->rtt_max_ns < sweep_rtt_max(run))
		loop->rtt_max_ns = sweep_rtt_max(run);
	dispatch_remove(&loop->dispatch, run, clock_mono());
	sweep_destroy(run);
	loop->runs[place] = NULL;
}

static bool all_done(const struct loop *loop)
{
	const struct settings *settings = loop->config->settings;
	uint64_t wanted = loop->config->once ? 1 : settings->count;

	for (size_t i = 0; i < LOOP_RUNS; i++)
		if (loop->runs[i])
			return false;
	return wanted > 0 && loop->started >= wanted;
}

/* --- the step --- */

static void on_frame(void *ctx, const struct frame *frame)
{
	struct loop *loop = ctx;
	struct sighting sighting;
	int ifindex = 0;

	loop->last_frame = frame->at;
	enum sighting_verdict verdict = frame_parse(
		frame->link_type, frame->bytes, frame->len, frame->wire_len, &sighting, &ifindex);
	if (loop->ifindex && ifindex && (unsigned int)ifindex != loop->ifindex)
		return;
	if (verdict == SIGHTING_PARSED)
		dispatch_sighting(&loop->dispatch, loop->now, frame->at, &sighting);
	else
		dispatch_unparsed(&loop->dispatch, verdict);
}

/* Hand out what the capture holds. Returns the time up to which all is seen. */
static struct mono take_frames(struct loop *loop)
{
	struct mono before = clock_mono();
	int n = LOOP_BATCH;

	for (int i = 0; i < LOOP_BATCHES && n == LOOP_BATCH; i++) {
		before = loop->now = clock_mono();
		n = capture_dispatch(loop->config->capture, LOOP_BATCH, on_frame, loop);
	}
	if (n < 0 && n != -ENETDOWN) {
		diag_set(loop->why, "the capture died: %s", strerror(-n));
		stop(loop, n);
	}
	if (n < LOOP_BATCH)
		return before;
	/* Frames are left: we know as much as the last of them was old. */
	int64_t lag = wall_since(clock_wall(), loop->last_frame);
	return mono_after(before, lag > 0 ? -lag : 0);
}

/* A hundred milliseconds at most pass between two looks. */
static void look(struct loop *loop, struct mono now, struct wall wall)
{
	struct eyes_reading reading = {
		.mono = now,
		.wall = wall,
		.asleep_ns = clock_asleep_ns(),
		.dropped = loop->eyes.last.dropped,
	};

	capture_dropped(loop->config->capture, &reading.dropped);
	struct eyes_glance glance = eyes_look(&loop->eyes, &reading);
	for (size_t i = 0; i < LOOP_RUNS; i++) {
		if (!loop->runs[i])
			continue;
		loop->infos[i].flags |= glance.flags;
		if (glance.dropped)
			sweep_dropped(loop->runs[i], glance.since, now, glance.dropped);
	}
	/* Gone, it keeps its index and nothing counts; another of its name is followed. */
	unsigned int ifindex = if_nametoindex(loop->config->settings->interface);
	if (ifindex && ifindex != loop->ifindex &&
		transmit_bind_interface(
			loop->config->transmit, loop->config->settings->interface) == 0)
		loop->ifindex = ifindex;
	loop->looked = now;
}

/* Drive one open sweep; returns when it wants to be driven again. */
static struct mono drive_place(struct loop *loop, size_t i, struct mono seen, struct mono now)
{
	struct mono next = drive_sweep(&loop->drive, loop->runs[i], seen);

	if (next.ns == INT64_MAX) {
		look(loop, clock_mono(), clock_wall()); /* a last drop still counts */
		end_sweep(loop, i, clock_wall());
		return now;
	}
	if (now.ns > drive_deadline(&loop->drive, loop->runs[i]).ns) {
		loop->infos[i].flags |= SWEEP_CUT_SHORT;
		sweep_abandon(loop->runs[i]);
		return now;
	}
	if (mono_since(now, loop->shown) > LOOP_TICK_NS) {
		report_progress(loop->config->face, loop->runs[i],
			wall_since(clock_wall(), loop->infos[i].start));
		loop->shown = now;
	}
	return next;
}

static void step(struct loop *loop)
{
	struct mono seen = take_frames(loop);
	struct wall wall = clock_wall();
	struct mono now = clock_mono();
	struct mono wake = mono_after(now, LOOP_TICK_NS);

	if (mono_since(now, loop->looked) >= LOOP_TICK_NS)
		look(loop, now, wall);
	begin_due(loop, now, wall);
	for (size_t i = 0; i < LOOP_RUNS; i++)
		if (loop->runs[i])
			wake = mono_min(wake, drive_place(loop, i, seen, now));
	if (!loop->config->once)
		wake = mono_min(wake, mono_after(now, wall_since(loop->schedule.next, wall)));
	if (all_done(loop))
		stop(loop, 0);
	if (loop->stopping) {
		uv_stop(&loop->uv);
		return;
	}
	int64_t delay = mono_since(wake, clock_mono());
	uv_update_time(&loop->uv);
	uv_timer_start(&loop->timer, on_timer,
		delay <= 0 ? 0 : (uint64_t)((delay + NS_PER_MS - 1) / NS_PER_MS), 0);
}

static void on_timer(uv_timer_t *timer)
{
	step(timer->data);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	(void)events;
	(void)status; /* an interface that went down: dispatch says so too */
	step(poll->data);
}

static void on_signal(uv_signal_t *handle, int signum)
{
	struct loop *loop = handle->data;

	log_info("loop: signal=%d ends it", signum);
	stop(loop, 1);
	uv_stop(&loop->uv);
}

static void close_handle(uv_handle_t *handle, void *ctx)
{
	(void)ctx;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static int open_handles(struct loop *loop)
{
	loop->readable.data = loop->timer.data = loop->on_term.data = loop->on_int.data = loop;
	int r = uv_poll_init(&loop->uv, &loop->readable, capture_fd(loop->config->capture));
	if (r == 0)
		r = uv_poll_start(&loop->readable, UV_READABLE, on_readable);
	if (r == 0)
		r = uv_timer_init(&loop->uv, &loop->timer);
	if (r == 0)
		r = uv_timer_start(&loop->timer, on_timer, 0, 0);
	if (r == 0)
		r = uv_signal_init(&loop->uv, &loop->on_term);
	if (r == 0)
		r = uv_signal_start(&loop->on_term, on_signal, SIGTERM);
	if (r == 0)
		r = uv_signal_init(&loop->uv, &loop->on_int);
	if (r == 0)
		r = uv_signal_start(&loop->on_int, on_signal, SIGINT);
	return r;
}

static int prepare(struct loop *loop)
{
	const struct settings *settings = loop->config->settings;
	uint64_t last = 0;
	int r = identity_key_make(&loop->key);

	if (r == 0)
		r = store_last_sweep(loop->config->store, settings->vantage, &last);
	if (r < 0)
		return diag_set(loop->why, "cannot begin: %s", strerror(-r)), r;
	loop->next_sweep = last + 1;
	learn_init(&loop->learn, settings, loop->config->targets->addresses,
		loop->config->targets->address_count);
	dispatch_init(&loop->dispatch, &loop->key, (uint8_t)(1 + settings->retry_count));
	drive_init(&loop->drive, &(struct drive_hooks){hook_now, hook_send, loop}, settings,
		loop->config->targets);
	schedule_init(&loop->schedule, settings->full_interval_ns, clock_wall());
	look(loop, clock_mono(), clock_wall());
	return 0;
}

int loop_run(const struct loop_config *config, struct diag *why)
{
	struct loop *loop = mem_zeroed(1, sizeof(*loop));

	loop->config = config;
	loop->why = why;
	int r = prepare(loop);
	if (r < 0)
		goto fail_free;
	r = uv_loop_init(&loop->uv);
	if (r < 0)
		goto fail_free;
	r = open_handles(loop);
	if (r == 0) {
		uv_run(&loop->uv, UV_RUN_DEFAULT);
		r = loop->result;
	}
	uv_walk(&loop->uv, close_handle, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	uv_loop_close(&loop->uv);
	for (size_t i = 0; i < LOOP_RUNS; i++)
		sweep_destroy(loop->runs[i]);
	drive_finish(&loop->drive);
	learn_finish(&loop->learn);
fail_free:
	free(loop);
	return r;
}
