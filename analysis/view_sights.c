#include <stdlib.h>
#include <string.h>

#include "analysis/view_parts.h"
#include "core/mem.h"

/* Anchors answer all but two probes in a thousand: three in a row, or three in ten over
 * two minutes, that do not are our own line. */
#define BLIND_LOSS 0.3
enum { BLIND_SILENCES = 3 };

void view_push(struct view *view, const struct sight *sight)
{
	struct sight *waiting = waiting_add(&view->sights, sight->at_ns);

	*waiting = *sight;
}

uint8_t view_attempts(const struct observation *o)
{
	int attempts = outcome_is_life(o->outcome) ? o->attempt : o->attempts;

	return attempts < 1 ? 1 : attempts > 255 ? 255 : (uint8_t)attempts;
}

int view_sight_order(const void *a, const void *b)
{
	const struct sight *x = a;
	const struct sight *y = b;

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

/* Is our own line so bad, by its anchors, that silence beyond it means nothing? */
static bool is_blind(const struct view *view, size_t vantage)
{
	return view->anchor_silences[vantage] >= BLIND_SILENCES ||
	       (vantage < view->anchor_count &&
		       loss_rate_now(&view->anchors[vantage]) > BLIND_LOSS);
}

static void see_anchor(struct view *view, const struct sight *s)
{
	uint32_t *silences = &view->anchor_silences[s->channel % MACHINE_VANTAGES];

	*silences = s->answered ? 0 : *silences + 1;
	loss_rate_add(anchor_loss(view, s->channel), s->answered ? s->attempts - 1 : s->attempts,
		s->attempts, s->at_ns, &view->constants);
	view->anchor_loss = worst_anchor(view);
}

void view_release(struct view *view, int64_t before_ns)
{
	size_t ready = waiting_ready(&view->sights, before_ns);

	for (size_t i = 0; i < ready; i++) {
		const struct sight *s = waiting_item(&view->sights, i);
		if (s->machine == VIEW_ANCHOR) {
			see_anchor(view, s);
			continue;
		}
		if (!s->answered && is_blind(view, s->vantage))
			continue;
		block_see(&view->blocks[view->machines[s->machine].block], view->machines, s,
			view->anchor_loss, &view->constants);
	}
	waiting_drop(&view->sights, ready);
}
