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

void view_hear(struct view *view, const struct sweep *sweep, size_t vantage)
{
	int64_t *heard_ns = view->heard_ns[vantage % VIEW_VANTAGES];

	for (size_t i = 0; i < sweep->observation_count; i++) {
		int64_t at_ns = sweep->observations[i].probed_at.ns;
		int64_t *slot = &heard_ns[(uint64_t)at_ns >> HEARD_SHIFT & (HEARD_SLOTS - 1)];
		if (at_ns > *slot &&
			proof_by_answer(&view->proof, &sweep->info, &sweep->observations[i]))
			*slot = at_ns;
	}
}

bool view_heard(const struct view *view, size_t vantage, int64_t from_ns, int64_t to_ns)
{
	const int64_t *heard_ns = view->heard_ns[vantage % VIEW_VANTAGES];

	for (size_t i = 0; i < HEARD_SLOTS; i++)
		if (heard_ns[i] >= from_ns && heard_ns[i] <= to_ns)
			return true;
	return false;
}

void view_note_line(struct view_reading *reading)
{
	const struct sweep_info *info = &reading->sweep->info;

	if (reading->vantage >= MACHINE_VANTAGES)
		return;
	if (info->tier == TIER_FULL)
		reading->view->lines[reading->vantage].full_ns = info->start.ns;
	if (info->tier == TIER_FULL || reading->why != REASON_UNPROVEN)
		return;
	if (info->start.ns > reading->view->lines[reading->vantage].to_ns)
		reading->view->lines[reading->vantage].from_ns = info->start.ns;
	if (info->end.ns > reading->view->lines[reading->vantage].to_ns)
		reading->view->lines[reading->vantage].to_ns = info->end.ns;
}

/* Was nothing at all heard when this silence was, by a sweep that asked just then? One that
 * has no row in a full sweep was silent at any time of it. */
static bool is_unproven(const struct view *view, const struct sight *s)
{
	int64_t from_ns = s->unlisted ? view->lines[s->vantage].full_ns : s->at_ns;

	return s->at_ns >= view->lines[s->vantage].from_ns &&
	       from_ns <= view->lines[s->vantage].to_ns;
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
		if (!s->answered && (is_blind(view, s->vantage) || is_unproven(view, s)))
			continue;
		block_see(&view->blocks[view->machines[s->machine].block], view->machines, s,
			view->anchor_loss, &view->constants);
	}
	waiting_drop(&view->sights, ready);
}
