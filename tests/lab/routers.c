#include "tests/lab/world.h"

/* One hop away, and two. */
enum { UPSTREAM_TTL = 64, BORDER_TTL = 63 };

static struct outer outer_of(const struct world *w, const struct asked *asked, enum router router)
{
	bool upstream = router == ROUTER_UPSTREAM;

	return (struct outer){upstream ? w->s->upstream : w->s->border, asked->source,
		upstream ? UPSTREAM_TTL : BORDER_TTL, 0, false};
}

static int64_t due(const struct world *w, int64_t now, enum router router)
{
	return now + (router == ROUTER_UPSTREAM ? w->s->upstream_rtt_ns : w->s->border_rtt_ns);
}

void router_error(struct world *w, int64_t now, const struct asked *asked, enum router router,
	uint8_t type, uint8_t code)
{
	uint8_t bytes[PACKET_SIZE];
	struct outer outer = outer_of(w, asked, router);

	if (asked->kind == ASKED_OTHER || asked->kind == ASKED_RST)
		return; /* no errors about what may be an error (RFC 1122, 3.2.2) */
	if (type == 3)
		w->counters.unreachables++;
	else
		w->counters.ttl_exceeded++;
	pending_add(&w->pending, due(w, now, router), bytes,
		packet_error(bytes, &outer, type, code, asked->bytes, asked->len));
}

void router_echo(struct world *w, int64_t now, const struct asked *asked, enum router router)
{
	uint8_t bytes[PACKET_SIZE];
	struct outer outer = outer_of(w, asked, router);

	if (asked->kind != ASKED_ECHO)
		return;
	if (router == ROUTER_BORDER && asked->ttl <= 1) {
		router_error(w, now, asked, ROUTER_UPSTREAM, 11, 0);
		return;
	}
	w->counters.echo_replies++;
	pending_add(&w->pending, due(w, now, router), bytes,
		packet_echo_reply(
			bytes, &outer, asked->id, asked->seq, asked->payload, asked->payload_len));
}

/* An address of the range that is silent in truth; false when none was found soon. */
static bool silent_pick(const struct world *w, int64_t now, uint64_t drawn, struct ip4 *ret)
{
	uint64_t size = w->forgery.range.last.host - w->forgery.range.first.host + UINT64_C(1);

	for (uint64_t i = 0; i < 64; i++) {
		struct ip4 address = {w->forgery.range.first.host +
				      (uint32_t)(chance(w->s->seed, drawn, i) % size)};
		if (!prefix_holds(w->s->country, address) ||
			plan_life(w->plan, address.host - w->s->country.base.host, now))
			continue;
		*ret = address;
		return true;
	}
	return false;
}

void forge_one(struct world *w, int64_t now)
{
	uint8_t bytes[PACKET_SIZE];
	uint64_t drawn = chance(w->s->seed, 0, ++w->forgery.made);
	struct outer outer = {{0}, w->asker, 64, (uint16_t)(drawn >> 48), false};
	struct segment segment = {
		.source_port = w->asked_port,
		.target_port = w->asker_port,
		.seq = (uint32_t)(drawn >> 7),
		.ack = (uint32_t)(drawn >> 13),
		.flags = FLAG_SYN | FLAG_ACK,
	};
	size_t len;

	if (!w->asker_known || !silent_pick(w, now, drawn, &outer.source))
		return;
	switch (w->asker_tcp ? w->forgery.made % 3 : 0) {
	case 1:
		w->counters.forged_syn_acks++;
		len = packet_segment(bytes, &outer, &segment);
		break;
	case 2:
		segment.flags = FLAG_RST | FLAG_ACK;
		w->counters.forged_rsts++;
		len = packet_segment(bytes, &outer, &segment);
		break;
	default:
		w->counters.forged_echo_replies++;
		len = packet_echo_reply(
			bytes, &outer, (uint16_t)drawn, (uint16_t)(drawn >> 16), NULL, 0);
		break;
	}
	pending_add(&w->pending, now, bytes, len);
}
