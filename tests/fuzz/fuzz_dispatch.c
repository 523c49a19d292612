/*
 * Arbitrary frames against open sweeps. The input is a row of steps: time goes on, a sweep
 * begins or ends, a frame of the fuzzer's comes, or an answer to one of our probes,
 * with some of its bytes changed. Checksums are made right, or nothing got far.
 *
 * Who lives in a sweep has sent what only a witness of our probe to him could know;
 * whoever sent that while the sweep was open lives in it. Without such a frame
 * no line is proven. Counts add up, and what was stored stays as it was.
 */
#include <stdlib.h>
#include <string.h>

#include "prober/active/dispatch.h"
#include "prober/packet/frame.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/repair.h"

enum { TARGETS = 3, TASKS = 2 * TARGETS, SWEEPS_MOST = 12, BOOK_MOST = 256, PACKET_MOST = 160 };
enum { PORT = 80, SOURCE_PORT = 61013, RETRIES = 1 };

static const struct ip4 us = {0xcb00710a};
static const struct ip4 router = {0xcb007101};
static const struct identity_key key = {"nobody knows it"};

struct booked {
	struct probe probe;
	uint64_t sweep;
};

struct stored {
	struct sweep sweep;
	struct observation copy[TASKS];
};

struct game {
	const uint8_t *at, *end; /* the steps */
	struct dispatch dispatch;
	struct sweep_run *open[2];
	uint64_t number[2]; /* of the open sweep */
	struct mono now;
	uint64_t sweeps; /* begun so far */
	struct booked book[BOOK_MOST];
	size_t booked;
	/* By sweep and task: a witness spoke while it was open; and ever, to it. */
	bool answered[SWEEPS_MOST + 1][TASKS];
	bool may_live[SWEEPS_MOST + 1][TASKS];
	bool heard;
	struct stored stored[SWEEPS_MOST + 1];
	size_t stored_count;
};

static uint8_t next(struct game *g)
{
	return g->at < g->end ? *g->at++ : 0;
}

static struct wall wall_of(struct mono now)
{
	return (struct wall){INT64_C(1700000000) * NS_PER_S + now.ns};
}

static size_t task_of(struct ip4 target, enum method method)
{
	return 2 * (size_t)(target.host & 3) + (method == METHOD_TCP);
}

static void begin(struct game *g, size_t place)
{
	struct sweep_task tasks[TASKS];
	struct sweep_plan plan = {
		.sweep = ++g->sweeps,
		.tier = TIER_WATCH,
		.start = g->now,
		.start_wall = wall_of(g->now),
		.tasks = tasks,
		.task_count = TASKS,
		.wait_ns = 2 * NS_PER_S,
		.retries_ns = {NS_PER_S},
		.retry_count = RETRIES,
		.source_port = SOURCE_PORT,
		.key = key,
	};

	for (uint32_t i = 0; i < TASKS; i++)
		tasks[i] = (struct sweep_task){
			.target = {0xc6120000 + i / 2},
			.method = i % 2 ? METHOD_TCP : METHOD_ICMP,
			.port = i % 2 ? PORT : 0,
			.retried = true,
			.way = {.source = us},
		};
	g->open[place] = sweep_create(&plan);
	g->number[place] = plan.sweep;
	dispatch_add(&g->dispatch, g->open[place], plan.sweep);
}

static void check(const struct game *g, const struct sweep *sweep, const struct sweep_counts *c)
{
	uint64_t number = sweep->info.sweep;

	if (c->answered + c->errors + c->silent + c->unsent != c->planned || c->left > c->sent)
		abort();
	if (!g->heard && !(sweep->info.flags & SWEEP_UNPROVEN))
		abort();
	for (size_t i = 0; i < sweep->observation_count; i++) {
		const struct observation *o = &sweep->observations[i];
		size_t task = task_of(o->address, o->method);
		bool life = observation_is_life(o);
		if (life && !g->may_live[number][task])
			abort();
		if (!life && g->answered[number][task])
			abort();
	}
}

