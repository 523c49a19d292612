#include "prober/runtime.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "prober/sweep/way.h"

/* The last chance of what waits for the store when we are to end. */
#define RUNTIME_PATIENCE_NS (10 * NS_PER_S)

/* --- the hooks: their context is the loop's configuration --- */

static struct mono hook_now(void *ctx)
{
	(void)ctx;
	return clock_mono();
}

static int hook_send(void *ctx, const struct probe *probe)
{
	const struct loop_config *config = ctx;

	return transmit_send(config->transmit, probe);
}

static int kernel_ask(void *ctx, const struct route_question *question, struct route *ret)
{
	(void)ctx;
	return route_ask(question, ret);
}

static int kernel_hops(void *ctx, const struct route_question *question, struct route_hops *ret)
{
	(void)ctx;
	return route_hops(question, ret);
}

static int kernel_owner(void *ctx, struct ip4 address)
{
	(void)ctx;
	return route_owner(address);
}

static struct way hook_way(void *ctx, struct ip4 target)
{
	static const struct way_kernel kernel = {kernel_ask, kernel_hops, kernel_owner, NULL};
	const struct loop_config *config = ctx;
	struct route_question question = {.target = target,
		.interface = config->ifindex,
		.mark = config->settings->fwmark};
	struct way way;

	ip4_parse(config->settings->source, &question.source);
	int r = config->settings->interface[0] && !config->ifindex
			? -ENODEV
			: way_choose(&kernel, &question, &way);
	return r < 0 ? (struct way){.error = r} : way;
}

static void hook_begins(void *ctx, const struct launch *launch, const struct run *run)
{
	char block[ADDRESS_TEXT_SIZE];
	(void)ctx;

	if (launch->missed)
		log_warn("schedule: %" PRIu64 " sweep%s missed: the machine was asleep or too busy",
			launch->missed, launch->missed == 1 ? " was" : "s were");
	if (!run && launch->what != LAUNCH_BURST)
		log_warn("schedule: a sweep is skipped, %d are still open", DISPATCH_RUNS);
	if (!run || launch->what != LAUNCH_BURST)
		return;
	prefix_format(launch->block, block);
	log_info("%s may be %s: asking its hosts again", block,
		launch->path ? "going down" : "coming back");
}

static void hook_router(void *ctx, const struct trial_news *news)
{
	static const char *const what[] = {
		[TRIAL_BEGINS] = "is on trial, for the paths agree on it",
		[TRIAL_LEARNED] = "is learned",
		[TRIAL_ENDS] = "is asked no more",
	};
	const struct loop_config *config = ctx;
	const struct target_set *set = config->targets;
	char text[ADDRESS_TEXT_SIZE];

	ip4_format(news->address, text);
	log_info("path: router=%s role=%s %s%s%s", text, role_name(news->role), what[news->what],
		news->why ? ": " : "", news->why ? news->why : "");
	if (news->what == TRIAL_LEARNED)
		storing_put_targets(config->storing, set->rows, set->row_count);
}

static void hook_box(void *ctx, const struct box *box)
{
	char text[BOX_TEXT_SIZE];
	(void)ctx;

	box_format(box, text);
	if (box->why != BOX_NONE)
		log_warn("box: %s: a box may answer for them, and they count as nobody's", text);
	else
		log_info("box: %s: no more; they count as hosts'", text);
}

/* --- beginning and ending --- */

/* What was due while we did not run is no start that was missed: it is told in words. */
static void tell_pause(const struct loop_config *config, struct wall last)
{
	int64_t pause = wall_since(clock_wall(), last);
	char since[CLOCK_TEXT_SIZE];
	char length[TEXT_DURATION_SIZE];

	if (last.ns == 0 || pause < config->settings->full_interval_ns)
		return;
	wall_format(last, since);
	text_format_duration(pause / NS_PER_S * NS_PER_S, length);
	log_warn("watch: nothing was measured since %s, for %s: it did not run then", since,
		length);
}

