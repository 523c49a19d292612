#include "live/tell_routes.h"

#include "store/route.h"

struct telling {
	struct judge *judge;
	struct arena *arena;
};

static void enter(const struct telling *t)
{
	if (t->arena)
		arena_enter(t->arena);
}

static void leave(const struct telling *t)
{
	if (t->arena)
		arena_leave(t->arena);
}

static int hear(void *ctx, const struct heard *heard)
{
	enter(ctx);
	judge_heard(((struct telling *)ctx)->judge, heard);
	leave(ctx);
	return 0;
}

static int tell(void *ctx, const struct route *route)
{
	enter(ctx);
	judge_route(((struct telling *)ctx)->judge, route);
	leave(ctx);
	return 0;
}

int tell_routes(struct store *store, struct judge *judge, struct arena *arena, struct wall until,
	struct diag *why)
{
	struct telling telling = {judge, arena};
	const struct route_takers takers = {hear, tell, &telling};

	return store_routes(store, until, &takers, why);
}
