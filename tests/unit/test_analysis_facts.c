#include "tests/unit/unit.h"

#include <math.h>

#include "analysis/judge.h"

/*
 * What is gathered around an outage. A country of two blocks told to the judge minute by
 * minute; each host is asked by TCP, at its own phase, and may have a clock.
 */
enum { MOST = 24, OUTSIDE = 0x300 };
#define START (INT64_C(1600000000) * NS_PER_S)
#define MINUTE (60 * NS_PER_S)
#define FIRST 0xc6120000

static const struct target_row targets[] = {
	{{{FIRST}, 23}, ROLE_TARGET, "test"},
	{{{FIRST + 200}, 32}, ROLE_BORDER, "border"},
	{{{0xc6336401}, 32}, ROLE_ANCHOR, "anchor"},
	{{{FIRST + OUTSIDE}, 32}, ROLE_BORDER, "outside"},
};
/* The same, but nobody named the routers: an older program learned one. */
static const struct target_row unnamed[] = {
	{{{FIRST}, 23}, ROLE_TARGET, "test"},
	{{{FIRST + 201}, 32}, ROLE_ANCHOR, "in the place of the border"},
	{{{0xc6336401}, 32}, ROLE_ANCHOR, "anchor"},
	{{{FIRST + OUTSIDE}, 32}, ROLE_BORDER, "learned"},
};
static const struct target_row *list = targets;

struct actor {
	uint32_t last;               /* address, after FIRST */
	int64_t down_min, up_min;    /* does not answer in between */
	int64_t again_min, back_min; /* nor then */
	int64_t boot_s, restart_min; /* clock, 0: none; and when it began anew, 0: never */
	int64_t then_s;              /* what it tells from then on, if it adds an offset; 0 */
	int64_t off_min, on_min; /* of each day after START, switched off in between; 0: never */
	int every;               /* answers in two of so many minutes only; 0: in all */
};

static struct observation heard(const struct actor *actor, int64_t at_ns)
{
	struct observation o = observation_blank();
	int64_t minute = (at_ns - START) / MINUTE;
	bool up = minute < actor->down_min || minute >= actor->up_min;

	up = up && (minute < actor->again_min || minute >= actor->back_min);
	up = up && (minute % 1440 < actor->off_min || minute % 1440 >= actor->on_min);

	o.address.host = FIRST + actor->last;
	o.probed_at.ns = at_ns;
	o.method = METHOD_TCP;
	o.port = 80;
	o.outcome = up && (actor->every == 0 || minute % actor->every < 2) ? OUTCOME_SYN_ACK
									   : OUTCOME_SILENT;
	if (o.outcome != OUTCOME_SYN_ACK || !actor->boot_s)
		return o;
	int64_t boot_ns = actor->boot_s * NS_PER_S;
	if (actor->restart_min && minute >= actor->restart_min)
		boot_ns = actor->then_s ? actor->then_s * NS_PER_S
					: START + actor->restart_min * MINUTE;
	o.has_tcp_ts = true;
	o.tcp_ts = (uint32_t)((at_ns - boot_ns) / 1000000);
	return o;
}

/* Paths to two hosts of each block, by way of this host; none where it is 0. */
static uint32_t forwards;

static size_t look_at_paths(int64_t at_ns, struct hop *hops)
{
	size_t count = 0;

	for (uint32_t i = 0; i < 4 && forwards && (at_ns - START) / MINUTE % 10 == 0; i++) {
		const uint32_t target = FIRST + 256 * (i / 2) + 1 + i % 2;
		const uint32_t via[] = {0x16000001, FIRST + forwards, target};
		for (uint8_t ttl = 0; ttl < 3; ttl++)
			hops[count++] = (struct hop){.address = {target},
				.ttl = (uint8_t)(14 + ttl),
				.probed_at = {at_ns},
				.outcome = ttl < 2 ? OUTCOME_TTL_EXCEEDED : OUTCOME_ECHO_REPLY,
				.has_responder = true,
				.responder = {via[ttl]},
				.rtt_ns = -1};
	}
	return count;
}

