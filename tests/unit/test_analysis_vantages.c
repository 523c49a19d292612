#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/judge.h"

/*
 * Several vantage points tell the judge of one block, in sweeps that name no interval: who
 * still looks, and who heard what another did not.
 */
enum { HOSTS = 12, MOST_VANTAGES = 64 };
#define START (INT64_C(1600000000) * NS_PER_S)
#define MINUTE (60 * NS_PER_S)

static const struct target_row targets[] = {
	{{{0xc6120000}, 24}, ROLE_TARGET, "test"},
	{{{0xc6336401}, 32}, ROLE_ANCHOR, "anchor"},
};

/* Minutes after START. */
struct vantage {
	int64_t first, every;
	int64_t stops, resumes; /* no sweeps; from 0 to 0: none */
	int64_t lost, found;    /* it does not reach the block */
	int64_t blind;          /* its own line is dead from then on; 0: never */
};

struct world {
	size_t vantage_count;
	struct vantage vantages[MOST_VANTAGES];
	int64_t minutes;
	int64_t down, up;
	uint32_t down_hosts; /* the first so many */
	int64_t stabbing_s;  /* each goes, and returns, so much later than the one before */
};

static bool within(int64_t minute, int64_t from, int64_t to)
{
	return minute >= from && minute < to;
}

static int sweep_at(struct judge *judge, const struct world *world, size_t vantage, int64_t minute)
{
	const struct vantage *v = &world->vantages[vantage];
	bool blind = v->blind && minute >= v->blind;
	struct observation rows[HOSTS + 1];
	struct sweep sweep = {.info = {.sweep = (uint64_t)minute + 1,
				      .epoch = "e",
				      .tier = TIER_WATCH,
				      .start = {START + minute * MINUTE},
				      .end = {START + (minute + 1) * MINUTE},
				      .sent = 1,
				      .capture_dropped = -1,
				      .anchors_probed = 1,
				      .anchors_up = !blind,
				      .flags = blind ? SWEEP_ANCHORS_DOWN : 0},
		.observations = rows};

	snprintf(sweep.info.vantage, sizeof(sweep.info.vantage), "vp%zu", vantage + 1);
	for (uint32_t i = 0; i <= HOSTS; i++) {
		struct observation *o = &rows[sweep.observation_count++];
		/* Each vantage point asks them at another phase. */
		int64_t after_s = 60 * ((i + 3 * (int64_t)vantage) % HOSTS) / HOSTS;
		int64_t late_s = 60 * minute + after_s - world->stabbing_s * i;
		bool down =
			i < world->down_hosts && within(late_s, 60 * world->down, 60 * world->up);
		bool lost = down || within(minute, v->lost, v->found);
		bool silent = blind || (i < HOSTS && lost);
		*o = observation_blank();
		o->address.host = i < HOSTS ? 0xc6120001 + i : 0xc6336401;
		o->probed_at.ns = sweep.info.start.ns + after_s * NS_PER_S;
		o->method = METHOD_ICMP;
		o->outcome = silent ? OUTCOME_SILENT : OUTCOME_ECHO_REPLY;
		o->rtt_ns = silent ? -1 : 200000000;
	}
	return judge_sweep(judge, &sweep);
}

static struct judge *run(const struct world *world, struct judgement *ret)
{
	struct parameters parameters = parameters_of(1);
	struct judge *judge = judge_create(targets, 2, &parameters);

	for (int64_t m = 0; m < world->minutes; m++)
		for (size_t i = 0; i < world->vantage_count; i++) {
			const struct vantage *v = &world->vantages[i];
			if (m >= v->first && (m - v->first) % v->every == 0 &&
				!within(m, v->stops, v->resumes))
				assert_int_equal(sweep_at(judge, world, i, m), 0);
		}
	judge_end(judge, ret);
	return judge;
}

static size_t count_rows(const struct judgement *j, enum block_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < j->rows.count; i++)
		n += j->rows.items[i].state == state;
	return n;
}

/* One outage of all, down from about then to then, and nothing that is not known. */
static void assert_told(const struct world *world, int64_t within_min)
{
	struct judgement j;
	struct judge *judge = run(world, &j);

	assert_int_equal(j.outages.count, 1);
	const struct outage *o = &j.outages.items[0];
	assert_false(o->partial);
	assert_int_not_equal(o->verdict.cause, CAUSE_ROUTING);
	assert_true(o->start_low_ns <= START + (world->down + 1) * MINUTE);
	assert_true(o->start_high_ns <= START + (world->down + within_min) * MINUTE);
	assert_true(o->end_high_ns >= START + world->up * MINUTE);
	assert_true(o->end_high_ns <= START + (world->up + within_min) * MINUTE);
	assert_int_equal(count_rows(&j, BLOCK_DOWN), 1);
	assert_int_equal(count_rows(&j, BLOCK_UNKNOWN), 0);
	judgement_finish(&j);
	judge_destroy(judge);
}

