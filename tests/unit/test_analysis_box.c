#include "tests/unit/unit.h"

#include <stdio.h>

#include "analysis/judge.h"

/*
 * A box answers port 80 for all of 198.18.3.0/24, told in full sweeps each eleven minutes and
 * watch sweeps each minute. Behind it are eight hosts, or none: the block is judged by those.
 */
enum { HOSTS = 8, FULL_EACH = 11, ROWS = 2 * BLOCK_ADDRESSES + 1 };
#define START (INT64_C(1600000000) * NS_PER_S)
#define MINUTE (60 * NS_PER_S)
#define BLOCK 0xc6120300
#define ANCHOR 0xc6336401

static const struct target_row targets[] = {
	{{{BLOCK}, 24}, ROLE_TARGET, ""},
	{{{ANCHOR}, 32}, ROLE_ANCHOR, ""},
};

struct play {
	uint32_t hosts;    /* that answer echo */
	int64_t gone;      /* minute from which they do not */
	bool real;         /* all 256 answer echo, from where port 80 is answered */
	bool port_watched; /* an older prober watched what the box answered */
	bool own_ports;    /* hosts are asked at port 22 instead, and others are silent to echo */
	int64_t minutes;
};

static void add(struct sweep *sweep, uint32_t host, uint16_t port, enum outcome outcome, int ttl)
{
	struct observation *o = &sweep->observations[sweep->observation_count++];

	*o = observation_blank();
	o->address.host = host;
	o->probed_at.ns = sweep->info.start.ns + (int64_t)(host & 255) * NS_PER_S / 8;
	o->method = port ? METHOD_TCP : METHOD_ICMP;
	o->port = port;
	o->outcome = outcome;
	o->reply_ttl = outcome == OUTCOME_SILENT ? -1 : ttl;
	o->has_responder = outcome == OUTCOME_UNREACHABLE;
	o->responder.host = 0xcb007101;
	o->icmp_code = outcome == OUTCOME_UNREACHABLE ? 1 : -1;
}

/* The box answers at port 22 as well. The first host answers echo once in four minutes. */
static void add_own_ports(const struct play *play, int64_t minute, struct sweep *sweep)
{
	bool gone = play->gone && minute >= play->gone;

	for (uint32_t i = 1; i < BLOCK_ADDRESSES - 1; i++) {
		bool answers = i <= play->hosts && !gone && (i > 1 || minute % 4 == 0);
		if (i <= play->hosts) {
			add(sweep, BLOCK + i, 0, answers ? OUTCOME_ECHO_REPLY : OUTCOME_SILENT, 63);
			add(sweep, BLOCK + i, 22, OUTCOME_SYN_ACK, 64);
		} else if (sweep->info.tier == TIER_FULL) {
			add(sweep, BLOCK + i, 80, OUTCOME_SYN_ACK, 64);
		}
	}
}

static void add_rows(const struct play *play, int64_t minute, struct sweep *sweep)
{
	bool full = sweep->info.tier == TIER_FULL;
	bool gone = play->gone && minute >= play->gone;

	if (play->own_ports)
		add_own_ports(play, minute, sweep);
	for (uint32_t i = 0; i < BLOCK_ADDRESSES && !play->own_ports; i++) {
		uint32_t host = BLOCK + i;
		if (play->real)
			add(sweep, host, 0, OUTCOME_ECHO_REPLY, 64);
		else if (i < play->hosts && !(full && gone))
			add(sweep, host, 0, gone ? OUTCOME_SILENT : OUTCOME_ECHO_REPLY, 63);
		else if (full)
			add(sweep, host, 0, OUTCOME_UNREACHABLE, 64);
		if (full || play->real || play->port_watched)
			add(sweep, host, 80, OUTCOME_SYN_ACK, 64);
	}
	add(sweep, ANCHOR, 0, OUTCOME_ECHO_REPLY, 50);
}

