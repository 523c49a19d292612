#include "tests/unit/unit.h"

#include <math.h>

#include "analysis/evidence/attribution.h"
#include "analysis/host/host.h"
#include "analysis/method/belief.h"
#include "analysis/method/loss_rate.h"
#include "core/clock.h"

/*
 * The worked example of docs/METHOD.md, step by step: a block of three hosts, asked once a
 * minute, each with 1000 answers behind it and none missing, falls silent. The numbers are those
 * of the page.
 */
#define MINUTE (60 * NS_PER_S)
#define NEAR(is, says) assert_true(fabs((is) - (says)) <= 0.005 * fabs(says))

static const struct responsiveness steady = {.again = 1000};

static double unanswered(bool was_answered)
{
	const struct loss_rate loss = {0};
	double answers = responsiveness_expect(&steady, was_answered, REPEAT_PRIOR);

	return 1 - answers * (1 - loss_rate_now(&loss));
}

/* So many silences of one host, a minute apart. */
static struct silence silence_of(int count)
{
	return (struct silence){
		(float)-log(unanswered(true)), (float)((count - 1) * -log(unanswered(false)))};
}

static double nats(int count)
{
	struct parameters p = parameters_of(1);
	struct silence silence = silence_of(count);

	return silence_nats(&silence, (count - 1) * MINUTE, &p);
}

static double rate(void)
{
	struct parameters p = parameters_of(1);
	struct host host = {.first_reply_ns = 1};

	return host_departures(&host, 1000 * MINUTE, &p);
}

static void a_silence_is_worth_so_much(void **state)
{
	(void)state;

	NEAR(unanswered(true), 0.0202);
	NEAR(unanswered(false), 0.167);
	NEAR(nats(1), 3.90);
	NEAR(nats(2), 5.68);
	NEAR(nats(4), 9.27);
}

static void one_host_is_gone_with_its_sixth_silence(void **state)
{
	struct parameters p = parameters_of(1);
	(void)state;

	NEAR(rate() * 1e9, 1.52e-6);
	NEAR(exp(silence_log_odds(nats(5), rate(), MINUTE, &p)), 5.8);
	NEAR(exp(silence_log_odds(nats(6), rate(), MINUTE, &p)), 34.7);
	assert_true(silence_log_odds(nats(5), rate(), MINUTE, &p) < GONE_LOG_ODDS);
	assert_true(silence_log_odds(nats(6), rate(), MINUTE, &p) >= GONE_LOG_ODDS);
}

static double down_after(int count)
{
	struct parameters p = parameters_of(1);
	struct belief_host hosts[3];
	struct silence one = silence_of(count);
	struct belief_block all = {.hosts = hosts,
		.count = 3,
		.silence = {one.first_nats, 2 * one.first_nats + 3 * one.more_nats},
		.lasted_ns = (count - 1) * MINUTE + 40 * NS_PER_S,
		.within_ns = 20 * NS_PER_S};

	for (int i = 0; i < 3; i++)
		hosts[i] = (struct belief_host){
			.nats = nats(count), .rate = rate(), .within_ns = MINUTE, .together = true};
	return belief_down(&all, &p);
}

static void three_hosts_are_a_block_that_is_down(void **state)
{
	(void)state;

	NEAR(down_after(1), 0.0661);
	NEAR(down_after(2), 0.890);
	NEAR(down_after(3), 0.995);
}

/* The block of tests/golden/village that loses its power at 04:00:40: its timeline prints the
 * last number as its belief. */
static void the_village_block_is_down(void **state)
{
	struct parameters p = parameters_of(1);
	const struct responsiveness known = {.again = 219};
	const struct loss_rate loss = {.asked = 13.775};
	const double day_ns = (double)p.day_ns;
	const int64_t age_ns = 14460 * NS_PER_S;
	const struct host host = {.first_reply_ns = 1,
		.failures = 1,
		.usual_rate = (float)((6 + FAILURES_PRIOR) /
				      (FAILURES_PRIOR * 20 * day_ns + 6 * (double)age_ns))};
	double there = 1 - loss_rate_now(&loss);
	float first = (float)-log(1 - responsiveness_expect(&known, true, REPEAT_PRIOR) * there);
	float more = (float)-log(1 - responsiveness_expect(&known, false, REPEAT_PRIOR) * there);
	double each = silence_nats(&(struct silence){first, 2 * more}, 2 * MINUTE, &p);
	double r = host_departures(&host, age_ns, &p);
	struct belief_host hosts[6];
	struct belief_block all = {.hosts = hosts,
		.count = 6,
		.silence = {first, 5 * first + 12 * more},
		.lasted_ns = 145 * NS_PER_S,
		.within_ns = 35 * NS_PER_S};
	(void)state;

	for (int i = 0; i < 6; i++)
		hosts[i] = (struct belief_host){
			.nats = each, .rate = r, .within_ns = MINUTE, .together = true};
	NEAR(loss_rate_now(&loss), 0.0084);
	NEAR(exp(-(double)first), 0.0093);
	NEAR(exp(-(double)more), 0.157);
	NEAR(each, 8.38);
	NEAR(r * 1e9, 3.1e-5);
	NEAR(exp(silence_log_odds(each, r, MINUTE, &p)), 8.1);
	NEAR(silence_nats(&all.silence, all.lasted_ns, &p), 16.19);
	assert_true(fabs(belief_down(&all, &p) - 0.9986) < 0.00005);
}

static void three_restarts_are_power(void **state)
{
	struct facts facts = {.lost = 3,
		.over = true,
		.clock_gap_s = 1860,
		.rebooted = 3,
		.boot_nats = 2,
		.departure_instants = 1,
		.vantages = 1,
		.buildup = (double)NAN,
		.buildup_step = 1};
	struct verdict verdict;
	(void)state;

	verdict_reach(&facts, &verdict);
	NEAR(verdict.p[CAUSE_POWER], 0.902);
	NEAR(verdict.p[CAUSE_UPSTREAM], 0.00476);
	NEAR(verdict.p[CAUSE_CONGESTION], 0.0930);
	NEAR(verdict.prior[CAUSE_POWER], -0.788);
	assert_int_equal(verdict.cause, CAUSE_POWER);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_silence_is_worth_so_much),
		cmocka_unit_test(one_host_is_gone_with_its_sixth_silence),
		cmocka_unit_test(three_hosts_are_a_block_that_is_down),
		cmocka_unit_test(the_village_block_is_down),
		cmocka_unit_test(three_restarts_are_power),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
