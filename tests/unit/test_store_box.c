#include "tests/unit/unit.h"

#include <stdio.h>

#include "store/box.h"

/*
 * Sweeps of 198.18.7.0/24 as a box, a firewall, real hosts and all of them together would
 * answer; and what is told of them.
 */
#define BASE 0xc6120700
#define ROUTER 0xc6336401
enum { PORTS = 4, ROWS = BLOCK_ADDRESSES * (PORTS + 1) };

/* How addresses from..to answer a kind of probe. */
struct part {
	uint32_t from, to;
	uint16_t port; /* 0: echo */
	enum outcome outcome;
	int ttl, code;
	int64_t rtt_us;
};

struct play {
	struct part parts[8];
	const char *methods;
	enum tier tier;
};

static size_t rows_of(const struct play *play, struct observation *rows)
{
	size_t count = 0;

	for (size_t p = 0; p < 8; p++) {
		const struct part *part = &play->parts[p];
		for (uint32_t a = part->from; a < part->to; a++) {
			struct observation *o = &rows[count++];
			*o = observation_blank();
			o->address.host = BASE + a;
			o->method = part->port ? METHOD_TCP : METHOD_ICMP;
			o->port = part->port;
			o->outcome = part->outcome;
			o->reply_ttl = part->ttl ? part->ttl : -1;
			o->rtt_ns = part->rtt_us ? 1000 * part->rtt_us : -1;
			o->icmp_code = part->code;
			o->has_responder = part->outcome == OUTCOME_UNREACHABLE;
			o->responder.host = ROUTER;
		}
	}
	qsort(rows, count, sizeof(*rows), observation_order);
	return count;
}

static struct sweep sweep_of(const struct play *play, struct observation *rows)
{
	struct sweep sweep = {.info = {.tier = play->tier}, .observations = rows};

	snprintf(sweep.info.methods, METHODS_SIZE, "%s", play->methods ? play->methods : "");
	sweep.observation_count = rows_of(play, rows);
	return sweep;
}

/* Finds one box, of so many answers; count 0: none. */
static void assert_finds(const struct play *play, size_t count, enum box_why why, unsigned answers)
{
	struct observation rows[ROWS];
	struct sweep sweep = sweep_of(play, rows);
	struct box_list list;
	size_t boxes = 0;

	boxes_find(&sweep, &list);
	for (size_t i = 0; i < list.count; i++) {
		if (list.items[i].why <= BOX_UNTOLD)
			continue;
		boxes++;
		assert_int_equal(list.items[i].why, why);
		assert_int_equal(list.items[i].answers, answers);
	}
	assert_int_equal(boxes, count);
	box_list_finish(&list);
}

#define ICMP_TCP "icmp;tcp:80"
#define SYN(from, to, ttl)                                                                         \
	{                                                                                          \
		from, to, 80, OUTCOME_SYN_ACK, ttl, -1, 900                                        \
	}
#define ECHO(from, to, ttl)                                                                        \
	{                                                                                          \
		from, to, 0, OUTCOME_ECHO_REPLY, ttl, -1, 1000                                     \
	}
#define NOBODY(from, to)                                                                           \
	{                                                                                          \
		from, to, 0, OUTCOME_UNREACHABLE, 63, 1, 1000                                      \
	}

