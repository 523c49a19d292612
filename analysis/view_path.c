#include "analysis/view_parts.h"
#include "core/mem.h"

static struct router *router_at(struct view *view, struct ip4 address, enum role role)
{
	for (size_t i = 0; i < view->router_count; i++)
		if (ip4_equal(view->routers[i].address, address))
			return &view->routers[i];
	view->routers = mem_grow(view->routers, &view->router_capacity, view->router_count + 1,
		sizeof(*view->routers));
	struct router *r = &view->routers[view->router_count++];
	*r = (struct router){.address = address, .role = role};
	return r;
}

static void see_router(
	struct view *view, struct ip4 address, enum role role, bool answered, int64_t at_ns)
{
	struct router *r = router_at(view, address, role);

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
		see_router(view, o->address, row->role, life, o->probed_at.ns);
	if (row->role == ROLE_BORDER)
		return;
	view_push(view, &(struct sight){.at_ns = o->probed_at.ns,
				.machine = VIEW_CONTROL - (uint32_t)(row - view->controls),
				.channel = (uint8_t)(reading->vantage),
				.answered = life,
				.attempts = view_attempts(o)});
}

/* Whole paths on which it was met before it is believed; hops from the provider's
 * last router to the next that answers, one of which may keep silent. */
enum { PATHS_LEARNED = 5, EDGE_HOPS = 2 };

static void learn_router(struct view *view, struct ip4 address, enum role role)
{
	size_t i = 0;

	while (i < view->learned_count && !ip4_equal(view->learned[i].address, address))
		i++;
	if (i == VIEW_LEARNED)
		return;
	if (i == view->learned_count)
		view->learned[view->learned_count++] = (struct learned_router){address, role, 0};
	struct learned_router *r = &view->learned[i];
	if (r->role != role) /* no fixed place: neither */
		*r = (struct learned_router){address, role, 0};
	if (++r->seen < PATHS_LEARNED || role != ROLE_BORDER)
		return;
	struct block *block = view_block_at(view, address);
	uint32_t number = block->machines[address.host & 255];
	if (number)
		view->machines[number - 1].router = true;
}

/* Who has an address beside a named router of the provider's is another of them. */
static bool is_beside_upstream(const struct view *view, struct ip4 address)
{
	for (size_t i = 0; i < view->control_count; i++)
		if (view->controls[i].role == ROLE_UPSTREAM &&
			prefix_holds(block_of(view->controls[i].prefix.base), address))
			return true;
	return false;
}

/* As targets.csv says, or as whole paths have shown by now. */
static enum role role_on_path(const struct view *view, struct ip4 address)
{
	enum role role = view_role_of(view, address);

	for (size_t i = 0; role == ROLE_TARGET && i < view->learned_count; i++)
		if (ip4_equal(view->learned[i].address, address) &&
			view->learned[i].seen >= PATHS_LEARNED)
			role = view->learned[i].role;
	return role == ROLE_TARGET && is_beside_upstream(view, address) ? ROLE_UPSTREAM : role;
}

/* Of a path that reached its target: who forwarded inside is a router of the
 * country, the last one before is the provider's. */
static void learn_path(struct view *view, const struct hop *first, const struct hop *last)
{
	const struct hop *edge = NULL;
	const struct hop *inside = NULL;

	if (!hop_is_life(last) || !view_block_at(view, last->address))
		return;
	for (const struct hop *h = first; h < last; h++) {
		if (h->outcome != OUTCOME_TTL_EXCEEDED || !h->has_responder ||
			ip4_equal(h->responder, h->address))
			continue;
		if (!view_block_at(view, h->responder)) {
			edge = inside ? edge : h;
			continue;
		}
		inside = inside ? inside : h;
		if (view_role_of(view, h->responder) == ROLE_TARGET)
			learn_router(view, h->responder, ROLE_BORDER);
	}
	inside = inside ? inside : last;
	if (edge && inside->ttl - edge->ttl <= EDGE_HOPS &&
		view_role_of(view, edge->responder) == ROLE_TARGET)
		learn_router(view, edge->responder, ROLE_UPSTREAM);
}

void view_read_hops(struct view_reading *reading)
{
	const struct hop *hops = reading->sweep->hops;
	size_t count = reading->sweep->hop_count;

	for (size_t i = 0, next; i < count; i = next) {
		for (next = i + 1; next < count && ip4_equal(hops[i].address, hops[next].address);)
			next++;
		learn_path(reading->view, &hops[i], &hops[next - 1]);
		if (hops[i].has_responder && !reading->view->told_ns)
			reading->view->told_ns = hops[i].probed_at.ns;
	}
	for (size_t i = 0; i < reading->sweep->hop_count; i++) {
		const struct hop *h = &reading->sweep->hops[i];
		enum role role =
			h->has_responder ? view_role_of(reading->view, h->responder) : ROLE_TARGET;
		if (role == ROLE_BORDER || role == ROLE_UPSTREAM)
			if (!view_block_at(reading->view, h->responder))
				see_router(
					reading->view, h->responder, role, true, h->probed_at.ns);
	}
}

bool view_read_error(struct view_reading *reading, const struct observation *o, uint32_t machine)
{
	struct view *view = reading->view;
	enum role role;

	if (!o->has_responder || ip4_equal(o->responder, o->address) ||
		(reading->sweep->info.has_source &&
			ip4_equal(o->responder, reading->sweep->info.source)))
		return false;
	/* Errors for those long away tell of their own absence. */
	if (view->machines[machine].state == MACHINE_ABSENT)
		return false;
	role = role_on_path(view, o->responder);
	enum error_from from = role == ROLE_UPSTREAM ? ERROR_UPSTREAM
			       : role == ROLE_BORDER || view_block_at(view, o->responder)
				       ? ERROR_BORDER
				       : ERROR_TRANSIT;
	/* What the border says of single machines it could not tell us in a cut. */
	if (!view->told_ns && from != ERROR_BORDER)
		view->told_ns = o->probed_at.ns;
	for (size_t i = view->error_count; i-- > 0 && view->error_count - i < 512;) {
		struct path_error *e = &view->errors[i];
		if (e->machine != machine || e->from != from)
			continue;
		if (o->probed_at.ns - e->last_ns > 2 * view->constants.flap_ns)
			break;
		e->last_ns = o->probed_at.ns;
		return from != ERROR_TRANSIT;
	}
	view->errors = mem_grow(
		view->errors, &view->error_capacity, view->error_count + 1, sizeof(*view->errors));
	view->errors[view->error_count++] =
		(struct path_error){machine, from, o->probed_at.ns, o->probed_at.ns};
	return from != ERROR_TRANSIT;
}
