#include "tests/unit/unit.h"

#include "analysis/judge.h"

/*
 * Hosts that change their addresses, and what else is or is no outage of those that went.
 * Two blocks of eight places each, and sixteen places more: a host that goes from its own
 * answers at another, or nowhere. Old addresses are watched each minute; all are asked each eleven
 * minutes, new ones for their first hour by that alone.
 */
enum { OLD = 16, PLACES = 32, FULL_MINUTES = 11 };
#define START (INT64_C(1600000000) * NS_PER_S)
#define MINUTE (60 * NS_PER_S)
#define HOUR (60 * MINUTE)
#define NEVER INT64_MAX

static const struct target_row targets[] = {
	{{{0xc6120000}, 22}, ROLE_TARGET, "test"},
	{{{0xc6336401}, 32}, ROLE_ANCHOR, "anchor"},
};

/* After START: it answers from then, is gone in [off, on), and for good from `to`. */
struct spot {
	int64_t from_ns, to_ns, off_ns, on_ns;
	int clock; /* 1 + whose clock it has; 0: none */
};

struct play {
	struct spot probe_times[PLACES]; /* the last octet is 1 + 7 i; OLD / 2 in each block, then
					    new */
	int new_block;                   /* where those are */
	int64_t minutes;
};

static uint32_t address_of(const struct play *play, int i)
{
	uint32_t block = i < OLD ? (uint32_t)i / (OLD / 2) : (uint32_t)play->new_block;

	return 0xc6120000 + 256 * block + 1 + 7 * (uint32_t)i;
}

static struct observation seen(const struct play *play, int i, int64_t at_ns, bool answered)
{
	struct observation o = observation_blank();
	int clock = play->probe_times[i].clock;

	o.address.host = address_of(play, i);
	o.probed_at.ns = START + at_ns;
	o.method = clock ? METHOD_TCP : METHOD_ICMP;
	o.port = clock ? 80 : 0;
	o.outcome = answered ? clock ? OUTCOME_SYN_ACK : OUTCOME_ECHO_REPLY : OUTCOME_SILENT;
	o.has_tcp_ts = answered && clock;
	o.tcp_ts = (uint32_t)(at_ns / 1000000 + INT64_C(77777777) * clock);
	return o;
}

static bool answers(const struct spot *p, int64_t at_ns)
{
	return at_ns >= p->from_ns && at_ns < p->to_ns && !(at_ns >= p->off_ns && at_ns < p->on_ns);
}

/* Whom a watch sweep asks; a full one asks all, and lists who answers. */
static bool is_watched(const struct spot *p, int64_t at_ns)
{
	return p->from_ns == 0 || at_ns - HOUR >= p->from_ns;
}

static void sweep_once(struct judge *judge, const struct play *play, int64_t minute, bool full)
{
	struct observation rows[PLACES + 1];
	int64_t start_ns = minute * MINUTE;
	int64_t lasts_ns = full ? 8 * MINUTE : 50 * NS_PER_S;
	struct sweep sweep = {.info = {.sweep = 2 * (uint64_t)minute + full,
				      .vantage = "vp1",
				      .epoch = "e",
				      .tier = full ? TIER_FULL : TIER_WATCH,
				      .start = {START + start_ns},
				      .end = {START + start_ns + lasts_ns},
				      .interval_ns = full ? FULL_MINUTES * MINUTE : MINUTE,
				      .sent = PLACES,
				      .capture_dropped = -1,
				      .anchors_probed = 1,
				      .anchors_up = 1},
		.observations = rows};

	for (int i = 0; i < PLACES; i++) {
		int64_t at_ns = start_ns + lasts_ns * i / PLACES;
		bool answered = answers(&play->probe_times[i], at_ns);
		if (full ? answered : is_watched(&play->probe_times[i], at_ns))
			rows[sweep.observation_count++] = seen(play, i, at_ns, answered);
	}
	struct observation *anchor = &rows[sweep.observation_count++];
	*anchor = seen(play, 0, start_ns, true);
	anchor->method = METHOD_ICMP;
	anchor->outcome = OUTCOME_ECHO_REPLY;
	anchor->has_tcp_ts = false;
	anchor->address.host = 0xc6336401;
	judge_sweep(judge, &sweep);
}

