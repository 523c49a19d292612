#include "tests/unit/unit.h"

#include "analysis/disruption/coincidence.h"
#include "analysis/host/alias.h"
#include "analysis/judge.h"

#define MINUTE (60 * NS_PER_S)
#define DAY (1440 * MINUTE)
#define T0 (INT64_C(1600000000) * NS_PER_S)

static struct host host_at(uint32_t host, int64_t since_ns, int64_t replied_ns)
{
	return (struct host){.address = {0xc6120000 + host},
		.sweeps = 100,
		.kinds = 1u << CHANNEL_ICMP,
		.since_ns = since_ns,
		.run = {.replied_ns = replied_ns}};
}

/* Silent once a minute, `count` times from T0 on. */
static struct silence_run silence_of(uint32_t count)
{
	int64_t last_ns = T0 + (int64_t)(count - 1) * MINUTE;

	return (struct silence_run){.replied_ns = T0 - MINUTE,
		.silent_ns = {T0, T0 + MINUTE},
		.last_ns = {last_ns, last_ns - MINUTE},
		.back_ns = last_ns + MINUTE,
		.count = count & RUN_COUNT_MOST};
}

static void a_silence_beside_steady_answers_parts_two_addresses(void **state)
{
	struct parameters c = parameters_of(1);
	struct host own = host_at(1, T0, T0);
	static const struct {
		uint32_t silences;
		int64_t since_min, replied_min;
		bool not_alias;
	} cases[] = {
		{5, -200, 10, true},  /* it answered before, beside and after */
		{5, -200, -1, false}, /* it went as well */
		{5, 6, 10, false},    /* it came back as well */
		{3, -8, 4, false},    /* loss may have chosen, where answers were few */
		{5, -200, 2, false},  /* it went two minutes later: so may a rising loss */
		{30, -200, 15, true}, /* a quarter of an hour later: so may not */
		{30, 15, 200, true},  /* and the same of coming back */
		{2, -200, 10, false}, /* two silences are nothing */
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct silence_run run = silence_of(cases[i].silences);
		struct host other = host_at(
			2, T0 + cases[i].since_min * MINUTE, T0 + cases[i].replied_min * MINUTE);
		assert_int_equal(host_rules_out_alias(&own, &run, &other, &c), cases[i].not_alias);
	}
}

static void a_filter_of_one_kind_parts_no_addresses(void **state)
{
	struct parameters c = parameters_of(1);
	struct host own = host_at(1, T0, T0);
	struct host other = host_at(2, T0 - 200 * MINUTE, T0 + 100 * MINUTE);
	struct silence_run run = silence_of(60);
	(void)state;

	other.kinds = 1u << CHANNEL_TCP;
	assert_false(host_rules_out_alias(&own, &run, &other, &c));
	other.kinds |= 1u << CHANNEL_ICMP;
	assert_true(host_rules_out_alias(&own, &run, &other, &c));
}

static bool method_counts(const struct host *h, enum channel channel)
{
	return host_method_counts(h, channel, responsiveness_availability(&h->channels[channel]));
}

/* ICMP and TCP are asked in turn, half a minute apart; ICMP is silent from the start. */
static void a_kind_is_heeded_until_another_goes_on_without_it(void **state)
{
	struct parameters c = parameters_of(1);
	struct host h = host_at(1, T0, T0);
	struct silence_run ended;
	(void)state;

	assert_false(method_counts(&h, CHANNEL_TCP)); /* it never answered that */
	for (int64_t at = T0 - 200 * MINUTE; at <= T0; at += MINUTE) {
		host_reply(&h, CHANNEL_ICMP, true, 1, at, &c, &ended);
		host_reply(&h, CHANNEL_TCP, true, 1, at, &c, &ended);
	}
	for (int64_t at = T0 + MINUTE; at <= T0 + 4 * MINUTE; at += MINUTE) {
		assert_true(method_counts(&h, CHANNEL_ICMP));
		host_silent(&h, CHANNEL_ICMP, 3, at, at, &c);
		host_reply(&h, CHANNEL_TCP, true, 2, at + MINUTE / 2, &c, &ended);
	}
	assert_false(method_counts(&h, CHANNEL_ICMP));
	assert_true(method_counts(&h, CHANNEL_TCP));
	host_reply(&h, CHANNEL_ICMP, true, 3, T0 + 5 * MINUTE, &c, &ended);
	assert_true(method_counts(&h, CHANNEL_ICMP));
	/* Where both are silent, nothing is filtered. */
	for (int64_t at = T0 + 6 * MINUTE; at <= T0 + 20 * MINUTE; at += 2 * MINUTE) {
		host_silent(&h, CHANNEL_ICMP, 3, at, at, &c);
		host_silent(&h, CHANNEL_TCP, 3, at, at, &c);
		host_reply(&h, CHANNEL_TCP, true, 4, at + MINUTE, &c, &ended);
		assert_true(method_counts(&h, CHANNEL_ICMP));
	}
}

