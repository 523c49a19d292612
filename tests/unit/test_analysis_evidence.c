#include "tests/unit/unit.h"

#include <math.h>
#include <stdio.h>

#include "analysis/evidence/attribution.h"
#include "analysis/evidence/restarts.h"
#include "core/clock.h"

static struct facts nothing(void)
{
	return (struct facts){.lost = 10,
		.over = true,
		.clock_gap_s = 3600,
		.buildup = 0,
		.buildup_step = 1,
		.usual_flaps = 0.2,
		.vantages = 1};
}

static double sum_of_terms(const char *text)
{
	double sum = 0;

	for (const char *at = text; at; at = strchr(at, ';')) {
		at += *at == ';';
		sum += strtod(strchr(at, ':') + 1, NULL);
	}
	return sum;
}

static void assert_consistent(const struct verdict *v)
{
	char text[EVIDENCE_TEXT_SIZE];
	double sum = 0;

	for (int c = 0; c < CAUSE_COUNT; c++)
		sum += v->p[c];
	assert_true(fabs(sum - 1) < 1e-9);
	verdict_print(v, text);
	assert_non_null(strstr(text, "prior:"));
	assert_true(
		fabs(sum_of_terms(text) - log(v->p[CAUSE_POWER] / v->p[CAUSE_UPSTREAM])) < 0.01);
}

static void the_terms_sum_to_what_the_probabilities_say(void **state)
{
	uint64_t random = 5;
	(void)state;

	for (int i = 0; i < 3000; i++) {
		struct facts f = nothing();
		random = random * 6364136223846793005u + 1442695040888963407u;
		unsigned bits = (unsigned)(random >> 33);
		struct verdict v;
		f.rebooted = bits & 7;
		f.ran_through = bits >> 6 & 15;
		f.boot_nats = (double)(bits >> 2 & 15) - 7;
		f.return_instants = f.return_hosts = 1 + (bits >> 10 & 7);
		f.return_spread_s = (bits >> 13 & 7) * 60;
		f.departure_instants = f.departure_hosts = 1 + (bits >> 16 & 7);
		f.departure_spread_s = (bits >> 19 & 7) * 60;
		f.errors_upstream = bits >> 22 & 3;
		f.errors_border = bits >> 24 & 3;
		f.border_up = bits >> 27 & 1;
		f.learned_up = bits >> 5 & 1;
		f.part_of_block = bits >> 28 & 1;
		f.buildup = bits >> 29 & 1 ? 12 : (double)NAN;
		verdict_reach(&f, &v);
		assert_consistent(&v);
	}
}

/* A silent cut, and a router that one host may have named goes on answering. */
static void a_router_that_nobody_named_turns_no_verdict(void **state)
{
	struct facts f = nothing();
	struct verdict without;
	struct verdict v;
	(void)state;

	verdict_reach(&f, &without);
	f.learned_up = true;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_UNDETERMINED);
	assert_true(v.p[CAUSE_POWER] > without.p[CAUSE_POWER]);
	f.border_up = true;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_POWER);
	f = nothing();
	f.ran_through = 6;
	f.errors_upstream = 6;
	f.learned_up = true;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_UPSTREAM);
}

static void without_evidence_nothing_is_said(void **state)
{
	struct facts f = nothing();
	struct verdict v;
	(void)state;

	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_UNDETERMINED);
	/* All at once, all back at once: a cut, or the border's power. */
	f.departure_instants = f.return_instants = 1;
	f.departure_hosts = f.return_hosts = 10;
	f.return_largest_share = 1;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_UNDETERMINED);
}

static void restarts_say_power_and_clocks_that_ran_on_say_the_line(void **state)
{
	struct facts f = nothing();
	struct verdict v;
	(void)state;

	f.rebooted = 5;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_POWER);
	f.rebooted = 0;
	f.ran_through = 8;
	f.departure_instants = f.return_instants = 1;
	f.departure_hosts = f.return_hosts = 10;
	f.return_largest_share = 1;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_UPSTREAM);
	/* All may have batteries: never as good as certain. */
	assert_true(v.p[CAUSE_UPSTREAM] < 0.95);
	/* Nor, with the provider's word for it, surer than that: it says the same of a
	 * border without power. That router's own clock settles it. */
	f.errors_upstream = 8;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_UPSTREAM);
	assert_true(v.p[CAUSE_UPSTREAM] < 0.95);
	f.border_ran = true;
	verdict_reach(&f, &v);
	assert_true(v.p[CAUSE_UPSTREAM] > 0.95);
	f.border_ran = false;
	f.border_rebooted = true;
	verdict_reach(&f, &v);
	assert_int_not_equal(v.cause, CAUSE_UPSTREAM);
}

