#include <stdlib.h>
#include <string.h>

#include "analysis/view_parts.h"
#include "core/mem.h"

void view_push(struct view *view, const struct sight *sight)
{
	view->pending = mem_grow(view->pending, &view->pending_capacity, view->pending_count + 1,
		sizeof(*view->pending));
	view->pending[view->pending_count++] = *sight;
}

uint8_t view_attempts(const struct observation *o)
{
	int attempts = outcome_is_life(o->outcome) ? o->attempt : o->attempts;

	return attempts < 1 ? 1 : attempts > 255 ? 255 : (uint8_t)attempts;
}

static int sight_order(const void *a, const void *b)
{
	const struct sight *x = a;
	const struct sight *y = b;

	if (x->at_ns != y->at_ns)
		return x->at_ns < y->at_ns ? -1 : 1;
	if (x->machine != y->machine)
		return x->machine < y->machine ? -1 : 1;
	if (x->channel != y->channel)
		return x->channel < y->channel ? -1 : 1;
	return x->answered - y->answered;
}

static struct loss_rate *anchor_loss(struct view *view, size_t vantage)
{
	if (vantage >= view->anchor_count) {
		struct loss_rate *more = mem_zeroed(vantage + 1, sizeof(*more));
		if (view->anchor_count)
			memcpy(more, view->anchors, view->anchor_count * sizeof(*more));
		free(view->anchors);
		view->anchors = more;
		view->anchor_count = vantage + 1;
	}
	return &view->anchors[vantage];
}

static double worst_anchor(const struct view *view)
{
	double worst = 0;

	for (size_t i = 0; i < view->anchor_count; i++)
		if (loss_rate_now(&view->anchors[i]) > worst)
			worst = loss_rate_now(&view->anchors[i]);
	return worst;
}

void view_release(struct view *view, int64_t before_ns)
{
	size_t done = 0;

	if (view->pending_count == 0)
		return;
	qsort(view->pending, view->pending_count, sizeof(*view->pending), sight_order);
	for (; done < view->pending_count && view->pending[done].at_ns < before_ns; done++) {
		const struct sight *s = &view->pending[done];
		if (s->machine == VIEW_ANCHOR) {
			loss_rate_add(anchor_loss(view, s->channel),
				s->answered ? s->attempts - 1 : s->attempts, s->attempts, s->at_ns,
				&view->constants);
			continue;
		}
		block_see(&view->blocks[view->machines[s->machine].block], view->machines, s,
			worst_anchor(view), &view->constants);
	}
	memmove(view->pending, view->pending + done,
		(view->pending_count - done) * sizeof(*view->pending));
	view->pending_count -= done;
}
