#include "analysis/vantage/probe_times.h"

#include <math.h>

#include "core/clock.h"
#include "core/mem.h"

void probe_times_finish(struct probe_times *probe_times)
{
	mem_free(probe_times->items);
	*probe_times = (struct probe_times){0};
}

void probe_times_begin(struct probe_times *probe_times, const struct sweep_info *info)
{
	probe_times->start = info->start;
	probe_times->end = info->end;
	probe_times->kept = probe_times->left = 0;
}

static double lasts_s(const struct probe_times *probe_times)
{
	return (double)(probe_times->end.ns - probe_times->start.ns) / (double)NS_PER_S;
}

/* So far from its place it may be: five seconds, for a clock or a pace that wavers, and what
 * it strayed. */
static double reach_s(const struct probe_time *probe_time, const struct parameters *parameters)
{
	return TIME_STRAYS * (double)probe_time->off_s +
	       (double)parameters->flap_ns / 36 / (double)NS_PER_S;
}

static struct probe_time *probe_time_at(struct probe_times *probe_times, size_t i)
{
	probe_times->items = mem_grow(
		probe_times->items, &probe_times->capacity, i + 1, sizeof(*probe_times->items));
	while (probe_times->count <= i)
		probe_times->items[probe_times->count++] = (struct probe_time){0};
	return &probe_times->items[i];
}

void probe_times_see(struct probe_times *probe_times, uint32_t host, enum channel channel,
	const struct observation *o, const struct parameters *parameters)
{
	struct probe_time *probe_time =
		probe_time_at(probe_times, (size_t)host * CHANNEL_COUNT + channel);
	double after_s = (double)(o->probed_at.ns - probe_times->start.ns) / (double)NS_PER_S;
	double off_s = fabs(after_s - (double)probe_time->after_s);

	/* The time of a second attempt says less of when it was asked first. */
	if (observation_is_life(o) && o->attempt > 1)
		return;
	if (!(probe_time->off_s > 0)) {
		*probe_time = (struct probe_time){
			(float)after_s, (float)(TIME_STRAY * lasts_s(probe_times))};
		return;
	}
	if (reach_s(probe_time, parameters) < TIME_STRAY * lasts_s(probe_times)) {
		probe_times->left += off_s > reach_s(probe_time, parameters);
		probe_times->kept += off_s <= reach_s(probe_time, parameters);
	}
	probe_time->after_s += (float)(TIME_NEW * (after_s - (double)probe_time->after_s));
	probe_time->off_s += (float)(TIME_NEW * (off_s - (double)probe_time->off_s));
}

static int64_t within(const struct probe_times *probe_times, double after_s)
{
	double most_s = lasts_s(probe_times);

	if (!(after_s > 0))
		return probe_times->start.ns;
	return after_s < most_s ? probe_times->start.ns + (int64_t)(after_s * (double)NS_PER_S)
				: probe_times->end.ns;
}

struct time_range probe_times_find(const struct probe_times *probe_times, uint32_t host,
	enum channel channel, const struct parameters *parameters)
{
	size_t i = (size_t)host * CHANNEL_COUNT + channel;
	const struct probe_time *probe_time =
		i < probe_times->count ? &probe_times->items[i] : NULL;

	if (!probe_time || !(probe_time->off_s > 0) ||
		(double)probe_times->left >
			TIME_ELSEWHERE * (double)(probe_times->left + probe_times->kept))
		return (struct time_range){probe_times->start.ns, probe_times->end.ns};
	double reach = reach_s(probe_time, parameters);
	return (struct time_range){within(probe_times, (double)probe_time->after_s - reach),
		within(probe_times, (double)probe_time->after_s + reach)};
}