static struct judge *play(
	const struct actor *actors, size_t count, int64_t minutes, struct judgement *ret)
{
	struct parameters parameters = parameters_of(1);
	struct judge *judge = judge_create(list, 4, &parameters);
	struct observation rows[MOST + 1];
	struct hop hops[12];

	for (int64_t m = 0; m < minutes; m++) {
		int64_t start_ns = START + m * MINUTE;
		struct sweep sweep = {.info = {.sweep = (uint64_t)m + 1,
					      .vantage = "vp1",
					      .source = {0xc6336402},
					      .has_source = true,
					      .epoch = "e",
					      .tier = TIER_WATCH,
					      .start = {start_ns},
					      .sent = 1,
					      .end = {start_ns + MINUTE},
					      .interval_ns = MINUTE,
					      .capture_dropped = -1,
					      .anchors_probed = 1,
					      .anchors_up = 1,
					      .clock_error_us = -1},
			.observations = rows,
			.observation_count = count + 1,
			.hops = hops,
			.hop_count = look_at_paths(start_ns, hops)};
		for (size_t i = 0; i < count; i++)
			rows[i] =
				heard(&actors[i], start_ns + MINUTE * (int64_t)i / (int64_t)count);
		rows[count] = observation_blank();
		rows[count].address.host = 0xc6336401;
		rows[count].probed_at.ns = start_ns + NS_PER_S;
		rows[count].method = METHOD_ICMP;
		rows[count].outcome = OUTCOME_ECHO_REPLY;
		judge_sweep(judge, &sweep);
	}
	judge_end(judge, ret);
	return judge;
}

/* So many hosts from address `first` on, away together for half an hour. */
static size_t add(struct actor *actors, size_t count, uint32_t first, size_t more)
{
	for (size_t i = 0; i < more; i++)
		actors[count + i] = (struct actor){
			.last = first + (uint32_t)i, .down_min = 2000, .up_min = 2030};
	return count + more;
}

static struct facts facts_of(const struct actor *actors, size_t count)
{
	struct judgement j;
	struct judge *judge = play(actors, count, 2600, &j);

	assert_int_equal(j.outages.count, 1);
	struct facts facts = j.outages.items[0].facts;
	judgement_finish(&j);
	judge_destroy(judge);
	return facts;
}

static void the_border_was_up_only_if_it_was_heard_meanwhile(void **state)
{
	struct actor actors[MOST];
	size_t count = add(actors, 0, 1, 8);
	struct actor *border = &actors[count];
	(void)state;

	*border = (struct actor){.last = 200};
	assert_true(facts_of(actors, count + 1).border_up);
	/* One that answers now and then is never missed, and yet was not there. */
	*border = (struct actor){.last = 200, .down_min = 2000, .up_min = 2030, .every = 16};
	assert_false(facts_of(actors, count + 1).border_up);
	*border = (struct actor){.last = 200, .down_min = 2010, .up_min = 2030, .every = 16};
	assert_false(facts_of(actors, count + 1).border_up);
}

static void a_border_outside_tells_nothing_of_one_block_of_two(void **state)
{
	struct actor actors[MOST];
	size_t count = add(actors, 0, 1, 8);
	(void)state;

	for (uint32_t i = 0; i < 4; i++)
		actors[count++] = (struct actor){.last = 257 + i};
	actors[count] = (struct actor){.last = OUTSIDE};
	assert_false(
		facts_of(actors, count + 1).border_up); /* by the other block's line, perhaps */
	count = add(actors, 8, 257, 4);
	actors[count] = (struct actor){.last = OUTSIDE};
	assert_true(facts_of(actors, count + 1).border_up);
}

/* Facts of the later of two outages of both blocks, twelve hosts. */
static struct facts later_of(struct actor *actors, size_t count)
{
	struct judgement j;

