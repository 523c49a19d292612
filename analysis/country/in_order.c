#include <stdlib.h>
#include <string.h>

#include "analysis/country/parts.h"
#include "core/mem.h"

bool view_is_control(const struct view *view, uint32_t host)
{
	return VIEW_CONTROL - host < view->control_count;
}

int view_result_order(const void *a, const void *b)
{
	const struct probe_result *x = a;
	const struct probe_result *y = b;

	if (x->host != y->host)
		return x->host < y->host ? -1 : 1;
	if (x->channel != y->channel)
		return x->channel < y->channel ? -1 : 1;
	return x->answered - y->answered;
}

static double worst_anchor(const struct view *view)
{
	double worst = 0;

	for (size_t i = 0; i < view->vantage_count; i++)
		if (view->uplinks[i].anchored && loss_rate_now(&view->uplinks[i].loss) > worst)
			worst = loss_rate_now(&view->uplinks[i].loss);
	return worst;
}

bool view_uplink_is_down(const struct view *view, size_t vantage)
{
	return uplink_is_down(&view->uplinks[vantage]);
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

void view_note_uplink(struct view_reading *reading)
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
static bool is_unproven(const struct view *view, const struct probe_result *s)
{
	return s->at_ns >= view->unproven[s->vantage].from_ns &&
	       result_earliest(s) <= view->unproven[s->vantage].to_ns;
}

/* Does another vantage point look at it, by a line that is good? */
static bool is_watched(const struct view *view, const struct block *block, int64_t at_ns)
{
	for (size_t i = 0; i < block->coverage.vantage_count; i++)
		if (coverage_is_active(&block->coverage.vantages[i], at_ns) &&
			!view_uplink_is_down(view, i))
			return true;
	return false;
}

/* A line that turns out to be bad has been so for a while: what was silence beyond it
 * until now is none. */
static void see_control(struct view *view, const struct probe_result *s)
{
	size_t row = VIEW_CONTROL - s->host;
	struct uplink *uplink = &view->uplinks[s->channel];
	bool was_down = uplink_is_down(uplink);

	uplink_see(uplink, row, view->controls[row].role == ROLE_ANCHOR, s->answered, s->attempts,
		s->at_ns, &view->parameters);
	view->anchor_loss = worst_anchor(view);
	if (was_down || !uplink_is_down(uplink))
		return;
	for (size_t i = 0; i < view->block_count; i++)
		if (!is_watched(view, &view->blocks[i], s->at_ns))
			block_forget(&view->blocks[i], view->hosts, INT64_MAX);
}

/* Of the country as this line shows it. */
static void see_country(struct view *view, const struct probe_result *s)
{
	const struct host *h = &view->hosts[s->host];
	bool is_short = s->at_ns - h->run.replied_ns <= view->parameters.flap_ns;
	unsigned lost = s->attempts - 1U + (is_short ? h->run.count : 0);

	if (s->unreachable)
		uplink_hears_router(&view->uplinks[s->vantage], s->at_ns);
	if (host_is_known(h) && h->state != HOST_ABSENT)
		uplink_hears_host(
			&view->uplinks[s->vantage], s->answered, lost, s->at_ns, &view->parameters);
}

static void see_host(struct view *view, const struct probe_result *s)
{
	struct probe_result timed = *s;

	if (s->answered && s->rtt_s > 0)
		timed.excess_s = trips_learn(&view->trips, s->vantage, s->host, s->rtt_s);
	block_see(&view->blocks[view->hosts[s->host].block], view->hosts, &timed, view->anchor_loss,
		&view->parameters);
}

/* Of many hosts each lies elsewhere in memory: ask for the next ones in time. */
static void fetch_ahead(const struct view *view, size_t i, size_t ready)
{
	if (i + 16 < ready)
		__builtin_prefetch(reorder_item(&view->results, i + 16));
	if (i + 8 >= ready)
		return;
	const struct probe_result *s = reorder_item(&view->results, i + 8);
	if (view_is_control(view, s->host))
		return;
	const char *host = (const char *)&view->hosts[s->host];
	for (size_t at = 0; at < sizeof(struct host); at += 64)
		__builtin_prefetch(host + at);
}

void view_release(struct view *view, int64_t before_ns)
{
	size_t ready = reorder_ready(&view->results, before_ns, view_result_order);

	for (size_t i = 0; i < ready; i++) {
		const struct probe_result *s = reorder_item(&view->results, i);
		fetch_ahead(view, i, ready);
		if (view_is_control(view, s->host)) {
			see_control(view, s);
			continue;
		}
		see_country(view, s);
		if (!s->answered && (view_uplink_is_down(view, s->vantage) || is_unproven(view, s)))
			continue;
		see_host(view, s);
	}
	reorder_drop(&view->results, ready);
}
