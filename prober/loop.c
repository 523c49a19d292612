#include "prober/loop.h"

#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <uv.h>

#include "core/log.h"
#include "core/mem.h"
#include "prober/packet/frame.h"
#include "prober/runtime.h"
#include "prober/speaker.h"

enum {
	LOOP_BATCH = 512, /* frames handed out at a time, LOOP_BATCHES times a wake-up */
	LOOP_BATCHES = 8,
};

/* The loop looks around this often even when nothing is due. */
#define LOOP_TICK_NS (100 * NS_PER_MS)

struct loop {
	struct loop_config own; /* hooks are handed this */
	const struct loop_config *config;
	struct diag *why;
	struct runs runs;
	struct self_check self_check;
	struct tell tell;

	uv_loop_t uv;
	uv_poll_t readable; /* .data of each points back here */
	uv_timer_t timer;
	uv_signal_t on_term, on_int, on_hup;

	struct mono now; /* of the frames being handed out */
	struct wall last_frame;
	size_t frames; /* handed out in this step */
	struct mono looked, shown;
	bool terminal; /* we talk to one, or did */
	bool stopping;
	int result;
};

static void on_timer(uv_timer_t *timer);
static void on_readable(uv_poll_t *poll, int status, int events);

static void stop(struct loop *loop, int result)
{
	loop->stopping = true;
	if (loop->result == 0)
		loop->result = result;
}

/* --- frames --- */