static void a_kind_seldom_answered_is_not_heeded_beside_a_better_one(void **state)
{
	struct parameters c = parameters_of(1);
	struct host h = host_at(1, T0, T0);
	struct silence_run ended;
	(void)state;

	host_reply(&h, CHANNEL_TCP, true, 1, T0, &c, &ended);
	for (int i = 1; i <= 100; i++) {
		host_reply(&h, CHANNEL_TCP, true, 1, T0 + i * MINUTE, &c, &ended);
		host_uncounted_silence(&h, CHANNEL_ICMP, true, T0 + i * MINUTE, &c);
		if (i % 10 == 0)
			host_reply(&h, CHANNEL_ICMP, true, 1, T0 + i * MINUTE, &c, &ended);
	}
	assert_false(method_counts(&h, CHANNEL_ICMP));
	assert_true(method_counts(&h, CHANNEL_TCP));
}

static struct host_outage out_at(uint32_t host, int64_t departed_ns)
{
	return (struct host_outage){.host = host,
		.address = {0xc6120000 + host},
		.weight = 1,
		.availability = 1,
		.stable = true,
		.run = {.replied_ns = departed_ns - MINUTE,
			.silent_ns = {departed_ns, departed_ns + MINUTE}}};
}

static void part(struct host_outage *a, struct host_outage *b)
{
	a->not_alias[(b->address.host & 255) / 32] |= UINT32_C(1) << (b->address.host & 31);
	b->not_alias[(a->address.host & 255) / 32] |= UINT32_C(1) << (a->address.host & 31);
}

static void addresses_are_as_many_hosts_as_is_known(void **state)
{
	struct host_outage outs[6];
	(void)state;

	for (uint32_t i = 0; i < 6; i++)
		outs[i] = out_at(40 * i + 1, T0);
	assert_int_equal(outs_hosts(outs, 0), 0);
	assert_int_equal(outs_hosts(outs, 4), 1);
	assert_int_equal(outs_hosts(outs, 5), 2);
	part(&outs[0], &outs[3]);
	assert_int_equal(outs_hosts(outs, 4), 2);
	part(&outs[0], &outs[1]);
	part(&outs[1], &outs[3]);
	assert_int_equal(outs_hosts(outs, 4), 3);
	/* Clocks that agree make one host of two, unless they have been apart. */
	outs[4].clock_ns = outs[5].clock_ns = T0 - DAY;
	assert_int_equal(outs_hosts(outs + 4, 2), 1);
	part(&outs[4], &outs[5]);
	assert_int_equal(outs_hosts(outs + 4, 2), 2);
}

static void what_fails_often_by_itself_may_fail_together_by_chance(void **state)
{
	struct parameters c = parameters_of(1);
	struct host_outage outs[3] = {
		out_at(1, T0), out_at(2, T0 + MINUTE / 2), out_at(3, T0 + 2 * MINUTE)};
	struct disruption two = {.outs = outs, .out_count = 2, .departure_spread_s = 30};
	struct disruption three = {.outs = outs, .out_count = 3, .departure_spread_s = 120};
	double rarely = 1.0 / (10 * (double)DAY);
	double often = 5 / (double)DAY;
	(void)state;

	part(&outs[0], &outs[1]);
	assert_false(disruption_coincides(rarely, 2, &two, &c));
	assert_true(disruption_coincides(often, 2, &two, &c));
	/* Together for an hour and back within a minute is twice the chance. */
	for (int i = 0; i < 2; i++)
		outs[i].run.back_ns = T0 + 600 * MINUTE;
	assert_false(disruption_coincides(often / 2, 2, &two, &c));
	part(&outs[0], &outs[2]);
	part(&outs[1], &outs[2]);
	assert_false(disruption_coincides(often, 3, &three, &c));
}