static int learn_from_store(const struct loop_config *config, struct runs *runs, struct diag *why)
{
	struct sweep sweep;
	struct wall last = {0};
	int r = 0;

	if (!*config->history)
		return 0;
	while ((r = store_next(*config->history, &sweep, why)) > 0)
		if (strcmp(sweep.info.vantage, config->settings->vantage) == 0) {
			scheduler_recall(&runs->scheduler, &sweep);
			if (last.ns < sweep.info.end.ns)
				last = sweep.info.end;
		}
	store_reader_close(*config->history);
	*config->history = NULL;
	if (r == 0)
		tell_pause(config, last);
	return r;
}

int runtime_begin(struct loop_config *config, struct runs *ret, struct diag *why)
{
	struct runs_config runs_config = {
		.settings = config->settings,
		.targets = config->targets,
		.once = config->once,
		.partial = config->partial,
		.epoch = store_epoch(config->store),
		.hooks = {{hook_now, hook_send, config}, hook_way, hook_begins, hook_router,
			hook_box},
	};
	int r = identity_key_make(&runs_config.key);

	if (r == 0)
		r = store_last_sweep(
			config->store, config->settings->vantage, &runs_config.last_sweep);
	if (r < 0) {
		diag_set(why, "cannot begin: %s", strerror(-r));
		return r;
	}
	runs_init(ret, &runs_config, clock_wall());
	r = learn_from_store(config, ret, why);
	scheduler_start(&ret->scheduler, clock_wall());
	if (r < 0)
		runs_finish(ret);
	return r;
}

void runtime_end(
	const struct loop_config *config, struct tell *tell, struct runs *runs, struct run *run)
{
	struct sweep_counts counts;
	struct sweep sweep;

	if (!clock_synced(&run->info.clock_error_us))
		run->info.flags |= SWEEP_CLOCK_UNSYNCED;
	runs_end(runs, run, clock_wall(), &sweep, &counts);
	report_progress_end(config->style);
	if (!config->once) { /* a single sweep says so in the end */
		tell_health(tell, &sweep.info);
		tell_unsent(tell, &sweep.info, &counts);
	}
	storing_put(config->storing, &sweep, &counts);
}

/* --- what became of them --- */

static void tell_fate(
	const struct loop_config *config, struct tell *tell, const struct storing_parcel *parcel)
{
	const struct sweep_info *info = &parcel->sweep.info;
	bool stored = parcel->result == 0;
	char status[REPORT_STATUS_SIZE];

	tell_result(tell, info, parcel->result, parcel->why);
	if (!config->once || config->style != REPORT_TERMINAL) /* check tells it */
		report_sweep(config->style, info, &parcel->counts, stored);
	report_status(info, &parcel->counts, stored, status);
	notify_status(config->notify, status);
}

static void tell_fates(const struct loop_config *config, struct tell *tell)
{
	struct storing_parcel *parcel;

	while ((parcel = storing_take(config->storing))) {
		tell_fate(config, tell, parcel);
		storing_parcel_free(parcel);
	}
}

void runtime_look(const struct loop_config *config, struct tell *tell, struct mono now)
{
	struct storing_state state = storing_look(config->storing, now);

	tell_state(tell, &state);
	tell_fates(config, tell);
}

int runtime_finish(const struct loop_config *config, struct tell *tell, struct diag *why)
{
	uint64_t before = tell->lost_in_all;
	bool left = storing_end(config->storing, RUNTIME_PATIENCE_NS);
	struct storing_state state = storing_look(config->storing, clock_mono());
	uint64_t stuck = left ? 0 : state.waiting;

	tell_fates(config, tell);
	uint64_t lost = tell->lost_in_all - before + stuck;
	if (lost == 0)
		return 0;
	diag_set(why, "%" PRIu64 " sweep%s not stored: %s", lost, lost == 1 ? " is" : "s are",
		state.err < 0  ? state.why.text
		: tell->why[0] ? tell->why
			       : "the disk did not answer in time");
	return state.err < 0 ? state.err : -EIO;
}