static void a_cut_is_never_sure_while_the_border_is_unseen(void **state)
{
	uint64_t random = 11;
	(void)state;

	for (int i = 0; i < 3000; i++) {
		struct facts f = nothing();
		random = random * 6364136223846793005u + 1442695040888963407u;
		unsigned bits = (unsigned)(random >> 33);
		struct verdict v;
		f.ran_through = bits & 63;
		f.return_instants = f.departure_instants = 1 + (bits >> 6 & 1);
		f.return_hosts = f.departure_hosts = 1 + (bits >> 7 & 31);
		f.errors_upstream = bits >> 12 & 31;
		f.errors_transit = bits >> 17 & 31;
		f.errors_heard = bits >> 22 & 1;
		verdict_reach(&f, &v);
		assert_true(v.p[CAUSE_UPSTREAM] < 0.95);
		assert_consistent(&v);
	}
}

static void a_few_restarts_among_many_that_ran_on_are_by_hand(void **state)
{
	struct facts f = nothing();
	struct verdict v;
	(void)state;

	f.rebooted = 2;
	f.ran_through = 4;
	f.boot_nats = 2;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_POWER);
	/* Of two among six that have no date one cannot tell. */
	f.boot_nats = 0;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_UNDETERMINED);
	f.boot_nats = 2;
	f.ran_through = 40;
	verdict_reach(&f, &v);
	assert_int_not_equal(v.cause, CAUSE_POWER);
}

static void restarts_scattered_over_a_cut_are_by_hand(void **state)
{
	struct facts f = nothing();
	struct boot_time boots[6];
	struct verdict v;
	(void)state;

	/* Half an hour, at the end of which all return at once: that some had booted within a
	 * quarter of an hour is chance. */
	f.clock_gap_s = 1800;
	f.departure_instants = f.return_instants = 1;
	f.departure_hosts = f.return_hosts = 20;
	f.return_largest_share = 1;
	f.rebooted = 6;
	f.ran_through = 12;
	for (int i = 0; i < 6; i++)
		boots[i] = (struct boot_time){.boot_ns = (300 + 220 * i) * NS_PER_S,
			.silent_ns = 1798 * NS_PER_S,
			.back_ns = 1800 * NS_PER_S};
	f.boot_nats = restarts_times(boots, 6, 1);
	assert_true(f.boot_nats <= -2);
	verdict_reach(&f, &v);
	assert_int_not_equal(v.cause, CAUSE_POWER);
	assert_true(v.p[CAUSE_POWER] < 0.5);
	assert_consistent(&v);
	/* Power came first, then the line: they booted as one. */
	f.rebooted = 12;
	f.ran_through = 6;
	for (int i = 0; i < 6; i++) {
		boots[i].boot_ns = (9000 + 20 * i) * NS_PER_S;
		boots[i].silent_ns = 19998 * NS_PER_S;
		boots[i].back_ns = 20000 * NS_PER_S;
	}
	f.clock_gap_s = 20000;
	f.boot_nats = restarts_times(boots, 6, 1);
	assert_true(f.boot_nats > 5);
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_POWER);
	assert_true(v.p[CAUSE_POWER] > 0.95);
}

/* Who has no battery restarts with the power, each on its own, and is back when it has. */
static void a_few_without_batteries_that_boot_together_say_power(void **state)
{
	struct facts f = nothing();
	struct boot_time boots[4];
	struct verdict v;
	(void)state;

	f.rebooted = 4;
	f.ran_through = 12;
	for (int i = 0; i < 4; i++)
		boots[i] = (struct boot_time){.boot_ns = (7200 + 30 * i) * NS_PER_S,
			.silent_ns = (7240 + 50 * i) * NS_PER_S,
			.back_ns = (7300 + 50 * i) * NS_PER_S};
	f.clock_gap_s = 7300;
	f.boot_nats = restarts_times(boots, 4, 1);
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_POWER);
}

/* Two minutes are no time to despair in. */
static void hardly_any_short_cut_sees_restarts_by_hand(void **state)
{
	struct facts f = nothing();
	struct verdict brief;
	struct verdict v;
	(void)state;

	f.rebooted = 3;
	f.ran_through = 6;
	verdict_reach(&f, &v);
	f.clock_gap_s = 120;
	verdict_reach(&f, &brief);
	assert_true(brief.p[CAUSE_POWER] > v.p[CAUSE_POWER] + 0.1);
}

