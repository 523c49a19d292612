#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "analysis/judge.h"
#include "core/mem.h"

/*
 * Histories that rules in seconds and lists that grow once got wrong: slow schedules, few hosts,
 * what stays open for good, many hosts. Each is a test of its own, run by its name.
 */
#define DAY_S INT64_C(86400)
#define START_S (19723 * DAY_S) /* a midnight */
enum { HOSTS_MOST = 16000, ANCHORS = 2 };

struct history {
	uint32_t hosts;
	uint32_t per_block; /* the first so many are in the first /24, and so on */
	int64_t step_s;     /* one sweep each; hosts are asked spread over it, 280 s at most */
	int64_t length_s;
	enum tier tier; /* a full sweep has no rows of silence */
	bool (*silent)(uint32_t host, int64_t at_s);
	bool (*asked)(uint32_t host, int64_t at_s); /* NULL: always */
};

static uint32_t address_of(const struct history *history, uint32_t host)
{
	return 0xc6120001 + host / history->per_block * 256 + host % history->per_block;
}

static void sweep_at(const struct history *history, struct judge *judge, int64_t start_s,
	struct observation *rows)
{
	int64_t span_s = history->step_s < 280 ? history->step_s - 2 : 280;
	struct sweep sweep = {.info = {.sweep = (uint64_t)(start_s / history->step_s) + 1,
				      .epoch = "e",
				      .vantage = "vp1",
				      .tier = history->tier,
				      .start = {(START_S + start_s) * NS_PER_S},
				      .end = {(START_S + start_s + span_s) * NS_PER_S},
				      .interval_ns = history->step_s * NS_PER_S,
				      .sent = 1,
				      .methods = "icmp",
				      .capture_dropped = -1,
				      .anchors_probed = ANCHORS,
				      .anchors_up = ANCHORS},
		.observations = rows};

	for (uint32_t i = 0; i < history->hosts + ANCHORS; i++) {
		bool anchor = i >= history->hosts;
		int64_t at_s = start_s + span_s * (i * 7919 % (history->hosts + ANCHORS)) /
						 (history->hosts + ANCHORS);
		bool silent = !anchor && history->silent(i, at_s);
		if (silent && history->tier == TIER_FULL)
			continue;
		if (!anchor && history->asked && !history->asked(i, at_s))
			continue;
		struct observation *o = &rows[sweep.observation_count++];
		*o = observation_blank();
		o->address.host = anchor ? 0xc6336401 + i - history->hosts : address_of(history, i);
		o->probed_at.ns = (START_S + at_s) * NS_PER_S;
		o->method = METHOD_ICMP;
		o->outcome = silent ? OUTCOME_SILENT : OUTCOME_ECHO_REPLY;
		o->rtt_ns = silent ? -1 : 200000000;
	}
	assert_int_equal(judge_sweep(judge, &sweep), 0);
}

static const struct target_row targets[] = {
	{{{0xc6120000}, 17}, ROLE_TARGET, "test"},
	{{{0xc6336401}, 32}, ROLE_ANCHOR, "anchor"},
	{{{0xc6336402}, 32}, ROLE_ANCHOR, "anchor"},
};

static struct judge *play(const struct history *history, struct judgement *ret)
{
	struct parameters parameters = parameters_of(1);
	struct judge *judge = judge_create(targets, 3, &parameters);
	struct observation *rows = mem_zeroed(history->hosts + ANCHORS, sizeof(*rows));

	for (int64_t t = 0; t < history->length_s; t += history->step_s)
		sweep_at(history, judge, t, rows);
	free(rows);
	judge_end(judge, ret);
	return judge;
}

static int64_t after_start_s(struct wall t)
{
	return t.ns / NS_PER_S - START_S;
}

/* A row of this state and block that begins and ends within `room` of these seconds. */
static bool has_row(const struct judgement *j, size_t block, enum block_state state, int64_t from_s,
	int64_t to_s, int64_t room_s)
{
	for (size_t i = 0; i < j->rows.count; i++) {
		const struct timeline_row *row = &j->rows.items[i];
		if (row->state == state &&
			row->block.base.host == 0xc6120000 + 256 * (uint32_t)block &&
			llabs(after_start_s(row->start) - from_s) <= room_s &&
			llabs(after_start_s(row->end) - to_s) <= room_s)
			return true;
	}
	return false;
}

