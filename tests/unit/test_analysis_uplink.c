#include "tests/unit/unit.h"

#include "analysis/judge.h"
#include "analysis/vantage/uplink.h"
#include "core/clock.h"

#define T0 (INT64_C(1600000000) * NS_PER_S)
#define MINUTE (60 * NS_PER_S)

static uint64_t random_state;

static double draw(void)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (double)(random_state >> 11) / 9007199254740992.0;
}

/* Controls asked once a minute each, up to three times, while the share is lost. */
static int64_t ask(struct uplink *uplink, size_t controls, bool anchors, double lost,
	int64_t from_ns, int minutes, unsigned tries)
{
	struct parameters c = parameters_of(1);

	for (int m = 0; m < minutes; m++)
		for (size_t i = 0; i < controls; i++) {
			unsigned attempts = 1;
			bool answered = draw() >= lost;
			while (!answered && attempts < tries) {
				answered = draw() >= lost;
				attempts++;
			}
			uplink_see(uplink, i, anchors, answered, attempts,
				from_ns + m * MINUTE + (int64_t)i * NS_PER_S, &c);
			if (uplink_is_down(uplink))
				return from_ns + (m + 1) * MINUTE;
		}
	return 0;
}

static void a_line_that_loses_a_third_is_bad_within_minutes(void **state)
{
	(void)state;

	for (unsigned seed = 1; seed <= 100; seed++)
		for (unsigned tries = 1; tries <= 3; tries += 2) {
			struct uplink uplink = {0};
			random_state = seed;
			assert_int_equal(ask(&uplink, 6, true, 0, T0, 60, tries), 0);
			int64_t found_ns = ask(&uplink, 6, true, 0.34, T0 + 60 * MINUTE, 30, tries);
			assert_true(found_ns > 0);
			assert_true(found_ns <= T0 + 75 * MINUTE);
			uplink_finish(&uplink);
		}
}

static void a_line_that_loses_what_it_usually_does_is_good(void **state)
{
	struct parameters c = parameters_of(1);
	struct uplink uplink = {0};
	int blind = 0;
	(void)state;

	random_state = 5;
	for (int m = 0; m < 30 * 1440; m++)
		for (size_t i = 0; i < 6; i++) {
			uplink_see(&uplink, i, true, draw() >= 0.01, 1,
				T0 + m * MINUTE + (int64_t)i * NS_PER_S, &c);
			blind += i == 5 && uplink_is_down(&uplink);
		}
	assert_true(blind < 30); /* minutes, of 30 days */
	uplink_finish(&uplink);
}

static void a_router_that_always_lost_packets_makes_no_line_bad(void **state)
{
	struct parameters c = parameters_of(1);
	struct uplink uplink = {0};
	int blind = 0;
	(void)state;

	random_state = 5;
	for (int m = 0; m < 20000; m++)
		for (size_t i = 0; i < 3; i++) {
			bool lost = i == 0 && draw() < 0.3;
			uplink_see(&uplink, i, false, !lost, 1, T0 + m * MINUTE, &c);
			blind += m >= 2000 && uplink_is_down(&uplink);
		}
	assert_true(blind < 60);
	uplink_finish(&uplink);
}

static void a_router_behind_a_cut_is_one_silence(void **state)
{
	struct parameters c = parameters_of(1);
	struct uplink uplink = {0};
	(void)state;

	random_state = 5;
	ask(&uplink, 2, false, 0, T0, 60, 3);
	for (int m = 60; m < 600; m++) {
		uplink_see(&uplink, 0, false, false, 3, T0 + m * MINUTE, &c);
		uplink_see(&uplink, 1, false, true, 1, T0 + m * MINUTE + NS_PER_S, &c);
		assert_false(uplink_is_down(&uplink));
	}
	uplink_finish(&uplink);
}

static void a_router_behind_a_train_of_cuts_is_none_of_our_line(void **state)
{
	struct parameters c = parameters_of(1);
	struct uplink uplink = {0};
	(void)state;

	ask(&uplink, 2, false, 0, T0, 60, 3);
	for (int m = 60; m < 600; m++) {
		bool cut = m % 3 != 0;
		uplink_see(&uplink, 0, false, !cut, cut ? 3 : 1, T0 + m * MINUTE, &c);
		uplink_see(&uplink, 1, false, true, 1, T0 + m * MINUTE + NS_PER_S, &c);
		for (int i = 0; i < 10; i++)
			uplink_hears_host(
				&uplink, !cut, cut ? 0 : 2, T0 + m * MINUTE + i * NS_PER_S, &c);
		assert_false(uplink_is_down(&uplink));
	}
	uplink_finish(&uplink);
}