/* Full sweeps from two vantage points. */
enum { HOSTS = 8 };
static void look(struct judge *judge, const char *vantage, uint64_t number, int64_t start_ns,
	int64_t interval_ns, int64_t lasts_ns, bool silent)
{
	struct observation rows[HOSTS];
	struct sweep sweep = {.info = {.sweep = number,
				      .tier = TIER_FULL,
				      .start = {start_ns},
				      .sent = 1,
				      .end = {start_ns + lasts_ns},
				      .interval_ns = interval_ns,
				      .capture_dropped = -1,
				      .anchors_probed = 2,
				      .anchors_up = 2}};

	strcpy(sweep.info.vantage, vantage);
	strcpy(sweep.info.epoch, "e");
	strcpy(sweep.info.methods, "icmp");
	sweep.observations = rows;
	for (uint32_t i = 0; i < HOSTS; i++) {
		struct observation *o = &rows[sweep.observation_count++];
		*o = observation_blank();
		o->address.host = 0xc6120001 + i;
		o->probed_at.ns = start_ns + i * lasts_ns / HOSTS;
		o->method = METHOD_ICMP;
		o->outcome = silent ? OUTCOME_SILENT : OUTCOME_ECHO_REPLY;
		o->rtt_ns = silent ? -1 : 200000000;
	}
	judge_sweep(judge, &sweep);
}

static void what_one_vantage_point_hears_is_not_down(void **state)
{
	static const struct target_row targets[] = {{{{0xc6120000}, 24}, ROLE_TARGET, "test"}};
	struct parameters c = parameters_of(1);
	struct judge *judge = judge_create(targets, 1, &c);
	struct judgement j;
	size_t down = 0;
	size_t partial = 0;
	(void)state;

	for (int64_t n = 0; n < 200; n++) {
		int64_t start_ns = T0 + n * 11 * MINUTE;
		/* b loses its route for three hours; later both lose it. */
		look(judge, "a", (uint64_t)n + 1, start_ns, 11 * MINUTE, 5 * MINUTE,
			n >= 150 && n < 165);
		look(judge, "b", (uint64_t)n + 1, start_ns + 5 * MINUTE, 11 * MINUTE, 5 * MINUTE,
			(n >= 100 && n < 116) || (n >= 150 && n < 165));
	}
	judge_end(judge, &j);
	for (size_t i = 0; i < j.rows.count; i++) {
		const struct timeline_row *row = &j.rows.items[i];
		down += row->state == BLOCK_DOWN;
		if (row->state == BLOCK_DOWN)
			assert_true(row->start.ns > T0 + 149 * 11 * MINUTE);
	}
	assert_int_equal(down, 1);
	for (size_t i = 0; i < j.outages.count; i++)
		partial += j.outages.items[i].partial;
	assert_int_equal(j.outages.count, 2);
	assert_int_equal(partial, 1);
	judgement_finish(&j);
	judge_destroy(judge);
}

static void routes_that_go_one_after_the_other_are_no_congestion(void **state)
{
	static const struct target_row targets[] = {{{{0xc6120000}, 24}, ROLE_TARGET, "test"}};
	struct parameters c = parameters_of(1);
	struct judge *judge = judge_create(targets, 1, &c);
	struct judgement j;
	size_t whole = 0;
	(void)state;

	for (int64_t n = 0; n < 600; n++) {
		int64_t start_ns = T0 + n * MINUTE;
		look(judge, "a", (uint64_t)n + 1, start_ns, MINUTE, MINUTE, n >= 400 && n < 420);
		look(judge, "b", (uint64_t)n + 1, start_ns + MINUTE / 2, MINUTE, MINUTE,
			n >= 415 && n < 435);
	}
	judge_end(judge, &j);
	for (size_t i = 0; i < j.outages.count; i++) {
		whole += !j.outages.items[i].partial;
		assert_true(j.outages.items[i].verdict.p[CAUSE_CONGESTION] < 0.1);
	}
	assert_int_equal(whole, 1);
	judgement_finish(&j);
	judge_destroy(judge);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_silence_beside_steady_answers_parts_two_addresses),
		cmocka_unit_test(a_filter_of_one_kind_parts_no_addresses),
		cmocka_unit_test(a_kind_is_heeded_until_another_goes_on_without_it),
		cmocka_unit_test(a_kind_seldom_answered_is_not_heeded_beside_a_better_one),
		cmocka_unit_test(addresses_are_as_many_hosts_as_is_known),
		cmocka_unit_test(what_fails_often_by_itself_may_fail_together_by_chance),
		cmocka_unit_test(what_one_vantage_point_hears_is_not_down),
		cmocka_unit_test(routes_that_go_one_after_the_other_are_no_congestion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
