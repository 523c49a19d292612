#include "tests/unit/unit.h"

#include <string.h>

#include "analysis/judge.h"
#include "analysis/vantage/probe_times.h"

/* Full sweeps of 640 s each 660 s, in which silence has no row. */
#define S NS_PER_S
#define T0 (INT64_C(1600000000) * S)
#define EACH (660 * S)
#define LASTS (640 * S)

enum { HOSTS = 20 };

static uint64_t random_state;

static int64_t draw(int64_t below)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)((random_state >> 33) % (uint64_t)below);
}

static struct sweep_info info_of(int64_t n)
{
	return (struct sweep_info){.sweep = (uint64_t)n + 1,
		.vantage = "a",
		.epoch = "e",
		.tier = TIER_FULL,
		.start = {T0 + n * EACH},
		.sent = 512,
		.end = {T0 + n * EACH + LASTS},
		.interval_ns = EACH,
		.methods = "icmp",
		.capture_dropped = -1,
		.anchors_probed = 2,
		.anchors_up = 2};
}

static struct observation row_at(uint32_t host, int64_t at_ns)
{
	struct observation o = observation_blank();

	o.address.host = 0xc6120001 + host;
	o.probed_at.ns = at_ns;
	o.method = METHOD_ICMP;
	o.outcome = OUTCOME_ECHO_REPLY;
	o.rtt_ns = 200000000;
	return o;
}

/* Each a second beside its place at most; or anywhere. `all` of them answer in sweep n. */
static void hear(struct probe_times *probe_times, int64_t n, bool fixed, int64_t shift_ns,
	uint32_t all, const struct parameters *parameters)
{
	struct sweep_info info = info_of(n);

	probe_times_begin(probe_times, &info);
	for (uint32_t i = 0; i < all; i++) {
		int64_t after_ns = fixed ? (30 * i + 10) * S + shift_ns + draw(S) : draw(LASTS);
		struct observation o = row_at(i, info.start.ns + after_ns % LASTS);
		probe_times_see(probe_times, i, CHANNEL_ICMP, &o, parameters);
	}
}

static void silence_has_the_place_of_its_address(void **state)
{
	struct parameters parameters = parameters_of(1);
	struct probe_times probe_times = {0};
	(void)state;

	for (int64_t n = 0; n < 40; n++)
		hear(&probe_times, n, true, 0, HOSTS, &parameters);
	hear(&probe_times, 40, true, 0, HOSTS / 2, &parameters);
	for (uint32_t i = HOSTS / 2; i < HOSTS; i++) {
		struct time_range range =
			probe_times_find(&probe_times, i, CHANNEL_ICMP, &parameters);
		int64_t place_ns = T0 + 40 * EACH + (30 * i + 10) * S;
		assert_true(range.from_ns <= place_ns && range.to_ns >= place_ns + S);
		assert_true(range.to_ns - range.from_ns <= 20 * S);
		assert_true(
			range.from_ns >= probe_times.start.ns && range.to_ns <= probe_times.end.ns);
	}
	/* By another kind of probe it was never asked. */
	struct time_range other = probe_times_find(&probe_times, 3, CHANNEL_TCP, &parameters);
	assert_int_equal(other.to_ns - other.from_ns, LASTS);
	probe_times_finish(&probe_times);
}

static void where_there_is_no_order_it_was_at_some_time_of_the_sweep(void **state)
{
	struct parameters parameters = parameters_of(1);
	struct probe_times probe_times = {0};
	size_t held = 0;
	(void)state;

	random_state = 3;
	for (int64_t n = 0; n < 300; n++) {
		hear(&probe_times, n, false, 0, HOSTS, &parameters);
		if (n < 10)
			continue;
		for (uint32_t i = 0; i < HOSTS; i++) {
			struct time_range range =
				probe_times_find(&probe_times, i, CHANNEL_ICMP, &parameters);
			int64_t at_ns = probe_times.start.ns + draw(LASTS);
			held += range.from_ns <= at_ns && range.to_ns >= at_ns;
		}
	}
	assert_true(held >= 290 * HOSTS * 98 / 100);
	probe_times_finish(&probe_times);
}

static void a_new_order_takes_all_places_away(void **state)
{
	struct parameters parameters = parameters_of(1);
	struct probe_times probe_times = {0};
	(void)state;

	for (int64_t n = 0; n < 40; n++)
		hear(&probe_times, n, true, 0, HOSTS, &parameters);
	hear(&probe_times, 40, true, 300 * S, HOSTS / 2, &parameters);
	for (uint32_t i = HOSTS / 2; i < HOSTS; i++) {
		struct time_range range =
			probe_times_find(&probe_times, i, CHANNEL_ICMP, &parameters);
		assert_int_equal(range.to_ns - range.from_ns, LASTS);
	}
	for (int64_t n = 41; n < 80; n++)
		hear(&probe_times, n, true, 300 * S, HOSTS, &parameters);
	struct time_range range = probe_times_find(&probe_times, 4, CHANNEL_ICMP, &parameters);
	assert_true(range.from_ns <= T0 + 79 * EACH + 430 * S);
	assert_true(range.to_ns >= T0 + 79 * EACH + 431 * S);
	assert_true(range.to_ns - range.from_ns <= 20 * S);
	probe_times_finish(&probe_times);
}

