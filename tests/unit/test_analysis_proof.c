#include "tests/unit/unit.h"

#include "analysis/judge.h"

/*
 * Datasets without anchors: 20.0.0.0/24 or 198.18.0.0/24, five hosts asked once a
 * minute. From minute 300 to 310 nobody answers, and somebody says so by errors.
 */
#define START (INT64_C(1600000000) * NS_PER_S)
#define MINUTE (60 * NS_PER_S)
#define COUNTRY 0x14000000
#define LABORATORY 0xc6120000
#define SOURCE 0x0b010205 /* 11.1.2.5 */
#define STRANGER 0x16000001
enum { HOSTS = 5 };

struct play {
	uint32_t country, responder; /* 0: no responder; 1: the host asked */
	uint32_t named;              /* targets.csv has it as a router of the provider */
	uint8_t hop_ttl;             /* path probes met the responder there; 0: never */
	bool sourceless;
	int error_rtt_ms; /* hosts take 150; 0: not measured */
	enum outcome outcome;
	bool spoofed; /* but for the first, which is answered at once */
};

static size_t rows_of(const struct play *play, int64_t minute, struct observation *rows)
{
	for (uint32_t i = 0; i < HOSTS; i++) {
		rows[i] = observation_blank();
		rows[i].address.host = play->country + 1 + i;
		rows[i].probed_at.ns = START + minute * MINUTE + 10 * NS_PER_S * i;
		rows[i].outcome = OUTCOME_ECHO_REPLY;
		rows[i].rtt_ns = 150 * NS_PER_MS;
		if (minute < 300 || minute >= 310)
			continue;
		rows[i].outcome = play->outcome;
		rows[i].rtt_ns = play->error_rtt_ms ? play->error_rtt_ms * NS_PER_MS : -1;
		if (play->spoofed && i == 0) {
			rows[i].outcome = OUTCOME_ECHO_REPLY;
			rows[i].rtt_ns = NS_PER_MS;
			continue;
		}
		rows[i].has_responder = play->responder != 0;
		rows[i].responder.host =
			play->responder == 1 ? rows[i].address.host : play->responder;
	}
	return HOSTS;
}

static struct hop hop_of(const struct play *play, int64_t minute)
{
	return (struct hop){.address = {play->country + 1},
		.ttl = play->hop_ttl,
		.probed_at = {START + minute * MINUTE},
		.outcome = OUTCOME_TTL_EXCEEDED,
		.has_responder = true,
		.responder = {play->responder},
		.rtt_ns = -1};
}

/* Is the block down in the end? */
static bool goes_down(const struct play *play)
{
	const struct target_row targets[] = {
		{{{play->country}, 24}, ROLE_TARGET, ""}, {{{play->named}, 32}, ROLE_UPSTREAM, ""}};
	struct parameters parameters = parameters_of(1);
	struct judge *judge = judge_create(targets, play->named ? 2 : 1, &parameters);
	struct observation rows[HOSTS];
	struct judgement judgement;
	bool down = false;

	for (int64_t m = 0; m < 400; m++) {
		struct hop hop = hop_of(play, m);
		struct sweep sweep = {.info = {.sweep = (uint64_t)m + 1,
					      .vantage = "vp1",
					      .tier = TIER_WATCH,
					      .start = {START + m * MINUTE},
					      .end = {START + (m + 1) * MINUTE},
					      .interval_ns = MINUTE,
					      .sent = HOSTS,
					      .has_source = !play->sourceless,
					      .source = {SOURCE},
					      .capture_dropped = -1,
					      .anchors_probed = -1,
					      .anchors_up = -1},
			.observations = rows,
			.observation_count = rows_of(play, m, rows),
			.hops = &hop,
			.hop_count = play->hop_ttl && m % 10 == 0};
		judge_sweep(judge, &sweep);
	}
	judge_end(judge, &judgement);
	for (size_t i = 0; i < judgement.rows.count; i++) {
		const struct timeline_row *row = &judgement.rows.items[i];
		down |= row->state == BLOCK_DOWN;
		if (row->state == BLOCK_UNKNOWN)
			assert_int_equal(row->reason, REASON_UNPROVEN);
	}
	judgement_finish(&judgement);
	judge_destroy(judge);
	return down;
}