static struct judge *run(const struct play *play, struct judgement *ret)
{
	struct parameters parameters = parameters_of(1);
	struct judge *judge = judge_create(targets, 2, &parameters);
	struct observation *rows = calloc(ROWS, sizeof(*rows));

	for (int64_t m = 0; m < play->minutes; m++) {
		bool full = m % FULL_EACH == (play->own_ports ? FULL_EACH / 2 : 0);
		struct sweep sweep = {.info = {.sweep = (uint64_t)m + 1,
					      .vantage = "vp1",
					      .tier = full ? TIER_FULL : TIER_WATCH,
					      .start = {START + m * MINUTE},
					      .end = {START + (m + 1) * MINUTE},
					      .interval_ns = full ? FULL_EACH * MINUTE : MINUTE,
					      .sent = 1,
					      .capture_dropped = -1,
					      .anchors_probed = 1,
					      .anchors_up = 1},
			.observations = rows};
		snprintf(sweep.info.methods, METHODS_SIZE, "%s", full ? "icmp;tcp:80;tcp:22" : "");
		add_rows(play, m, &sweep);
		assert_int_equal(judge_sweep(judge, &sweep), 0);
	}
	judge_end(judge, ret);
	free(rows);
	return judge;
}

static const struct timeline_row *last_row(const struct judgement *j)
{
	return &j->rows.items[j->rows.count - 1];
}

static void the_block_goes_with_its_hosts_not_with_the_box(void **state)
{
	(void)state;

	for (int watched = 0; watched < 2; watched++) {
		const struct play play = {
			.hosts = HOSTS, .gone = 300, .port_watched = watched, .minutes = 400};
		struct judgement judgement;
		struct judge *judge = run(&play, &judgement);
		assert_int_equal(last_row(&judgement)->state, BLOCK_DOWN);
		assert_int_equal(last_row(&judgement)->hosts, HOSTS);
		assert_int_equal(judgement.outages.count, 1);
		judgement_finish(&judgement);
		judge_destroy(judge);
	}
}

/* They are known by what the box answers for them before it is known to be one. */
static void a_box_answers_at_the_ports_of_the_hosts_too(void **state)
{
	const struct play play = {.hosts = HOSTS, .gone = 300, .own_ports = true, .minutes = 400};
	struct judgement judgement;
	struct judge *judge = run(&play, &judgement);
	(void)state;

	assert_int_equal(last_row(&judgement)->state, BLOCK_DOWN);
	assert_int_equal(last_row(&judgement)->hosts, HOSTS);
	assert_int_equal(judgement.outages.count, 1);
	judgement_finish(&judgement);
	judge_destroy(judge);
}

static void what_only_a_box_answers_is_unknown_and_says_why(void **state)
{
	static const struct play play = {.minutes = 100};
	struct judgement judgement;
	struct judge *judge = run(&play, &judgement);
	(void)state;

	for (size_t i = 0; i < judgement.rows.count; i++)
		assert_int_equal(judgement.rows.items[i].state, BLOCK_UNKNOWN);
	assert_int_equal(last_row(&judgement)->reason, REASON_BOX);
	judgement_finish(&judgement);
	judge_destroy(judge);
}

static void a_block_full_of_hosts_is_up(void **state)
{
	static const struct play play = {.real = true, .minutes = 100};
	struct judgement judgement;
	struct judge *judge = run(&play, &judgement);
	(void)state;

	assert_int_equal(last_row(&judgement)->state, BLOCK_UP);
	assert_int_equal(last_row(&judgement)->hosts, BLOCK_ADDRESSES);
	judgement_finish(&judgement);
	judge_destroy(judge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_block_goes_with_its_hosts_not_with_the_box),
		cmocka_unit_test(a_box_answers_at_the_ports_of_the_hosts_too),
		cmocka_unit_test(what_only_a_box_answers_is_unknown_and_says_why),
		cmocka_unit_test(a_block_full_of_hosts_is_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