static void who_has_stopped_is_not_waited_for(void **state)
{
	struct world world = {.vantage_count = 2,
		.vantages = {{.every = 1}, {.every = 1, .stops = 480, .resumes = INT64_MAX}},
		.minutes = 1000,
		.down = 600,
		.up = 720,
		.down_hosts = HOSTS};
	(void)state;

	assert_told(&world, 2);
	/* For ten hours only. */
	world.vantages[1].resumes = 1080;
	world.minutes = 1500;
	assert_told(&world, 2);
	/* Had paused before, and come back: that is no rhythm. */
	world.vantages[1] = (struct vantage){.every = 1, .stops = 100, .resumes = 400};
	world.down = 900;
	world.up = 930;
	assert_told(&world, 2);
}

static void who_looks_rarely_hides_nothing_that_it_met_too(void **state)
{
	/* Each three hours, each three, each twelve; half a day passes before the last asks. */
	struct world world = {.vantage_count = 3,
		.vantages = {{.every = 180}, {.first = 30, .every = 180},
			{.first = 60, .every = 720}},
		.minutes = 14 * 1440,
		.down = 8 * 1440 + 170,
		.up = 8 * 1440 + 170 + 1200,
		.down_hosts = HOSTS};
	(void)state;

	assert_told(&world, 240);
	/* One of them only. */
	world.vantage_count = 2;
	world.vantages[1] = world.vantages[2];
	assert_told(&world, 240);
}

static void what_another_heard_is_a_lost_route(void **state)
{
	static const int64_t every[][2] = {{1, 1}, {1, 11}, {11, 1}, {11, 11}, {1, 60}};
	(void)state;

	for (size_t i = 0; i < sizeof(every) / sizeof(every[0]); i++) {
		struct world world = {.vantage_count = 2,
			.vantages = {{.every = every[i][0], .lost = 2000, .found = 2100},
				{.first = 5, .every = every[i][1]}},
			.minutes = 3000};
		struct judgement j;
		struct judge *judge = run(&world, &j);
		assert_int_equal(count_rows(&j, BLOCK_DOWN), 0);
		assert_int_equal(j.outages.count, 1);
		const struct outage *o = &j.outages.items[0];
		assert_true(o->partial);
		assert_true(o->facts.reached_elsewhere);
		assert_int_equal(o->verdict.cause, CAUSE_ROUTING);
		judgement_finish(&j);
		judge_destroy(judge);
	}
}

static void what_none_asked_meanwhile_was_reached_by_none(void **state)
{
	/* The other asks each two hours, and did not in these forty minutes. */
	struct world world = {.vantage_count = 2,
		.vantages = {{.every = 1, .lost = 2050, .found = 2090}, {.first = 5, .every = 120}},
		.minutes = 3000};
	struct judgement j;
	struct judge *judge = run(&world, &j);
	(void)state;

	assert_int_equal(j.outages.count, 1);
	assert_true(j.outages.items[0].partial);
	assert_false(j.outages.items[0].facts.reached_elsewhere);
	assert_true(j.outages.items[0].facts.missed_elsewhere);
	judgement_finish(&j);
	judge_destroy(judge);
}

static void what_all_met_in_silence_is_no_lost_route(void **state)
{
	(void)state;

	for (uint32_t hosts = 1; hosts <= 4; hosts++)
		for (int64_t stabbing_s = 0; stabbing_s <= 120; stabbing_s += 10) {
			struct world world = {.vantage_count = 2,
				.vantages = {{.every = 1}, {.every = 1}},
				.minutes = 1000,
				.down = 600,
				.up = 610,
				.down_hosts = hosts,
				.stabbing_s = stabbing_s};
			struct judgement j;
			struct judge *judge = run(&world, &j);
			for (size_t i = 0; i < j.outages.count; i++)
				assert_false(j.outages.items[i].partial);
			judgement_finish(&j);
			judge_destroy(judge);
		}
}

/* The last is well; the others have stopped, or see nothing any more. */
static void make_many(struct world *world, size_t count, bool blind)
{
	*world = (struct world){.vantage_count = count,
		.minutes = 900,
		.down = 600,
		.up = 660,
		.down_hosts = HOSTS};
	for (size_t i = 0; i < count; i++)
		world->vantages[i] = (struct vantage){.every = 1};
	for (size_t i = 0; i + 1 < count && blind; i++)
		world->vantages[i].blind = 300;
	for (size_t i = 0; i + 1 < count && !blind; i++)
		world->vantages[i].stops = 300, world->vantages[i].resumes = INT64_MAX;
}

