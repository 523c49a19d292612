#include "tests/unit/unit.h"

#include <stdio.h>

#include "commands/check/check.h"
#include "commands/check/view.h"
#include "commands/exit_status.h"

/* 198.18.0.0/30 and 198.18.1.0, as two arguments. */
static struct ip4 addresses[] = {
	{0xc6120000}, {0xc6120001}, {0xc6120002}, {0xc6120003}, {0xc6120100}};
static struct target_row rows[] = {{.prefix = {{0xc6120000}, 30}}, {.prefix = {{0xc6120100}, 32}}};
static struct target_argument arguments[] = {{"198.18.0.0/30", 0, 1}, {"198.18.1.0", 1, 1}};
static const struct target_set set = {
	.rows = rows,
	.row_count = 2,
	.arguments = arguments,
	.argument_count = 2,
	.addresses = addresses,
	.address_count = 5,
};

static struct observation seen(int address, enum method method, enum outcome outcome, int rtt_ms)
{
	struct observation o = observation_blank();

	o.address = addresses[address];
	o.method = method;
	o.port = method == METHOD_TCP ? 80 : 0;
	o.outcome = outcome;
	o.rtt_ns = rtt_ms < 0 ? -1 : rtt_ms * NS_PER_MS;
	return o;
}

static struct check made(
	struct observation *observations, size_t count, enum tier tier, uint32_t flags)
{
	if (count)
		qsort(observations, count, sizeof(*observations), observation_order);
	struct sweep sweep = {.info = {.tier = tier, .flags = flags, .methods = "icmp;tcp:80"},
		.observations = observations,
		.observation_count = count};
	struct check check;

	check_make(&set, &sweep, &check);
	return check;
}

static void what_has_no_row_in_a_full_sweep_was_silent(void **state)
{
	struct observation some[] = {
		seen(4, METHOD_ICMP, OUTCOME_ECHO_REPLY, 9), seen(0, METHOD_TCP, OUTCOME_RST, 5)};
	(void)state;

	struct check check = made(some, 2, TIER_FULL, 0);
	assert_int_equal(check.record_count, 10);
	for (size_t i = 1; i < check.record_count; i++)
		assert_true(observation_order(&check.records[i - 1], &check.records[i]) < 0);
	assert_int_equal(check.found[CHECK_SILENT], 3);
	assert_int_equal(check.found[CHECK_TCP], 1);
	assert_int_equal(check.found[CHECK_ECHO], 1);
	assert_int_equal(check.status, EXIT_ANSWERED);
	check_finish(&check);
}

static void what_has_no_row_in_a_watch_sweep_was_not_measured(void **state)
{
	struct observation some[] = {seen(0, METHOD_ICMP, OUTCOME_ECHO_REPLY, 5)};
	(void)state;

	struct check check = made(some, 1, TIER_WATCH, 0);
	assert_int_equal(check.record_count, 1);
	assert_int_equal(check.found[CHECK_UNMEASURED], 4);
	assert_int_equal(check.status, EXIT_UNMEASURED);
	check_finish(&check);
}

static void a_block_is_up_or_unknown_and_has_a_median(void **state)
{
	struct observation some[] = {
		seen(0, METHOD_ICMP, OUTCOME_ECHO_REPLY, 10),
		seen(0, METHOD_TCP, OUTCOME_SYN_ACK, 20),
		seen(1, METHOD_TCP, OUTCOME_SYN_ACK, -1),
		seen(2, METHOD_ICMP, OUTCOME_UNREACHABLE, 1),
		seen(3, METHOD_ICMP, OUTCOME_ECHO_REPLY, 30),
		seen(3, METHOD_TCP, OUTCOME_RST, 90),
	};
	(void)state;

	struct check check = made(some, 6, TIER_FULL, 0);
	assert_int_equal(check.block_count, 2);
	assert_int_equal(check.blocks[0].state, CHECK_UP);
	assert_int_equal(check.blocks[0].rtt_median_ns, 25 * NS_PER_MS);
	assert_int_equal(check.blocks[0].found[CHECK_ECHO], 2);
	assert_int_equal(check.blocks[0].tcp, 3);
	assert_int_equal(check.blocks[0].found[CHECK_UNREACHABLE], 1);
	assert_int_equal(check.blocks[1].state, CHECK_UNKNOWN);
	assert_int_equal(check.blocks[1].rtt_median_ns, -1);
	assert_int_equal(check.arguments[0].answered, 3);
	assert_int_equal(check.arguments[1].answered, 0);
	assert_int_equal(check.status, EXIT_NO_ANSWER);
	check_finish(&check);
}

