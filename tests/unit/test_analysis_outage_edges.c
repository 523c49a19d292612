#include "tests/unit/unit.h"

#include <math.h>
#include <string.h>

#include "analysis/judge.h"
#include "analysis/outage/edges.h"

#define S NS_PER_S
#define MINUTE (60 * S)
#define T0 (INT64_C(1600000000) * S)

enum { MOST = 40 };

static struct parameters parameters;

/* Asked each so often, `phase` after it, it went at one time and came back at another. */
static struct host_outage asked_each(int64_t each_ns, uint32_t block, uint32_t host,
	int64_t phase_ns, int64_t went_ns, int64_t back_ns, double lost)
{
	int64_t first = (went_ns - phase_ns + each_ns - 1) / each_ns * each_ns + phase_ns;
	int64_t heard = (back_ns - phase_ns + each_ns - 1) / each_ns * each_ns + phase_ns;
	double loss_surprisal = fmin(-log(lost) * 16, 255);

	return (struct host_outage){.host = block * 256 + host,
		.address = {0xc6120000 + block * 256 + host},
		.weight = 1,
		.availability = 1 - lost,
		.stable = true,
		.run = {.replied_ns = first - each_ns,
			.silent_ns = {first, first + each_ns},
			.last_ns = {heard - each_ns, heard - 2 * each_ns},
			.back_ns = heard,
			.count = 100,
			.loss_surprisal = {(uint8_t)loss_surprisal, (uint8_t)loss_surprisal}}};
}

static struct host_outage out_of(uint32_t block, uint32_t host, int64_t phase_ns, int64_t went_ns,
	int64_t back_ns, double lost)
{
	return asked_each(MINUTE, block, host, phase_ns, went_ns, back_ns, lost);
}

/* Nothing is known to be one host. */
static void part_all(struct host_outage *outs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		memset(outs[i].not_alias, 0xff, sizeof(outs[i].not_alias));
}

static void a_cut_is_where_all_brackets_meet(void **state)
{
	struct host_outage outs[20];
	struct instant onset;
	int64_t low_ns, high_ns;
	(void)state;

	for (uint32_t i = 0; i < 20; i++)
		outs[i] = out_of(0, i + 1, i * 3 * S, T0 + 100 * S, T0 + 1000 * S, 0.001);
	assert_true(outage_onset(outs, 20, &parameters, &onset));
	assert_true(onset.low_ns < T0 + 100 * S && onset.high_ns >= T0 + 100 * S);
	assert_true(onset.high_ns - onset.low_ns <= 3 * S);
	assert_true(outage_end(outs, 20, &parameters, &low_ns, &high_ns));
	assert_true(low_ns < T0 + 1000 * S && high_ns >= T0 + 1000 * S);
	assert_true(high_ns - low_ns <= 3 * S);
}

static void a_silence_before_a_cut_is_loss_where_probes_are_lost(void **state)
{
	struct host_outage outs[20];
	struct instant onset;
	(void)state;

	for (int lossy = 0; lossy < 2; lossy++) {
		for (uint32_t i = 0; i < 20; i++)
			outs[i] = out_of(0, i + 1, i * 3 * S, T0 + 100 * S, T0 + 1000 * S,
				lossy ? 0.03 : 1e-6);
		/* Lost at 70 s, or gone: then asked no more before the others go. */
		outs[10].run.silent_ns[0] -= MINUTE;
		outs[10].run.replied_ns -= MINUTE;
		assert_true(outage_onset(outs, 20, &parameters, &onset));
		if (lossy)
			assert_true(onset.low_ns >= T0 + 97 * S && onset.high_ns >= T0 + 100 * S);
		else
			assert_true(onset.high_ns < T0 + 100 * S);
	}
}

static void a_prefix_that_goes_first_tells_alone_since_when(void **state)
{
	struct host_outage outs[23];
	struct instant onset;
	(void)state;

	/* Two hosts of twenty-two, ten seconds before the rest, where loss is common. */
	for (uint32_t i = 0; i < 2; i++)
		outs[i] = out_of(1, i + 1, (i * 9 + 1) * S, T0 + 20 * S, T0 + 1000 * S, 0.03);
	for (uint32_t i = 2; i < 22; i++)
		outs[i] = out_of(0, i + 1, i * 3 * S, T0 + 52 * S, T0 + 1000 * S, 0.03);
	assert_true(outage_onset(outs, 22, &parameters, &onset));
	assert_true(onset.low_ns < T0 + 20 * S && onset.high_ns >= T0 + 20 * S);
}

