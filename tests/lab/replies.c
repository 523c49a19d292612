#include "tests/lab/world.h"

#include "core/clock.h"

/* Draws for one packet of a host; the packet's number times 16 is added. */
enum draw {
	DRAW_LOSS,
	DRAW_JITTER,
	DRAW_LATE,
	DRAW_DUPLICATE,
	DRAW_SOURCE,
	DRAW_CHECKSUM,
	DRAW_ID,
	DRAW_ISN
};
/* Draws for a host, once and for all; far from any packet's. */
enum trait_draw { DRAW_RTT = 0x10000000, DRAW_TTL, DRAW_HZ, DRAW_SKEW, DRAW_PAIR };

/* A duplicate follows its original like this. */
#define DUPLICATE_AFTER_NS (3 * NS_PER_MS)

static uint64_t packet_chance(const struct answering *a, enum draw what)
{
	return chance(
		a->world->s->seed, a->asked->target.host, a->memory->asked * 16 + (uint64_t)what);
}

static bool happens(const struct answering *a, double share, enum draw what)
{
	return share > 0 && (double)(packet_chance(a, what) >> 11) * 0x1p-53 < share;
}

static int64_t trait(const struct answering *a, struct span span, enum trait_draw what)
{
	return span_draw(span, chance(a->world->s->seed, a->asked->target.host, (uint64_t)what));
}

static uint16_t ip_id(const struct answering *a)
{
	switch ((enum ipid)a->traits->ipid) {
	case IPID_ZERO:
		return 0;
	case IPID_RANDOM:
		return (uint16_t)(packet_chance(a, DRAW_ID) % 65535 + 1);
	case IPID_COUNTER:
		break;
	}
	a->memory->ip_id++;
	return a->memory->ip_id ? a->memory->ip_id : ++a->memory->ip_id;
}

/* Its clock now, in its own ticks and behind its own mask. */
static uint32_t timestamp(const struct answering *a)
{
	uint64_t seed = a->world->s->seed ^ (uint64_t)a->life->boot;
	uint64_t pair = (uint64_t)a->asked->source.host << 32 | a->asked->target.host;
	double rate = (double)trait(a, a->traits->hz, DRAW_HZ) *
		      (1 + (double)trait(a, a->traits->skew_ppm, DRAW_SKEW) * 1e-6);
	double ticks = (double)(a->now - a->life->boot) / (double)NS_PER_S * rate;
	uint32_t clock = (uint32_t)(uint64_t)ticks;

	switch ((enum timestamps)a->traits->timestamps) {
	case TIMESTAMPS_PAIR:
		return clock + (uint32_t)chance(seed, pair, DRAW_PAIR);
	case TIMESTAMPS_CONNECTION:
		return clock + (uint32_t)chance(seed, pair, a->asked->tcp_seq);
	case TIMESTAMPS_GLOBAL:
	case TIMESTAMPS_NONE:
		break;
	}
	return clock;
}

static struct outer outer_of(struct answering *a)
{
	struct outer outer = {a->asked->target, a->asked->source,
		(uint8_t)trait(a, a->traits->ttl, DRAW_TTL), ip_id(a), false};
	struct counters *c = &a->world->counters;

	a->due += trait(a, a->traits->rtt_ns, DRAW_RTT) +
		  span_draw(a->traits->jitter_ns, packet_chance(a, DRAW_JITTER));
	if (happens(a, a->traits->late, DRAW_LATE)) {
		a->due += span_draw(a->traits->late_by_ns, packet_chance(a, DRAW_LATE));
		c->late++;
	}
	if (happens(a, a->traits->wrong_source, DRAW_SOURCE)) {
		outer.source.host ^= 1; /* the neighbour's name */
		c->wrong_source++;
	}
	if (happens(a, a->traits->bad_checksum, DRAW_CHECKSUM)) {
		outer.bad_checksum = true;
		c->bad_checksum++;
	}
	return outer;
}

