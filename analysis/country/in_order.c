#include <stdlib.h>
#include <string.h>

#include "analysis/country/parts.h"
#include "core/mem.h"

bool view_is_control(const struct view *view, uint32_t machine)
{
	return VIEW_CONTROL - machine < view->control_count;
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

static double worst_anchor(const struct view *view)
{
	double worst = 0;

	for (size_t i = 0; i < view->vantage_count; i++)
		if (view->lines[i].anchored && loss_rate_now(&view->lines[i].loss) > worst)
			worst = loss_rate_now(&view->lines[i].loss);
	return worst;
}

bool view_is_blind(const struct view *view, size_t vantage)
{
	return line_is_blind(&view->lines[vantage]);
}

void view_hear(struct view *view, const struct sweep *sweep, size_t vantage)
{
	int64_t *heard_ns = view->heard_ns[vantage];

	for (size_t i = 0; i < sweep->observation_count; i++) {
		int64_t at_ns = sweep->observations[i].probed_at.ns;
		int64_t *slot = &heard_ns[(uint64_t)at_ns >> view->heard_shift & (HEARD_SLOTS - 1)];
		if (at_ns > *slot &&
			proof_by_answer(&view->proof, &sweep->info, &sweep->observations[i]))
			*slot = at_ns;
	}
}

bool view_heard(const struct view *view, size_t vantage, int64_t from_ns, int64_t to_ns)
{
	const int64_t *heard_ns = view->heard_ns[vantage];

	for (size_t i = 0; i < HEARD_SLOTS; i++)
		if (heard_ns[i] >= from_ns && heard_ns[i] <= to_ns)
			return true;
	return false;
}

void view_note_line(struct view_reading *reading)
{
	const struct sweep_info *info = &reading->sweep->info;

	if (info->tier == TIER_FULL) {
		int64_t *full_ns = &reading->view->full_ns[reading->vantage];
		reading->view->full_step_ns = *full_ns ? info->start.ns - *full_ns : 0;
		*full_ns = info->start.ns;
	}
	if (info->tier == TIER_FULL || reading->why != REASON_UNPROVEN)
		return;
	if (info->start.ns > reading->view->unproven[reading->vantage].to_ns)
		reading->view->unproven[reading->vantage].from_ns = info->start.ns;
	if (info->end.ns > reading->view->unproven[reading->vantage].to_ns)
		reading->view->unproven[reading->vantage].to_ns = info->end.ns;
}

/* Was nothing at all heard when this silence was, by a sweep that asked just then? One that
 * has no row in a full sweep was silent about when its address is usually asked. */
static bool is_unproven(const struct view *view, const struct sight *s)
{
	return s->at_ns >= view->unproven[s->vantage].from_ns &&
	       sight_from(s) <= view->unproven[s->vantage].to_ns;
}

/* Does another vantage point look at it, by a line that is good? */
static bool is_watched(const struct view *view, const struct block *block, int64_t at_ns)
{
	for (size_t i = 0; i < block->cover.vantage_count; i++)
		if (cover_looks(&block->cover.vantages[i], at_ns) && !view_is_blind(view, i))
			return true;
	return false;
}

/* A line that turns out to be bad has been so for a while: what was silence beyond it
 * until now is none. */
static void see_control(struct view *view, const struct sight *s)
{
	size_t row = VIEW_CONTROL - s->machine;
	struct line *line = &view->lines[s->channel];
	bool blind = line_is_blind(line);

	line_see(line, row, view->controls[row].role == ROLE_ANCHOR, s->answered, s->attempts,
		s->at_ns, &view->constants);
	view->anchor_loss = worst_anchor(view);
	if (blind || !line_is_blind(line))
		return;
	for (size_t i = 0; i < view->block_count; i++)
		if (!is_watched(view, &view->blocks[i], s->at_ns))
			block_forget(&view->blocks[i], view->machines);
}

/* Of the country as this line shows it. */
static void see_country(struct view *view, const struct sight *s)
{
	const struct machine *m = &view->machines[s->machine];
	bool is_short = s->at_ns - m->spell.replied_ns <= view->constants.flap_ns;
	unsigned lost = s->attempts - 1U + (is_short ? m->spell.count : 0);

	if (s->told)
		line_is_told(&view->lines[s->vantage], s->at_ns);
	if (machine_is_known(m) && m->state != MACHINE_ABSENT)
		line_hears(&view->lines[s->vantage], s->answered, lost, s->at_ns, &view->constants);
}

static void see_machine(struct view *view, const struct sight *s)
{
	struct sight timed = *s;

	if (s->answered && s->rtt_s > 0)
		timed.excess_s = trips_learn(&view->trips, s->vantage, s->machine, s->rtt_s);
	block_see(&view->blocks[view->machines[s->machine].block], view->machines, &timed,
		view->anchor_loss, &view->constants);
}

void view_release(struct view *view, int64_t before_ns)
{
	size_t ready = waiting_ready(&view->sights, before_ns);

	for (size_t i = 0; i < ready; i++) {
		const struct sight *s = waiting_item(&view->sights, i);
		if (view_is_control(view, s->machine)) {
			see_control(view, s);
			continue;
		}
		see_country(view, s);
		if (!s->answered && (view_is_blind(view, s->vantage) || is_unproven(view, s)))
			continue;
		see_machine(view, s);
	}
	waiting_drop(&view->sights, ready);
}