static void assert_plays(const struct play *plays, size_t count, bool down)
{
	for (size_t i = 0; i < count; i++) {
		struct play play = plays[i];
		for (int exceeded = 0; exceeded < 2; exceeded++) {
			play.outcome = exceeded ? OUTCOME_TTL_EXCEEDED : OUTCOME_UNREACHABLE;
			play.country = play.country ? play.country : COUNTRY;
			if (goes_down(&play) != down)
				fail_msg("play %zu, outcome %s: %s", i, outcome_name(play.outcome),
					down ? "never down" : "down");
		}
	}
}

static void an_error_from_our_own_side_proves_nothing(void **state)
{
	static const struct play plays[] = {
		{.responder = 0},                       /* nobody knows whose */
		{.responder = SOURCE},                  /* our own kernel */
		{.responder = SOURCE & 0xffffff00},     /* a gateway beside us */
		{.responder = SOURCE, .named = SOURCE}, /* whatever the list says */
		{.responder = 0x0a000001},              /* 10.0.0.1 */
		{.responder = 0xc0a80101},              /* 192.168.1.1 */
		{.responder = 0x64400001},              /* 100.64.0.1 */
		{.responder = 0x7f000001},              /* 127.0.0.1 */
		{.responder = 0xe0000001},              /* 224.0.0.1 */
		{.responder = 0xffffffff},              /* broadcast */
		{.responder = 0x0a000001, .sourceless = true},
		{.responder = 0x0a000001, .country = LABORATORY},
		{.responder = STRANGER, .hop_ttl = 1},      /* the first hop, by paths */
		{.responder = STRANGER, .error_rtt_ms = 8}, /* too near */
		{.responder = STRANGER, .hop_ttl = 2, .error_rtt_ms = 8},
	};
	(void)state;

	assert_plays(plays, sizeof(plays) / sizeof(plays[0]), false);
}

static void an_error_from_beyond_our_gateway_proves_the_line(void **state)
{
	static const struct play plays[] = {
		{.responder = STRANGER, .named = STRANGER},
		{.responder = 0xc0000201}, /* 192.0.2.1, of documents: nobody's gateway */
		{.responder = STRANGER, .named = STRANGER, .error_rtt_ms = 8},
		{.responder = STRANGER, .named = 0x16000009}, /* one before those named */
		{.responder = STRANGER, .error_rtt_ms = 90},
		{.responder = 0x0a000001, .named = 0x0a000001}, /* its owner knows it */
		{.responder = STRANGER, .hop_ttl = 2},
		{.responder = 0x0a000001, .hop_ttl = 5},
		{.responder = COUNTRY + 254}, /* inside the country */
		{.responder = STRANGER},      /* nothing is known of routers */
		{.responder = 0xc0000201, .country = LABORATORY},
	};
	(void)state;

	assert_plays(plays, sizeof(plays) / sizeof(plays[0]), true);
}

/* Who says of himself that a port or protocol is not to be reached is there. */
static void an_error_from_the_very_address_asked_is_an_answer(void **state)
{
	static const struct play plays[] = {
		{.responder = 1},
		{.responder = 1, .error_rtt_ms = 90},
		{.responder = 1, .country = LABORATORY},
	};
	struct observation o = observation_blank();
	struct sweep sweep = {.observations = &o, .observation_count = 1};
	struct proof proof;
	(void)state;

	assert_plays(plays, sizeof(plays) / sizeof(plays[0]), false);
	o.outcome = OUTCOME_UNREACHABLE;
	o.address.host = o.responder.host = STRANGER;
	o.has_responder = true;
	assert_true(proof_of_uplink(NULL, &sweep));
	/* But a box near us may say it in the place of a target. */
	const struct target_row target = {{{STRANGER}, 32}, ROLE_TARGET, ""};
	proof_init(&proof, &target, 1);
	proof.usual_rtt_s = 0.15;
	o.rtt_ns = NS_PER_MS;
	assert_false(proof_of_uplink(&proof, &sweep));
}

