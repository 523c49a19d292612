#include "tests/unit/unit.h"

#include <math.h>

#include "analysis/judge.h"
#include "analysis/method/belief.h"

/*
 * A small country told to the judge sweep by sweep: 198.18.0.0/23, hosts at
 * .1 to .N of the first block, each probed once a minute at its own phase.
 */
enum { HOSTS = 8 };
#define START (INT64_C(1600000000) * NS_PER_S)
#define MINUTE (60 * NS_PER_S)

static const struct target_row targets[] = {
	{{{0xc6120000}, 23}, ROLE_TARGET, "test"},
	{{{0xc6336401}, 32}, ROLE_ANCHOR, "anchor"},
};

struct play {
	double disruption;
	int64_t down_ns, up_ns; /* after START; all hosts */
	uint32_t flags;         /* of the sweeps that begin in ... */
	int64_t flags_from_ns, flags_to_ns;
	int64_t stop_from_ns, stop_to_ns; /* no sweeps */
	enum outcome instead;             /* of silence, while down */
	bool idle;                        /* the sweeps say they sent nothing while down */
	size_t hosts;
};

static uint64_t random_state;

static double draw(void)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (double)(random_state >> 11) / 9007199254740992.0;
}

static struct observation seen(uint32_t address, int64_t at_ns, enum outcome outcome)
{
	struct observation o = observation_blank();

	o.address.host = address;
	o.probed_at.ns = at_ns;
	o.method = METHOD_ICMP;
	o.outcome = outcome;
	return o;
}

static void sweep_of(const struct play *play, int64_t start_ns, uint64_t number,
	struct observation *rows, struct sweep *ret)
{
	int64_t since = start_ns - START;
	bool flagged = since >= play->flags_from_ns && since < play->flags_to_ns;

	*ret = (struct sweep){
		.info = {.sweep = number,
			.vantage = "vp1",
			.epoch = "e",
			.tier = TIER_WATCH,
			.start = {start_ns},
			.sent = !play->idle || since < play->down_ns || since >= play->up_ns,
			.end = {start_ns + MINUTE},
			.interval_ns = MINUTE,
			.capture_dropped = -1,
			.anchors_probed = 1,
			.anchors_up = 1,
			.flags = flagged ? play->flags : 0}};
	for (size_t i = 0; i < play->hosts; i++) {
		int64_t at_ns = start_ns + MINUTE * (int64_t)i / (int64_t)play->hosts;
		bool down = at_ns - START >= play->down_ns && at_ns - START < play->up_ns;
		enum outcome outcome = OUTCOME_ECHO_REPLY;
		if (down)
			outcome = play->instead;
		else if (draw() < play->disruption)
			outcome = OUTCOME_SILENT;
		rows[i] = seen(0xc6120001 + (uint32_t)i, at_ns, outcome);
	}
	rows[play->hosts] = seen(0xc6336401, start_ns + NS_PER_S, OUTCOME_ECHO_REPLY);
	ret->observations = rows;
	ret->observation_count = play->hosts + 1;
}

static struct judge *run(const struct play *play, int64_t minutes, struct judgement *ret)
{
	struct parameters parameters = parameters_of(1);
	struct judge *judge = judge_create(targets, 2, &parameters);
	struct observation rows[HOSTS + 1];
	struct sweep sweep;

	random_state = 7;
	for (int64_t m = 0; m < minutes; m++) {
		int64_t since = m * MINUTE;
		if (since >= play->stop_from_ns && since < play->stop_to_ns)
			continue;
		sweep_of(play, START + since, (uint64_t)m + 1, rows, &sweep);
		judge_sweep(judge, &sweep);
	}
	judge_end(judge, ret);
	return judge;
}

static void assert_tiles(const struct judgement *j)
{
	for (uint32_t block = 0; block < 2; block++) {
		int64_t at_ns = j->start.ns;
		for (size_t i = 0; i < j->rows.count; i++) {
			const struct timeline_row *row = &j->rows.items[i];
			if (row->block.base.host != 0xc6120000 + 256 * block)
				continue;
			assert_int_equal(row->start.ns, at_ns);
			assert_true(row->end.ns > row->start.ns);
			at_ns = row->end.ns;
		}
		assert_int_equal(at_ns, j->end.ns);
	}
}

static size_t count_state(const struct judgement *j, enum block_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < j->rows.count; i++)
		n += j->rows.items[i].block.base.host == 0xc6120000 &&
		     j->rows.items[i].state == state;
	return n;
}

