#include "prober/schedule/scheduler.h"

#include "prober/schedule/carry.h"

/* A start within this is on time. */
#define LATE_NS (50 * NS_PER_MS)

void scheduler_init(struct scheduler *c, const struct settings *settings, bool once,
	const struct ip4 *addresses, size_t count, struct wall now)
{
	*c = (struct scheduler){.settings = settings, .once = once, .path_round = -1};
	scheduler_start(c, now);
	learn_init(&c->learn, settings, addresses, count);
	burst_init(&c->burst, &c->learn, settings->watch_interval_ns);
	path_init(&c->path, &c->learn);
}

void scheduler_start(struct scheduler *c, struct wall now)
{
	c->first = !c->recalled && !c->once;
	if (c->first)
		schedule_init_at_once(&c->full, c->settings->full_interval_ns, now);
	else
		schedule_init(&c->full, c->settings->full_interval_ns, now);
	schedule_init(&c->watch, c->settings->watch_interval_ns, now);
}

static void change_interval(struct schedule *schedule, int64_t interval_ns, struct wall now)
{
	if (schedule->interval_ns != interval_ns)
		schedule_init(schedule, interval_ns, now);
}

void scheduler_reload(
	struct scheduler *c, const struct ip4 *addresses, size_t count, struct wall now)
{
	const struct settings *settings = c->settings;
	struct learn before = c->learn;
	bool watched = learn_watched(&before) > 0;

	learn_init(&c->learn, settings, addresses, count);
	carry_learn(&before, &c->learn);
	c->learn.boxes = before.boxes; /* who answers for a block goes on doing so */
	before.boxes = (struct boxes){0};
	carry_burst(&c->burst, &before, settings->watch_interval_ns);
	carry_path(&c->path);
	learn_finish(&before);
	change_interval(&c->full, settings->full_interval_ns, now);
	change_interval(&c->watch, settings->watch_interval_ns, now);
	if (!watched)
		schedule_init(&c->watch, settings->watch_interval_ns, now);
}

void scheduler_finish(struct scheduler *c)
{
	path_finish(&c->path);
	burst_finish(&c->burst);
	learn_finish(&c->learn);
}

static bool watches(const struct scheduler *c)
{
	return !c->once && c->settings->watch_interval_ns < c->settings->full_interval_ns &&
	       learn_watched(&c->learn) > 0;
}

bool scheduler_done(const struct scheduler *c)
{
	uint64_t wanted = c->once ? 1 : c->settings->count;

	return wanted > 0 && c->full_begun >= wanted;
}

static struct launch begin(const struct schedule *schedule, enum launch_what what, int64_t late)
{
	return (struct launch){
		.what = what,
		.missed = schedule->missed,
		.late = late > LATE_NS,
	};
}

static struct launch begin_full(struct scheduler *c, int64_t late)
{
	struct launch launch = begin(&c->full, LAUNCH_FULL, late);

	launch.first = c->first;
	if (launch.first) /* the time that a start takes is no lateness */
		launch.late = false;
	c->first = false;
	c->full_begun++;
	return launch;
}

static struct launch begin_watch(struct scheduler *c, struct wall wall, int64_t late)
{
	struct launch launch = begin(&c->watch, LAUNCH_WATCH, late);
	int64_t every = c->settings->path_interval_ns;

	if (every > 0 && wall.ns / every != c->path_round) {
		c->path_round = wall.ns / every;
		launch.path = true;
	}
	return launch;
}

struct launch scheduler_next(struct scheduler *c, struct mono now, struct wall wall)
{
	struct launch none = {.what = LAUNCH_NOTHING};
	struct launch burst_at = {.what = LAUNCH_BURST};
	int64_t late = 0;

	if (scheduler_done(c))
		return none;
	if (c->once) {
		c->full_begun++;
		return (struct launch){.what = LAUNCH_FULL};
	}
	if (schedule_due(&c->full, wall, &late))
		return begin_full(c, late);
	if (!watches(c))
		return none;
	if (schedule_due(&c->watch, wall, &late))
		return begin_watch(c, wall, late);
	if (burst_due(&c->burst, now, &burst_at.block, &burst_at.path))
		return burst_at;
	return none;
}

struct wall scheduler_wake(const struct scheduler *c)
{
	struct wall wake = c->full.next;

	if (watches(c) && c->watch.next.ns < wake.ns)
		wake = c->watch.next;
	return wake;
}

static void learn(struct scheduler *c, const struct sweep *sweep)
{
	learn_sweep(&c->learn, sweep);
	path_learn(&c->path, sweep->hops, sweep->hop_count);
}

void scheduler_recall(struct scheduler *c, const struct sweep *sweep)
{
	c->recalled = true;
	learn(c, sweep);
}

void scheduler_learn(struct scheduler *c, const struct sweep *sweep)
{
	bool watched = watches(c);

	learn(c, sweep);
	if (!watched) /* the tier begins now: what passed before was not missed */
		schedule_init(&c->watch, c->settings->watch_interval_ns, sweep->info.end);
}
