#include "analysis/outage/group.h"

#include <math.h>

#include "core/mem.h"

void groups_finish(struct groups *groups)
{
	for (size_t i = 0; i < groups->count; i++)
		mem_free(groups->items[i].disruptions);
	mem_free(groups->items);
}

/* Nine in ten of those it took, back for as long as separates two outages? */
static bool is_over(const struct group *group, const struct disruptions *disruptions, int64_t at_ns,
	const struct parameters *parameters)
{
	int64_t before_ns = at_ns - parameters->flap_ns;
	size_t back = 0;
	size_t all = 0;

	if (group->back_ns > before_ns)
		return false;
	for (size_t i = 0; i < group->count; i++) {
		const struct disruption *l = &disruptions->items[group->disruptions[i]];
		bool saturated = l->saturated && (!l->end_high_ns || l->end_high_ns > before_ns);
		if (saturated)
			return false;
		for (size_t k = 0; k < l->out_count; k++) {
			all++;
			back += l->outs[k].run.back_ns && l->outs[k].run.back_ns <= before_ns;
		}
	}
	return (double)back >= BACK_SHARE * (double)all;
}

/* ln(odds) that a disruption is a later part of it. */
static double joins(const struct group *group, const struct disruption *disruption,
	const struct parameters *parameters)
{
	double tail = (double)parameters->cluster_gap_ns;
	double width = fmax((double)(disruption->start_high_ns - disruption->start_low_ns),
		(double)parameters->minute_ns / 60);
	double after = fmax((double)(disruption->start_low_ns - group->last_ns), 0);

	return log(STAGE * fmin(1, width / tail)) - after / tail -
	       log(width / (double)parameters->outage_ns);
}

static void add(struct group *group, const struct disruptions *disruptions, size_t number)
{
	const struct disruption *l = &disruptions->items[number];

	group->disruptions = mem_grow(group->disruptions, &group->capacity, group->count + 1,
		sizeof(*group->disruptions));
	group->disruptions[group->count++] = number;
	if (l->start_high_ns > group->last_ns)
		group->last_ns = l->start_high_ns;
	if (l->saturated && l->end_high_ns && l->end_high_ns < group->back_ns)
		group->back_ns = l->end_high_ns;
	for (size_t i = 0; i < l->out_count; i++) {
		const struct silence_run *s = &l->outs[i].run;
		if (s->silent_ns[0] > group->last_ns)
			group->last_ns = s->silent_ns[0];
		if (s->back_ns && s->back_ns < group->back_ns)
			group->back_ns = s->back_ns;
	}
}

static struct group *begin(struct groups *groups)
{
	groups->items = mem_grow(
		groups->items, &groups->capacity, groups->count + 1, sizeof(*groups->items));
	struct group *group = &groups->items[groups->count++];
	*group = (struct group){.last_ns = INT64_MIN, .back_ns = INT64_MAX};
	return group;
}

void groups_build(const struct disruptions *disruptions, const size_t *numbers, size_t count,
	const struct parameters *parameters, struct groups *ret)
{
	struct group *latest = NULL;

	*ret = (struct groups){0};
	for (size_t i = 0; i < count; i++) {
		const struct disruption *disruption = &disruptions->items[numbers[i]];
		if (!latest || joins(latest, disruption, parameters) <= 0 ||
			is_over(latest, disruptions, disruption->start_high_ns, parameters))
			latest = begin(ret);
		add(latest, disruptions, numbers[i]);
	}
}
