#include "tests/unit/unit.h"

#include <math.h>

#include "analysis/evidence/attribution.h"
#include "analysis/evidence/terms.h"

/* Whatever may be seen together; of what is a sign of power only if signs. */
static struct facts any(uint64_t *random, bool signs)
{
	uint64_t a = *random = *random * 6364136223846793005u + 1442695040888963407u;
	uint64_t b = *random = *random * 6364136223846793005u + 1442695040888963407u;

	a >>= 20;
	b >>= 20;
	return (struct facts){.lost = 3 + (a & 31),
		.over = a >> 5 & 1,
		.clock_gap_s = (double)(60 << (a >> 6 & 7)),
		.rebooted = signs ? a >> 9 & 7 : 0,
		.ran_through = a >> 12 & 15,
		.boot_nats = signs && (a >> 9 & 7) ? (double)(a >> 16 & 7) - 2 : 0,
		.border_rebooted = signs && (a >> 19 & 1),
		.border_ran = a >> 20 & 1,
		.departure_instants = 1 + (a >> 21 & 3),
		.departure_hosts = a >> 23 & 15,
		.departure_spread_s = (double)(a >> 27 & 7) * 60,
		.return_instants = 1 + (a >> 30 & 3),
		.return_hosts = a >> 32 & 15,
		.return_spread_s = (double)(a >> 36 & 7) * 60,
		.return_largest_share = (double)(a >> 39 & 7) / 7,
		.errors_upstream = b & 3,
		.errors_border = signs ? b >> 2 & 3 : 0,
		.errors_transit = b >> 4 & 3,
		.errors_heard = b >> 6 & 1,
		.border_up = signs && (b >> 7 & 1),
		.learned_up = b >> 8 & 1,
		.part_of_block = b >> 9 & 1,
		.by_site = b >> 10 & 1,
		.usual_flaps = b >> 11 & 1 ? (double)NAN : 0.5,
		.unrest = (double)(b >> 12 & 31),
		.unstable_hours = (double)(b >> 17 & 15),
		.buildup = b >> 21 & 1 ? (double)NAN : (double)(b >> 22 & 31),
		.buildup_step = b >> 27 & 1 ? 1 : 11,
		.saturated = b >> 28 & 1,
		.vantages = 1 + (b >> 29 & 1),
		.reached_elsewhere = b >> 30 & 1,
		.missed_elsewhere = b >> 31 & 1};
}

static struct facts whole_blocks(void)
{
	return (struct facts){.lost = 10,
		.over = true,
		.clock_gap_s = 3600,
		.buildup = 0,
		.buildup_step = 1,
		.usual_flaps = 0.2,
		.vantages = 1};
}

static void another_prior_shifts_the_odds_by_its_log_ratio_and_nothing_else(void **state)
{
	static const struct prior other = {{0.06, 0.87, 0.3, 2, 0.001}};
	uint64_t random = 1;
	(void)state;

	for (int i = 0; i < 2000; i++) {
		struct facts f = any(&random, true);
		struct verdict usual, v;
		verdict_reach(&f, &usual);
		f.prior = &other;
		verdict_reach(&f, &v);
		for (int c = 0; c < CAUSE_COUNT; c++) {
			double ratio =
				log(other.share[c] / other.share[CAUSE_UPSTREAM]) -
				log(prior_default.share[c] / prior_default.share[CAUSE_UPSTREAM]);
			double shift = log(v.p[c] / v.p[CAUSE_UPSTREAM]) -
				       log(usual.p[c] / usual.p[CAUSE_UPSTREAM]);
			assert_true(fabs(shift - ratio) < 1e-6);
			assert_true(fabs(v.prior[c] - usual.prior[c] - ratio) < 1e-9);
			for (size_t t = 0; t < term_count; t++)
				assert_true(fabs(v.nats[t][c] - usual.nats[t][c]) < 1e-6);
		}
	}
}