static void one_that_is_well_among_many_that_are_not_is_enough(void **state)
{
	static const size_t counts[] = {4, 5, 20, 64};
	struct world world;
	struct judgement alone;
	(void)state;

	make_many(&world, 1, false);
	struct judge *first = run(&world, &alone);
	assert_int_equal(alone.outages.count, 1);
	for (size_t i = 0; i < 2 * sizeof(counts) / sizeof(counts[0]); i++) {
		struct judgement j;
		make_many(&world, counts[i / 2], i % 2 == 1);
		struct judge *judge = run(&world, &j);
		assert_int_equal(j.outages.count, 1);
		assert_int_equal(count_rows(&j, BLOCK_DOWN), 1);
		assert_int_equal(j.rows.count, alone.rows.count);
		/* Another phase each: the edges agree to a minute. */
		assert_true(llabs(j.outages.items[0].start_high_ns -
				    alone.outages.items[0].start_high_ns) <= MINUTE);
		assert_true(llabs(j.outages.items[0].end_low_ns -
				    alone.outages.items[0].end_low_ns) <= MINUTE);
		judgement_finish(&j);
		judge_destroy(judge);
	}
	judgement_finish(&alone);
	judge_destroy(first);
}

static void more_than_can_be_held_are_refused(void **state)
{
	struct parameters parameters = parameters_of(1);
	struct judge *judge = judge_create(targets, 2, &parameters);
	struct world world = {.vantage_count = 1};
	struct sweep sweep = {.info = {.tier = TIER_WATCH}};
	struct judgement j;
	(void)state;

	for (int i = 0; i < VANTAGES_MOST; i++) {
		snprintf(sweep.info.vantage, sizeof(sweep.info.vantage), "vp%d", i);
		assert_int_equal(judge_sweep(judge, &sweep), 0);
	}
	assert_int_equal(sweep_at(judge, &world, 0, 1), 0); /* vp1 is one of them */
	snprintf(sweep.info.vantage, sizeof(sweep.info.vantage), "another");
	assert_int_equal(judge_sweep(judge, &sweep), -E2BIG);
	judge_end(judge, &j);
	assert_int_equal(j.vantage_count, VANTAGES_MOST);
	judgement_finish(&j);
	judge_destroy(judge);
}

static void a_state_carries_over_all_the_same(void **state)
{
	struct world world = {.vantage_count = 1,
		.vantages = {{.every = 1, .stops = 300, .resumes = 900}},
		.minutes = 1000};
	struct judgement j;
	struct judge *judge = run(&world, &j);
	(void)state;

	assert_int_equal(j.rows.count, 1);
	assert_int_equal(j.rows.items[0].state, BLOCK_UP);
	judgement_finish(&j);
	judge_destroy(judge);
}

static void only_a_reply_between_two_silences_was_heard_meanwhile(void **state)
{
	static const struct {
		int64_t elsewhere[2]; /* read before the first silence, and after it */
		bool heard;
	} cases[] = {
		{{5, 5}, false},  /* before it only */
		{{5, 15}, true},  /* between the two */
		{{15, 16}, true}, /* read ahead of its time */
		{{35, 15}, true}, /* a longer sweep was read first */
		{{15, 35}, true}, /* or last */
		{{5, 35}, false}, /* after the last */
		{{10, 35}, true},
	};
	struct parameters c = parameters_of(1);
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct host m = {.kinds = 1};
		struct silence_run run;
		host_reply(&m, CHANNEL_ICMP, true, 1, MINUTE, &c, &run);
		host_hear_elsewhere(&m, cases[i].elsewhere[0] * MINUTE);
		host_silent(&m, CHANNEL_ICMP, 2, 10 * MINUTE, 10 * MINUTE, &c);
		host_hear_elsewhere(&m, cases[i].elsewhere[1] * MINUTE);
		host_silent(&m, CHANNEL_ICMP, 2, 20 * MINUTE, 20 * MINUTE, &c);
		host_silent(&m, CHANNEL_ICMP, 2, 30 * MINUTE, 30 * MINUTE, &c);
		assert_true(host_reply(&m, CHANNEL_ICMP, true, 2, 40 * MINUTE, &c, &run));
		assert_int_equal(run.heard_elsewhere, cases[i].heard);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_has_stopped_is_not_waited_for),
		cmocka_unit_test(who_looks_rarely_hides_nothing_that_it_met_too),
		cmocka_unit_test(what_another_heard_is_a_lost_route),
		cmocka_unit_test(what_none_asked_meanwhile_was_reached_by_none),
		cmocka_unit_test(what_all_met_in_silence_is_no_lost_route),
		cmocka_unit_test(one_that_is_well_among_many_that_are_not_is_enough),
		cmocka_unit_test(more_than_can_be_held_are_refused),
		cmocka_unit_test(a_state_carries_over_all_the_same),
		cmocka_unit_test(only_a_reply_between_two_silences_was_heard_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
