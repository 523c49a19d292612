#include "tests/unit/unit.h"

#include "analysis/judge.h"
#include "analysis/vantage/near.h"

/*
 * Six hosts of 198.18.1.0/24 asked once a minute beside an anchor, and how long their
 * answers take. Who is nearer, or comes back from a detour, is heard all the same.
 */
enum { HOSTS = 6, HOUR = 60, DAY = 24 * HOUR };
#define START (INT64_C(1600000000) * NS_PER_S)
#define MINUTE (60 * NS_PER_S)
#define BLOCK 0xc6120100

static const struct target_row targets[] = {
	{{{BLOCK}, 24}, ROLE_TARGET, ""},
	{{{0xc6336401}, 32}, ROLE_ANCHOR, ""},
};

struct play {
	int64_t minutes;
	int usual_ms;
	int64_t from, to; /* minutes in which it is another way */
	int other_ms;     /* so long it takes then; 0: nobody answers */
	int box_ms;       /* a box answers then, so soon, instead of every `box_each`th ... */
	int box_each;
	int hosts_that_move; /* 0: all */
	int late;            /* hosts that are heard only from `from` on, at other_ms */
};

static uint64_t random_state;

static uint32_t draw(uint32_t below)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(random_state >> 33) % below;
}

static bool is_other(const struct play *play, int64_t minute, uint32_t host)
{
	bool moves = !play->hosts_that_move || (int)host < play->hosts_that_move;

	return moves && minute >= play->from && minute < play->to;
}

static struct observation row_of(const struct play *play, int64_t minute, uint32_t host)
{
	struct observation o = observation_blank();
	bool other = is_other(play, minute, host);
	int takes_ms = other ? play->other_ms : play->usual_ms;

	o.address.host = BLOCK + 1 + host;
	o.probed_at.ns = START + minute * MINUTE + 5 * NS_PER_S * host;
	o.outcome = takes_ms ? OUTCOME_ECHO_REPLY : OUTCOME_SILENT;
	o.rtt_ns = takes_ms ? (takes_ms + (int)draw(5)) * NS_PER_MS : -1;
	if (other && play->box_ms && draw((uint32_t)play->box_each) == 0) {
		o.outcome = OUTCOME_ECHO_REPLY;
		o.rtt_ns = play->box_ms * NS_PER_MS;
	}
	return o;
}

static struct judge *run(const struct play *play, struct judgement *ret)
{
	struct parameters parameters = parameters_of(1);
	struct judge *judge = judge_create(targets, 2, &parameters);
	struct observation rows[HOSTS + 1];

	random_state = 11;
	for (int64_t m = 0; m < play->minutes; m++) {
		struct sweep sweep = {.info = {.sweep = (uint64_t)m + 1,
					      .vantage = "vp1",
					      .tier = TIER_WATCH,
					      .start = {START + m * MINUTE},
					      .end = {START + (m + 1) * MINUTE},
					      .interval_ns = MINUTE,
					      .sent = 1,
					      .capture_dropped = -1,
					      .anchors_probed = 1,
					      .anchors_up = 1},
			.observations = rows};
		for (uint32_t i = 0; i < HOSTS; i++)
			if ((int)i < HOSTS - play->late || m >= play->from)
				rows[sweep.observation_count++] = row_of(play, m, i);
		struct observation *anchor = &rows[sweep.observation_count++];
		*anchor = observation_blank();
		anchor->address.host = 0xc6336401;
		anchor->probed_at.ns = sweep.info.start.ns;
		anchor->outcome = OUTCOME_ECHO_REPLY;
		anchor->rtt_ns = 20 * NS_PER_MS;
		assert_int_equal(judge_sweep(judge, &sweep), 0);
	}
	judge_end(judge, ret);
	return judge;
}

/* How many minutes from the first hour on the block is in this state. */
static int64_t minutes_in(const struct play *play, enum block_state state)
{
	struct judgement judgement;
	struct judge *judge = run(play, &judgement);
	int64_t from_ns = START + HOUR * MINUTE;
	int64_t sum_ns = 0;

	for (size_t i = 0; i < judgement.rows.count; i++) {
		const struct timeline_row *row = &judgement.rows.items[i];
		int64_t start_ns = row->start.ns > from_ns ? row->start.ns : from_ns;
		if (row->state == state && row->end.ns > start_ns)
			sum_ns += row->end.ns - start_ns;
	}
	judgement_finish(&judgement);
	judge_destroy(judge);
	return sum_ns / MINUTE;
}

static void a_detour_blinds_nobody(void **state)
{
	static const struct play plays[] = {
		{.minutes = 2 * DAY,
			.usual_ms = 40,
			.from = DAY,
			.to = DAY + HOUR,
			.other_ms = 700},
		{.minutes = 3 * DAY, .usual_ms = 90, .from = DAY, .to = 2 * DAY, .other_ms = 600},
		{.minutes = 12 * DAY, .usual_ms = 30, .from = DAY, .to = 9 * DAY, .other_ms = 800},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(plays) / sizeof(plays[0]); i++)
		assert_int_equal(minutes_in(&plays[i], BLOCK_UP), plays[i].minutes - HOUR);
}

