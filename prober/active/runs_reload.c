/* Settings and targets that change while sweeps are open. */
#include "prober/active/runs.h"

static bool allowed(const void *ctx, struct ip4 target)
{
	return target_set_allows(ctx, target);
}

size_t runs_reload(struct runs *runs, struct mono now, struct wall wall)
{
	const struct settings *settings = runs->config.settings;
	struct target_set *set = runs->config.targets;
	size_t withdrawn = 0;

	routers_reload(&runs->routers, set->rows, set->row_count);
	trial_reload(&runs->trial, set);
	for (size_t i = 0; i < DISPATCH_RUNS; i++)
		if (runs->open[i].sweep)
			withdrawn += sweep_withdraw(runs->open[i].sweep, allowed, set, now);
	drive_reload(&runs->drive, settings, now);
	dispatch_attempts(&runs->dispatch, (uint8_t)(1 + settings->retry_count));
	scheduler_reload(&runs->scheduler, set->addresses, set->address_count, wall);
	return withdrawn;
}
