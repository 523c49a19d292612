#include "prober/active/sources.h"

#include <stdlib.h>

#include "core/mem.h"

static struct way look_up(const struct runs *runs, struct ip4 target)
{
	const struct runs_hooks *hooks = &runs->config.hooks;

	return hooks->way(hooks->drive.ctx, target);
}

/* One way for the block, if its first and its last address have the same. */
static void look_up_block(
	const struct runs *runs, const struct ip4 *targets, size_t count, struct way *ways)
{
	struct way first = look_up(runs, targets[0]);
	struct way last = count > 1 ? look_up(runs, targets[count - 1]) : first;
	bool one = first.whole && last.whole && way_equal(&first, &last);

	for (size_t i = 0; i < count; i++)
		ways[i] = one || i == 0 ? first : look_up(runs, targets[i]);
}

static int by_address(const void *a, const void *b)
{
	return ip4_order(a, b);
}

struct way *sources_look_up(const struct runs *runs)
{
	const struct target_set *set = runs->config.targets;
	const struct ip4 *targets = set->addresses;
	struct way *ways = mem_zeroed(set->address_count + set->control_count, sizeof(*ways));
	size_t end;

	for (size_t i = 0; i < set->address_count; i = end) {
		for (end = i; end < set->address_count &&
			      prefix_holds(block_of(targets[i]), targets[end]);)
			end++;
		look_up_block(runs, &targets[i], end - i, &ways[i]);
	}
	for (size_t i = 0; i < runs->apart_count; i++) {
		const struct ip4 *at = bsearch(
			&runs->apart[i], targets, set->address_count, sizeof(*targets), by_address);
		if (at)
			ways[at - targets] = look_up(runs, *at);
	}
	for (size_t i = 0; i < set->control_count; i++)
		ways[set->address_count + i] = look_up(runs, set->controls[i]);
	return ways;
}

/* How often it is looked whether our address has changed. */
#define SOURCE_LOOK_NS NS_PER_S

/* A cable that is plugged in again, a lease that comes late or with another address: the
 * rest of a sweep need not be lost, and what was asked from the old address is not silent. */
static void follow_source(struct runs *runs, struct run *run, struct mono since, struct mono now)
{
	const struct runs_hooks *hooks = &runs->config.hooks;
	struct ip4 source;

	if (!sweep_follow_ways(run->sweep, hooks->way, hooks->drive.ctx, &source))
		return;
	if (run->info.has_source)
		sweep_dropped(run->sweep, since, now, 0);
	else
		run->info.source = source;
	run->info.has_source = true;
}

/* Whoever's way is not his block's is looked up by himself from now on. */
static void keep_apart(struct runs *runs, struct run *run)
{
	const struct runs_hooks *hooks = &runs->config.hooks;
	struct ip4 strays[RUNS_APART];
	size_t count = sweep_strays(run->sweep, hooks->way, hooks->drive.ctx, strays, RUNS_APART);

	for (size_t i = 0; i < count; i++) {
		size_t k = 0;
		while (k < runs->apart_count && !ip4_equal(runs->apart[k], strays[i]))
			k++;
		if (k == runs->apart_count && k < RUNS_APART)
			runs->apart[runs->apart_count++] = strays[i];
	}
}

void sources_follow(struct runs *runs, struct mono now)
{
	struct mono since = runs->sources_at;

	if (mono_since(now, since) < SOURCE_LOOK_NS)
		return;
	for (size_t i = 0; i < DISPATCH_RUNS; i++)
		if (runs->open[i].sweep) {
			follow_source(runs, &runs->open[i], since, now);
			keep_apart(runs, &runs->open[i]);
		}
	runs->sources_at = now;
}
