#include "prober/schedule/scheduler.h"

#include "prober/schedule/carry.h"

/* A start within this is on time. */
#define LATE_NS (50 * NS_PER_MS)

void conductor_init(struct conductor *c, const struct settings *settings, bool once,
	const struct ip4 *addresses, size_t count, struct wall now)
{
	*c = (struct conductor){.settings = settings, .once = once, .path_round = -1};
	conductor_start(c, now);
	learn_init(&c->learn, settings, addresses, count);
	zoom_init(&c->zoom, &c->learn, settings->watch_interval_ns);
	path_init(&c->path, &c->learn);
}

void conductor_start(struct conductor *c, struct wall now)
{
	schedule_init(&c->full, c->settings->full_interval_ns, now);
	schedule_init(&c->watch, c->settings->watch_interval_ns, now);
}

static void change_interval(struct schedule *schedule, int64_t interval_ns, struct wall now)
{
	if (schedule->interval_ns != interval_ns)
		schedule_init(schedule, interval_ns, now);
}

void conductor_reload(
	struct conductor *c, const struct ip4 *addresses, size_t count, struct wall now)
{
	const struct settings *settings = c->settings;
	struct learn before = c->learn;
	bool watched = learn_watched(&before) > 0;

	learn_init(&c->learn, settings, addresses, count);
	carry_learn(&before, &c->learn);
	c->learn.boxes = before.boxes; /* who answers for a block goes on doing so */
	before.boxes = (struct boxes){0};
	carry_zoom(&c->zoom, &before, settings->watch_interval_ns);
	carry_path(&c->path);
	learn_finish(&before);
	change_interval(&c->full, settings->full_interval_ns, now);
	change_interval(&c->watch, settings->watch_interval_ns, now);
	if (!watched)
		schedule_init(&c->watch, settings->watch_interval_ns, now);
}

void conductor_finish(struct conductor *c)
{
	path_finish(&c->path);
	zoom_finish(&c->zoom);
	learn_finish(&c->learn);
}

static bool watches(const struct conductor *c)
{
	return !c->once && c->settings->watch_interval_ns < c->settings->full_interval_ns &&
	       learn_watched(&c->learn) > 0;
}

bool conductor_done(const struct conductor *c)
{
	uint64_t wanted = c->once ? 1 : c->settings->count;

	return wanted > 0 && c->full_begun >= wanted;
}

static struct conduct begin(const struct schedule *schedule, enum conduct_what what, int64_t late)
{
	return (struct conduct){
		.what = what,
		.missed = schedule->missed,
		.late = late > LATE_NS,
	};
}

static struct conduct begin_watch(struct conductor *c, struct wall wall, int64_t late)
{
	struct conduct conduct = begin(&c->watch, CONDUCT_WATCH, late);
	int64_t every = c->settings->path_interval_ns;

	if (every > 0 && wall.ns / every != c->path_round) {
		c->path_round = wall.ns / every;
		conduct.path = true;
	}
	return conduct;
}

struct conduct conductor_next(struct conductor *c, struct mono now, struct wall wall)
{
	struct conduct none = {.what = CONDUCT_NOTHING};
	struct conduct zoomed = {.what = CONDUCT_ZOOM};
	int64_t late = 0;

	if (conductor_done(c))
		return none;
	if (c->once) {
		c->full_begun++;
		return (struct conduct){.what = CONDUCT_FULL};
	}
	if (schedule_due(&c->full, wall, &late)) {
		c->full_begun++;
		return begin(&c->full, CONDUCT_FULL, late);
	}
	if (!watches(c))
		return none;
	if (schedule_due(&c->watch, wall, &late))
		return begin_watch(c, wall, late);
	if (zoom_due(&c->zoom, now, &zoomed.block, &zoomed.path))
		return zoomed;
	return none;
}

struct wall conductor_wake(const struct conductor *c)
{
	struct wall wake = c->full.next;

	if (watches(c) && c->watch.next.ns < wake.ns)
		wake = c->watch.next;
	return wake;
}

void conductor_recall(struct conductor *c, const struct sweep *sweep)
{
	learn_sweep(&c->learn, sweep);
	path_learn(&c->path, sweep->hops, sweep->hop_count);
}

void conductor_learn(struct conductor *c, const struct sweep *sweep)
{
	bool watched = watches(c);

	conductor_recall(c, sweep);
	if (!watched) /* the tier begins now: what passed before was not missed */
		schedule_init(&c->watch, c->settings->watch_interval_ns, sweep->info.end);
}