static const struct timeline_row *first_of(const struct judgement *j, enum block_state state)
{
	for (size_t i = 0; i < j->rows.count; i++)
		if (j->rows.items[i].state == state)
			return &j->rows.items[i];
	fail_msg("no row of state %s", block_state_name(state));
	abort();
}

static void an_outage_is_down_between_its_brackets(void **state)
{
	struct play play = {.disruption = 0.02,
		.hosts = 8,
		.down_ns = 300 * MINUTE + 7 * NS_PER_S,
		.up_ns = 304 * MINUTE + 33 * NS_PER_S};
	struct judgement j;
	struct judge *judge = run(&play, 400, &j);
	(void)state;

	assert_tiles(&j);
	assert_int_equal(count_state(&j, BLOCK_DOWN), 1);
	assert_int_equal(count_state(&j, BLOCK_DEGRADED), 0);
	const struct timeline_row *row = first_of(&j, BLOCK_DOWN);
	int64_t from = row->start.ns - START;
	assert_true(from >= play.down_ns);
	assert_true((double)from - row->uncertainty_s * 1e9 <= (double)play.down_ns);
	assert_true(row->uncertainty_s <= 16);
	assert_true(row->end.ns - START >= play.up_ns);
	assert_true(row->end.ns - START <= play.up_ns + 9 * NS_PER_S);
	assert_true(row->belief >= BELIEF_DOWN);
	judgement_finish(&j);
	judge_destroy(judge);
}

static void short_runs_and_loss_are_not_down(void **state)
{
	struct play play = {
		.disruption = 0.1, .hosts = 5, .down_ns = 300 * MINUTE, .up_ns = 302 * MINUTE};
	struct judgement j;
	struct judge *judge = run(&play, 3000, &j);
	(void)state;

	assert_tiles(&j);
	assert_int_equal(count_state(&j, BLOCK_DOWN), 0);
	assert_int_equal(count_state(&j, BLOCK_UP), 1);
	judgement_finish(&j);
	judge_destroy(judge);
}

static void silence_not_earned_is_unknown_with_its_reason(void **state)
{
	static const struct {
		uint32_t flag;
		enum reason reason;
	} cases[] = {
		{SWEEP_ANCHORS_DOWN, REASON_ANCHORS_DOWN},
		{SWEEP_CAPTURE_DROP, REASON_CAPTURE_DROP},
		{SWEEP_INTERFACE_DOWN, REASON_UNSENT},
		{SWEEP_SUSPENDED, REASON_NO_SWEEP},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play = {.hosts = 5,
			.down_ns = 300 * MINUTE,
			.up_ns = 310 * MINUTE,
			.flags = cases[i].flag,
			.flags_from_ns = 300 * MINUTE,
			.flags_to_ns = 310 * MINUTE};
		struct judgement j;
		struct judge *judge = run(&play, 400, &j);

		assert_tiles(&j);
		assert_int_equal(count_state(&j, BLOCK_DOWN), 0);
		assert_int_equal(count_state(&j, BLOCK_UNKNOWN), 1);
		assert_int_equal(first_of(&j, BLOCK_UNKNOWN)->reason, cases[i].reason);
		judgement_finish(&j);
		judge_destroy(judge);
	}
}

static void unsent_probes_are_unknown_too(void **state)
{
	struct play play = {.hosts = 5,
		.down_ns = 300 * MINUTE,
		.up_ns = 310 * MINUTE,
		.instead = OUTCOME_UNSENT};
	struct judgement j;
	struct judge *judge = run(&play, 400, &j);
	(void)state;

	assert_int_equal(count_state(&j, BLOCK_DOWN), 0);
	assert_int_equal(first_of(&j, BLOCK_UNKNOWN)->reason, REASON_UNSENT);
	judgement_finish(&j);
	judge_destroy(judge);
}

static void a_sweep_that_sent_nothing_earned_no_silence(void **state)
{
	struct play play = {.hosts = 5,
		.down_ns = 300 * MINUTE,
		.up_ns = 330 * MINUTE,
		.instead = OUTCOME_SILENT,
		.idle = true};
	struct judgement j;
	struct judge *judge = run(&play, 400, &j);
	(void)state;

	assert_int_equal(count_state(&j, BLOCK_DOWN), 0);
	assert_int_equal(first_of(&j, BLOCK_UNKNOWN)->reason, REASON_UNSENT);
	judgement_finish(&j);
	judge_destroy(judge);
}