static void end(struct game *g, size_t place)
{
	const struct sweep_info known = {.clock_error_us = -1};
	struct stored *stored = &g->stored[g->stored_count++];

	sweep_abandon(g->open[place]);
	sweep_result(g->open[place], &known, wall_of(g->now), &stored->sweep);
	check(g, &stored->sweep, sweep_counts(g->open[place]));
	memcpy(stored->copy, stored->sweep.observations, sizeof(stored->copy));
	dispatch_remove(&g->dispatch, g->open[place], g->now);
	sweep_destroy(g->open[place]);
	g->open[place] = NULL;
}

/* Is it what a witness of this probe could say of it, and nobody else? */
static bool witnesses(const struct sighting *s, const struct booked *b)
{
	const struct probe *p = &b->probe;
	bool error = s->kind == SIGHTING_ERROR;

	if ((!error && s->kind != SIGHTING_REPLY) || !s->has_identity || s->method != p->method ||
		!ip4_equal(error ? s->quoted_to : s->from, p->target) ||
		!ip4_equal(error ? s->quoted_from : s->to, p->source))
		return false;
	if (p->method == METHOD_TCP && (s->our_port != p->source_port || s->their_port != p->port))
		return false;
	return s->identity == p->identity || (s->loose && s->identity + 1 == p->identity);
}

/* What the rules let follow from a packet, by the book alone. */
static void account(struct game *g, const struct sighting *s)
{
	bool ours = ip4_equal(s->from, us) || ip4_equal(s->from, s->to);

	for (size_t i = 0; i < g->booked; i++) {
		const struct booked *b = &g->book[i];
		size_t task = task_of(b->probe.target, b->probe.method);
		bool speaks = s->kind == SIGHTING_REPLY || ip4_equal(s->from, b->probe.target);
		if (!witnesses(s, b) || ours)
			continue;
		g->heard = true;
		if (!speaks)
			continue;
		g->may_live[b->sweep][task] = true;
		for (uint64_t other = 1; other <= g->sweeps && s->bare_ack; other++)
			g->may_live[other][task] = true; /* a half-open peer */
		for (size_t place = 0; place < 2; place++)
			if (g->open[place] && g->number[place] == b->sweep)
				g->answered[b->sweep][task] = true;
	}
}

/* A packet is captured on one of three interfaces, or who knows where. */
static void capture(struct game *g, uint8_t *packet, size_t len)
{
	uint8_t frame[20 + PACKET_MOST] = {0x08, 0, 0, 0, 0, 0, 0, (uint8_t)(next(g) % 4)};
	struct sighting s;

	repair_packet(packet, len);
	memcpy(frame + 20, packet, len);
	enum sighting_verdict verdict = frame_parse(LINK_SLL2, frame, 20 + len, 20 + len, &s);
	if (verdict != SIGHTING_PARSED) {
		dispatch_unparsed(&g->dispatch, verdict);
		return;
	}
	account(g, &s);
	dispatch_sighting(&g->dispatch, g->now, wall_of(g->now), &s);
}

