/*
 * A flood of forged frames against open sweeps, built by the lab's own packet code: who lives is
 * who answered, none other and none less; where nobody answered no line is proven; memory
 * does not grow. A forger may have seen identities, but never speaks from where they went
 * while they are good for anything. 140,000 frames; 10 million with LIGHTSOUT_SOAK.
 */
#include "tests/unit/unit.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "prober/active/dispatch.h"
#include "prober/packet/frame.h"
#include "prober/sweep/order.h"
#include "tests/lab/packet.h"

enum {
	TARGETS = 256,
	TASKS = 2 * TARGETS,
	SWEEPS = 3, /* open at a time */
	BOOK = SWEEPS * TASKS,
	FRAMES = 35000, /* a round */
	ANSWER_EVERY = FRAMES / BOOK,
	PORT = 80,
	OUR_PORT = 61013,
};

static const struct ip4 us = {0xcb00710a};
static const struct ip4 router = {0xcb007101};
static const struct identity_key key = {"nobody knows it"};

enum forgery {
	WRONG_KEY,         /* an echo reply or SYN-ACK of a random identity */
	GUESSED,           /* ... of identities one after the other */
	OTHER_SOURCE,      /* the right identity, from somebody else */
	OTHER_DESTINATION, /* ... to another address of ours */
	WRONG_PORT,        /* ... from or to another port */
	OTHER_KIND,        /* ... of a SYN in an echo, of an echo in a SYN-ACK */
	OWN_SOURCE,        /* ... from our own address, broadcast, multicast, loopback */
	REPLAYED,          /* the right answer to a sweep of 150 s ago */
	AGAIN,             /* a right answer that was given already */
	TRUNCATED,         /* a right answer, its header cut off */
	BAD_CHECKSUM,      /* a right answer that is damaged */
	RST_FLOOD,
	ACK_FLOOD,
	FORGED_ERROR, /* unreachable or TTL exceeded about what we never sent */
	FORGERIES,
};

struct booked {
	struct probe probe;
	bool answers, answered;
};

struct flood {
	struct dispatch dispatch;
	struct sweep_run *open[SWEEPS];
	struct mono now;
	uint64_t chance, sweeps, frames, genuine, guess;
	struct booked book[BOOK], older[BOOK];
	size_t booked;
	bool dark; /* nobody answers in this round */
};

static uint64_t roll(struct flood *f, uint64_t below)
{
	return order_mix(f->chance++) % below;
}

static struct wall wall_of(struct mono now)
{
	return (struct wall){INT64_C(1700000000) * NS_PER_S + now.ns};
}

static size_t task_of(struct ip4 target, enum method method)
{
	return 2 * (size_t)(target.host & 0xff) + (method == METHOD_TCP);
}

static bool lives(size_t task)
{
	return task % 7 < 2;
}

/* --- sweeps --- */

static void begin(struct flood *f, size_t place)
{
	struct sweep_task tasks[TASKS];
	struct sweep_plan plan = {
		.sweep = ++f->sweeps,
		.tier = TIER_WATCH,
		.start = f->now,
		.start_wall = wall_of(f->now),
		.tasks = tasks,
		.task_count = TASKS,
		.wait_ns = 10 * NS_PER_S,
		.source_port = OUR_PORT,
		.key = key,
	};

	for (uint32_t i = 0; i < TASKS; i++)
		tasks[i] = (struct sweep_task){
			.target = {0xc6120000 + i / 2},
			.method = i % 2 ? METHOD_TCP : METHOD_ICMP,
			.port = i % 2 ? PORT : 0,
			.listed = true,
			.way.source = us,
		};
	f->open[place] = sweep_create(&plan);
	dispatch_add(&f->dispatch, f->open[place], plan.sweep);
}

static void send_all(struct flood *f, size_t place)
{
	struct sweep_action action;

	while ((action = sweep_next(f->open[place], f->now, true)).step == SWEEP_SEND) {
		const struct probe *p = &action.probe;
		sweep_sent(f->open[place], f->now, SWEEP_SENT, UNSENT_NONE);
		f->book[f->booked++] = (struct booked){
			.probe = *p,
			.answers = !f->dark && lives(task_of(p->target, p->method)),
		};
		dispatch_sighting(&f->dispatch, f->now, wall_of(f->now),
			&(struct sighting){.kind = SIGHTING_PROBE,
				.method = p->method,
				.from = p->source,
				.to = p->target,
				.has_identity = true,
				.identity = p->identity,
				.our_port = p->source_port,
				.their_port = p->port});
	}
}