static void on_frame(void *ctx, const struct frame *frame)
{
	struct loop *loop = ctx;
	struct sighting sighting;

	loop->last_frame = frame->at;
	loop->frames++;
	enum sighting_verdict verdict = frame_parse(
		frame->link_type, frame->bytes, frame->len, frame->wire_len, &sighting);
	if (verdict == SIGHTING_PARSED && loop->own.ifindex && sighting.interface &&
		sighting.interface != loop->own.ifindex)
		return;
	if (verdict == SIGHTING_PARSED)
		dispatch_sighting(&loop->runs.dispatch, loop->now, frame->at, &sighting);
	else
		dispatch_unparsed(&loop->runs.dispatch, verdict);
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

/* --- the step --- */

static void look(struct loop *loop, struct mono now, struct wall wall)
{
	struct self_check_reading reading = {
		.mono = now,
		.wall = wall,
		.asleep_ns = clock_asleep_ns(),
		.dropped = loop->self_check.last.dropped,
	};

	capture_dropped(loop->config->capture, &reading.dropped);
	struct self_check_result glance = self_check_look(&loop->self_check, &reading);
	uint64_t dropped = speaker_dropped();
	if (dropped)
		log_warn("log: %" PRIu64 " line%s dropped, standard error took none", dropped,
			dropped == 1 ? " was" : "s were");
	if (glance.flags & SWEEP_CLOCK_STEP)
		log_warn("clock: the wall clock stepped");
	if (glance.flags & SWEEP_SUSPENDED)
		log_warn("clock: we were stopped for a while");
	runs_look(&loop->runs, &glance, now);
	/* Gone, it keeps its index and nothing counts; another of its name is followed. */
	const char *interface = loop->config->settings->interface;
	int ifindex = (int)if_nametoindex(interface);
	if (ifindex && ifindex != loop->own.ifindex &&
		transmit_bind_interface(loop->config->transmit, interface) == 0)
		loop->own.ifindex = ifindex;
	loop->looked = now;
}

static struct mono drive(struct loop *loop, struct run *run, struct mono seen, struct mono now)
{
	struct mono next = runs_drive(&loop->runs, run, seen);

	if (next.ns == INT64_MAX) {
		look(loop, clock_mono(), clock_wall()); /* a last drop still counts */
		runtime_end(loop->config, &loop->tell, &loop->runs, run);
		return now;
	}
	if (mono_since(now, loop->shown) > LOOP_TICK_NS) {
		report_progress(
			loop->config->style, run->sweep, wall_since(clock_wall(), run->info.start));
		loop->shown = now;
	}
	return next;
}

/*
 * While frames come, the timer wakes us each millisecond instead of every frame
 * by itself: stamps are the kernel's, so nothing is lost but wake-ups. The
 * capture is polled again once a step found nothing. When only the pace holds us
 * back, it says how long a breath is.
 */
static void coalesce(struct loop *loop, struct mono *wake, struct mono now)
{
	const struct pace *pace = &loop->runs.drive.pace;
	bool paced = wake->ns > now.ns && wake->ns == pace_next(pace).ns;
	struct mono breath = mono_after(now, paced ? pace_breath_ns(pace) : NS_PER_MS);
	bool busy = loop->frames > 0;

	if (paced && wake->ns < breath.ns)
		*wake = breath;
	else if (busy)
		*wake = mono_min(*wake, breath);
	if (busy && uv_is_active((uv_handle_t *)&loop->readable))
		uv_poll_stop(&loop->readable);
	else if (!busy && !uv_is_active((uv_handle_t *)&loop->readable))
		uv_poll_start(&loop->readable, UV_READABLE, on_readable);
	loop->frames = 0;
}

static void step(struct loop *loop)
{
	struct mono seen = take_frames(loop);
	struct wall wall = clock_wall();
	struct mono now = clock_mono();
	struct mono wake = mono_after(now, LOOP_TICK_NS);

	if (mono_since(now, loop->looked) >= LOOP_TICK_NS) {
		look(loop, now, wall);
		runtime_look(loop->config, &loop->tell, now);
		notify_alive(loop->config->notify, now);
	}
	runs_begin(&loop->runs, now, wall);
	for (size_t i = 0; i < DISPATCH_RUNS; i++)
		if (loop->runs.open[i].sweep)
			wake = mono_min(wake, drive(loop, &loop->runs.open[i], seen, now));
	int64_t until_due = wall_since(scheduler_wake(&loop->runs.scheduler), wall);
	wake = mono_min(wake, mono_after(now, until_due));
	if (runs_done(&loop->runs))
		stop(loop, 0);
	if (loop->stopping) {
		uv_stop(&loop->uv);
		return;
	}
	coalesce(loop, &wake, now);
	int64_t delay = mono_since(wake, clock_mono());
	uv_update_time(&loop->uv);
	uv_timer_start(&loop->timer, on_timer,
		delay <= 0 ? 0 : (uint64_t)((delay + NS_PER_MS - 1) / NS_PER_MS), 0);
}

/* --- libuv --- */

static void on_timer(uv_timer_t *timer)
{
	step(timer->data);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	(void)events;
	(void)status; /* an interface that went down: the capture says so too */
	step(poll->data);
}

static void on_signal(uv_signal_t *handle, int signum)
{
	struct loop *loop = handle->data;

	log_info("stopping: a signal (%s) asks for it", strsignal(signum));
	stop(loop, 1);
	uv_stop(&loop->uv);
}

/* A terminal that is closed sends it too; then nobody is there who meant us to go on. */
static void on_hangup(uv_signal_t *handle, int signum)
{
	struct loop *loop = handle->data;
	bool alone = loop->terminal && !isatty(STDERR_FILENO);

	if (loop->config->once || alone)
		on_signal(handle, signum);
	else
		runtime_reload(loop->config, &loop->runs);
}

/* From here on SIGHUP is ours, and one that came before is served: main() held it back.
 * `nohup lightsout check` stays what it was. */
static int open_hangup(struct loop *loop)
{
	struct sigaction before;
	sigset_t held;
	int r = uv_signal_init(&loop->uv, &loop->on_hup);

	sigaction(SIGHUP, NULL, &before);
	if (r == 0 && !(loop->config->once && before.sa_handler == SIG_IGN))
		r = uv_signal_start(&loop->on_hup, on_hangup, SIGHUP);
	sigemptyset(&held);
	sigaddset(&held, SIGHUP);
	sigprocmask(SIG_UNBLOCK, &held, NULL);
	return r;
}

static void close_handle(uv_handle_t *handle, void *ctx)
{
	(void)ctx;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static int open_handles(struct loop *loop)
{
	loop->readable.data = loop->timer.data = loop;
	loop->on_term.data = loop->on_int.data = loop->on_hup.data = loop;
	loop->terminal = isatty(STDERR_FILENO);
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
	if (r == 0)
		r = open_hangup(loop);
	return r;
}

static int run_handles(struct loop *loop)
{
	int r = uv_loop_init(&loop->uv);

	if (r < 0)
		return r;
	r = open_handles(loop);
	if (r == 0) {
		notify_ready(loop->config->notify);
		uv_run(&loop->uv, UV_RUN_DEFAULT);
		notify_stopping(loop->config->notify);
		struct diag lost = {0};
		r = runtime_finish(loop->config, &loop->tell, &lost);
		if (loop->result < 0 || r == 0)
			r = loop->result;
		else
			*loop->why = lost;
	}
	uv_walk(&loop->uv, close_handle, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	uv_loop_close(&loop->uv);
	return r;
}

int loop_run(const struct loop_config *config, struct diag *why)
{
	struct loop *loop = mem_zeroed(1, sizeof(*loop));

	loop->own = *config;
	loop->config = &loop->own;
	loop->why = why;
	int r = runtime_begin(&loop->own, &loop->runs, why);
	if (r == 0) {
		look(loop, clock_mono(), clock_wall());
		r = run_handles(loop);
		runs_finish(&loop->runs);
	}
	free(loop);
	return r;
}