/* A cable in the place of a satellite: in doubt for a quarter of an hour. */
static void who_is_nearer_now_is_heard_again(void **state)
{
	static const struct play play = {
		.minutes = 3 * DAY, .usual_ms = 600, .from = DAY, .to = 3 * DAY, .other_ms = 70};
	static const struct play one = {.minutes = 3 * DAY,
		.usual_ms = 600,
		.from = DAY,
		.to = 3 * DAY,
		.other_ms = 70,
		.hosts_that_move = 1};
	(void)state;

	assert_true(minutes_in(&play, BLOCK_UP) >= play.minutes - HOUR - 16);
	assert_int_equal(minutes_in(&play, BLOCK_DOWN), 0);
	assert_int_equal(minutes_in(&one, BLOCK_UP), one.minutes - HOUR);
}

/* Never heard before, and nearer than is usual: hosts all the same. */
static void a_stranger_that_is_nearer_is_met(void **state)
{
	static const struct play play = {.minutes = 2 * DAY,
		.usual_ms = 600,
		.from = DAY,
		.to = 2 * DAY,
		.other_ms = 70,
		.late = 3};
	struct judgement judgement;
	struct judge *judge = run(&play, &judgement);
	(void)state;

	assert_int_equal(judgement.rows.items[judgement.rows.count - 1].hosts, HOSTS);
	judgement_finish(&judgement);
	judge_destroy(judge);
}

static void a_box_that_answers_now_and_then_is_nobody(void **state)
{
	static const struct play cut = {.minutes = 2 * DAY,
		.usual_ms = 150,
		.from = DAY,
		.to = DAY + 5 * HOUR,
		.box_ms = 4,
		.box_each = 3};
	(void)state;

	assert_true(minutes_in(&cut, BLOCK_DOWN) >= 5 * HOUR - 2);
}

/* Mixed with answers from afar, or with silence, never; by themselves, soon. */
static void what_is_mixed_is_a_box(void **state)
{
	struct nears nears = {0};
	(void)state;

	for (int i = 0; i < 100; i++)
		near_hear(&nears, 3, 7, 200 * NS_PER_MS, 1);
	for (int i = 0; i < 1000; i++) {
		assert_true(near_is_doubtful(&nears, 3, 7, 9 * NS_PER_MS));
		near_hear(&nears, 3, 7, 9 * NS_PER_MS, 1);
		near_hear(&nears, 3, 7, i % 2 ? 9 * NS_PER_MS : 200 * NS_PER_MS, 1);
		near_miss(&nears, 3, 7, 1);
	}
	assert_false(near_is_doubtful(&nears, 3, 7, 100 * NS_PER_MS));
	assert_false(near_is_doubtful(&nears, 3, 7, -1));
	for (int i = 0; i < 12; i++)
		near_hear(&nears, 3, 7, 9 * NS_PER_MS, 1);
	assert_false(near_is_doubtful(&nears, 3, 7, 9 * NS_PER_MS));
	assert_false(near_is_doubtful(&nears, 2, 7, 9 * NS_PER_MS));
	nears_finish(&nears);
}

/* An answer to the third packet is two silences as well. */
static void a_box_that_answers_late_is_one_too(void **state)
{
	struct nears nears = {0};
	(void)state;

	for (int i = 0; i < 100; i++)
		near_hear(&nears, 0, 0, 200 * NS_PER_MS, 1);
	for (int i = 0; i < 1000; i++)
		near_hear(&nears, 0, 0, 9 * NS_PER_MS, 1 + (unsigned)(i % 3));
	assert_true(near_is_doubtful(&nears, 0, 0, 9 * NS_PER_MS));
	nears_finish(&nears);
}

/* One address at a distance of its own does not make it the usual one. */
static void the_usual_distance_is_that_of_most(void **state)
{
	struct nears nears = {0};
	(void)state;

	for (uint32_t i = 0; i < 4000; i++) {
		near_hear(&nears, 1, i % 20, (i % 20 ? 120 : 2) * NS_PER_MS, 1);
		assert_true(i < 100 || near_is_strange(&nears, 1, 8 * NS_PER_MS));
	}
	assert_false(near_is_strange(&nears, 1, 60 * NS_PER_MS));
	assert_false(near_is_strange(&nears, 0, NS_PER_MS));
	nears_finish(&nears);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_detour_blinds_nobody),
		cmocka_unit_test(who_is_nearer_now_is_heard_again),
		cmocka_unit_test(a_stranger_that_is_nearer_is_met),
		cmocka_unit_test(a_box_that_answers_now_and_then_is_nobody),
		cmocka_unit_test(what_is_mixed_is_a_box),
		cmocka_unit_test(a_box_that_answers_late_is_one_too),
		cmocka_unit_test(the_usual_distance_is_that_of_most),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