static void end(struct flood *f, size_t place)
{
	const struct sweep_info known = {.clock_error_us = -1};
	struct sweep sweep;

	while (sweep_next(f->open[place], f->now, true).step != SWEEP_DONE)
		f->now.ns += NS_PER_S;
	sweep_result(f->open[place], &known, wall_of(f->now), &sweep);
	const struct sweep_counts *counts = sweep_counts(f->open[place]);
	assert_int_equal(sweep.observation_count, TASKS);
	assert_int_equal(counts->answered + counts->silent + counts->unsent, TASKS);
	assert_int_equal(counts->errors, 0);
	assert_int_equal(!!(sweep.info.flags & SWEEP_UNPROVEN), f->dark);
	for (size_t i = 0; i < TASKS; i++) {
		const struct observation *o = &sweep.observations[i];
		bool alive = !f->dark && lives(task_of(o->address, o->method));
		assert_int_equal(observation_is_life(o), alive);
	}
	dispatch_remove(&f->dispatch, f->open[place], f->now);
	sweep_destroy(f->open[place]);
	free(sweep.observations);
	free(sweep.hops);
}

/* --- packets --- */

static void capture(struct flood *f, const uint8_t *bytes, size_t len)
{
	struct sighting s;
	enum sighting_verdict verdict = frame_parse(LINK_RAW, bytes, len, len, &s);

	f->frames++;
	if (verdict == SIGHTING_PARSED)
		dispatch_sighting(&f->dispatch, f->now, wall_of(f->now), &s);
	else
		dispatch_unparsed(&f->dispatch, verdict);
}

/* The answer to a probe, as `outer` says. */
static size_t put_answer(
	uint8_t *to, const struct outer *outer, const struct probe *p, uint8_t flags)
{
	const struct segment segment = {
		.source_port = p->port,
		.target_port = p->source_port,
		.seq = 0x1000,
		.ack = p->identity + 1,
		.flags = flags,
	};

	if (p->method == METHOD_TCP)
		return packet_segment(to, outer, &segment);
	return packet_echo_reply(to, outer, (uint16_t)(p->identity >> 16), (uint16_t)p->identity,
		(const uint8_t *)"", 0);
}

static void answer(struct flood *f, struct booked *b)
{
	uint8_t bytes[PACKET_SIZE];
	const struct outer outer = {b->probe.target, us, 55, (uint16_t)roll(f, 65536), false};

	capture(f, bytes, put_answer(bytes, &outer, &b->probe, FLAG_SYN | FLAG_ACK));
	b->answered = true;
	f->genuine++;
}

static struct ip4 no_source(struct flood *f)
{
	static const struct ip4 sources[] = {
		{0xcb00710a}, {0xffffffff}, {0xe0000001}, {0x7f000001}, {0}, {0xcb0071ff}};

	return sources[roll(f, sizeof(sources) / sizeof(sources[0]))];
}

/* About a probe we never sent: of another identity, or to somebody else. */
static size_t put_error(struct flood *f, uint8_t *to, struct outer *outer, struct probe p)
{
	uint8_t quoted[PACKET_SIZE];
	bool other = roll(f, 2);

	if (other)
		p.target.host ^= 0x00010000;
	else
		p.identity = (uint32_t)roll(f, UINT32_MAX);
	const struct outer inner = {us, p.target, 1, 0, false};
	size_t len = put_answer(quoted, &inner, &p, FLAG_SYN);
	if (p.method == METHOD_ICMP)
		quoted[20] = 8;
	if (roll(f, 2))
		outer->source = router;
	return packet_error(to, outer, roll(f, 2) ? 3 : 11, (uint8_t)roll(f, 16), quoted, len);
}