static struct judge *run(const struct play *play, struct judgement *ret)
{
	struct parameters parameters = parameters_of(1);
	struct judge *judge = judge_create(targets, 2, &parameters);

	for (int64_t m = 0; m < play->minutes; m++) {
		sweep_once(judge, play, m, false);
		if (m % FULL_MINUTES == 0)
			sweep_once(judge, play, m, true);
	}
	judge_end(judge, ret);
	return judge;
}

/* All at home, and nobody new. */
static struct play at_home(int64_t minutes)
{
	struct play play = {.new_block = 1, .minutes = minutes};

	for (int i = 0; i < PLACES; i++)
		play.probe_times[i] = (struct spot){.from_ns = i < OLD ? 0 : NEVER, .to_ns = NEVER};
	return play;
}

/* `count` of the first block's hosts go, one each minute, and come to new places. */
static void move(struct play *play, int count, int64_t at_ns, int64_t takes_ns)
{
	for (int i = 0; i < count; i++) {
		int64_t gone_ns = at_ns + i * MINUTE;
		play->probe_times[i].to_ns = gone_ns;
		play->probe_times[OLD + i].from_ns = gone_ns + takes_ns;
		play->probe_times[OLD + i].clock = play->probe_times[i].clock;
	}
}

static int64_t lasted(const struct judgement *j, uint32_t block, enum block_state state)
{
	int64_t sum_ns = 0;

	for (size_t i = 0; i < j->rows.count; i++) {
		const struct timeline_row *row = &j->rows.items[i];
		if (row->block.base.host == 0xc6120000 + 256 * block && row->state == state)
			sum_ns += row->end.ns - row->start.ns;
	}
	return sum_ns;
}

static void finish(struct judge *judge, struct judgement *j)
{
	judgement_finish(j);
	judge_destroy(judge);
}

static void a_block_that_moved_whole_is_empty_not_down(void **state)
{
	struct play play = at_home(3 * 24 * 60);
	struct judgement j;
	(void)state;

	move(&play, OLD / 2, 30 * HOUR, MINUTE);
	struct judge *judge = run(&play, &j);
	assert_int_equal(j.outages.count, 0);
	assert_int_equal(lasted(&j, 0, BLOCK_DOWN), 0);
	assert_int_equal(lasted(&j, 0, BLOCK_DEGRADED), 0);
	assert_true(lasted(&j, 0, BLOCK_UNKNOWN) > 41 * HOUR);
	assert_true(lasted(&j, 1, BLOCK_UP) > 71 * HOUR);
	finish(judge, &j);
}

static void where_they_move_back_the_block_is_up_again(void **state)
{
	struct play play = at_home(3 * 24 * 60);
	struct judgement j;
	(void)state;

	move(&play, OLD / 2, 30 * HOUR, MINUTE);
	for (int i = 0; i < OLD / 2; i++) {
		play.probe_times[i].to_ns = NEVER;
		play.probe_times[i].off_ns = 30 * HOUR + i * MINUTE;
		play.probe_times[i].on_ns = 50 * HOUR + i * MINUTE;
		play.probe_times[OLD + i].to_ns = 50 * HOUR + i * MINUTE;
	}
	struct judge *judge = run(&play, &j);
	assert_int_equal(lasted(&j, 0, BLOCK_DOWN), 0);
	assert_true(lasted(&j, 0, BLOCK_UP) > 51 * HOUR);
	assert_true(lasted(&j, 0, BLOCK_UNKNOWN) > 19 * HOUR);
	assert_true(lasted(&j, 0, BLOCK_UNKNOWN) < 21 * HOUR);
	finish(judge, &j);
}