static void send(struct answering *a, const uint8_t *bytes, size_t len)
{
	pending_add(&a->world->pending, a->due, bytes, len);
	if (happens(a, a->traits->duplicate, DRAW_DUPLICATE)) {
		pending_add(&a->world->pending, a->due + DUPLICATE_AFTER_NS, bytes, len);
		a->world->counters.duplicated++;
	}
}

static void echo_answer(struct answering *a)
{
	uint8_t bytes[PACKET_SIZE];
	struct bucket *block = &a->world->blocks[a->host / 256];

	if (!a->traits->icmp) {
		a->world->counters.filtered++;
		return;
	}
	if (!bucket_take(block, a->now)) {
		a->world->counters.rate_limited++;
		return;
	}
	struct outer outer = outer_of(a);
	a->world->counters.echo_replies++;
	send(a, bytes,
		packet_echo_reply(bytes, &outer, a->asked->id, a->asked->seq, a->asked->payload,
			a->asked->payload_len));
}

static bool port_open(const struct traits *t, uint16_t port)
{
	for (int i = 0; i < SCENARIO_PORTS && t->open[i]; i++)
		if (t->open[i] == port)
			return true;
	return false;
}

/* The same pair of ports once more, while an older SYN is still half open (RFC 9293, 3.5.2). */
static bool is_half_open(const struct answering *a)
{
	const struct memory *m = a->memory;

	return a->traits->half_open && m->half_open && m->their_port == a->asked->their_port &&
	       m->our_port == a->asked->our_port && m->tcp_seq != a->asked->tcp_seq;
}

static void syn_answer(struct answering *a)
{
	uint8_t bytes[PACKET_SIZE];
	struct counters *c = &a->world->counters;
	struct segment segment = {
		.source_port = a->asked->our_port,
		.target_port = a->asked->their_port,
		.ack = a->asked->tcp_seq + 1,
		.flags = FLAG_RST | FLAG_ACK,
	};

	if (port_open(a->traits, a->asked->our_port)) {
		bool older = is_half_open(a);
		segment.has_ts = a->traits->timestamps != TIMESTAMPS_NONE && a->asked->has_ts;
		segment.ts = timestamp(a);
		segment.ts_echo = a->asked->ts;
		segment.seq = (uint32_t)packet_chance(a, DRAW_ISN);
		segment.flags = older ? FLAG_ACK : FLAG_SYN | FLAG_ACK;
		if (older) {
			segment.ack = a->memory->tcp_seq + 1;
			c->bare_acks++;
		} else {
			a->memory->half_open = true;
			a->memory->their_port = a->asked->their_port;
			a->memory->our_port = a->asked->our_port;
			a->memory->tcp_seq = a->asked->tcp_seq;
			c->syn_acks++;
		}
	} else if (a->traits->other == OTHER_FILTERED) {
		c->filtered++;
		return;
	} else {
		c->rsts++;
	}
	struct outer outer = outer_of(a);
	send(a, bytes, packet_segment(bytes, &outer, &segment));
}

/* An acknowledgement of nothing: RST with its number, as RFC 9293, 3.10.7 has it. */
static void ack_answer(struct answering *a)
{
	uint8_t bytes[PACKET_SIZE];
	struct segment segment = {
		.source_port = a->asked->our_port,
		.target_port = a->asked->their_port,
		.seq = a->asked->tcp_ack,
		.flags = FLAG_RST,
	};

	if (a->traits->other == OTHER_FILTERED) {
		a->world->counters.filtered++;
		return;
	}
	struct outer outer = outer_of(a);
	a->world->counters.rsts++;
	send(a, bytes, packet_segment(bytes, &outer, &segment));
}

void host_answer(struct answering *a)
{
	if (happens(a, a->traits->loss, DRAW_LOSS)) {
		a->world->counters.lost++;
		return;
	}
	switch (a->asked->kind) {
	case ASKED_ECHO:
		echo_answer(a);
		break;
	case ASKED_SYN:
		syn_answer(a);
		break;
	case ASKED_ACK:
		ack_answer(a);
		break;
	case ASKED_RST:
	case ASKED_OTHER:
		break;
	}
}