/* Identities of a random probe and where it went are the forger's to use. */
static void forge(struct flood *f, enum forgery kind)
{
	uint8_t bytes[PACKET_SIZE];
	const struct booked *booked = &f->book[roll(f, f->booked)];
	struct probe p = booked->probe;
	struct outer outer = {p.target, us, (uint8_t)roll(f, 256), (uint16_t)roll(f, 65536), false};
	uint8_t flags = FLAG_SYN | FLAG_ACK;

	switch (kind) {
	case WRONG_KEY:
		p.identity = (uint32_t)roll(f, UINT32_MAX);
		break;
	case GUESSED:
		p.identity = (uint32_t)f->guess++;
		break;
	case OTHER_SOURCE:
		outer.source.host ^= 1u << roll(f, 32);
		break;
	case OTHER_DESTINATION:
		outer.target.host ^= 1;
		break;
	case WRONG_PORT:
		if (p.method == METHOD_ICMP)
			p.identity ^= 1u << (16 + roll(f, 16)); /* the id */
		else if (roll(f, 2))
			p.port++;
		else
			p.source_port++;
		break;
	case OTHER_KIND:
		p.method = p.method == METHOD_TCP ? METHOD_ICMP : METHOD_TCP;
		p.port = PORT;
		p.source_port = OUR_PORT;
		break;
	case OWN_SOURCE:
		outer.source = no_source(f);
		break;
	case REPLAYED:
		if (f->older[0].probe.target.host == 0)
			return;
		p = f->older[roll(f, BOOK)].probe;
		outer.source = p.target;
		break;
	case AGAIN:
		if (!booked->answered)
			return;
		break;
	case BAD_CHECKSUM:
		/* Of a segment one damaged sum in 65,536 is that of the pseudo header alone,
		 * which is how packets that an interface still has to sum are captured. */
		if (p.method == METHOD_TCP)
			return;
		outer.bad_checksum = true;
		break;
	case RST_FLOOD:
	case ACK_FLOOD:
		p.method = METHOD_TCP;
		p.port = PORT;
		p.source_port = OUR_PORT;
		p.identity = (uint32_t)roll(f, UINT32_MAX);
		flags = kind == ACK_FLOOD ? FLAG_ACK
					  : (uint8_t)(FLAG_RST | (roll(f, 2) ? FLAG_ACK : 0));
		break;
	case TRUNCATED:
	case FORGED_ERROR:
	case FORGERIES:
		break;
	}
	size_t len = kind == FORGED_ERROR ? put_error(f, bytes, &outer, p)
					  : put_answer(bytes, &outer, &p, flags);
	if (kind == TRUNCATED)
		len = roll(f, 28);
	capture(f, bytes, len);
}

static void play_round(struct flood *f, size_t frames)
{
	size_t next = 0;

	f->booked = 0;
	for (size_t i = 0; i < SWEEPS; i++) {
		begin(f, i);
		send_all(f, i);
	}
	assert_int_equal(f->booked, BOOK);
	for (size_t i = 0; i < frames; i++) {
		f->now.ns += 4 * NS_PER_US;
		forge(f, (enum forgery)(i % FORGERIES));
		if (i % ANSWER_EVERY == 0 && next < BOOK && f->book[next++].answers)
			answer(f, &f->book[next - 1]);
	}
	for (; next < BOOK; next++)
		if (f->book[next].answers)
			answer(f, &f->book[next]);
	for (size_t i = 0; i < SWEEPS; i++)
		end(f, i);
	memcpy(f->older, f->book, sizeof(f->older));
	f->now.ns += 150 * NS_PER_S;
}

static void nothing_forged_counts_and_nothing_genuine_is_lost(void **state)
{
	uint64_t wanted = getenv("LIGHTSOUT_SOAK") ? 10000000 : 140000;
	struct flood *f = mem_zeroed(1, sizeof(*f));
	size_t held = 0;
	(void)state;

	dispatch_init(&f->dispatch, &key, 1, f->now);
	f->now.ns += 1000 * NS_PER_S; /* long after our beginning */
	for (size_t round = 0; f->frames < wanted; round++) {
		f->dark = round % 4 == 3;
		play_round(f, FRAMES);
		if (round == 2) /* what is kept for a while is full by then */
			held = mallinfo2().uordblks;
	}
	assert_true(mallinfo2().uordblks < held + 65536);
	print_message(
		"# %llu frames, of which %llu genuine; %llu sweeps of %d probes; %zu KiB held\n",
		(unsigned long long)f->frames, (unsigned long long)f->genuine,
		(unsigned long long)f->sweeps, TASKS, mallinfo2().uordblks / 1024);
	dispatch_finish(&f->dispatch);
	free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_forged_counts_and_nothing_genuine_is_lost),
	};

	return cmocka_run_group_tests_name("forged", tests, NULL, NULL);
}
