#include "analysis/outage/group.h"

#include <math.h>

#include "core/mem.h"

/* Instants of an outage after its first, as many as are expected. */
#define STAGE 0.5

void groups_finish(struct groups *groups)
{
	for (size_t i = 0; i < groups->count; i++)
		mem_free(groups->items[i].losses);
	mem_free(groups->items);
}

/* Nine in ten of those it took, back for as long as separates two outages? */
static bool is_over(const struct group *group, const struct losses *losses, int64_t at_ns,
	const struct constants *constants)
{
	int64_t before_ns = at_ns - constants->flap_ns;
	size_t back = 0;
	size_t all = 0;

	if (group->back_ns > before_ns)
		return false;
	for (size_t i = 0; i < group->count; i++) {
		const struct loss *l = &losses->items[group->losses[i]];
		bool drowned = l->drowned && (!l->end_high_ns || l->end_high_ns > before_ns);
		if (drowned)
			return false;
		for (size_t k = 0; k < l->out_count; k++) {
			all++;
			back += l->outs[k].spell.back_ns && l->outs[k].spell.back_ns <= before_ns;
		}
	}
	return (double)back >= LOSS_BACK_SHARE * (double)all;
}

/* ln(odds) that a loss is a later part of it. */
static double joins(
	const struct group *group, const struct loss *loss, const struct constants *constants)
{
	double tail = (double)constants->chain_ns;
	double width = fmax((double)(loss->start_high_ns - loss->start_low_ns),
		(double)constants->minute_ns / 60);
	double after = fmax((double)(loss->start_low_ns - group->last_ns), 0);

	return log(STAGE * fmin(1, width / tail)) - after / tail -
	       log(width / (double)constants->chance_ns);
}

static void add(struct group *group, const struct losses *losses, size_t number)
{
	const struct loss *l = &losses->items[number];

	group->losses =
		mem_grow(group->losses, &group->capacity, group->count + 1, sizeof(*group->losses));
	group->losses[group->count++] = number;
	if (l->start_high_ns > group->last_ns)
		group->last_ns = l->start_high_ns;
	if (l->drowned && l->end_high_ns && l->end_high_ns < group->back_ns)
		group->back_ns = l->end_high_ns;
	for (size_t i = 0; i < l->out_count; i++) {
		const struct spell *s = &l->outs[i].spell;
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

void groups_build(const struct losses *losses, const size_t *numbers, size_t count,
	const struct constants *constants, struct groups *ret)
{
	struct group *latest = NULL;

	*ret = (struct groups){0};
	for (size_t i = 0; i < count; i++) {
		const struct loss *loss = &losses->items[numbers[i]];
		if (!latest || joins(latest, loss, constants) <= 0 ||
			is_over(latest, losses, loss->start_high_ns, constants))
			latest = begin(ret);
		add(latest, losses, numbers[i]);
	}
}
