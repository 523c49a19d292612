#include "prober/active/twins.h"

static bool same(const struct sighting *a, const struct sighting *b)
{
	return a->identity == b->identity && a->ip_id == b->ip_id && a->kind == b->kind &&
	       a->method == b->method && ip4_equal(a->from, b->from) && ip4_equal(a->to, b->to) &&
	       a->ttl == b->ttl && a->outcome == b->outcome && a->bare_ack == b->bare_ack &&
	       a->has_identity == b->has_identity && a->our_port == b->our_port &&
	       a->their_port == b->their_port && ip4_equal(a->quoted_from, b->quoted_from) &&
	       ip4_equal(a->quoted_to, b->quoted_to) && a->icmp_type == b->icmp_type &&
	       a->icmp_code == b->icmp_code && a->tcp_ts == b->tcp_ts;
}

static bool is_near(struct wall a, struct wall b)
{
	int64_t apart = wall_since(a, b);

	return apart <= TWINS_NS && apart >= -TWINS_NS;
}

bool twins_see(struct twins *twins, struct wall at, const struct sighting *s)
{
	int first = 0; /* the interface on which it was seen before any other */
	size_t there = 0;
	size_t here = 0;

	if (s->interface == 0)
		return false;
	for (size_t i = 0; i < TWINS_KEPT; i++) {
		const struct twin *t = &twins->kept[(twins->next + i) % TWINS_KEPT];
		if (t->packet.interface == 0 || !is_near(at, t->at) || !same(&t->packet, s))
			continue;
		if (first == 0)
			first = t->packet.interface;
		there += t->packet.interface == first;
		here += t->packet.interface == s->interface;
	}
	twins->kept[twins->next] = (struct twin){at, *s};
	twins->next = (twins->next + 1) % TWINS_KEPT;
	return first != s->interface && there > here;
}
