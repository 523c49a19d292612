#include "tests/unit/unit.h"

#include "analysis/judge.h"

/*
 * A small country told to the judge sweep by sweep: 198.18.0.0/23, machines at
 * .1 to .N of the first block, each probed once a minute at its own phase.
 */
enum { MACHINES = 8 };
#define START (INT64_C(1600000000) * NS_PER_S)
#define MINUTE (60 * NS_PER_S)

static const struct target_row targets[] = {
	{{{0xc6120000}, 23}, ROLE_TARGET, "test"},
	{{{0xc6336401}, 32}, ROLE_ANCHOR, "anchor"},
};

struct play {
	double loss;
	int64_t down_ns, up_ns; /* after START; all machines */
	uint32_t flags;         /* of the sweeps that begin in ... */
	int64_t flags_from_ns, flags_to_ns;
	int64_t stop_from_ns, stop_to_ns; /* no sweeps */
	enum outcome instead;             /* of silence, while down */
	size_t machines;
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

	*ret = (struct sweep){.info = {.sweep = number,
				      .vantage = "vp1",
				      .epoch = "e",
				      .tier = TIER_WATCH,
				      .start = {start_ns},
				      .end = {start_ns + MINUTE},
				      .interval_ns = MINUTE,
				      .capture_dropped = -1,
				      .anchors_probed = 1,
				      .anchors_up = 1,
				      .flags = flagged ? play->flags : 0}};
	for (size_t i = 0; i < play->machines; i++) {
		int64_t at_ns = start_ns + MINUTE * (int64_t)i / (int64_t)play->machines;
		bool down = at_ns - START >= play->down_ns && at_ns - START < play->up_ns;
		enum outcome outcome = OUTCOME_ECHO_REPLY;
		if (down)
			outcome = play->instead;
		else if (draw() < play->loss)
			outcome = OUTCOME_SILENT;
		rows[i] = seen(0xc6120001 + (uint32_t)i, at_ns, outcome);
	}
	rows[play->machines] = seen(0xc6336401, start_ns + NS_PER_S, OUTCOME_ECHO_REPLY);
	ret->observations = rows;
	ret->observation_count = play->machines + 1;
}

static struct judge *run(const struct play *play, int64_t minutes, struct judgement *ret)
{
	struct constants constants = constants_of(1);
	struct judge *judge = judge_create(targets, 2, &constants);
	struct observation rows[MACHINES + 1];
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
	struct play play = {.loss = 0.02,
		.machines = 8,
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

static void short_spells_and_loss_are_not_down(void **state)
{
	struct play play = {
		.loss = 0.1, .machines = 5, .down_ns = 300 * MINUTE, .up_ns = 302 * MINUTE};
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
		struct play play = {.machines = 5,
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
	struct play play = {.machines = 5,
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

static void a_gap_over_two_intervals_is_unknown(void **state)
{
	struct play play = {
		.machines = 5, .stop_from_ns = 300 * MINUTE, .stop_to_ns = 304 * MINUTE};
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
	struct play play = {.machines = 3};
	struct judgement j;
	struct judge *judge = run(&play, 100, &j);
	(void)state;

	const struct timeline_row *last = &j.rows.items[j.rows.count - 1];
	assert_int_equal(last->block.base.host, 0xc6120100);
	assert_int_equal(last->state, BLOCK_UNKNOWN);
	judgement_finish(&j);
	judge_destroy(judge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_outage_is_down_between_its_brackets),
		cmocka_unit_test(short_spells_and_loss_are_not_down),
		cmocka_unit_test(silence_not_earned_is_unknown_with_its_reason),
		cmocka_unit_test(unsent_probes_are_unknown_too),
		cmocka_unit_test(a_gap_over_two_intervals_is_unknown),
		cmocka_unit_test(what_never_answered_is_unknown_not_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