static void a_prior_is_read_or_refused(void **state)
{
	static const char *const wrong[] = {"", "power", "power=", "power=0", "power=-1",
		"power=.3,", "power=.3,power=.3", "weather=.3", "power_loss=.3", "power=.3 ",
		"power=nan", "power=1e9", "=.3", "power=.30000000000000000000000000000000000001"};
	struct prior prior;
	struct diag why = {0};
	(void)state;

	assert_int_equal(prior_parse("upstream=.87,power=.06", &prior, &why), 0);
	assert_true(prior.share[CAUSE_POWER] == 0.06 && prior.share[CAUSE_UPSTREAM] == 0.87);
	for (int c = CAUSE_CONGESTION; c <= CAUSE_OTHER; c++)
		assert_true(prior.share[c] == prior_default.share[c]);
	assert_int_equal(prior_parse("congestion=1,routing=2,other=3", &prior, &why), 0);
	assert_true(prior.share[CAUSE_CONGESTION] == 1 && prior.share[CAUSE_ROUTING] == 2 &&
		    prior.share[CAUSE_OTHER] == 3);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		prior = (struct prior){{7, 7, 7, 7, 7}};
		why = (struct diag){0};
		assert_true(prior_parse(wrong[i], &prior, &why) < 0);
		assert_true(why.text[0] != '\0');
		assert_true(prior.share[CAUSE_POWER] == 7);
	}
}

/* However often power fails where somebody looks. */
static void power_is_never_stated_without_a_sign_of_it(void **state)
{
	static const struct prior always_power = {{1000, 1, 1, 1, 1}};
	size_t likely = 0;
	uint64_t random = 2;
	(void)state;

	for (int i = 0; i < 20000; i++) {
		struct facts f = any(&random, false);
		struct verdict v;
		verdict_reach(&f, &v);
		assert_int_not_equal(v.cause, CAUSE_POWER);
		f.prior = &always_power;
		verdict_reach(&f, &v);
		assert_int_not_equal(v.cause, CAUSE_POWER);
		likely += v.p[CAUSE_POWER] > 0.9;
	}
	assert_true(likely > 1000);
}

static void a_cut_is_never_stated_where_nothing_tells_it(void **state)
{
	static const struct prior always_cut = {{1, 1000, 1, 1, 1}};
	size_t likely = 0;
	uint64_t random = 3;
	(void)state;

	for (int i = 0; i < 20000; i++) {
		struct facts f = any(&random, false);
		struct verdict v;
		f.prior = &always_cut;
		f.ran_through = (size_t)i % 3;
		f.border_ran = false;
		f.errors_upstream = f.errors_transit = 0;
		verdict_reach(&f, &v);
		assert_int_not_equal(v.cause, CAUSE_UPSTREAM);
		likely += v.p[CAUSE_UPSTREAM] > 0.9;
	}
	assert_true(likely > 1000);
}

static void each_sign_of_power_can_state_it(void **state)
{
	struct facts signs[] = {whole_blocks(), whole_blocks(), whole_blocks(), whole_blocks()};
	(void)state;

	signs[0].rebooted = 1;
	signs[1].border_up = true;
	signs[2].border_rebooted = true;
	signs[3].errors_border = 5;
	struct prior even = prior_default;
	even.share[CAUSE_POWER] = even.share[CAUSE_UPSTREAM];
	for (size_t i = 0; i < 4; i++) {
		struct verdict v;
		signs[i].prior = &even;
		verdict_reach(&signs[i], &v);
		assert_int_equal(v.cause, CAUSE_POWER);
	}
	/* One restart among many clocks that ran on is nobody's sign. */
	struct verdict v;
	signs[0].ran_through = 60;
	verdict_reach(&signs[0], &v);
	assert_int_not_equal(v.cause, CAUSE_POWER);
}