static void an_outage_with_new_addresses_after_it_ends_when_they_come(void **state)
{
	(void)state;

	for (int64_t hours = 1; hours <= 16; hours *= 2) {
		struct play play = at_home(3 * 24 * 60);
		struct judgement j;
		move(&play, OLD / 2, 30 * HOUR, hours * HOUR);
		struct judge *judge = run(&play, &j);
		assert_int_equal(j.outages.count, 1);
		const struct outage *o = &j.outages.items[0];
		assert_true(o->start_low_ns - START <= 30 * HOUR);
		assert_true(o->start_high_ns - START >= 30 * HOUR);
		/* Nine in ten of eight are all, seven a minute after the first. */
		assert_true(o->end_low_ns - START <= (30 + hours) * HOUR + 7 * MINUTE);
		assert_true(o->end_high_ns - START >= (30 + hours) * HOUR + 7 * MINUTE);
		assert_true(o->end_high_ns - o->end_low_ns <= 25 * MINUTE);
		assert_true(lasted(&j, 0, BLOCK_DOWN) > hours * HOUR - 10 * MINUTE);
		assert_true(lasted(&j, 0, BLOCK_DOWN) < hours * HOUR + 20 * MINUTE);
		finish(judge, &j);
	}
}

static void a_few_that_come_elsewhere_end_no_outage(void **state)
{
	(void)state;

	for (int came = 0; came <= 4; came += 2) {
		struct play play = at_home(3 * 24 * 60);
		struct judgement j;
		move(&play, OLD / 2, 30 * HOUR, 2 * MINUTE);
		for (int i = came; i < OLD / 2; i++)
			play.probe_times[OLD + i].from_ns = NEVER;
		struct judge *judge = run(&play, &j);
		assert_int_equal(j.outages.count, 1);
		assert_int_equal(j.outages.items[0].end_high_ns, 0);
		assert_true(lasted(&j, 0, BLOCK_DOWN) > 41 * HOUR);
		finish(judge, &j);
	}
}

static void one_by_one_over_a_day_they_end_no_outage(void **state)
{
	struct play play = at_home(3 * 24 * 60);
	struct judgement j;
	(void)state;

	move(&play, OLD / 2, 30 * HOUR, 2 * MINUTE);
	for (int i = 0; i < OLD / 2; i++)
		play.probe_times[OLD + i].from_ns = 32 * HOUR + i * 3 * HOUR;
	struct judge *judge = run(&play, &j);
	assert_int_equal(j.outages.count, 1);
	assert_int_equal(j.outages.items[0].end_high_ns, 0);
	finish(judge, &j);
}

/* Two blocks go; those of one come back with other addresses, in it or elsewhere. */
static void newcomers_of_one_block_end_no_outage_of_another(void **state)
{
	(void)state;

	for (int new_block = 0; new_block <= 2; new_block += 2) {
		struct play play = at_home(3 * 24 * 60);
		struct judgement j;
		play.new_block = new_block;
		move(&play, OLD / 2, 30 * HOUR, 4 * HOUR);
		for (int i = OLD / 2; i < OLD; i++)
			play.probe_times[i].to_ns = 30 * HOUR + i * MINUTE / 2;
		struct judge *judge = run(&play, &j);
		assert_int_equal(j.outages.count, 1);
		assert_true(lasted(&j, 1, BLOCK_DOWN) > 41 * HOUR);
		finish(judge, &j);
	}
}

/* One host that comes may be chance, but not with the clock of the one that went. */
static void a_clock_that_goes_on_elsewhere_has_moved(void **state)
{
	(void)state;

	for (int clocks = 0; clocks < 2; clocks++) {
		struct play play = at_home(3 * 24 * 60);
		struct judgement j;
		for (int i = 1; i < OLD / 2; i++)
			play.probe_times[i].from_ns = NEVER;
		play.probe_times[0].clock = clocks;
		move(&play, 1, 30 * HOUR, MINUTE);
		struct judge *judge = run(&play, &j);
		assert_int_equal(j.outages.count, 0); /* rows take two hosts */
		assert_int_equal(lasted(&j, 0, BLOCK_DOWN) > 0, !clocks);
		finish(judge, &j);
	}
}