static void what_was_there_for_minutes_only_is_unknown_when_gone(void **state)
{
	struct play play = {.hosts = 5,
		.down_ns = 8 * MINUTE,
		.up_ns = 1000 * MINUTE,
		.instead = OUTCOME_SILENT};
	struct judgement j;
	struct judge *judge = run(&play, 200, &j);
	(void)state;

	assert_int_equal(count_state(&j, BLOCK_DOWN), 0);
	assert_int_equal(j.outages.count, 0);
	assert_int_equal(first_of(&j, BLOCK_UNKNOWN)->reason, REASON_LEARNING);
	judgement_finish(&j);
	judge_destroy(judge);

	/* It is back, and stays: it was down. */
	play.up_ns = 60 * MINUTE;
	judge = run(&play, 200, &j);
	assert_int_equal(count_state(&j, BLOCK_DOWN), 1);
	assert_int_equal(j.outages.count, 1);
	judgement_finish(&j);
	judge_destroy(judge);
}

static void a_gap_over_two_intervals_is_unknown(void **state)
{
	struct play play = {.hosts = 5, .stop_from_ns = 300 * MINUTE, .stop_to_ns = 304 * MINUTE};
	struct judgement j;
	struct judge *judge = run(&play, 400, &j);
	(void)state;

	assert_tiles(&j);
	const struct timeline_row *row = first_of(&j, BLOCK_UNKNOWN);
	assert_int_equal(row->reason, REASON_NO_SWEEP);
	assert_int_equal(row->start.ns, START + 300 * MINUTE);
	assert_int_equal(row->end.ns, START + 304 * MINUTE);
	judgement_finish(&j);
	judge_destroy(judge);

	play.stop_to_ns = 301 * MINUTE;
	judge = run(&play, 400, &j);
	assert_int_equal(count_state(&j, BLOCK_UNKNOWN), 0);
	judgement_finish(&j);
	judge_destroy(judge);
}

static void what_never_answered_is_unknown_not_down(void **state)
{
	struct play play = {.hosts = 3};
	struct judgement j;
	struct judge *judge = run(&play, 100, &j);
	(void)state;

	const struct timeline_row *last = &j.rows.items[j.rows.count - 1];
	assert_int_equal(last->block.base.host, 0xc6120100);
	assert_int_equal(last->state, BLOCK_UNKNOWN);
	judgement_finish(&j);
	judge_destroy(judge);
}

static void assert_same_rows(const struct timeline_row *a, const struct timeline_row *b)
{
	assert_int_equal(a->start.ns, b->start.ns);
	assert_int_equal(a->end.ns, b->end.ns);
	assert_int_equal(a->state, b->state);
}

static void an_outage_has_its_name_from_the_time_it_is_seen(void **state)
{
	struct play play = {
		.hosts = 8, .down_ns = 300 * MINUTE + 7 * NS_PER_S, .up_ns = 340 * MINUTE};
	struct judgement early;
	struct judgement late;
	struct judge *first = run(&play, 310, &early);
	struct judge *second = run(&play, 500, &late);
	(void)state;

	assert_int_equal(early.outages.count, 1);
	assert_int_equal(late.outages.count, 1);
	assert_string_equal(early.outages.items[0].id, late.outages.items[0].id);
	assert_int_equal(early.outages.items[0].stage, STAGE_ONGOING);
	assert_int_equal(early.outages.items[0].end_high_ns, 0);
	assert_int_equal(late.outages.items[0].stage, STAGE_FINAL);
	assert_true(late.outages.items[0].start_low_ns - START < play.down_ns);
	assert_true(late.outages.items[0].start_high_ns - START >= play.down_ns);
	assert_true(late.outages.items[0].end_low_ns - START < play.up_ns);
	assert_true(late.outages.items[0].end_high_ns - START >= play.up_ns);
	judgement_finish(&early);
	judgement_finish(&late);
	judge_destroy(first);
	judge_destroy(second);
}

