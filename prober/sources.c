#include "prober/sources.h"

#include "core/mem.h"

struct ip4 *sources_look_up(const struct runs *runs)
{
	const struct settings *settings = runs->config.settings;
	const struct runs_hooks *hooks = &runs->config.hooks;
	const struct target_set *set = runs->config.targets;
	size_t count = set->address_count + set->control_count;
	struct ip4 *sources = mem_zeroed(count, sizeof(*sources));
	struct ip4 fixed = {0};
	struct ip4 last = {0};

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
		else
			hooks->source(hooks->drive.ctx, target, &sources[i]);
		last = target;
	}
	return sources;
}

/* How often it is looked whether our address has changed. */
#define SOURCE_LOOK_NS NS_PER_S

/* A cable that is plugged in again, a lease that comes late or with another address: the
 * rest of a sweep need not be lost, and what was asked from the old address is not silent. */
static void follow_source(struct runs *runs, struct run *run, struct mono since, struct mono now)
{
	const struct runs_hooks *hooks = &runs->config.hooks;
	struct ip4 source;

	if (!sweep_follow_source(run->sweep, hooks->source, hooks->drive.ctx, &source))
		return;
	if (run->info.has_source)
		sweep_dropped(run->sweep, since, now, 0);
	else
		run->info.source = source;
	run->info.has_source = true;
}

void sources_follow(struct runs *runs, struct mono now)
{
	struct mono since = runs->sources_at;

	if (runs->config.settings->source[0] || mono_since(now, since) < SOURCE_LOOK_NS)
		return;
	for (size_t i = 0; i < DISPATCH_RUNS; i++)
		if (runs->open[i].sweep)
			follow_source(runs, &runs->open[i], since, now);
	runs->sources_at = now;
}