static void put32(uint8_t *to, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* An IPv4 header; what it carries is `len` long. */
static size_t put_ip(
	uint8_t *to, struct ip4 from, struct ip4 dest, uint8_t protocol, size_t len, uint16_t id)
{
	memcpy(to, (const uint8_t[]){0x45, 0, 0, (uint8_t)(20 + len), (uint8_t)(id >> 8),
			   (uint8_t)id, 0x40, 0, 60, protocol, 0, 0},
		12);
	put32(to + 12, from.host);
	put32(to + 16, dest.host);
	return 20 + len;
}

/* The first eight bytes of a probe or its answer, of an echo or a segment. */
static void put_head(uint8_t *to, const struct probe *p, bool answer, uint8_t flags)
{
	uint16_t first = answer ? p->port : p->source_port;
	uint16_t second = answer ? p->source_port : p->port;

	if (p->method == METHOD_ICMP) {
		to[0] = answer ? 0 : 8;
		put32(to + 4, p->identity);
		return;
	}
	put32(to, (uint32_t)first << 16 | second);
	put32(to + 4, answer ? 1 : p->identity);
	if (!answer)
		return;
	put32(to + 8, p->identity + 1);
	to[12] = 0x50;
	to[13] = flags;
}

static size_t put_answer(struct game *g, const struct probe *p, uint8_t *to)
{
	static const uint8_t flags[] = {0x12, 0x14, 0x04, 0x10, 0x11, 0x18};
	uint8_t form = next(g);

	memset(to, 0, PACKET_MOST);
	if (form % 4 == 3) { /* an error */
		to[20] = form & 4 ? 3 : 11;
		put_ip(to + 28, us, p->target, p->method == METHOD_TCP ? 6 : 1, 8, 0);
		put_head(to + 48, p, false, 0);
		return put_ip(to, form & 8 ? router : p->target, us, 1, 36, form);
	}
	put_head(to + 20, p, true, flags[form / 4 % sizeof(flags)]);
	return put_ip(to, p->target, us, p->method == METHOD_TCP ? 6 : 1,
		p->method == METHOD_TCP ? 20 : 8, form);
}

static void answer(struct game *g)
{
	uint8_t packet[PACKET_MOST];

	if (g->booked == 0)
		return;
	size_t len = put_answer(g, &g->book[next(g) % g->booked].probe, packet);
	for (int changes = next(g) % 4; changes > 0; changes--) {
		size_t at = next(g) % len;
		packet[at] ^= next(g);
	}
	capture(g, packet, len);
}

static void any_frame(struct game *g)
{
	uint8_t packet[PACKET_MOST];
	size_t len = next(g) % PACKET_MOST;

	for (size_t i = 0; i < len; i++)
		packet[i] = next(g);
	capture(g, packet, len);
}

/* All that is due is sent, and seen leaving. */
static void drive(struct game *g, size_t place)
{
	struct sweep_action action;

	while ((action = sweep_next(g->open[place], g->now, true)).step == SWEEP_SEND) {
		const struct probe *p = &action.probe;
		bool room = g->booked < BOOK_MOST;
		sweep_sent(g->open[place], g->now, room ? SWEEP_SENT : SWEEP_REFUSED,
			UNSENT_CEILING);
		if (!room)
			continue;
		g->book[g->booked++] = (struct booked){*p, g->number[place]};
		dispatch_sighting(&g->dispatch, g->now, wall_of(g->now),
			&(struct sighting){.kind = SIGHTING_PROBE, .method = p->method,
				.from = p->source, .to = p->target, .has_identity = true,
				.identity = p->identity, .our_port = p->source_port,
				.their_port = p->port});
	}
	if (action.step == SWEEP_DONE)
		end(g, place);
}

static void step(struct game *g)
{
	uint8_t what = next(g);
	size_t place = what >> 7;

	switch (what % 8) {
	case 0:
		g->now.ns += next(g) * 10 * NS_PER_MS;
		break;
	case 1:
		g->now.ns += next(g) * NS_PER_S;
		break;
	case 2:
	case 3:
		any_frame(g);
		break;
	case 4:
		if (g->open[place])
			end(g, place);
		else if (g->sweeps < SWEEPS_MOST)
			begin(g, place);
		break;
	default:
		answer(g);
		break;
	}
	for (size_t i = 0; i < 2; i++)
		if (g->open[i])
			drive(g, i);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct game *g = calloc(1, sizeof(*g));

	if (!g)
		abort();
	g->at = bytes;
	g->end = bytes + len;
	g->now.ns = 1000 * NS_PER_S;
	dispatch_init(&g->dispatch, &key, 1 + RETRIES, g->now);
	begin(g, 0);
	drive(g, 0);
	while (g->at < g->end)
		step(g);
	for (size_t i = 0; i < 2; i++)
		if (g->open[i])
			end(g, i);
	for (size_t i = 0; i < g->stored_count; i++) {
		struct stored *stored = &g->stored[i];
		if (memcmp(stored->copy, stored->sweep.observations, sizeof(stored->copy)) != 0)
			abort();
		free(stored->sweep.observations);
		free(stored->sweep.hops);
	}
	dispatch_finish(&g->dispatch);
	free(g);
	return 0;
}