static void what_answered_once_is_not_up_for_ever(void **state)
{
	/* One address, for three minutes; never enough to be known. */
	struct play play = {.hosts = 1, .down_ns = 3 * MINUTE, .up_ns = INT64_MAX};
	struct judgement j;
	struct judge *judge = run(&play, 3000, &j);
	(void)state;

	assert_tiles(&j);
	assert_int_equal(count_state(&j, BLOCK_DOWN), 0);
	assert_int_equal(count_state(&j, BLOCK_UP), 1);
	assert_int_equal(count_state(&j, BLOCK_UNKNOWN), 1);
	judgement_finish(&j);
	judge_destroy(judge);
}

static void clipping_only_clips(void **state)
{
	struct play play = {.hosts = 8, .down_ns = 300 * MINUTE, .up_ns = 340 * MINUTE};
	struct judgement j;
	struct judge *judge = run(&play, 400, &j);
	struct wall from = {START + 200 * MINUTE};
	struct wall to = {START + 320 * MINUTE};
	(void)state;

	for (size_t i = 0; i < j.rows.count; i++) {
		struct timeline_row row = j.rows.items[i], want = row;
		bool inside = want.end.ns > from.ns && want.start.ns < to.ns;
		assert_int_equal(timeline_clip(&row, from, to), inside);
		want.start.ns = want.start.ns < from.ns ? from.ns : want.start.ns;
		want.end.ns = want.end.ns > to.ns ? to.ns : want.end.ns;
		if (inside)
			assert_same_rows(&row, &want);
	}
	judgement_finish(&j);
	judge_destroy(judge);
}

static void nothing_before_it_depends_on_what_comes_later(void **state)
{
	struct play quiet = {.disruption = 0.05, .hosts = 8};
	struct play down = {
		.disruption = 0.05, .hosts = 8, .down_ns = 400 * MINUTE, .up_ns = 500 * MINUTE};
	struct judgement a;
	struct judgement b;
	struct judge *first = run(&quiet, 399, &a);
	struct judge *second = run(&down, 520, &b);
	size_t kept = 0;
	struct wall end = a.end;
	(void)state;

	for (size_t i = 0; i < b.rows.count; i++) {
		if (!timeline_clip(&b.rows.items[i], b.start, end))
			continue;
		assert_true(kept < a.rows.count);
		assert_same_rows(&a.rows.items[kept++], &b.rows.items[i]);
	}
	assert_int_equal(kept, a.rows.count);
	judgement_finish(&a);
	judgement_finish(&b);
	judge_destroy(first);
	judge_destroy(second);
}

/*
 * No anchors, our own uplink dead from `dead` to `back` minutes: watch sweeps find nothing, and
 * a full sweep of eleven minutes begins each eleventh. Rows or no rows for the silent.
 */
static struct judge *run_unanchored(
	int64_t dead_ns, int64_t back_ns, bool listed, struct judgement *ret)
{
	struct parameters parameters = parameters_of(1);
	struct judge *judge = judge_create(targets, 1, &parameters);
	struct observation rows[HOSTS];

	for (int64_t m = 0; m < 500; m++)
		for (int full = 0; full <= (m % 11 == 0); full++) {
			int64_t start_ns = START + m * MINUTE + full * NS_PER_S;
			int64_t lasts_ns = full ? 300 * NS_PER_S : MINUTE;
			struct sweep sweep = {.info = {.sweep = 2 * (uint64_t)m + (uint64_t)full,
						      .vantage = "vp1",
						      .epoch = "e",
						      .tier = full ? TIER_FULL : TIER_WATCH,
						      .start = {start_ns},
						      .sent = 1,
						      .end = {start_ns + lasts_ns},
						      .interval_ns = full ? 11 * MINUTE : MINUTE,
						      .methods = "icmp",
						      .capture_dropped = -1,
						      .anchors_probed = -1,
						      .anchors_up = -1},
				.observations = rows};
			for (uint32_t i = 0; i < HOSTS; i++) {
				int64_t at_ns = start_ns + lasts_ns * i / HOSTS;
				bool dead = at_ns - START >= dead_ns && at_ns - START < back_ns;
				if (!dead || !full || listed)
					rows[sweep.observation_count++] = seen(0xc6120001 + i,
						at_ns, dead ? OUTCOME_SILENT : OUTCOME_ECHO_REPLY);
			}
			judge_sweep(judge, &sweep);
		}
	judge_end(judge, ret);
	return judge;
}