static void where_hosts_return_one_by_one_the_ninth_tenth_is_held(void **state)
{
	uint32_t seed = 1;
	(void)state;

	for (int round = 0; round < 500; round++) {
		struct host_outage outs[MOST];
		int64_t back[MOST];
		int64_t low_ns, high_ns;
		size_t count = 10 + (size_t)round % 30;
		for (size_t i = 0; i < count; i++) {
			seed = seed * 1664525 + 1013904223;
			back[i] = T0 + 3600 * S + (int64_t)(seed >> 8) % 1800 * S;
			seed = seed * 1664525 + 1013904223;
			outs[i] = out_of((uint32_t)i % 3, (uint32_t)i + 1,
				(int64_t)(seed >> 8) % 60 * S, T0, back[i], 1e-6);
		}
		part_all(outs, count);
		assert_true(outage_end(outs, count, &parameters, &low_ns, &high_ns));
		for (size_t i = 0; i < count; i++) {
			size_t by_then = 0;
			for (size_t k = 0; k < count; k++)
				by_then += back[k] < back[i] || (back[k] == back[i] && k <= i);
			if (by_then == count - count / 10)
				assert_in_range(back[i] - T0, low_ns - T0, high_ns - T0);
		}
	}
}

static void a_prefix_that_returns_as_one_tells_as_one(void **state)
{
	struct host_outage outs[30];
	int64_t low_ns, high_ns;
	(void)state;

	/* Three prefixes of ten: the last decides, and one host of it as much as all. */
	for (uint32_t i = 0; i < 30; i++)
		outs[i] = out_of(
			i / 10, i + 1, i % 10 * 6 * S, T0, T0 + (1000 + i / 10 * 300) * S, 1e-6);
	part_all(outs, 30);
	assert_true(outage_end(outs, 30, &parameters, &low_ns, &high_ns));
	assert_true(low_ns < T0 + 1600 * S && high_ns >= T0 + 1600 * S);
	assert_true(high_ns - low_ns <= 6 * S);
}

static void whether_two_addresses_are_one_host_may_move_the_end(void **state)
{
	struct host_outage outs[20];
	int64_t low_ns, high_ns;
	(void)state;

	/* Two addresses in twenty come an hour later. If each is a host, nine in ten were
	 * back before; if some of the eighteen are one host's, one of the two decides. */
	for (uint32_t i = 0; i < 20; i++)
		outs[i] =
			out_of(0, i + 1, i * 3 * S, T0, T0 + (i < 18 ? 1000 : 4000 + i) * S, 1e-6);
	for (int known = 0; known < 2; known++) {
		if (known)
			part_all(outs, 20);
		assert_true(outage_end(outs, 20, &parameters, &low_ns, &high_ns));
		assert_true(low_ns < T0 + 1000 * S && high_ns >= T0 + 1000 * S);
		assert_int_equal(high_ns >= T0 + 4018 * S, !known);
	}
}

static int64_t random_below(uint32_t *seed, int64_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (int64_t)(*seed >> 8) % below;
}

/* When nine in ten were back. */
static int64_t ninth_of(const int64_t *back, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t by_then = 0;
		for (size_t k = 0; k < count; k++)
			by_then += back[k] < back[i] || (back[k] == back[i] && k <= i);
		if (by_then == count - count / 10)
			return back[i];
	}
	return INT64_MAX;
}

/* Of 400 returns within so long, hosts asked each eleven minutes: held; and how wide. */
static size_t hold_returns(int64_t within_ns, int64_t *ret_wide_ns)
{
	uint32_t seed = 1;
	size_t held = 0;

	*ret_wide_ns = 0;
	for (int round = 0; round < 400; round++) {
		struct host_outage outs[MOST];
		int64_t back[MOST];
		int64_t low_ns, high_ns;
		size_t count = 20 + (size_t)round % 20;
		int64_t over_ns = T0 + 3600 * S + random_below(&seed, 660) * S;
		for (size_t i = 0; i < count; i++) {
			back[i] =
				over_ns + (within_ns ? random_below(&seed, within_ns / S) : 0) * S;
			outs[i] = asked_each(660 * S, 0, (uint32_t)i + 1,
				random_below(&seed, 660) * S, T0, back[i], 1e-6);
		}
		part_all(outs, count);
		assert_true(outage_end(outs, count, &parameters, &low_ns, &high_ns));
		int64_t end_ns = ninth_of(back, count);
		held += low_ns <= end_ns && high_ns >= end_ns;
		*ret_wide_ns += (high_ns - low_ns) / 400;
	}
	return held;
}

static void hosts_asked_seldom_have_an_instant_in_common_that_is_none(void **state)
{
	int64_t wide_ns;
	(void)state;

	for (int64_t within_s = 0; within_s <= 600; within_s += 100)
		assert_true(hold_returns(within_s * S, &wide_ns) >= 380);
	/* As one all the same, they say more than each by itself. */
	hold_returns(0, &wide_ns);
	assert_true(wide_ns < 540 * S);
}

