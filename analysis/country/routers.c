#include "analysis/country/parts.h"
#include "core/mem.h"

/* --- roles --- */

/* What the paths of some vantage point say. */
static enum role role_by_paths(const struct view *view, struct ip4 address)
{
	for (size_t v = 0; v < view->vantage_count; v++) {
		const struct router_known *known = routers_find(&view->met[v], address);
		if (known)
			return known->role;
	}
	return ROLE_TARGET;
}

/* Who has an address beside a named router of the provider's is another of them. */
static bool is_beside_upstream(const struct view *view, struct ip4 address)
{
	for (size_t i = 0; i < view->control_count; i++)
		if (view->controls[i].role == ROLE_UPSTREAM &&
			!target_row_is_learned(&view->controls[i]) &&
			prefix_holds(block_of(view->controls[i].prefix.base), address))
			return true;
	return false;
}

enum role view_role_of(const struct view *view, struct ip4 address)
{
	const struct target_row *row = view_control_of(view, address);
	enum role role;

	if (row && !target_row_is_learned(row))
		return row->role;
	role = role_by_paths(view, address);
	if (role != ROLE_TARGET)
		return role;
	if (row)
		return row->role;
	return is_beside_upstream(view, address) ? ROLE_UPSTREAM : ROLE_TARGET;
}

/* --- border routers that are hosts --- */

static struct border *border_of(const struct view *view, uint32_t host)
{
	for (size_t i = 0; i < view->border_count; i++)
		if (view->borders[i].host == host)
			return &view->borders[i];
	return NULL;
}

const struct border *view_border_at(const struct view *view, uint32_t host, int64_t at_ns)
{
	const struct border *border = border_of(view, host);

	return border && border->from_ns <= at_ns && at_ns < border->to_ns ? border : NULL;
}

static void add_border(struct view *view, uint32_t host, bool named, int64_t from_ns)
{
	view->borders = mem_grow(view->borders, &view->border_capacity, view->border_count + 1,
		sizeof(*view->borders));
	view->borders[view->border_count++] = (struct border){
		.host = host, .named = named, .from_ns = from_ns, .to_ns = INT64_MAX};
	view->hosts[host].router = true;
}

void view_join_border(struct view *view, uint32_t host)
{
	struct ip4 address = view->hosts[host].address;
	const struct target_row *row = view_control_of(view, address);

	if (row && row->role == ROLE_BORDER && !target_row_is_learned(row))
		add_border(view, host, true, INT64_MIN);
	else if (view_role_of(view, address) == ROLE_BORDER)
		add_border(view, host, false, view->now_ns);
}

/* Those that the paths show no more; one that they show again was it all the while. */
static void follow_borders(struct view *view, int64_t now_ns)
{
	for (size_t i = 0; i < view->border_count; i++) {
		struct border *border = &view->borders[i];
		if (border->named)
			continue;
		if (view_role_of(view, view->hosts[border->host].address) == ROLE_BORDER)
			border->to_ns = INT64_MAX;
		else if (border->to_ns == INT64_MAX)
			border->to_ns = now_ns;
	}
}

static void find_borders(struct view *view, const struct routers *met, int64_t now_ns)
{
	for (size_t i = 0; i < met->known_count; i++) {
		const struct router_known *known = &met->known[i];
		const struct block *block = view_block_at(view, known->address);
		uint32_t number = block ? block->hosts[known->address.host & 255] : 0;
		if (known->role == ROLE_BORDER && number && !border_of(view, number - 1) &&
			view_role_of(view, known->address) == ROLE_BORDER)
			add_border(view, number - 1, false, now_ns);
	}
}

void view_learn_routers(struct view_reading *reading)
{
	struct view *view = reading->view;
	struct routers *met = &view->met[reading->vantage];
	const struct sweep *sweep = reading->sweep;

	if (sweep->hop_count == 0)
		return;
	if (met->block_count == 0)
		routers_init(met, view->controls, view->control_count);
	if (!routers_learn(met, sweep->hops, sweep->hop_count))
		return;
	follow_borders(view, sweep->info.start.ns);
	find_borders(view, met, sweep->info.start.ns);
}

/* --- who went with the others --- */

static void note_border(struct border *border, const struct disruption *disruption)
{
	for (size_t i = 0;
		i < disruption->out_count + disruption->intermittent_count && !border->went_ns; i++)
		if (disruption->outs[i].host == border->host)
			border->went_ns = disruption->outs[i].run.back_ns;
}

static void note_router(struct router *router, const struct disruption *disruption)
{
	if (router->out_count == 0)
		return;
	const struct outing *out = &router->outs[router->out_count - 1];
	if (out->start_ns < disruption->over_ns && out->end_ns > disruption->start_low_ns)
		router->went_ns = out->end_ns;
}

void view_note_borders(struct view *view)
{
	for (; view->disruptions_seen < view->disruptions.count; view->disruptions_seen++) {
		const struct disruption *disruption =
			&view->disruptions.items[view->disruptions_seen];
		if (!disruption->down || !disruption->over_ns || disruption->out_count < SEVERAL)
			continue;
		for (size_t i = 0; i < view->border_count; i++)
			if (!view->borders[i].named && !view->borders[i].went_ns)
				note_border(&view->borders[i], disruption);
		for (size_t i = 0; i < view->router_count; i++)
			if (view->routers[i].learned && !view->routers[i].went_ns)
				note_router(&view->routers[i], disruption);
	}
}