static void a_late_reply_of_a_full_sweep_proves_nothing_of_before(void **state)
{
	(void)state;

	for (int listed = 0; listed < 2; listed++)
		for (int64_t back_s = 10; back_s < 300; back_s += 35) { /* within a full sweep */
			struct judgement j;
			struct judge *judge = run_unanchored(
				300 * MINUTE, 330 * MINUTE + back_s * NS_PER_S, listed, &j);
			assert_tiles(&j);
			assert_int_equal(count_state(&j, BLOCK_DOWN), 0);
			assert_int_equal(j.outages.count, 0);
			assert_int_equal(first_of(&j, BLOCK_UNKNOWN)->reason, REASON_UNPROVEN);
			judgement_finish(&j);
			judge_destroy(judge);
		}
}

static void one_survivor_keeps_a_block_up_however_seldom_it_is_asked(void **state)
{
	struct parameters parameters = parameters_of(1);
	struct judge *judge = judge_create(targets, 1, &parameters);
	struct observation rows[HOSTS];
	struct judgement j;
	(void)state;

	/* Full sweeps only, eleven minutes apart; from 60 to 80 only the first answers. */
	for (int64_t n = 0; n < 120; n++) {
		int64_t start_ns = START + n * 11 * MINUTE;
		struct sweep sweep = {.info = {.sweep = (uint64_t)n + 1,
					      .vantage = "vp1",
					      .epoch = "e",
					      .tier = TIER_FULL,
					      .start = {start_ns},
					      .sent = 1,
					      .end = {start_ns + 9 * MINUTE},
					      .interval_ns = 11 * MINUTE,
					      .methods = "icmp",
					      .capture_dropped = -1,
					      .anchors_probed = 1,
					      .anchors_up = 1},
			.observations = rows};
		for (uint32_t i = 0; i < HOSTS; i++)
			rows[sweep.observation_count++] = seen(0xc6120001 + i,
				start_ns + 9 * MINUTE * i / HOSTS,
				i == 0 || n < 60 || n >= 80 ? OUTCOME_ECHO_REPLY : OUTCOME_SILENT);
		judge_sweep(judge, &sweep);
	}
	judge_end(judge, &j);
	assert_int_equal(count_state(&j, BLOCK_DOWN), 0);
	assert_int_equal(count_state(&j, BLOCK_DEGRADED), 1);
	assert_int_equal(count_state(&j, BLOCK_UP), 2);
	assert_int_equal(j.outages.count, 1);
	judgement_finish(&j);
	judge_destroy(judge);
}

/* Two vantage points half a minute apart, whose clocks say by how much they may be off. */
static struct judge *run_two(
	const struct play *play, const int64_t errors_us[2], struct judgement *ret)
{
	struct parameters parameters = parameters_of(1);
	struct judge *judge = judge_create(targets, 2, &parameters);
	struct observation rows[HOSTS + 1];
	struct sweep sweep;

	random_state = 7;
	for (int64_t n = 0; n < 800; n++) {
		sweep_of(play, START + n * MINUTE / 2, (uint64_t)n / 2 + 1, rows, &sweep);
		sweep.info.vantage[2] = n % 2 ? '2' : '1';
		sweep.info.clock_error_us = errors_us[n % 2];
		judge_sweep(judge, &sweep);
	}
	judge_end(judge, ret);
	return judge;
}

static void edges_are_wider_by_the_error_of_the_worst_clock(void **state)
{
	static const int64_t errors_us[][2] = {
		{-1, -1}, {0, 0}, {250000, 0}, {250000, 2500000}, {-1, 40}};
	struct play play = {.hosts = 8,
		.down_ns = 300 * MINUTE + 7 * NS_PER_S,
		.up_ns = 309 * MINUTE + 33 * NS_PER_S};
	struct judgement j[2];
	struct judge *judges[2];
	(void)state;

	judges[0] = run_two(&play, errors_us[0], &j[0]);
	for (size_t i = 1; i < sizeof(errors_us) / sizeof(errors_us[0]); i++) {
		int64_t worst_us =
			errors_us[i][0] > errors_us[i][1] ? errors_us[i][0] : errors_us[i][1];
		judges[1] = run_two(&play, errors_us[i], &j[1]);
		assert_int_equal(j[0].outages.count, 1);
		assert_int_equal(j[1].outages.count, 1);
		const struct outage *sure = &j[0].outages.items[0];
		const struct outage *wide = &j[1].outages.items[0];
		assert_string_equal(wide->id, sure->id);
		assert_int_equal(sure->start_low_ns - wide->start_low_ns, 1000 * worst_us);
		assert_int_equal(wide->start_high_ns - sure->start_high_ns, 1000 * worst_us);
		assert_int_equal(sure->end_low_ns - wide->end_low_ns, 1000 * worst_us);
		assert_int_equal(wide->end_high_ns - sure->end_high_ns, 1000 * worst_us);
		assert_tiles(&j[1]);
		const struct timeline_row *a = first_of(&j[0], BLOCK_DOWN);
		const struct timeline_row *b = first_of(&j[1], BLOCK_DOWN);
		assert_int_equal(b->start.ns - a->start.ns, 1000 * worst_us);
		assert_true(
			fabs(b->uncertainty_s - a->uncertainty_s - 2e-6 * (double)worst_us) < 1e-9);
		judgement_finish(&j[1]);
		judge_destroy(judges[1]);
	}
	judgement_finish(&j[0]);
	judge_destroy(judges[0]);
}