static void an_error_from_the_very_address_asked_is_its_answer(void **state)
{
	struct observation some[] = {
		seen(0, METHOD_ICMP, OUTCOME_UNREACHABLE, 10),
		seen(1, METHOD_TCP, OUTCOME_TTL_EXCEEDED, 20),
		seen(2, METHOD_ICMP, OUTCOME_UNREACHABLE, 30),
		seen(4, METHOD_TCP, OUTCOME_UNREACHABLE, 40),
	};
	(void)state;

	for (size_t i = 0; i < 4; i++) {
		some[i].has_responder = true;
		some[i].responder = some[i].address;
	}
	some[2].responder.host++; /* a router's */
	struct check check = made(some, 4, TIER_FULL, SWEEP_UNPROVEN);
	assert_int_equal(check.found[CHECK_ECHO], 1);
	assert_int_equal(check.found[CHECK_TCP], 2);
	assert_int_equal(check.blocks[0].state, CHECK_UP);
	assert_int_equal(check.blocks[0].rtt_median_ns, 15 * NS_PER_MS);
	assert_int_equal(check.blocks[0].tcp, 1);
	assert_int_equal(check.blocks[1].state, CHECK_UP);
	assert_int_equal(check.arguments[0].answered, 2);
	assert_int_equal(check.arguments[1].answered, 1);
	check_finish(&check);

	struct observation all[10];
	for (int i = 0; i < 10; i++) {
		all[i] = seen(i / 2, i % 2 ? METHOD_TCP : METHOD_ICMP, OUTCOME_UNREACHABLE, 5);
		all[i].has_responder = true;
		all[i].responder = all[i].address;
	}
	check = made(all, 10, TIER_FULL, 0);
	assert_int_equal(check.status, EXIT_ANSWERED);
	check_finish(&check);
}

/* Whatever a sweep has seen and says against itself: silence that is in doubt
 * or was not measured makes a 3, and nothing else does. */
static void any_sweep_gets_the_status_its_silence_earns(void **state)
{
	uint64_t seed = 3;
	(void)state;

	for (int round = 0; round < 5000; round++) {
		struct observation some[10];
		bool alive[5] = {false};
		bool silent[5] = {false};
		bool unsent[5] = {false};
		uint32_t flags = round % 4 ? 0 : (uint32_t)(seed >> 40) % (1u << SWEEP_FLAG_COUNT);
		for (int i = 0; i < 10; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			/* One in two answers, so that whole sets of answers come up. */
			enum outcome outcome =
				seed >> 63 ? OUTCOME_RST
					   : (enum outcome)((seed >> 33) % OUTCOME_COUNT);
			some[i] = seen(i / 2, i % 2 ? METHOD_TCP : METHOD_ICMP, outcome, 5);
			alive[i / 2] |= outcome_is_life(outcome);
			silent[i / 2] |= outcome == OUTCOME_SILENT;
			unsent[i / 2] |= outcome == OUTCOME_UNSENT;
		}
		bool doubt = (flags & (SWEEP_ANCHORS_DOWN | SWEEP_UNPROVEN | SWEEP_INTERFACE_DOWN |
					      SWEEP_SUSPENDED | SWEEP_CUT_SHORT)) ||
			     ((flags & SWEEP_CAPTURE_DROP) && !(flags & SWEEP_DROPS_MARKED));
		int wanted = EXIT_ANSWERED;
		if (!alive[4] || !(alive[0] || alive[1] || alive[2] || alive[3]))
			wanted = EXIT_NO_ANSWER;
		for (int i = 0; i < 5; i++)
			if (!alive[i] && (unsent[i] || (silent[i] && doubt)))
				wanted = EXIT_UNMEASURED;
		struct check check = made(some, 10, TIER_FULL, flags);
		assert_int_equal(check.status, wanted);
		char *reason = check_view_reason(&check);
		assert_int_equal(reason != NULL, wanted != EXIT_ANSWERED);
		free(reason);
		check_finish(&check);
	}
}