/* A part of a block, back one by one: a site without power, or the access router of those. */
static void an_access_router_and_a_site_look_alike(void **state)
{
	struct facts f = whole_blocks();
	struct verdict v;
	(void)state;

	f.return_hosts = f.departure_hosts = 10;
	f.return_instants = 5;
	f.return_spread_s = 900;
	f.return_largest_share = 0.3;
	f.departure_instants = 1;
	for (int part = 0; part < 2; part++) {
		f.part_of_block = part;
		verdict_reach(&f, &v);
		assert_int_equal(v.cause, CAUSE_UNDETERMINED);
		assert_true(v.p[CAUSE_UPSTREAM] >= v.p[CAUSE_POWER]);
		assert_true(v.p_hypothesis[ACCESS] > v.p_hypothesis[CUT] + v.p_hypothesis[MANUAL] +
							     v.p_hypothesis[WHILE_DOWN]);
	}
	/* Clocks tell them apart, either way. */
	f.ran_through = 8;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_UPSTREAM);
	f.ran_through = 0;
	f.rebooted = 8;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_POWER);
	/* Whole blocks behind a border that answered are seldom one access router's. */
	f.rebooted = 0;
	f.part_of_block = false;
	f.border_up = true;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_POWER);
}

/* Half of the hosts restart at any time, after loss that grew: not by power. */
static void an_attack_crashes_hosts_at_any_time(void **state)
{
	struct facts f = whole_blocks();
	struct verdict v;
	(void)state;

	f.buildup = 16;
	f.rebooted = 4;
	f.ran_through = 6;
	f.boot_nats = -2;
	verdict_reach(&f, &v);
	assert_int_equal(v.cause, CAUSE_CONGESTION);
	assert_true(v.p_hypothesis[CRASH] > 10 * v.p_hypothesis[FLOOD]);
}

/* The line, errors from the provider, and all hosts restarted: the longer it was down, the
 * sooner power failed meanwhile. */
static void power_may_fail_while_all_is_dark(void **state)
{
	struct facts f = whole_blocks();
	struct verdict brief, week;
	(void)state;

	f.errors_upstream = 8;
	f.rebooted = 8;
	f.boot_nats = 4;
	verdict_reach(&f, &brief);
	f.clock_gap_s = 7 * 86400;
	verdict_reach(&f, &week);
	assert_true(week.p_hypothesis[WHILE_DOWN] > 10 * brief.p_hypothesis[WHILE_DOWN]);
	assert_true(brief.p_hypothesis[WHILE_DOWN] < 0.05);
	assert_true(week.p[CAUSE_POWER] < brief.p[CAUSE_POWER] - 0.1);
}

/* What it adds to ln(p power / p upstream) where nothing else is seen. */
static double worth(struct facts seen)
{
	struct facts none = whole_blocks();
	struct verdict with, without;

	verdict_reach(&seen, &with);
	verdict_reach(&none, &without);
	return log(with.p[CAUSE_POWER] / with.p[CAUSE_UPSTREAM]) -
	       log(without.p[CAUSE_POWER] / without.p[CAUSE_UPSTREAM]);
}

static void assert_between(double nats, double low, double high)
{
	assert_true(nats > low && nats < high);
}

static void each_fact_speaks_for_its_cause_and_no_louder(void **state)
{
	struct facts f = whole_blocks();
	(void)state;

	f.errors_transit = 5;
	assert_between(worth(f), -2, -1);
	f.errors_upstream = 5;
	assert_between(worth(f), -2.2, -1.2);
	f = whole_blocks();
	f.errors_heard = true;
	assert_between(worth(f), 0.5, 1);
	f.errors_border = 5;
	assert_between(worth(f), 1, 2.5);
	f = whole_blocks();
	f.border_up = true;
	assert_between(worth(f), 2, 3.5);
	f = whole_blocks();
	f.border_rebooted = true;
	assert_between(worth(f), 2, 3.5);
	f = whole_blocks();
	f.learned_up = true;
	assert_between(worth(f), 0.05, 0.5);
	f = whole_blocks();
	f.return_hosts = 10;
	f.return_instants = 4;
	f.return_largest_share = 0.4;
	f.return_spread_s = 100;
	assert_between(worth(f), 0.05, 0.5);
	f.return_spread_s = 1000;
	assert_between(worth(f), 0.5, 1);
	f.over = false;
	assert_between(worth(f), -1e-9, 1e-9);
	f = whole_blocks();
	f.departure_hosts = 10;
	f.departure_instants = 4;
	f.departure_spread_s = 1000;
	assert_between(worth(f), 0.5, 1.5);
}