static void a_late_attempt_moves_no_place(void **state)
{
	struct parameters parameters = parameters_of(1);
	struct probe_times probe_times = {0};
	(void)state;

	for (int64_t n = 0; n < 40; n++)
		hear(&probe_times, n, true, 0, HOSTS, &parameters);
	struct time_range before = probe_times_find(&probe_times, 5, CHANNEL_ICMP, &parameters);
	struct observation o = row_at(5, T0 + 39 * EACH + 400 * S);
	o.attempt = o.attempts = 3;
	probe_times_see(&probe_times, 5, CHANNEL_ICMP, &o, &parameters);
	struct time_range after = probe_times_find(&probe_times, 5, CHANNEL_ICMP, &parameters);
	assert_int_equal(before.from_ns, after.from_ns);
	assert_int_equal(before.to_ns, after.to_ns);
	probe_times_finish(&probe_times);
}

/* All hosts but those of the second block, from down to up. */
static struct judge *play(bool fixed, int64_t down_ns, int64_t up_ns, struct judgement *ret)
{
	static const struct target_row targets[] = {{{{0xc6120000}, 23}, ROLE_TARGET, "test"}};
	struct parameters parameters = parameters_of(1);
	struct judge *judge = judge_create(targets, 1, &parameters);
	struct observation rows[2 * HOSTS];

	random_state = 5;
	for (int64_t n = 0; n < 80; n++) {
		struct sweep sweep = {.info = info_of(n), .observations = rows};
		for (uint32_t i = 0; i < 2 * HOSTS; i++) {
			int64_t at_ns = sweep.info.start.ns +
					(fixed ? (16 * i + 3) * S + draw(S) : draw(LASTS));
			if (i % 2 == 0 && at_ns >= down_ns && at_ns < up_ns)
				continue;
			rows[sweep.observation_count++] = row_at(i % 2 * 256 + i / 2, at_ns);
		}
		/* As they are read: by address. */
		for (size_t i = 1; i < sweep.observation_count; i++)
			for (size_t k = i;
				k > 0 && ip4_order(&rows[k - 1].address, &rows[k].address) > 0;
				k--) {
				struct observation o = rows[k];
				rows[k] = rows[k - 1];
				rows[k - 1] = o;
			}
		judge_sweep(judge, &sweep);
	}
	judge_end(judge, ret);
	return judge;
}

static void a_cut_of_two_sweeps_is_found_without_rows_of_silence(void **state)
{
	(void)state;

	for (int fixed = 0; fixed < 2; fixed++)
		/* Where there is no order, whoever answered last is asked again in two sweeps. */
		for (int64_t lasts_s = fixed ? 720 : 1320; lasts_s <= 1980; lasts_s += 60) {
			int64_t down_ns = T0 + 50 * EACH + lasts_s * 3 % 660 * S;
			int64_t up_ns = down_ns + lasts_s * S;
			struct judgement j;
			struct judge *judge = play(fixed, down_ns, up_ns, &j);
			assert_int_equal(j.outages.count, 1);
			const struct outage *o = &j.outages.items[0];
			assert_true(o->start_low_ns <= down_ns && o->start_high_ns >= down_ns);
			assert_true(o->end_low_ns <= up_ns && o->end_high_ns >= up_ns);
			if (fixed)
				assert_true(o->start_high_ns - o->start_low_ns <= 90 * S);
			judgement_finish(&j);
			judge_destroy(judge);
		}
}

static void a_minute_or_two_of_silence_is_none(void **state)
{
	(void)state;

	for (int fixed = 0; fixed < 2; fixed++)
		for (int64_t at_s = 0; at_s < 660; at_s += 55) {
			int64_t down_ns = T0 + 50 * EACH + at_s * S;
			struct judgement j;
			struct judge *judge = play(fixed, down_ns, down_ns + 150 * S, &j);
			assert_int_equal(j.outages.count, 0);
			judgement_finish(&j);
			judge_destroy(judge);
		}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(silence_has_the_place_of_its_address),
		cmocka_unit_test(where_there_is_no_order_it_was_at_some_time_of_the_sweep),
		cmocka_unit_test(a_new_order_takes_all_places_away),
		cmocka_unit_test(a_late_attempt_moves_no_place),
		cmocka_unit_test(a_cut_of_two_sweeps_is_found_without_rows_of_silence),
		cmocka_unit_test(a_minute_or_two_of_silence_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
