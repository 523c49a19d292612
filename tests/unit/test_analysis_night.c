#include "tests/unit/unit.h"

#include "analysis/judge.h"

/*
 * Nights: a block of eight hosts told to the judge sweep by sweep for some days. What each
 * host does in the evening is its habit from the third on; what takes all of them at a
 * stroke is not, however often it comes at that hour.
 */
enum { HOSTS = 8, DAYS = 7, EVENING = 20 * 60, MORNING = 3 * 60 + 30, DAY = 24 * 60 };
#define START (INT64_C(1599955200) * NS_PER_S) /* a midnight */
#define MINUTE (60 * NS_PER_S)

static const struct target_row targets[] = {
	{{{0xc6120000}, 24}, ROLE_TARGET, "test"},
	{{{0xc6336401}, 32}, ROLE_ANCHOR, "anchor"},
};

/* Minutes from the one who goes to bed first to the next. */
static bool is_away(size_t host, int64_t minute, int64_t not_alias)
{
	int64_t of_day = (minute - not_alias * (int64_t)host) % DAY;

	return of_day >= EVENING || (of_day < MORNING && minute >= DAY);
}

static struct observation seen(uint32_t address, int64_t at_ns, bool answered)
{
	struct observation o = observation_blank();

	o.address.host = address;
	o.probed_at.ns = at_ns;
	o.method = METHOD_ICMP;
	o.outcome = answered ? OUTCOME_ECHO_REPLY : OUTCOME_SILENT;
	return o;
}

static struct judge *play(int64_t not_alias, struct judgement *ret)
{
	struct parameters parameters = parameters_of(1);
	struct judge *judge = judge_create(targets, 2, &parameters);
	struct observation rows[HOSTS + 1];

	for (int64_t m = 0; m < DAYS * DAY; m++) {
		int64_t start_ns = START + m * MINUTE;
		struct sweep sweep = {.info = {.sweep = (uint64_t)m + 1,
					      .vantage = "vp1",
					      .epoch = "e",
					      .tier = TIER_WATCH,
					      .start = {start_ns},
					      .end = {start_ns + MINUTE},
					      .interval_ns = MINUTE,
					      .sent = HOSTS + 1,
					      .capture_dropped = -1,
					      .anchors_probed = 1,
					      .anchors_up = 1},
			.observations = rows,
			.observation_count = HOSTS + 1};
		for (size_t i = 0; i < HOSTS; i++)
			rows[i] = seen(0xc6120001 + (uint32_t)i,
				start_ns + 7 * NS_PER_S * (int64_t)i, !is_away(i, m, not_alias));
		rows[HOSTS] = seen(0xc6336401, start_ns + 58 * NS_PER_S, true);
		judge_sweep(judge, &sweep);
	}
	judge_end(judge, ret);
	return judge;
}

static size_t count_evenings(const struct judgement *j, enum block_state state, int from_day)
{
	size_t n = 0;

	for (size_t i = 0; i < j->rows.count; i++)
		n += j->rows.items[i].state == state &&
		     j->rows.items[i].start.ns >= START + from_day * DAY * MINUTE;
	return n;
}

static void a_shutdown_each_evening_at_eight_is_down_each_time(void **state)
{
	struct judgement j;
	struct judge *judge = play(0, &j);
	(void)state;

	assert_int_equal(count_evenings(&j, BLOCK_DOWN, 0), DAYS);
	assert_int_equal(count_evenings(&j, BLOCK_UNKNOWN, 1), 0);
	assert_int_equal(j.outages.count, DAYS);
	for (size_t i = 0; i < j.outages.count; i++) {
		assert_int_equal(j.outages.items[i].hosts_affected, HOSTS);
		assert_true(j.outages.items[i].hosts >= HOSTS);
	}
	judgement_finish(&j);
	judge_destroy(judge);
}

static void hosts_that_go_to_bed_one_by_one_are_no_outage_from_the_third_night(void **state)
{
	struct judgement j;
	struct judge *judge = play(4, &j);
	(void)state;

	assert_int_equal(count_evenings(&j, BLOCK_DOWN, 3), 0);
	assert_int_equal(count_evenings(&j, BLOCK_DEGRADED, 3), 0);
	for (size_t i = 0; i < j.outages.count; i++)
		assert_true(j.outages.items[i].start_low_ns < START + 3 * DAY * MINUTE);
	judgement_finish(&j);
	judge_destroy(judge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_shutdown_each_evening_at_eight_is_down_each_time),
		cmocka_unit_test(
			hosts_that_go_to_bed_one_by_one_are_no_outage_from_the_third_night),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