static void one_or_two_clocks_that_ran_on_state_no_cut(void **state)
{
	struct facts f = nothing();
	struct verdict v;
	(void)state;

	f.return_instants = f.departure_instants = 1;
	f.return_hosts = f.departure_hosts = 10;
	for (f.ran_through = 0; f.ran_through < 3; f.ran_through++) {
		verdict_reach(&f, &v);
		assert_int_equal(v.cause, CAUSE_UNDETERMINED);
	}
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_UPSTREAM);
	/* A router's word, or the border's own clock, needs no third. */
	f.ran_through = 2;
	f.errors_upstream = 1;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_UPSTREAM);
	f.errors_upstream = 0;
	f.border_ran = true;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_UPSTREAM);
}

/* The border's site may be down, and a few hosts with it. */
/* December 2014 with clocks that are read: a day of failures, then all at once for hours. */
static void a_day_of_failures_before_makes_the_line_the_least_likely(void **state)
{
	struct facts f = nothing();
	struct verdict v;
	(void)state;

	f.ran_through = 18;
	f.departure_instants = f.return_instants = 1;
	f.departure_hosts = f.return_hosts = 18;
	f.buildup = 0;
	f.unrest = 25;
	f.unstable_hours = 20;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_UNDETERMINED);
	assert_true(v.p[CAUSE_UPSTREAM] < v.p[CAUSE_POWER]);
	assert_true(v.p[CAUSE_UPSTREAM] < v.p[CAUSE_CONGESTION]);
	f.unrest = 0;
	f.unstable_hours = 0;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_UPSTREAM);
}

static void a_cut_is_not_sure_beside_restarts_either(void **state)
{
	struct facts f = nothing();
	struct verdict v;
	(void)state;

	f.return_instants = f.departure_instants = 1;
	f.return_hosts = f.departure_hosts = 30;
	f.errors_upstream = 9;
	f.rebooted = 1;
	for (f.ran_through = 1; f.ran_through < 60; f.ran_through++) {
		verdict_reach(&f, &v);
		assert_true(v.p[CAUSE_UPSTREAM] < 0.95);
		assert_consistent(&v);
	}
}

static void no_buildup_says_less_where_looks_are_far_apart(void **state)
{
	struct facts f = nothing();
	struct verdict near;
	struct verdict far;
	(void)state;

	verdict_reach(&f, &near);
	f.buildup_step = 11;
	verdict_reach(&f, &far);
	assert_true(far.p[CAUSE_CONGESTION] > 2 * near.p[CAUSE_CONGESTION]);
}

static void a_buildup_says_congestion_though_hosts_crash(void **state)
{
	struct facts f = nothing();
	struct verdict v;
	(void)state;

	f.buildup = 40;
	f.saturated = true;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_CONGESTION);
	f.rebooted = 4;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_CONGESTION);
}

static void one_vantage_point_never_says_routing(void **state)
{
	struct facts f = nothing();
	struct verdict v;
	(void)state;

	verdict_reach(&f, &v);
	assert_true(v.p[CAUSE_ROUTING] < 0.05);
	f.vantages = 2;
	f.reached_elsewhere = true;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_ROUTING);
}

static void who_did_not_look_in_the_meantime_does_not_say_routing(void **state)
{
	struct facts f = nothing();
	struct verdict v;
	(void)state;

	f.vantages = 2;
	f.missed_elsewhere = true;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_UNDETERMINED);
	f.rebooted = 3;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_POWER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_terms_sum_to_what_the_probabilities_say),
		cmocka_unit_test(a_router_that_nobody_named_turns_no_verdict),
		cmocka_unit_test(without_evidence_nothing_is_said),
		cmocka_unit_test(restarts_say_power_and_clocks_that_ran_on_say_the_line),
		cmocka_unit_test(a_cut_is_never_sure_while_the_border_is_unseen),
		cmocka_unit_test(a_few_restarts_among_many_that_ran_on_are_by_hand),
		cmocka_unit_test(restarts_scattered_over_a_cut_are_by_hand),
		cmocka_unit_test(a_few_without_batteries_that_boot_together_say_power),
		cmocka_unit_test(hardly_any_short_cut_sees_restarts_by_hand),
		cmocka_unit_test(one_or_two_clocks_that_ran_on_state_no_cut),
		cmocka_unit_test(a_day_of_failures_before_makes_the_line_the_least_likely),
		cmocka_unit_test(a_cut_is_not_sure_beside_restarts_either),
		cmocka_unit_test(no_buildup_says_less_where_looks_are_far_apart),
		cmocka_unit_test(a_buildup_says_congestion_though_hosts_crash),
		cmocka_unit_test(one_vantage_point_never_says_routing),
		cmocka_unit_test(who_did_not_look_in_the_meantime_does_not_say_routing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