	for (size_t i = 0; i < 12; i++) {
		actors[i].again_min = 2500;
		actors[i].back_min = 2530;
	}
	struct judge *judge = play(actors, count, 3000, &j);
	assert_int_equal(j.outages.count, 2);
	struct facts facts = j.outages.items[1].facts;
	judgement_finish(&j);
	judge_destroy(judge);
	return facts;
}

/* One by the word of the paths, or of a list that was learned, once it went with the others. */
static void a_learned_border_speaks_for_all_once_it_went_with_them(void **state)
{
	struct actor actors[MOST];
	(void)state;

	list = unnamed;
	for (int inside = 0; inside <= 1; inside++) {
		size_t count = add(actors, add(actors, 0, 1, 6), 257, 6);
		actors[count] = (struct actor){.last = inside ? 200 : OUTSIDE};
		forwards = inside ? 200 : 0;
		struct facts facts = facts_of(actors, count + 1);
		assert_false(facts.border_up);
		assert_true(facts.learned_up);
		facts = later_of(actors, count + 1); /* it stayed the first time too */
		assert_false(facts.border_up);
		assert_true(facts.learned_up);
		actors[count].down_min = 2000;
		actors[count].up_min = 2030;
		facts = later_of(actors, count + 1);
		assert_true(facts.border_up);
		assert_false(facts.learned_up);
	}
	list = targets;
	forwards = 0;
}

static void the_clock_of_a_learned_border_is_a_hosts_before(void **state)
{
	struct actor actors[MOST];
	size_t count = add(actors, add(actors, 0, 1, 6), 257, 6);
	struct actor border = {.last = 200, .down_min = 2000, .up_min = 2030, .boot_s = 1599000000};
	(void)state;

	list = unnamed;
	forwards = 200;
	actors[count] = border;
	struct facts facts = facts_of(actors, count + 1);
	assert_false(facts.border_ran);
	assert_int_equal(facts.ran_through, 1);
	border.again_min = 2500;
	border.back_min = 2530;
	actors[count] = border;
	facts = later_of(actors, count + 1);
	assert_true(facts.border_ran);
	assert_int_equal(facts.ran_through, 0);
	list = targets;
	forwards = 0;
}

static void who_sleeps_into_the_day_returns_by_habit(void **state)
{
	enum { DAY = 1440, LAST = 5 * DAY };
	struct actor actors[MOST];
	size_t count = add(actors, 0, 1, 12);
	struct judgement j;
	(void)state;

	/* Four are switched off each day, from the fourth hour to the tenth or so; on the last
	 * a cut begins before and ends meanwhile. */
	for (size_t i = 0; i < count; i++) {
		actors[i].down_min = LAST + 180;
		actors[i].up_min = LAST + 420;
		if (i < 4) {
			actors[i].off_min = 240 + (int64_t)i;
			actors[i].on_min = 600 + 7 * (int64_t)i;
		}
	}
	struct judge *judge = play(actors, count, LAST + 1200, &j);
	const struct facts *f = &j.outages.items[j.outages.count - 1].facts;
	assert_int_equal(f->return_hosts, 8);
	assert_int_equal(f->return_instants, 1);
	judgement_finish(&j);
	judge_destroy(judge);
}

static void a_host_elsewhere_that_went_with_them_speaks_too(void **state)
{
	struct actor actors[MOST];
	size_t count = add(actors, 0, 1, 6);
	(void)state;

	/* Six of twelve here, and one of six in the other block, which restarts. */
	for (uint32_t i = 0; i < 6; i++)
		actors[count++] = (struct actor){.last = 20 + i};
	for (uint32_t i = 0; i < 5; i++)
		actors[count++] = (struct actor){.last = 256 + 20 + i};
	count = add(actors, count, 256 + 1, 1);
	actors[count - 1].boot_s = 1599000000;
	actors[count - 1].restart_min = 2025;
	struct facts facts = facts_of(actors, count);
	assert_int_equal(facts.rebooted, 1);
	/* One that went an hour before has nothing to do with it. */
	actors[count - 1].down_min = 1900;
	actors[count - 1].up_min = 1930;
	actors[count - 1].restart_min = 1925;
	assert_int_equal(facts_of(actors, count).rebooted, 0);
}