/* --- part of a block lost for good, on a slow schedule --- */

static bool most_are_gone(uint32_t host, int64_t at_s)
{
	return host < 36 && at_s >= 5 * DAY_S;
}

static void part_lost_on_a_slow_schedule(void **state)
{
	static const int64_t steps_s[] = {900, 1800, 3600, 43200};
	(void)state;

	for (size_t i = 0; i < sizeof(steps_s) / sizeof(steps_s[0]); i++) {
		const struct history history = {
			40, 40, steps_s[i], 10 * DAY_S, TIER_FULL, most_are_gone, NULL};
		struct judgement j;
		struct judge *judge = play(&history, &j);
		assert_int_equal(j.outages.count, 1);
		assert_true(
			has_row(&j, 0, BLOCK_DEGRADED, 5 * DAY_S, 10 * DAY_S, 3 * history.step_s));
		judgement_finish(&j);
		judge_destroy(judge);
	}
}

/* --- one block gone for good, and five that are cut twice afterwards --- */

static bool one_gone_five_cut(uint32_t host, int64_t at_s)
{
	int64_t hour = at_s % DAY_S / 3600;
	int64_t day = at_s / DAY_S;
	bool cut = (day == 8 || day == 9) && (hour == 6 || hour == 7);

	return host < 6 ? day >= 5 : cut;
}

static void one_outage_does_not_swallow_others(void **state)
{
	const struct history history = {36, 6, 60, 11 * DAY_S, TIER_WATCH, one_gone_five_cut, NULL};
	struct judgement j;
	struct judge *judge = play(&history, &j);
	(void)state;

	assert_int_equal(j.outages.count, 3);
	assert_int_equal(j.outages.items[0].end_high_ns, 0);
	judgement_finish(&j);
	judge_destroy(judge);
}

/* --- blocks of few hosts, asked seldom --- */

static bool three_days_silent(uint32_t host, int64_t at_s)
{
	(void)host;
	return at_s >= 20 * DAY_S && at_s < 23 * DAY_S;
}

static void few_hosts_on_a_slow_schedule(void **state)
{
	static const int64_t steps_s[] = {1300, 3600, 43200};
	(void)state;

	for (size_t i = 0; i < sizeof(steps_s) / sizeof(steps_s[0]); i++)
		for (uint32_t hosts = 1; hosts <= 5; hosts += 2) {
			const struct history history = {hosts, hosts, steps_s[i], 43 * DAY_S,
				TIER_WATCH, three_days_silent, NULL};
			struct judgement j;
			struct judge *judge = play(&history, &j);
			assert_true(has_row(
				&j, 0, BLOCK_DOWN, 20 * DAY_S, 23 * DAY_S, 2 * history.step_s));
			judgement_finish(&j);
			judge_destroy(judge);
		}
}

/* --- one that nobody asks any more --- */

static bool all_at_the_end(uint32_t host, int64_t at_s)
{
	(void)host;
	return at_s >= 30 * DAY_S && at_s < 33 * DAY_S;
}

static bool one_at_first_only(uint32_t host, int64_t at_s)
{
	return host > 0 || at_s < 5 * DAY_S;
}

static void who_is_asked_no_more_holds_nothing_up(void **state)
{
	const struct history history = {
		4, 4, 660, 36 * DAY_S, TIER_WATCH, all_at_the_end, one_at_first_only};
	struct judgement j;
	struct judge *judge = play(&history, &j);
	(void)state;

	assert_true(has_row(&j, 0, BLOCK_DOWN, 30 * DAY_S, 33 * DAY_S, 2 * history.step_s));
	judgement_finish(&j);
	judge_destroy(judge);
}

/* --- batteries run out one by one; some hosts are often away by themselves, as one of each
 * block was when the power failed the second time --- */

#define FIRST_S (3 * DAY_S + 24000)
#define SECOND_S (4 * DAY_S + 45700)