static void who_is_contradicted_is_a_box(void **state)
{
	static const struct {
		struct play play;
		enum box_why why;
		unsigned answers;
	} cases[] = {
		/* Its router knows none of them. */
		{{{SYN(0, 256, 64), NOBODY(8, 256), ECHO(0, 8, 63)}, ICMP_TCP, TIER_FULL},
			BOX_UNREACHABLE, 256},
		{{{SYN(0, 256, 0), NOBODY(0, 256)}, ICMP_TCP, TIER_FULL}, BOX_UNREACHABLE, 256},
		/* The hosts behind it are further away. */
		{{{SYN(3, 250, 57), ECHO(10, 60, 53)}, ICMP_TCP, TIER_FULL}, BOX_NEARER, 247},
		{{{SYN(0, 256, 250), ECHO(0, 256, 120)}, ICMP_TCP, TIER_FULL}, BOX_NEARER, 256},
		/* A part of the block. */
		{{{SYN(128, 256, 64), NOBODY(128, 256), ECHO(0, 128, 63)}, ICMP_TCP, TIER_FULL},
			BOX_UNREACHABLE, 128},
		{{{SYN(64, 128, 64), NOBODY(64, 128)}, ICMP_TCP, TIER_FULL}, BOX_UNREACHABLE, 64},
		/* A tarpit beside hosts that answer for themselves. */
		{{{SYN(0, 40, 60), SYN(40, 256, 64), NOBODY(40, 256), ECHO(0, 40, 60)}, ICMP_TCP,
			 TIER_FULL},
			BOX_UNREACHABLE, 216},
		/* A firewall that echoes for all, and one that resets. */
		{{{ECHO(0, 256, 254), SYN(20, 40, 50)}, ICMP_TCP, TIER_FULL}, BOX_NEARER, 256},
		{{{{0, 256, 80, OUTCOME_RST, 61, -1, 900}, NOBODY(0, 200)}, ICMP_TCP, TIER_FULL},
			BOX_UNREACHABLE, 256},
		/* Nobody behind it answers anything else. */
		{{{SYN(0, 256, 64)}, ICMP_TCP, TIER_FULL}, BOX_ALONE, 256},
		{{{SYN(0, 256, 64), {0, 256, 0, OUTCOME_SILENT, 0, -1, 0}}, "", TIER_WATCH},
			BOX_ALONE, 256},
		{{{SYN(0, 256, 64), {0, 256, 0, OUTCOME_UNREACHABLE, 63, 13, 9}}, ICMP_TCP,
			 TIER_FULL},
			BOX_ALONE, 256},
		/* Near us. */
		{{{{0, 256, 80, OUTCOME_SYN_ACK, 0, -1, 20},
			  {9, 40, 0, OUTCOME_ECHO_REPLY, 0, -1, 30000}},
			 ICMP_TCP, TIER_FULL},
			BOX_SOONER, 256},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_finds(&cases[i].play, 1, cases[i].why, cases[i].answers);
}

static void each_with_every_port_open_is_no_host(void **state)
{
	static const struct play play = {
		{SYN(0, 256, 64), {0, 256, 22, OUTCOME_SYN_ACK, 64, -1, 9},
			{0, 256, 23, OUTCOME_SYN_ACK, 64, -1, 9},
			{0, 256, 25, OUTCOME_SYN_ACK, 64, -1, 9}, ECHO(0, 256, 64)},
		"icmp;tcp:22;tcp:23;tcp:25;tcp:80", TIER_FULL};
	(void)state;

	assert_finds(&play, 4, BOX_EVERY_PORT, 256);
}

static void a_block_full_of_hosts_is_none(void **state)
{
	static const struct play plays[] = {
		{{SYN(0, 256, 64), ECHO(0, 256, 64)}, ICMP_TCP, TIER_FULL},
		/* Systems whose stacks begin elsewhere. */
		{{SYN(0, 256, 54), ECHO(0, 256, 245)}, ICMP_TCP, TIER_FULL},
		{{SYN(0, 256, 64), ECHO(0, 120, 64)}, ICMP_TCP, TIER_FULL},
		/* Some are called unreachable, or are slow to echo. */
		{{SYN(0, 256, 64), ECHO(0, 230, 64), NOBODY(230, 256)}, ICMP_TCP, TIER_FULL},
		{{SYN(0, 256, 64), ECHO(0, 220, 64),
			 {220, 256, 0, OUTCOME_ECHO_REPLY, 64, -1, 90000}},
			ICMP_TCP, TIER_FULL},
		/* Of several kinds, behind a filter of ICMP; and where subnets end nobody is. */
		{{SYN(0, 32, 64), SYN(32, 96, 118), SYN(96, 160, 64), SYN(160, 224, 118),
			 SYN(224, 256, 64)},
			ICMP_TCP, TIER_FULL},
		{{SYN(1, 255, 64)}, ICMP_TCP, TIER_FULL},
		/* Asked by one kind alone, nothing can be known. */
		{{SYN(0, 256, 64)}, "tcp:80", TIER_FULL},
		{{ECHO(0, 256, 64)}, "icmp", TIER_FULL},
		{{ECHO(0, 256, 64)}, ICMP_TCP, TIER_FULL},
		/* Not full. */
		{{SYN(20, 100, 64), NOBODY(20, 100)}, ICMP_TCP, TIER_FULL},
		{{SYN(8, 55, 64), NOBODY(8, 55)}, ICMP_TCP, TIER_FULL},
		/* A filter that says so is no router without a way there. */
		{{SYN(1, 255, 64), {0, 256, 0, OUTCOME_UNREACHABLE, 63, 13, 9}}, ICMP_TCP,
			TIER_FULL},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(plays) / sizeof(plays[0]); i++)
		assert_finds(&plays[i], 0, BOX_NONE, 0);
}

static const struct play box = {
	{SYN(0, 256, 64), NOBODY(8, 256), ECHO(0, 8, 63)}, ICMP_TCP, TIER_FULL};
static const struct play hosts = {{SYN(0, 256, 60), ECHO(0, 256, 60)}, ICMP_TCP, TIER_FULL};

static size_t see(struct boxes *boxes, const struct play *play, struct box *ret)
{
	struct observation rows[ROWS];
	struct sweep sweep = sweep_of(play, rows);
	struct box_list changes;

	boxes_see(boxes, &sweep, &changes);
	if (changes.count)
		*ret = changes.items[0];
	size_t count = changes.count;
	box_list_finish(&changes);
	return count;
}

static struct observation answer(uint16_t port, int ttl)
{
	struct observation o = observation_blank();

	o.address.host = BASE + 77;
	o.method = port ? METHOD_TCP : METHOD_ICMP;
	o.port = port;
	o.outcome = port ? OUTCOME_SYN_ACK : OUTCOME_ECHO_REPLY;
	o.reply_ttl = ttl;
	return o;
}

/* Told once; its answers are its own between sweeps that ask all, and an end of it is told. */
static void a_box_is_held_until_it_is_gone(void **state)
{
	static const struct play other_port = {{ECHO(0, 8, 63)}, "icmp;tcp:443", TIER_FULL};
	static const struct play without = {{ECHO(0, 8, 63)}, ICMP_TCP, TIER_FULL};
	struct observation o = answer(80, 64);
	struct boxes boxes = {0};
	struct box told;
	(void)state;

	assert_false(boxes_gave(&boxes, &o));
	assert_int_equal(see(&boxes, &box, &told), 1);
	assert_int_equal(told.why, BOX_UNREACHABLE);
	assert_int_equal(see(&boxes, &box, &told), 0);
	for (int i = 0; i < 20; i++)
		assert_int_equal(see(&boxes, &other_port, &told), 0);
	assert_true(boxes_gave(&boxes, &o));
	assert_true(boxes_answer(&boxes, o.address, METHOD_TCP, 80));
	assert_false(boxes_answer(&boxes, o.address, METHOD_TCP, 443));
	o.reply_ttl = -1;
	assert_true(boxes_gave(&boxes, &o));
	o.reply_ttl = 63; /* a host's own */
	assert_false(boxes_gave(&boxes, &o));
	o = answer(0, 64);
	assert_false(boxes_gave(&boxes, &o));

	assert_int_equal(see(&boxes, &without, &told), 0);
	assert_int_equal(see(&boxes, &without, &told), 0);
	assert_int_equal(see(&boxes, &without, &told), 1);
	assert_int_equal(told.why, BOX_NONE);
	o = answer(80, 64);
	assert_false(boxes_gave(&boxes, &o));
	boxes_finish(&boxes);
}

/* What a sweep that was blind did not find is no news. */
static void a_blind_sweep_ends_no_box(void **state)
{
	static const struct play without = {{ECHO(0, 8, 63)}, ICMP_TCP, TIER_FULL};
	struct observation rows[ROWS];
	struct boxes boxes = {0};
	struct box told;
	(void)state;

	see(&boxes, &box, &told);
	for (int i = 0; i < 10; i++) {
		struct sweep sweep = sweep_of(&without, rows);
		sweep.info.flags = SWEEP_ANCHORS_DOWN;
		boxes_see(&boxes, &sweep, NULL);
	}
	struct observation o = answer(80, 64);
	assert_true(boxes_gave(&boxes, &o));
	boxes_finish(&boxes);
}

/* A filter takes the echo replies of a block full of hosts: they are the same hosts. */
static void hosts_that_confirmed_each_other_stay_hosts(void **state)
{
	static const struct play filtered = {{SYN(0, 256, 60)}, ICMP_TCP, TIER_FULL};
	struct observation o = answer(80, 60);
	struct boxes boxes = {0};
	struct box told;
	(void)state;

	assert_int_equal(see(&boxes, &hosts, &told), 0);
	assert_int_equal(see(&boxes, &filtered, &told), 0);
	assert_false(boxes_gave(&boxes, &o));
	/* Unless it is another who answers. */
	assert_int_equal(see(&boxes, &box, &told), 1);
	boxes_finish(&boxes);
}

static void a_box_is_told_in_words(void **state)
{
	struct box one = {.prefix = {{BASE}, 24},
		.method = METHOD_TCP,
		.port = 80,
		.reply_ttl = 64,
		.why = BOX_UNREACHABLE,
		.answers = 256,
		.against = 248};
	char text[BOX_TEXT_SIZE];
	(void)state;

	box_format(&one, text);
	assert_string_equal(text,
		"198.18.7.0/24: all 256 addresses answer tcp:80 with one TTL, 64; a "
		"router calls 248 of them unreachable");
	one.reply_ttl = -1;
	one.why = BOX_ALONE;
	one.answers = one.against = 240;
	box_format(&one, text);
	assert_string_equal(text,
		"198.18.7.0/24: 240 of 256 addresses answer tcp:80; 240 of them do "
		"not answer an echo request");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_contradicted_is_a_box),
		cmocka_unit_test(each_with_every_port_open_is_no_host),
		cmocka_unit_test(a_block_full_of_hosts_is_none),
		cmocka_unit_test(a_box_is_held_until_it_is_gone),
		cmocka_unit_test(a_blind_sweep_ends_no_box),
		cmocka_unit_test(hosts_that_confirmed_each_other_stay_hosts),
		cmocka_unit_test(a_box_is_told_in_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