static void one_clock_of_several_addresses_counts_once(void **state)
{
	struct actor actors[MOST];
	size_t count = add(actors, 0, 1, 12);
	(void)state;

	assert_int_equal(facts_of(actors, count).ran_through, 0);
	actors[0].boot_s = actors[1].boot_s = actors[2].boot_s = 1599000000;
	assert_int_equal(facts_of(actors, count).ran_through, 1);
	/* Clocks that differ may be of one host that adds an offset for each address ... */
	actors[1].boot_s += 1000;
	actors[2].boot_s += 3000;
	assert_int_equal(facts_of(actors, count).ran_through, 2);
	/* ... but not of one in another block. */
	actors[1].last += 256;
	assert_int_equal(facts_of(actors, count).ran_through, 2);
	for (size_t i = 0; i < 4; i++)
		actors[i].last = (uint32_t)i % 2 * 256 + (uint32_t)i / 2 + 1;
	actors[2].boot_s = 0;
	assert_int_equal(facts_of(actors, count).ran_through, 2);
}

static void restarts_without_a_date_may_be_of_one_host(void **state)
{
	struct actor actors[MOST];
	size_t count = add(actors, 0, 1, 12);
	(void)state;

	for (size_t n = 0; n < 12; n++) {
		actors[n].boot_s = 1599000000 + 5000 * (int64_t)n;
		actors[n].up_min = 2100;
	}
	/* One of them only says that it did, the other, when. */
	actors[4].restart_min = actors[7].restart_min = 2010;
	actors[7].then_s = 1590000000;
	assert_int_equal(facts_of(actors, count).rebooted, 2);
	actors[4].then_s = 1591000000;
	assert_int_equal(facts_of(actors, count).rebooted, 1);
}

/* All back at once after 100 minutes: five had booted one after the other, or as one. */
static void when_hosts_booted_is_weighed(void **state)
{
	struct actor actors[MOST];
	size_t count = add(actors, 0, 1, 12);
	(void)state;

	for (size_t n = 0; n < 12; n++) {
		actors[n].boot_s = 1599000000 + 5000 * (int64_t)n;
		actors[n].up_min = 2100;
	}
	for (size_t n = 0; n < 5; n++)
		actors[n].restart_min = 2008 + 17 * (int64_t)n;
	struct facts manual = facts_of(actors, count);
	assert_int_equal(manual.rebooted, 5);
	assert_true(manual.boot_nats <= -2);
	for (size_t n = 0; n < 5; n++)
		actors[n].restart_min = 2040 + (int64_t)(n / 2);
	assert_true(facts_of(actors, count).boot_nats > 2);
	/* Those without a date say nothing of it. */
	for (size_t n = 0; n < 5; n++)
		actors[n].then_s = 1590000000 + 7000 * (int64_t)n;
	assert_true(fabs(facts_of(actors, count).boot_nats) < 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_border_was_up_only_if_it_was_heard_meanwhile),
		cmocka_unit_test(a_border_outside_tells_nothing_of_one_block_of_two),
		cmocka_unit_test(a_learned_border_speaks_for_all_once_it_went_with_them),
		cmocka_unit_test(the_clock_of_a_learned_border_is_a_hosts_before),
		cmocka_unit_test(who_sleeps_into_the_day_returns_by_habit),
		cmocka_unit_test(a_host_elsewhere_that_went_with_them_speaks_too),
		cmocka_unit_test(one_clock_of_several_addresses_counts_once),
		cmocka_unit_test(restarts_without_a_date_may_be_of_one_host),
		cmocka_unit_test(when_hosts_booted_is_weighed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
