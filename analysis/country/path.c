#include "analysis/country/parts.h"
#include "core/mem.h"

static struct router *router_at(struct view *view, struct ip4 address, const struct target_row *row)
{
	for (size_t i = 0; i < view->router_count; i++)
		if (ip4_equal(view->routers[i].address, address))
			return &view->routers[i];
	view->routers = mem_grow(view->routers, &view->router_capacity, view->router_count + 1,
		sizeof(*view->routers));
	struct router *r = &view->routers[view->router_count++];
	*r = (struct router){
		.address = address, .role = row->role, .learned = target_row_is_learned(row)};
	return r;
}

static void see_router(struct view *view, struct ip4 address, const struct target_row *row,
	bool answered, int64_t at_ns)
{
	struct router *r = router_at(view, address, row);

	/* A list that was learned by another rule may call it the border: the paths know. */
	if (r->learned && view_role_of(view, address) == ROLE_UPSTREAM)
		r->role = ROLE_UPSTREAM;
	if (!answered && r->first_ns) {
		if (r->silences++ == 0)
			r->silent_ns = at_ns;
		return;
	}
	if (!answered)
		return;
	if (r->silences >= 2) {
		r->outs = mem_grow(r->outs, &r->out_capacity, r->out_count + 1, sizeof(*r->outs));
		r->outs[r->out_count++] = (struct outing){r->silent_ns, at_ns};
	}
	if (!r->silences && r->reply_ns) {
		float gap_s = (float)(at_ns - r->reply_ns) / 1e9F;
		r->every_s += r->every_s > 0 ? (gap_s - r->every_s) / 16 : gap_s;
	}
	r->silences = 0;
	r->reply_ns = at_ns;
	if (!r->first_ns)
		r->first_ns = at_ns;
}

void view_read_control(struct view_reading *reading, const struct observation *o)
{
	struct view *view = reading->view;
	const struct target_row *row = view_control_of(view, o->address);
	bool life = observation_is_life(o);

	if (o->outcome == OUTCOME_UNSENT || !row)
		return;
	if (row->role != ROLE_ANCHOR && (life || reading->blind == REASON_NONE))
		see_router(view, o->address, row, life, o->probed_at.ns);
	if (row->role == ROLE_BORDER)
		return;
	view_push(view, &(struct probe_result){.at_ns = o->probed_at.ns,
				.host = VIEW_CONTROL - (uint32_t)(row - view->controls),
				.channel = (uint8_t)(reading->vantage),
				.answered = life,
				.attempts = view_attempts(o)});
}

void view_read_hops(struct view_reading *reading)
{
	struct view *view = reading->view;
	const struct hop *hops = reading->sweep->hops;
	size_t count = reading->sweep->hop_count;

	view_learn_routers(reading);
	for (size_t i = 0; i < count; i++) {
		const struct hop *h = &hops[i];
		/* The first of a path: of our own side, and it does speak. */
		if (h->has_responder && !view->errors_heard_ns &&
			(i == 0 || !ip4_equal(h->address, hops[i - 1].address)))
			view->errors_heard_ns = h->probed_at.ns;
		const struct target_row *row =
			h->has_responder ? view_control_of(view, h->responder) : NULL;
		if (row && row->role != ROLE_ANCHOR && !view_block_at(view, h->responder))
			see_router(view, h->responder, row, true, h->probed_at.ns);
	}
}

bool view_read_error(struct view_reading *reading, const struct observation *o, uint32_t host)
{
	struct view *view = reading->view;
	enum role role;

	if (!o->has_responder || ip4_equal(o->responder, o->address) ||
		(reading->sweep->info.has_source &&
			ip4_equal(o->responder, reading->sweep->info.source)))
		return false;
	/* Errors for those long away tell of their own absence. */
	if (view->hosts[host].state == HOST_ABSENT)
		return false;
	role = view_role_of(view, o->responder);
	enum error_from from = role == ROLE_UPSTREAM ? ERROR_UPSTREAM
			       : role == ROLE_BORDER || view_block_at(view, o->responder)
				       ? ERROR_BORDER
				       : ERROR_TRANSIT;
	/* What the border says of single hosts it could not tell us in a cut. */
	if (!view->errors_heard_ns && from != ERROR_BORDER)
		view->errors_heard_ns = o->probed_at.ns;
	for (size_t i = view->error_count; i-- > 0 && view->error_count - i < 512;) {
		struct path_error *e = &view->errors[i];
		if (e->host != host || e->from != from)
			continue;
		if (o->probed_at.ns - e->last_ns > 2 * view->parameters.flap_ns)
			break;
		e->last_ns = o->probed_at.ns;
		return from != ERROR_TRANSIT;
	}
	view->errors = mem_grow(
		view->errors, &view->error_capacity, view->error_count + 1, sizeof(*view->errors));
	view->errors[view->error_count++] =
		(struct path_error){host, from, o->probed_at.ns, o->probed_at.ns};
	return from != ERROR_TRANSIT;
}