static bool on_batteries(uint32_t host, int64_t at_s)
{
	static const int64_t lasts_s[] = {2400, 2900, 1800, 2100, 2500};

	if (at_s >= FIRST_S + lasts_s[host] && at_s < FIRST_S + 5600 + 20 * host)
		return true;
	if (at_s >= SECOND_S + 10 * host && at_s < SECOND_S + 1880 + 5 * host)
		return true;
	if (host == 0 || host == 3)
		return (at_s - SECOND_S + 20 * 50400 + 5000) % 50400 < 7200;
	return host == 2 && (at_s - SECOND_S + 20 * 43200 + 20000) % 43200 < 14400;
}

static void three_hosts_on_batteries(void **state)
{
	const struct history history = {5, 3, 60, 6 * DAY_S, TIER_WATCH, on_batteries, NULL};
	struct judgement j;
	struct judge *judge = play(&history, &j);
	(void)state;

	assert_int_equal(j.outages.count, 2);
	for (size_t block = 0; block < 2; block++) {
		int64_t last_s = FIRST_S + (block ? 2500 : 2900);
		int64_t back_s = FIRST_S + 5600 + (block ? 60 : 0);
		assert_true(has_row(&j, block, BLOCK_DOWN, last_s, back_s, 150));
		assert_true(has_row(&j, block, BLOCK_DOWN, SECOND_S, SECOND_S + 1880, 150));
	}
	judgement_finish(&j);
	judge_destroy(judge);
}

/* --- a part of a block, back one by one: an access router looks like that, too --- */

static bool behind_an_access_router(uint32_t host, int64_t at_s)
{
	int64_t cut_s = 2 * DAY_S + 68100;

	return host % 4 == 0 && at_s >= cut_s && at_s < cut_s + 1800 + host * 7919 % 1200;
}

static void no_power_without_a_sign_of_power(void **state)
{
	const struct history history = {
		97, 97, 300, 4 * DAY_S, TIER_WATCH, behind_an_access_router, NULL};
	struct judgement j;
	struct judge *judge = play(&history, &j);
	(void)state;

	assert_int_equal(j.outages.count, 1);
	const struct verdict *v = &j.outages.items[0].verdict;
	assert_int_not_equal(v->cause, CAUSE_POWER);
	assert_true(v->p[CAUSE_UPSTREAM] >= v->p[CAUSE_POWER]);
	judgement_finish(&j);
	judge_destroy(judge);
}

/* --- cost --- */

static double cpu_s(const struct history *history)
{
	struct judgement j;
	struct timespec from, to;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	struct judge *judge = play(history, &j);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	judgement_finish(&j);
	judge_destroy(judge);
	return (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
}

static bool one_hour_cut(uint32_t host, int64_t at_s)
{
	return (at_s >= 10000 && at_s < 13600) || (uint32_t)(host + at_s * 31) % 251 == 0;
}

/* As many observations of 40 times as many hosts: not four times the work. */
static void cost_does_not_grow_with_hosts(void **state)
{
	const struct history few = {100, 50, 60, 40 * 18000, TIER_WATCH, one_hour_cut, NULL};
	const struct history many = {4000, 50, 60, 18000, TIER_WATCH, one_hour_cut, NULL};
	(void)state;

	assert_true(cpu_s(&many) < 4 * cpu_s(&few));
}

static bool one_or_other_is_out(uint32_t host, int64_t at_s)
{
	int64_t minute = at_s / 60;

	return minute > 200 && (minute / 7 + host) % 5 == 0;
}

/* Four times as many sweeps while somebody is always out: not twelve times the work. */
static void cost_does_not_grow_with_what_stays_open(void **state)
{
	const struct history day = {20, 20, 60, 1000 * 60, TIER_WATCH, one_or_other_is_out, NULL};
	const struct history longer = {
		20, 20, 60, 4000 * 60, TIER_WATCH, one_or_other_is_out, NULL};
	(void)state;

	assert_true(cpu_s(&longer) < 12 * cpu_s(&day));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(part_lost_on_a_slow_schedule),
		cmocka_unit_test(one_outage_does_not_swallow_others),
		cmocka_unit_test(few_hosts_on_a_slow_schedule),
		cmocka_unit_test(who_is_asked_no_more_holds_nothing_up),
		cmocka_unit_test(three_hosts_on_batteries),
		cmocka_unit_test(no_power_without_a_sign_of_power),
		cmocka_unit_test(cost_does_not_grow_with_hosts),
		cmocka_unit_test(cost_does_not_grow_with_what_stays_open),
	};

	assert_int_equal(argc, 2);
	cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
