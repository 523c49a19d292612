#include "prober/sweep/way.h"

#include <errno.h>

bool way_equal(const struct way *a, const struct way *b)
{
	return ip4_equal(a->source, b->source) && a->interface == b->interface &&
	       a->pinned == b->pinned;
}

static int ask(
	const struct way_kernel *kernel, const struct route_question *question, struct route *ret)
{
	return kernel->ask(kernel->ctx, question, ret);
}

static bool same_hop(const struct route *route, const struct route_hop *hop)
{
	return route->interface == hop->interface && route->has_gateway == hop->has_gateway &&
	       ip4_equal(route->gateway, hop->gateway);
}

/*
 * Pin the question to an interface. The kernel then takes the first next hop there, and
 * where it knows none it takes the target to be on the link: so the tables are asked too.
 */
static int pin(const struct way_kernel *kernel, const struct route_question *asked, int interface,
	struct route *ret_route, struct way *ret)
{
	struct route_question question = *asked;
	struct route_hops hops;
	struct route first;
	struct route again;

	question.interface = interface;
	int r = kernel->hops(kernel->ctx, &question, &hops);
	if (r == 0)
		r = ask(kernel, &question, &first);
	if (r < 0)
		return r;
	question.source = first.source;
	r = ask(kernel, &question, &again);
	if (r < 0)
		return r;
	if (again.interface != interface || !ip4_equal(again.gateway, first.gateway))
		return -EXDEV; /* a rule about the source leads elsewhere */
	*ret_route = again;
	*ret = (struct way){.source = first.source, .interface = interface, .pinned = true};
	return 0;
}

/* The address that the kernel puts into what leaves by this next hop. */
static struct ip4 source_of(const struct way_kernel *kernel, const struct route_question *asked,
	const struct route_hops *hops, const struct route_hop *hop)
{
	struct route_question question = {
		.target = hop->has_gateway ? hop->gateway : asked->target,
		.interface = hop->interface,
		.mark = asked->mark,
	};
	struct route route;

	if (hops->source.host)
		return hops->source;
	return ask(kernel, &question, &route) < 0 ? (struct ip4){0} : route.source;
}

/*
 * The user named the source: by the next hop whose address it is, or else by one whose
 * interface has it. One that belongs to no next hop (of a loopback interface, announced by
 * both providers) may leave by any.
 */
static int several_from(const struct way_kernel *kernel, const struct route_question *question,
	const struct route_hops *hops, struct way *ret)
{
	int owner = kernel->owner(kernel->ctx, question->source);
	bool fits[ROUTE_HOPS];
	bool any = false;
	struct route route;

	for (size_t i = 0; i < hops->count; i++) {
		struct ip4 own = source_of(kernel, question, hops, &hops->hops[i]);
		fits[i] = ip4_equal(own, question->source);
		any |= fits[i];
	}
	bool by_owner = !any;
	for (size_t i = 0; i < hops->count && by_owner; i++)
		fits[i] = hops->hops[i].interface == owner;
	for (size_t i = 0; i < hops->count; i++) {
		any |= fits[i];
		if (fits[i] && pin(kernel, question, hops->hops[i].interface, &route, ret) == 0 &&
			same_hop(&route, &hops->hops[i]))
			return 0;
	}
	*ret = (struct way){.source = question->source};
	return any ? -EXDEV : 0;
}

/* By one of the next hops that will do; one block, one next hop, and the blocks are shared
 * out among them. */
static int several(const struct way_kernel *kernel, const struct route_question *question,
	const struct route *chosen, const struct route_hops *hops, struct way *ret)
{
	struct ip4 first = source_of(kernel, question, hops, &hops->hops[0]);
	size_t start = (question->target.host >> (32 - BLOCK_LEN)) % hops->count;
	bool differ = false;
	struct route route;

	for (size_t i = 1; i < hops->count; i++)
		differ |= !ip4_equal(source_of(kernel, question, hops, &hops->hops[i]), first);
	if (!differ) {
		*ret = (struct way){.source = chosen->source};
		return 0;
	}
	for (size_t i = 0; i < hops->count; i++) {
		const struct route_hop *hop = &hops->hops[(start + i) % hops->count];
		if (pin(kernel, question, hop->interface, &route, ret) == 0)
			return 0;
	}
	return -EXDEV;
}

/*
 * The user named a source and the route has one next hop. Unless a rule about that source
 * made it, the interface that has the address is the way, if there is one out of it: an
 * uplink that is only second best by its metric.
 */
static int one_from(const struct way_kernel *kernel, const struct route_question *question,
	const struct route *chosen, struct way *ret)
{
	struct route_question sourceless = *question;
	int owner = kernel->owner(kernel->ctx, question->source);
	struct route usual;
	struct route route;

	*ret = (struct way){.source = question->source, .interface = chosen->interface};
	if (owner == 0 || owner == chosen->interface)
		return 0;
	sourceless.source.host = 0;
	if (ask(kernel, &sourceless, &usual) == 0 && usual.interface == chosen->interface)
		pin(kernel, question, owner, &route, ret);
	return 0;
}

static int choose(const struct way_kernel *kernel, const struct route_question *question,
	const struct route *chosen, const struct route_hops *hops, struct way *ret)
{
	struct route_question filled = *question;
	struct route_hops others;
	struct route again;

	if (question->source.host)
		return hops->count > 1 ? several_from(kernel, question, hops, ret)
				       : one_from(kernel, question, chosen, ret);
	if (hops->count > 1)
		return several(kernel, question, chosen, hops, ret);
	/* A rule about the source may lead another way than without it. */
	filled.source = chosen->source;
	int r = ask(kernel, &filled, &again);
	if (r == 0 && again.interface != chosen->interface &&
		kernel->hops(kernel->ctx, &filled, &others) == 0 && others.count > 1)
		return several_from(kernel, &filled, &others, ret);
	if (r == 0)
		*ret = (struct way){.source = chosen->source, .interface = again.interface};
	return r;
}

int way_choose(
	const struct way_kernel *kernel, const struct route_question *question, struct way *ret)
{
	struct route_hops hops = {.count = 0};
	struct route chosen;
	int r = ask(kernel, question, &chosen);

	if (r < 0)
		return r;
	if (chosen.is_local || chosen.is_broadcast || question->interface) {
		*ret = (struct way){.source = chosen.source,
			.interface = chosen.interface,
			.whole = !chosen.is_local && !chosen.is_broadcast};
		return 0;
	}
	r = kernel->hops(kernel->ctx, question, &hops);
	if (r == 0)
		r = choose(kernel, question, &chosen, &hops, ret);
	if (r == 0)
		ret->whole = hops.prefix_len <= BLOCK_LEN;
	return r;
}