static void answers_of_addresses_nobody_asked_for_are_left_out(void **state)
{
	struct observation some[] = {seen(0, METHOD_ICMP, OUTCOME_ECHO_REPLY, 5)};
	(void)state;

	some[0].address.host = 0xcb007101; /* an anchor */
	struct check check = made(some, 1, TIER_FULL, 0);
	assert_int_equal(check.record_count, 10);
	assert_int_equal(check.found[CHECK_SILENT], 5);
	check_finish(&check);
}

static void counters_that_are_not_told_are_zero_unless_none_is(void **state)
{
	struct sweep sweep = {.info = {.counts = "left=12;duplicate=3;novel=9;late=x;"
					     "unsent_firewall=4;unsent_novel=5"}};
	struct check check;
	(void)state;

	check_make(&set, &sweep, &check);
	assert_int_equal(check.counts[CHECK_COUNT_LEFT], 12);
	assert_int_equal(check.counts[CHECK_COUNT_DUPLICATE], 3);
	assert_int_equal(check.counts[CHECK_COUNT_LATE], 0);
	assert_int_equal(check.unsent[UNSENT_FIREWALL], 4);
	assert_int_equal(check.unsent[UNSENT_NOT_SEEN], 0);
	check_finish(&check);
	sweep.info.counts[0] = '\0';
	check_make(&set, &sweep, &check);
	assert_int_equal(check.counts[CHECK_COUNT_LEFT], -1);
	check_finish(&check);
}

static void the_map_tells_by_sign_what_it_tells_by_colour(void **state)
{
	struct observation some[] = {
		seen(0, METHOD_ICMP, OUTCOME_ECHO_REPLY, 5),
		seen(1, METHOD_TCP, OUTCOME_RST, 5),
		seen(2, METHOD_ICMP, OUTCOME_UNREACHABLE, -1),
		seen(3, METHOD_ICMP, OUTCOME_UNSENT, -1),
	};
	(void)state;

	struct check check = made(some, 4, TIER_FULL, 0);
	char *plain = check_view_map(&check, (struct output_face){false, false});
	assert_non_null(strstr(plain, "    .0   #+x?\n"));
	for (const char *c = plain; *c; c++)
		assert_true(*c == '\n' || (*c >= ' ' && *c <= '~'));
	char *coloured = check_view_map(&check, (struct output_face){false, true});
	assert_non_null(strstr(coloured, "\033["));
	char *to = coloured;
	for (const char *from = coloured; *from; from++) { /* without its escapes */
		if (*from == '\033')
			while (*from != 'm')
				from++;
		else
			*to++ = *from;
	}
	*to = '\0';
	assert_string_equal(coloured, plain);
	free(coloured);
	free(plain);
	check_finish(&check);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_has_no_row_in_a_full_sweep_was_silent),
		cmocka_unit_test(what_has_no_row_in_a_watch_sweep_was_not_measured),
		cmocka_unit_test(a_block_is_up_or_unknown_and_has_a_median),
		cmocka_unit_test(an_error_from_the_very_address_asked_is_its_answer),
		cmocka_unit_test(any_sweep_gets_the_status_its_silence_earns),
		cmocka_unit_test(answers_of_addresses_nobody_asked_for_are_left_out),
		cmocka_unit_test(counters_that_are_not_told_are_zero_unless_none_is),
		cmocka_unit_test(the_map_tells_by_sign_what_it_tells_by_colour),
	};
	return cmocka_run_group_tests_name("commands_check", tests, NULL, NULL);
}
