/* Lines of a history about what BGP says. */
#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "store/bounds.h"
#include "tests/judgement/history.h"

void declare_routes(struct world *world, struct cursor *c)
{
	if (!cursor_is(c, "heard"))
		script_wrong(c->line, "expected: routes heard [until TIME]");
	world->heard.start.ns = HISTORY_START_NS;
	world->heard.end.ns =
		cursor_is(c, "until") ? HISTORY_START_NS + words_time(c) : TIME_MOST_NS - 1;
}

static void add(struct world *world, const struct route *route)
{
	world->routes = mem_grow(world->routes, &world->route_capacity, world->route_count + 1,
		sizeof(*world->routes));
	size_t i = world->route_count++;
	for (; i > 0 && world->routes[i - 1].at.ns > route->at.ns; i--)
		world->routes[i] = world->routes[i - 1];
	world->routes[i] = *route;
}

/* routes to PREFIX announced|withdrawn|reset by N */
void happens_to_routes(struct world *world, struct cursor *c, int64_t at_ns)
{
	struct route route = {.at.ns = HISTORY_START_NS + at_ns};

	if (!cursor_is(c, "to"))
		script_wrong(c->line, "expected: routes to PREFIX announced by N");
	route.prefix = words_prefix(c);
	if (cursor_is(c, "withdrawn"))
		route.event = ROUTE_WITHDRAW;
	else if (cursor_is(c, "reset"))
		route.event = ROUTE_RESET;
	else if (!cursor_is(c, "announced"))
		script_wrong(c->line, "expected: announced, withdrawn or reset");
	if (route.event == ROUTE_RESET)
		route.prefix = (struct prefix){{0}, 0};
	if (!cursor_is(c, "by"))
		script_wrong(c->line, "expected: by N, the first N peers");
	uint64_t peers = cursor_number(c);
	for (uint64_t i = 1; i <= peers; i++) {
		snprintf(route.peer, sizeof(route.peer), "%u", (unsigned)i);
		add(world, &route);
	}
}