static void new_addresses_asked_seldom_do_not_make_their_block_dark(void **state)
{
	struct play play = at_home(3 * 24 * 60);
	struct judgement j;
	(void)state;

	play.new_block = 0;
	move(&play, OLD / 2, 30 * HOUR, 2 * NS_PER_S);
	for (int i = 0; i < OLD / 2; i++) {
		play.probe_times[i].to_ns = 30 * HOUR;
		play.probe_times[OLD + i].from_ns = 30 * HOUR + 2 * NS_PER_S;
	}
	struct judge *judge = run(&play, &j);
	assert_int_equal(j.outages.count, 0);
	assert_int_equal(lasted(&j, 0, BLOCK_DOWN), 0);
	finish(judge, &j);
}

static void go(struct play *play, int from, int count, int64_t at_ns, int64_t lasts_ns)
{
	for (int i = from; i < from + count; i++) {
		play->probe_times[i].off_ns = at_ns;
		play->probe_times[i].on_ns = lasts_ns == NEVER ? NEVER : at_ns + lasts_ns;
	}
}

/* Part of a block goes for good, part of another days after: two outages. One of a third goes
 * just after the first, or between the two. */
static void a_host_that_goes_days_later_is_not_of_the_outage(void **state)
{
	(void)state;

	for (int hours = 0; hours <= 20; hours += 20) {
		struct play play = at_home(4 * 24 * 60);
		struct judgement j;
		play.new_block = 2;
		for (int i = OLD; i < PLACES; i++)
			play.probe_times[i].from_ns = 0;
		go(&play, 0, 6, 30 * HOUR, NEVER);
		go(&play, OLD / 2, 6, 70 * HOUR, 20 * MINUTE);
		go(&play, PLACES - 1, 1, 30 * HOUR + 5 * MINUTE + hours * HOUR, 9 * MINUTE);
		struct judge *judge = run(&play, &j);
		assert_int_equal(j.outages.count, 2);
		assert_int_equal(j.outages.items[0].block_count, 1);
		assert_int_equal(j.outages.items[1].block_count, 1);
		assert_int_equal(j.outages.items[0].isolated_count, hours == 0);
		finish(judge, &j);
	}
}

/* Two addresses that may be one host's, and fail by themselves. */
static void what_may_be_chance_joins_no_outage_days_after(void **state)
{
	(void)state;

	for (int hours = 0; hours <= 20; hours += 20) {
		struct play play = at_home(4 * 24 * 60);
		struct judgement j;
		go(&play, 0, 8, 30 * HOUR, NEVER);
		go(&play, OLD / 2, 3, 30 * HOUR + MINUTE + hours * HOUR, 9 * MINUTE);
		struct judge *judge = run(&play, &j);
		assert_int_equal(j.outages.count, 1);
		assert_int_equal(j.outages.items[0].block_count, hours ? 1 : 2);
		finish(judge, &j);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_that_moved_whole_is_empty_not_down),
		cmocka_unit_test(where_they_move_back_the_block_is_up_again),
		cmocka_unit_test(an_outage_with_new_addresses_after_it_ends_when_they_come),
		cmocka_unit_test(a_few_that_come_elsewhere_end_no_outage),
		cmocka_unit_test(one_by_one_over_a_day_they_end_no_outage),
		cmocka_unit_test(newcomers_of_one_block_end_no_outage_of_another),
		cmocka_unit_test(a_clock_that_goes_on_elsewhere_has_moved),
		cmocka_unit_test(new_addresses_asked_seldom_do_not_make_their_block_dark),
		cmocka_unit_test(what_may_be_chance_joins_no_outage_days_after),
		cmocka_unit_test(a_host_that_goes_days_later_is_not_of_the_outage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