static void of_hosts_asked_seldom_late_ones_hide_no_onset(void **state)
{
	uint32_t seed = 7;
	size_t held = 0;
	(void)state;

	/* One in three goes within half an hour. */
	for (int round = 0; round < 400; round++) {
		struct host_outage outs[30];
		struct instant onset;
		for (uint32_t i = 0; i < 30; i++) {
			int64_t later_ns = i % 3 == 0 ? random_below(&seed, 1800) * S : 0;
			outs[i] = asked_each(660 * S, 0, i + 1, random_below(&seed, 660) * S,
				T0 + later_ns, T0 + 9000 * S, 1e-6);
		}
		assert_true(outage_onset(outs, 30, &parameters, &onset));
		held += onset.low_ns <= T0 && onset.high_ns >= T0;
	}
	assert_true(held >= 380);
}

static void what_never_returns_has_no_end(void **state)
{
	struct host_outage outs[10];
	int64_t low_ns, high_ns;
	(void)state;

	for (uint32_t i = 0; i < 10; i++) {
		outs[i] = out_of(0, i + 1, i * 6 * S, T0, T0 + 1000 * S, 1e-6);
		if (i < 5)
			outs[i].run.back_ns = 0;
	}
	assert_false(outage_end(outs, 10, &parameters, &low_ns, &high_ns));
	assert_false(outage_end(outs, 0, &parameters, &low_ns, &high_ns));
}

enum { HOSTS = 8 };
static void look(struct judge *judge, int64_t start_ns, const int64_t (*dark_s)[2], size_t darks)
{
	struct observation rows[HOSTS];
	struct sweep sweep = {.info = {.sweep = (uint64_t)(start_ns / MINUTE),
				      .tier = TIER_WATCH,
				      .start = {start_ns},
				      .sent = HOSTS,
				      .end = {start_ns + MINUTE - 1},
				      .interval_ns = MINUTE,
				      .capture_dropped = -1,
				      .anchors_probed = 2,
				      .anchors_up = 2}};

	strcpy(sweep.info.vantage, "a");
	strcpy(sweep.info.epoch, "e");
	strcpy(sweep.info.methods, "icmp");
	sweep.observations = rows;
	for (uint32_t i = 0; i < HOSTS; i++) {
		struct observation *o = &rows[sweep.observation_count++];
		*o = observation_blank();
		o->address.host = 0xc6120001 + i;
		o->probed_at.ns = start_ns + i * MINUTE / HOSTS;
		o->method = METHOD_ICMP;
		int64_t at_s = (o->probed_at.ns - T0) / S;
		bool silent = false;
		for (size_t k = 0; k < darks; k++)
			silent |= at_s >= dark_s[k][0] && at_s < dark_s[k][1];
		o->outcome = silent ? OUTCOME_SILENT : OUTCOME_ECHO_REPLY;
		o->rtt_ns = silent ? -1 : 200000000;
	}
	judge_sweep(judge, &sweep);
}

static void an_outage_begins_and_ends_with_the_brief_downs_beside_it(void **state)
{
	static const struct target_row targets[] = {{{{0xc6120000}, 24}, ROLE_TARGET, "test"}};
	/* A minute, up for another, ten minutes, up for two, another; and one much later. */
	static const int64_t dark_s[][2] = {
		{30000, 30070}, {30130, 30700}, {30820, 30900}, {31300, 31370}};
	struct parameters c = parameters_of(1);
	struct judge *judge = judge_create(targets, 1, &c);
	struct judgement j;
	(void)state;

	for (int64_t n = 0; n < 600; n++)
		look(judge, T0 + n * MINUTE, dark_s, 4);
	judge_end(judge, &j);
	assert_int_equal(j.outages.count, 1);
	const struct outage *o = &j.outages.items[0];
	assert_in_range(30000, (o->start_low_ns - T0) / S, (o->start_high_ns - T0) / S + 1);
	assert_in_range(30900, (o->end_low_ns - T0) / S, (o->end_high_ns - T0) / S + 1);
	judgement_finish(&j);
	judge_destroy(judge);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cut_is_where_all_brackets_meet),
		cmocka_unit_test(a_silence_before_a_cut_is_loss_where_probes_are_lost),
		cmocka_unit_test(a_prefix_that_goes_first_tells_alone_since_when),
		cmocka_unit_test(where_hosts_return_one_by_one_the_ninth_tenth_is_held),
		cmocka_unit_test(a_prefix_that_returns_as_one_tells_as_one),
		cmocka_unit_test(whether_two_addresses_are_one_host_may_move_the_end),
		cmocka_unit_test(what_never_returns_has_no_end),
		cmocka_unit_test(an_outage_begins_and_ends_with_the_brief_downs_beside_it),
		cmocka_unit_test(hosts_asked_seldom_have_an_instant_in_common_that_is_none),
		cmocka_unit_test(of_hosts_asked_seldom_late_ones_hide_no_onset),
	};

	parameters = parameters_of(1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