/* Few bad minutes are anybody's, many an attack's, some are between. */
static void a_buildup_counts_by_its_minutes(void **state)
{
	static const double minutes[] = {0, 4, 10, 16, 40};
	double p[5];
	(void)state;

	for (size_t i = 0; i < 5; i++) {
		struct facts f = whole_blocks();
		struct verdict v;
		f.buildup = minutes[i];
		verdict_reach(&f, &v);
		p[i] = log(v.p[CAUSE_CONGESTION] / v.p[CAUSE_UPSTREAM]);
	}
	assert_true(fabs(p[0] - p[1]) < 1e-9 && fabs(p[3] - p[4]) < 1e-9);
	assert_true(p[2] > p[1] + 2 && p[3] > p[2] + 2);
}

static void the_table_is_whole(void **state)
{
	double shares[CAUSE_COUNT] = {0};
	(void)state;

	for (int h = 0; h < HYPOTHESIS_COUNT; h++) {
		assert_true(hypotheses[h].share > 0);
		assert_non_null(hypotheses[h].name);
		shares[hypotheses[h].cause] += hypotheses[h].share;
	}
	for (int c = 0; c < CAUSE_COUNT; c++)
		assert_true(fabs(shares[c] - 1) < 1e-9);
	for (size_t t = 0; t < term_count; t++) {
		bool any_weight = false;
		for (int h = 0; h < HYPOTHESIS_COUNT; h++)
			any_weight |= terms[t].weight[h] != 0;
		assert_true(any_weight);
		assert_true(!terms[t].says != !terms[t].tell);
		/* One name is one line of the column. */
		for (size_t k = 0; k + 1 < t; k++)
			if (strcmp(terms[k].name, terms[t].name) == 0)
				assert_string_equal(terms[t - 1].name, terms[t].name);
	}
}

/* Two decimals of nats are what --explain has of it. */
static void nothing_seen_is_nothing_said(void **state)
{
	struct facts f = {.buildup = (double)NAN, .usual_flaps = (double)NAN, .vantages = 1};
	struct verdict v;
	(void)state;

	verdict_reach(&f, &v);
	for (size_t t = 0; t < term_count; t++)
		assert_true(v.nats[t][CAUSE_POWER] == 0 || fabs(v.nats[t][CAUSE_POWER]) < 1e-12);
	assert_true(fabs(log(v.p[CAUSE_POWER] / v.p[CAUSE_UPSTREAM]) -
			    log(prior_default.share[CAUSE_POWER] /
				    prior_default.share[CAUSE_UPSTREAM])) < 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_prior_shifts_the_odds_by_its_log_ratio_and_nothing_else),
		cmocka_unit_test(a_prior_is_read_or_refused),
		cmocka_unit_test(power_is_never_stated_without_a_sign_of_it),
		cmocka_unit_test(a_cut_is_never_stated_where_nothing_tells_it),
		cmocka_unit_test(each_sign_of_power_can_state_it),
		cmocka_unit_test(an_access_router_and_a_site_look_alike),
		cmocka_unit_test(an_attack_crashes_hosts_at_any_time),
		cmocka_unit_test(power_may_fail_while_all_is_dark),
		cmocka_unit_test(each_fact_speaks_for_its_cause_and_no_louder),
		cmocka_unit_test(a_buildup_counts_by_its_minutes),
		cmocka_unit_test(the_table_is_whole),
		cmocka_unit_test(nothing_seen_is_nothing_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