/* Full sweeps without a schedule, `step` apart; silent ones have no row. From `down` sweeps
 * after the first on, for so many, only the second block answers. */
static struct judge *run_seldom(int64_t step_ns, int64_t down, int64_t lasts, struct judgement *ret)
{
	struct parameters parameters = parameters_of(1);
	struct judge *judge = judge_create(targets, 1, &parameters);
	struct observation rows[2 * HOSTS];

	for (int64_t n = 0; n < down + lasts + 20; n++) {
		int64_t start_ns = START + n * step_ns;
		bool is_dark = n >= down && n < down + lasts;
		struct sweep sweep = {.info = {.sweep = (uint64_t)n + 1,
					      .vantage = "vp1",
					      .tier = TIER_FULL,
					      .start = {start_ns},
					      .sent = 512,
					      .end = {start_ns + 10 * MINUTE},
					      .capture_dropped = -1,
					      .anchors_probed = -1,
					      .anchors_up = -1},
			.observations = rows};
		for (uint32_t i = is_dark ? HOSTS : 0; i < 2 * HOSTS; i++)
			rows[sweep.observation_count++] =
				seen(0xc6120001 + i % HOSTS + 256 * (i / HOSTS),
					start_ns + 30 * NS_PER_S * i, OUTCOME_ECHO_REPLY);
		judge_sweep(judge, &sweep);
	}
	judge_end(judge, ret);
	return judge;
}

static void what_is_asked_each_few_hours_is_down_in_an_outage_that_is_listed(void **state)
{
	(void)state;

	for (int64_t step_s = 1000; step_s <= 80000; step_s *= 2)
		for (int64_t lasts = 2; lasts < 6; lasts++) {
			struct judgement j;
			struct judge *judge = run_seldom(step_s * NS_PER_S, 30, lasts, &j);
			size_t down = count_state(&j, BLOCK_DOWN);
			assert_tiles(&j);
			assert_int_equal(down, 1);
			assert_int_equal(j.outages.count, 1);
			assert_string_not_equal(
				judgement_outage(&j, first_of(&j, BLOCK_DOWN)->disruption), "");
			judgement_finish(&j);
			judge_destroy(judge);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_outage_is_down_between_its_brackets),
		cmocka_unit_test(short_runs_and_loss_are_not_down),
		cmocka_unit_test(silence_not_earned_is_unknown_with_its_reason),
		cmocka_unit_test(unsent_probes_are_unknown_too),
		cmocka_unit_test(one_survivor_keeps_a_block_up_however_seldom_it_is_asked),
		cmocka_unit_test(a_sweep_that_sent_nothing_earned_no_silence),
		cmocka_unit_test(what_was_there_for_minutes_only_is_unknown_when_gone),
		cmocka_unit_test(a_gap_over_two_intervals_is_unknown),
		cmocka_unit_test(what_never_answered_is_unknown_not_down),
		cmocka_unit_test(an_outage_has_its_name_from_the_time_it_is_seen),
		cmocka_unit_test(what_answered_once_is_not_up_for_ever),
		cmocka_unit_test(clipping_only_clips),
		cmocka_unit_test(a_late_reply_of_a_full_sweep_proves_nothing_of_before),
		cmocka_unit_test(edges_are_wider_by_the_error_of_the_worst_clock),
		cmocka_unit_test(nothing_before_it_depends_on_what_comes_later),
		cmocka_unit_test(what_is_asked_each_few_hours_is_down_in_an_outage_that_is_listed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