static void routers_that_are_all_silent_prove_nothing_unless_one_speaks_of_others(void **state)
{
	struct parameters c = parameters_of(1);
	(void)state;

	for (int told = 0; told < 2; told++) {
		struct uplink uplink = {0};
		ask(&uplink, 1, false, 0, T0, 60, 3);
		for (int m = 60; m < 100; m++) {
			uplink_see(&uplink, 0, false, false, 3, T0 + m * MINUTE, &c);
			if (told)
				uplink_hears_router(&uplink, T0 + m * MINUTE + NS_PER_S);
			uplink_hears_host(&uplink, false, 0, T0 + m * MINUTE, &c);
		}
		assert_int_equal(uplink_is_down(&uplink), !told);
		uplink_finish(&uplink);
	}
}

static void routers_gone_for_good_are_no_controls_of_a_country_that_answers(void **state)
{
	struct parameters c = parameters_of(1);
	struct uplink uplink = {0};
	(void)state;

	ask(&uplink, 2, false, 0, T0, 60, 3);
	for (int m = 60; m < 90; m++) {
		for (size_t i = 0; i < 2; i++)
			uplink_see(&uplink, i, false, false, 3, T0 + m * MINUTE, &c);
		for (int i = 0; i < 10; i++)
			uplink_hears_host(&uplink, true, 0, T0 + m * MINUTE + i * NS_PER_S, &c);
		assert_int_equal(uplink_is_down(&uplink), m >= 61 && m < 79);
	}
	uplink_finish(&uplink);
}

/* A country of two blocks without anchors, asked each minute by a line that loses, or
 * behind one that does. */
enum { HOSTS = 12 };
enum whose { OURS, THEIRS };

static size_t judge_lossy(enum whose whose, double lost, bool rows_of_routers)
{
	static const struct target_row targets[] = {
		{{{0xc6120000}, 23}, ROLE_TARGET, "test"},
		{{{0xc6336401}, 32}, ROLE_UPSTREAM, "edge"},
		{{{0xc6336402}, 32}, ROLE_UPSTREAM, "inner"},
	};
	struct parameters parameters = parameters_of(1);
	struct judge *judge = judge_create(targets, 3, &parameters);
	struct observation rows[HOSTS + 2];
	struct judgement j;

	for (int64_t m = 0; m < 600; m++) {
		struct sweep sweep = {.info = {.sweep = (uint64_t)m + 1,
					      .vantage = "vp1",
					      .epoch = "e",
					      .tier = TIER_WATCH,
					      .start = {T0 + m * MINUTE},
					      .sent = 1,
					      .end = {T0 + (m + 1) * MINUTE},
					      .interval_ns = MINUTE,
					      .capture_dropped = -1,
					      .anchors_probed = -1,
					      .anchors_up = -1},
			.observations = rows};
		bool bad = m >= 300 && m < 330;
		for (uint32_t i = 0; i < HOSTS + (rows_of_routers ? 2 : 0); i++) {
			bool router = i >= HOSTS;
			struct observation *o = &rows[sweep.observation_count++];
			*o = observation_blank();
			o->address.host = router ? 0xc6336401 + i - HOSTS
						 : 0xc6120001 + (i % 2 ? 256 : 0) + i;
			o->probed_at.ns = T0 + m * MINUTE + i * 4 * NS_PER_S;
			o->method = METHOD_ICMP;
			bool gone = bad && (whose == OURS || !router) && draw() < lost;
			o->outcome = gone ? OUTCOME_SILENT : OUTCOME_ECHO_REPLY;
		}
		judge_sweep(judge, &sweep);
	}
	judge_end(judge, &j);
	size_t count = j.outages.count;
	judgement_finish(&j);
	judge_destroy(judge);
	return count;
}

static void without_anchors_the_providers_routers_tell_our_loss_from_theirs(void **state)
{
	size_t ours = 0;
	(void)state;

	for (unsigned seed = 1; seed <= 20; seed++) {
		random_state = seed;
		ours += judge_lossy(OURS, 0.85, true);
		assert_int_equal(judge_lossy(THEIRS, 0.95, true), 1);
		assert_int_equal(judge_lossy(THEIRS, 1, true), 1);
		assert_int_equal(judge_lossy(OURS, 1, true), 0);
	}
	/* It takes some minutes to know, in which chance may look like hosts that go. */
	assert_true(ours <= 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_that_loses_a_third_is_bad_within_minutes),
		cmocka_unit_test(a_line_that_loses_what_it_usually_does_is_good),
		cmocka_unit_test(a_router_that_always_lost_packets_makes_no_line_bad),
		cmocka_unit_test(a_router_behind_a_cut_is_one_silence),
		cmocka_unit_test(a_router_behind_a_train_of_cuts_is_none_of_our_line),
		cmocka_unit_test(
			routers_that_are_all_silent_prove_nothing_unless_one_speaks_of_others),
		cmocka_unit_test(routers_gone_for_good_are_no_controls_of_a_country_that_answers),
		cmocka_unit_test(without_anchors_the_providers_routers_tell_our_loss_from_theirs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
