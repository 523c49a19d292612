/* Settings and targets that change while sweeps are open. */
#include "prober/runs.h"

static bool allowed(const void *ctx, struct ip4 target)
{
	return target_set_allows(ctx, target);
}

/* Routers that were met on the path stay controls, unless somebody asked otherwise. */
static void keep_learned(struct target_set *set, const struct target_set *before)
{
	for (size_t i = 0; i < before->row_count; i++) {
		const struct target_row *row = &before->rows[i];
		struct ip4 router = row->prefix.base;
		if (row->role != ROLE_TARGET && target_row_is_learned(row) &&
			ip4_find(before->controls, before->control_count, router) != SIZE_MAX)
			target_set_learn(set, router, row->role);
	}
}

size_t runs_reload(
	struct runs *runs, const struct target_set *before, struct mono now, struct wall wall)
{
	const struct settings *settings = runs->config.settings;
	struct target_set *set = runs->config.targets;
	size_t withdrawn = 0;

	keep_learned(set, before);
	for (size_t i = 0; i < DISPATCH_RUNS; i++)
		if (runs->open[i].sweep)
			withdrawn += sweep_withdraw(runs->open[i].sweep, allowed, set, now);
	drive_reload(&runs->drive, settings, now);
	dispatch_attempts(&runs->dispatch, (uint8_t)(1 + settings->retry_count));
	conductor_reload(&runs->conductor, set->addresses, set->address_count, wall);
	return withdrawn;
}