static void a_first_hop_stays_one_whatever_longer_paths_say(void **state)
{
	struct proof proof;
	struct hop hops[] = {{.ttl = 3, .has_responder = true, .responder = {STRANGER}},
		{.ttl = 1, .has_responder = true, .responder = {STRANGER}},
		{.ttl = 4, .has_responder = true, .responder = {STRANGER}}};
	struct observation o = observation_blank();
	struct sweep sweep = {.observations = &o, .observation_count = 1};
	(void)state;

	o.outcome = OUTCOME_UNREACHABLE;
	o.has_responder = true;
	o.responder.host = STRANGER;
	proof_init(&proof, NULL, 0);
	for (size_t i = 0; i < 3; i++) {
		struct sweep path = {.hops = &hops[i], .hop_count = 1};
		proof_learn(&proof, &path);
		assert_int_equal(proof_of_uplink(&proof, &sweep), i == 0);
	}
	assert_false(proof_of_uplink(NULL, &sweep));
}

static void the_hops_that_are_kept_have_an_end(void **state)
{
	struct proof proof;
	(void)state;

	proof_init(&proof, NULL, 0);
	for (uint32_t i = 0; i < 2 * PROOF_HOPS; i++) {
		struct hop hop = {.ttl = 3, .has_responder = true, .responder = {STRANGER + i}};
		struct sweep path = {.hops = &hop, .hop_count = 1};
		proof_learn(&proof, &path);
	}
	assert_int_equal(proof.hop_count, PROOF_HOPS);
}

static void an_answer_of_our_own_or_of_a_box_near_us_proves_nothing(void **state)
{
	static const struct target_row targets[] = {
		{{{COUNTRY}, 24}, ROLE_TARGET, ""}, {{{0x16000009}, 32}, ROLE_UPSTREAM, ""}};
	struct observation o = observation_blank();
	struct sweep_info info = {.has_source = true, .source = {SOURCE}};
	struct proof proof;
	(void)state;

	proof_init(&proof, targets, 2);
	proof.usual_rtt_s = 0.15;
	o.outcome = OUTCOME_ECHO_REPLY;
	o.address.host = SOURCE;
	assert_false(proof_by_answer(&proof, &info, &o));
	o.address.host = COUNTRY + 1;
	assert_true(proof_by_answer(&proof, &info, &o));
	o.rtt_ns = 8 * NS_PER_MS;
	assert_false(proof_by_answer(&proof, &info, &o));
	assert_true(proof_by_answer(NULL, &info, &o));
	o.address.host = 0x16000009;
	assert_true(proof_by_answer(&proof, &info, &o));
}

/* Without anchors our uplink is dead from minute 300 to 310: a box near us answers for one
 * host, and the others are silent. */
static void a_box_near_us_takes_nobody_down(void **state)
{
	static const struct play play = {
		.country = COUNTRY, .outcome = OUTCOME_SILENT, .spoofed = true};
	(void)state;

	assert_false(goes_down(&play));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_from_our_own_side_proves_nothing),
		cmocka_unit_test(an_error_from_beyond_our_gateway_proves_the_line),
		cmocka_unit_test(an_error_from_the_very_address_asked_is_an_answer),
		cmocka_unit_test(a_first_hop_stays_one_whatever_longer_paths_say),
		cmocka_unit_test(the_hops_that_are_kept_have_an_end),
		cmocka_unit_test(an_answer_of_our_own_or_of_a_box_near_us_proves_nothing),
		cmocka_unit_test(a_box_near_us_takes_nobody_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
