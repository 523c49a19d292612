#include "prober/hands.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "prober/route.h"

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

static bool hook_source(void *ctx, struct ip4 target, struct ip4 *ret)
{
	const struct loop_config *config = ctx;
	struct route route;

	if (route_lookup(target, config->settings->interface, &route) < 0)
		return false;
	*ret = route.source;
	return true;
}

static void hook_begins(void *ctx, const struct conduct *conduct, const struct run *run)
{
	char block[ADDRESS_TEXT_SIZE];
	(void)ctx;

	if (conduct->missed)
		log_warn("schedule: missed=%" PRIu64, conduct->missed);
	if (!run && conduct->what != CONDUCT_ZOOM)
		log_warn("schedule: a sweep is skipped, %d are still open", DISPATCH_RUNS);
	if (!run || conduct->what != CONDUCT_ZOOM)
		return;
	prefix_format(conduct->block, block);
	log_info("zoom: block=%s %s", block, conduct->path ? "seems to fall" : "seems to return");
}

static void hook_learned(void *ctx, struct ip4 router, enum role role)
{
	const struct loop_config *config = ctx;
	const struct target_set *set = config->targets;
	char text[ADDRESS_TEXT_SIZE];
	struct diag why;

	ip4_format(router, text);
	log_info("path: router=%s role=%s is learned", text, role_name(role));
	if (store_put_targets(config->store, set->rows, set->row_count, &why) < 0)
		log_error("store: the target list is not kept: %s", why.text);
}

/* --- beginning and ending --- */

static int learn_from_store(const struct loop_config *config, struct runs *runs, struct diag *why)
{
	struct store_reader *reader;
	struct sweep sweep;
	int r = store_read(config->store, (struct wall){INT64_MAX}, why, &reader);

	if (r < 0)
		return r;
	while ((r = store_next(reader, &sweep, why)) > 0)
		if (strcmp(sweep.info.vantage, config->settings->vantage) == 0)
			conductor_learn(&runs->conductor, &sweep);
	store_reader_close(reader);
	return r;
}

int hands_begin(struct loop_config *config, struct runs *ret, struct diag *why)
{
	struct runs_config runs_config = {
		.settings = config->settings,
		.targets = config->targets,
		.once = config->once,
		.partial = config->partial,
		.epoch = store_epoch(config->store),
		.hooks = {{hook_now, hook_send, config}, hook_source, hook_begins, hook_learned},
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
	r = config->once ? 0 : learn_from_store(config, ret, why);
	if (r < 0)
		runs_finish(ret);
	return r;
}

/* What became of a sweep in the store, once for each change. */
static void tell_trouble(
	struct hands_trouble *trouble, int r, uint64_t sweep, const struct diag *why)
{
	if (r < 0) {
		if (trouble->err != r)
			log_error("store: sweep=%" PRIu64 " is not kept: %s; probing goes on",
				sweep, why->text);
		trouble->err = r;
		trouble->lost++;
	} else if (trouble->err < 0) {
		log_warn("store: sweep=%" PRIu64 " is kept again; lost=%" PRIu64, sweep,
			trouble->lost);
		trouble->err = 0;
		trouble->lost = 0;
	}
}

/* Flags that say how well we see; the others are of one sweep. */
#define HEALTH_FLAGS                                                                               \
	(SWEEP_CAPTURE_DROP | SWEEP_ANCHORS_DOWN | SWEEP_UNPROVEN | SWEEP_INTERFACE_DOWN |         \
		SWEEP_CLOCK_UNSYNCED | SWEEP_GATEWAY_DOWN)

/* Once for each change of how well we see. */
static void tell_health(struct hands_trouble *trouble, const struct sweep_info *info)
{
	uint32_t flags = info->flags & HEALTH_FLAGS;
	char from[FLAGS_TEXT_SIZE];
	char to[FLAGS_TEXT_SIZE];

	if (info->sweep < trouble->sweep) /* a long one that ends after others */
		return;
	trouble->sweep = info->sweep;
	if (flags == trouble->flags)
		return;
	flags_format(trouble->flags, from);
	flags_format(flags, to);
	if (flags)
		log_warn("eyes: sweep=%" PRIu64 " from=%s to=%s", info->sweep,
			from[0] ? from : "clear", to);
	else
		log_info("eyes: sweep=%" PRIu64 " from=%s to=clear", info->sweep, from);
	trouble->flags = flags;
}

int hands_end(const struct loop_config *config, struct hands_trouble *trouble, struct runs *runs,
	struct run *run, struct diag *why)
{
	struct sweep_counts counts;
	struct sweep sweep;
	char status[REPORT_STATUS_SIZE];

	if (!clock_synced(&run->info.clock_error_us))
		run->info.flags |= SWEEP_CLOCK_UNSYNCED;
	runs_end(runs, run, clock_wall(), &sweep, &counts);
	int r = store_append(config->store, &sweep, why);
	report_progress_end(config->face);
	if (!config->once) { /* a single sweep says so in the end */
		tell_health(trouble, &sweep.info);
		tell_trouble(trouble, r, sweep.info.sweep, why);
	}
	if (!config->once || config->face != REPORT_TERMINAL) /* check tells it */
		report_sweep(config->face, &sweep.info, &counts, r >= 0);
	report_status(&sweep.info, &counts, r >= 0, status);
	notify_status(config->notify, status);
	free(sweep.observations);
	free(sweep.hops);
	return r < 0 ? r : 0;
}
