#include "tests/unit/unit.h"

#include <math.h>

#include "core/mem.h"
#include "exchange/rounds.h"

#define MINUTE (INT64_C(60) * NS_PER_S)
#define ROUND (INT64_C(660) * NS_PER_S)

static const int64_t began = INT64_C(1700000000) * NS_PER_S;

struct told {
	struct round rounds[64];
	size_t count;
};

static void put(void *ctx, const struct round *round)
{
	struct told *told = ctx;

	assert_in_range(told->count, 0, 63);
	told->rounds[told->count++] = *round;
}

static struct round_state row(
	const char *block, int64_t from_ns, int64_t to_ns, enum round_status status)
{
	struct round_state row = {.start = {began + from_ns},
		.end = {began + to_ns},
		.status = status,
		.belief = status == ROUND_UNKNOWN ? (double)NAN
			  : status == ROUND_DOWN  ? 0.99
						 : 0.01};

	assert_true(prefix_parse(block, &row.block));
	return row;
}

static struct observation seen(const char *address, enum outcome outcome, int64_t rtt_ns)
{
	struct observation o = observation_blank();

	assert_true(ip4_parse(address, &o.address));
	o.outcome = outcome;
	o.rtt_ns = rtt_ns;
	return o;
}

static struct sweep sweep_at(int64_t at_ns, enum tier tier, struct observation *list, size_t count)
{
	return (struct sweep){.info = {.tier = tier,
				      .start = {began + at_ns},
				      .sent = 1,
				      .end = {began + at_ns + MINUTE},
				      .received = 1,
				      .anchors_probed = 2,
				      .anchors_up = 2},
		.observations = list,
		.observation_count = count};
}

static struct round_states states_of(struct round_state *rows, size_t count, int64_t lasts_ns)
{
	return (struct round_states){.start = {began},
		.end = {began + lasts_ns},
		.items = rows,
		.count = count};
}

/* "CiQ=" is of one answer, from .36, in the sample that ANT publishes. */
static void a_log_is_what_readers_of_the_datasets_decode(void **state)
{
	uint8_t outcomes[256] = {0};
	char text[ROUND_LOG_SIZE];
	(void)state;

	round_log(outcomes, text);
	assert_string_equal(text, "");
	outcomes[36] = ROUND_ANSWERED;
	round_log(outcomes, text);
	assert_string_equal(text, "CiQ=");
	outcomes[7] = ROUND_SILENT;
	round_log(outcomes, text);
	assert_string_equal(text, "CiQJBw=="); /* 0a 24, 09 07 */
	outcomes[9] = ROUND_ERROR;
	round_log(outcomes, text);
	assert_string_equal(text, "CiQLCQkH"); /* 0a 24, 0b 09, 09 07 */
}

static uint8_t digit(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c && c != '=' ? strchr(digits, c) : digits;

	assert_non_null(at);
	return (uint8_t)(at - digits);
}

static void a_log_of_every_address_comes_back(void **state)
{
	uint8_t outcomes[256], back[256] = {0}, bytes[ROUND_LOG_SIZE] = {0};
	char text[ROUND_LOG_SIZE];
	size_t len = 0;
	(void)state;

	for (unsigned i = 0; i < 256; i++)
		outcomes[i] = (uint8_t)(i * 7919 % 4);
	round_log(outcomes, text);
	for (size_t i = 0; text[i]; i += 4) {
		uint32_t three = (uint32_t)digit(text[i]) << 18 |
				 (uint32_t)digit(text[i + 1]) << 12 |
				 (uint32_t)digit(text[i + 2]) << 6 | digit(text[i + 3]);
		bytes[len++] = (uint8_t)(three >> 16);
		bytes[len++] = (uint8_t)(three >> 8);
		bytes[len++] = (uint8_t)three;
	}
	for (size_t at = 0; at < len && bytes[at];) {
		size_t count = bytes[at] >> 3;
		for (size_t k = 1; k <= count; k++)
			back[bytes[at + k]] = bytes[at] & 7;
		at += count + 1;
	}
	assert_memory_equal(back, outcomes, sizeof(back));
}

static void rounds_tile_the_period_by_start_then_block(void **state)
{
	struct round_state rows[] = {
		row("198.18.0.0/24", 0, 3 * ROUND - 1, ROUND_UP),
		row("198.18.1.0/24", 0, 3 * ROUND - 1, ROUND_UNKNOWN),
	};
	struct round_states states = states_of(rows, 2, 3 * ROUND - 1);
	struct told told = {.count = 0};
	struct rounds *rounds = rounds_create(&states, 1, put, &told);
	(void)state;

	rounds_end(rounds);
	rounds_destroy(rounds);
	assert_int_equal(told.count, 6);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(told.rounds[i].number, i / 2);
		assert_int_equal(told.rounds[i].start.ns, began + (int64_t)(i / 2) * ROUND);
		assert_int_equal(told.rounds[i].status, i % 2 ? ROUND_UNKNOWN : ROUND_UP);
		assert_int_equal(isnan(told.rounds[i].belief) != 0, i % 2);
		assert_true(isnan(told.rounds[i].a_oper));
		assert_string_equal(told.rounds[i].log, "");
	}
}

static void the_state_that_held_longest_is_the_rounds(void **state)
{
	struct round_state rows[] = {
		row("198.18.0.0/24", 0, 6 * MINUTE, ROUND_UP),
		row("198.18.0.0/24", 6 * MINUTE, 17 * MINUTE, ROUND_DOWN),
		row("198.18.0.0/24", 17 * MINUTE, 22 * MINUTE, ROUND_UP),
	};
	struct round_states states = states_of(rows, 3, 2 * ROUND);
	struct told told = {.count = 0};
	struct rounds *rounds = rounds_create(&states, 1, put, &told);
	(void)state;

	rounds_end(rounds);
	rounds_destroy(rounds);
	assert_int_equal(told.count, 2);
	assert_int_equal(told.rounds[0].status, ROUND_UP);
	assert_true(told.rounds[0].belief == 0.01);
	assert_int_equal(told.rounds[1].status, ROUND_DOWN);
	assert_true(told.rounds[1].belief == 0.99);
}

static void only_who_ever_answered_can_be_silent(void **state)
{
	struct round_state rows[] = {row("198.18.0.0/24", 0, 3 * ROUND, ROUND_UP)};
	struct round_states states = states_of(rows, 1, 3 * ROUND);
	struct told told = {.count = 0};
	struct rounds *rounds = rounds_create(&states, 1, put, &told);
	struct observation first[] = {
		seen("198.18.0.1", OUTCOME_ECHO_REPLY, 4000000),
		seen("198.18.0.2", OUTCOME_RST, 2000000), seen("198.18.0.3", OUTCOME_SILENT, -1),
		seen("203.0.113.1", OUTCOME_ECHO_REPLY, 9000000), /* an anchor */
	};
	struct observation second[] = {seen("198.18.0.1", OUTCOME_SILENT, -1)};
	struct observation third[] = {
		seen("198.18.0.1", OUTCOME_ECHO_REPLY, -1),
		seen("198.18.0.2", OUTCOME_UNREACHABLE, 1000),
	};
	struct sweep sweeps[] = {
		sweep_at(0, TIER_WATCH, first, 4),
		sweep_at(MINUTE, TIER_WATCH, second, 1), /* answered already */
		sweep_at(ROUND, TIER_FULL, second, 1),   /* .2 has no row: silent */
		sweep_at(2 * ROUND, TIER_WATCH, third, 2),
	};
	(void)state;

	for (size_t i = 0; i < 4; i++)
		rounds_sweep(rounds, &sweeps[i], true);
	rounds_end(rounds);
	rounds_destroy(rounds);
	assert_int_equal(told.count, 3);
	assert_int_equal(told.rounds[0].positive, 2);
	assert_int_equal(told.rounds[0].negative, 0);
	assert_int_equal(told.rounds[0].rtt_us, 3000);
	assert_true(told.rounds[0].a_short == 1 && told.rounds[0].a_oper == 1);
	assert_int_equal(told.rounds[1].positive, 0);
	assert_int_equal(told.rounds[1].negative, 2);
	assert_int_equal(told.rounds[1].rtt_us, -1);
	assert_true(fabs(told.rounds[1].a_short - 0.9) < 1e-9);
	assert_true(fabs(told.rounds[1].a_oper - 0.985) < 1e-9); /* 0.99 - 0.01 / 2 */
	assert_int_equal(told.rounds[2].positive, 1);
	assert_int_equal(told.rounds[2].negative, 1);
	assert_string_equal(told.rounds[2].log, "CgELAg=="); /* 0a 01, 0b 02 */
}

static void an_error_from_the_very_address_is_an_answer(void **state)
{
	struct round_state rows[] = {row("198.18.0.0/24", 0, ROUND, ROUND_UP)};
	struct round_states states = states_of(rows, 1, ROUND);
	struct told told = {.count = 0};
	struct rounds *rounds = rounds_create(&states, 1, put, &told);
	struct observation own = seen("198.18.0.1", OUTCOME_UNREACHABLE, 4000000);
	struct sweep sweep = sweep_at(0, TIER_WATCH, &own, 1);
	(void)state;

	own.has_responder = true;
	own.responder = own.address;
	rounds_sweep(rounds, &sweep, true);
	rounds_end(rounds);
	rounds_destroy(rounds);
	assert_int_equal(told.rounds[0].positive, 1);
	assert_int_equal(told.rounds[0].rtt_us, 4000);
}

static void silence_that_was_not_earned_is_not_counted(void **state)
{
	struct round_state rows[] = {row("198.18.0.0/24", 0, 2 * ROUND, ROUND_UP)};
	struct round_states states = states_of(rows, 1, 2 * ROUND);
	struct told told = {.count = 0};
	struct rounds *rounds = rounds_create(&states, 1, put, &told);
	struct observation up[] = {seen("198.18.0.1", OUTCOME_ECHO_REPLY, 4000000),
		seen("198.18.0.2", OUTCOME_ECHO_REPLY, 4000000)};
	struct observation gone[] = {
		seen("198.18.0.1", OUTCOME_SILENT, -1), seen("198.18.0.2", OUTCOME_UNSENT, -1)};
	struct sweep proven = sweep_at(0, TIER_WATCH, up, 2);
	struct sweep blind = sweep_at(ROUND, TIER_FULL, gone, 2);
	(void)state;

	rounds_sweep(rounds, &proven, true);
	rounds_sweep(rounds, &blind, false);
	rounds_end(rounds);
	rounds_destroy(rounds);
	assert_int_equal(told.count, 2);
	assert_int_equal(told.rounds[1].positive + told.rounds[1].negative, 0);
	assert_string_equal(told.rounds[1].log, "");
	assert_true(told.rounds[1].a_short == 1);
}

static void nothing_is_learned_while_a_block_is_down(void **state)
{
	struct round_state rows[] = {row("198.18.0.0/24", 0, ROUND, ROUND_UP),
		row("198.18.0.0/24", ROUND, 2 * ROUND, ROUND_DOWN)};
	struct round_states states = states_of(rows, 2, 2 * ROUND);
	struct told told = {.count = 0};
	struct rounds *rounds = rounds_create(&states, 1, put, &told);
	struct observation up[] = {seen("198.18.0.1", OUTCOME_ECHO_REPLY, 4000000)};
	struct observation gone[] = {seen("198.18.0.1", OUTCOME_SILENT, -1)};
	struct sweep sweeps[] = {
		sweep_at(0, TIER_WATCH, up, 1), sweep_at(ROUND, TIER_WATCH, gone, 1)};
	(void)state;

	rounds_sweep(rounds, &sweeps[0], true);
	rounds_sweep(rounds, &sweeps[1], true);
	rounds_end(rounds);
	rounds_destroy(rounds);
	assert_int_equal(told.rounds[1].status, ROUND_DOWN);
	assert_int_equal(told.rounds[1].negative, 1);
	assert_true(told.rounds[1].a_short == 1 && told.rounds[1].a_oper == 1);
}

static void decades_without_a_sweep_are_left_out_and_counted(void **state)
{
	const int64_t decades = INT64_C(30) * 366 * 86400 * NS_PER_S / ROUND * ROUND;
	struct round_state rows[] = {row("198.18.0.0/24", 0, ROUND, ROUND_UP),
		row("198.18.0.0/24", ROUND, decades, ROUND_UNKNOWN),
		row("198.18.0.0/24", decades, decades + 2 * ROUND, ROUND_DOWN)};
	struct round_states states = states_of(rows, 3, decades + 2 * ROUND);
	struct told told = {.count = 0};
	struct rounds *rounds = rounds_create(&states, 1, put, &told);
	struct sweep first = sweep_at(0, TIER_FULL, NULL, 0);
	struct sweep second = sweep_at(decades, TIER_FULL, NULL, 0);
	(void)state;

	rounds_sweep(rounds, &first, true);
	rounds_sweep(rounds, &second, true);
	rounds_end(rounds);
	struct rounds_gap gap = rounds_gap(rounds);
	assert_int_equal(told.count, 3);
	assert_int_equal(told.rounds[0].status, ROUND_UP);
	assert_int_equal(told.rounds[1].start.ns, began + decades);
	assert_int_equal(told.rounds[1].status, ROUND_DOWN);
	assert_int_equal(told.rounds[1].number, gap.left_out + 1);
	assert_int_equal(gap.from.ns, began + ROUND);
	assert_int_equal(gap.to.ns, began + decades);
	rounds_destroy(rounds);
}

static void count_rounds(void *ctx, const struct round *round)
{
	size_t *count = ctx;
	(void)round;

	(*count)++;
}

/* Sweeps that are so long apart: rounds written, and rounds left out. */
static size_t written(size_t sweeps, int64_t apart, uint64_t *ret_left_out)
{
	int64_t length = (int64_t)sweeps * apart * ROUND;
	struct round_state rows[] = {row("198.18.0.0/24", 0, length, ROUND_UNKNOWN)};
	struct round_states states = states_of(rows, 1, length);
	size_t count = 0;
	struct rounds *rounds = rounds_create(&states, 1, count_rounds, &count);

	for (size_t i = 0; i < sweeps; i++) {
		struct sweep sweep = sweep_at((int64_t)i * apart * ROUND, TIER_FULL, NULL, 0);
		rounds_sweep(rounds, &sweep, true);
	}
	rounds_end(rounds);
	*ret_left_out = rounds_gap(rounds).left_out;
	rounds_destroy(rounds);
	return count;
}

static void many_long_gaps_are_bounded_together(void **state)
{
	uint64_t left_out;
	(void)state;

	assert_int_equal(written(60, ROUNDS_GAP_EARNED, &left_out), 60 * ROUNDS_GAP_EARNED);
	assert_int_equal(left_out, 0);
	assert_true(written(60, ROUNDS_GAP_MOST, &left_out) <=
		    ROUNDS_GAP_MOST + 60 * (1 + ROUNDS_GAP_EARNED));
	assert_true(left_out > 50 * (uint64_t)ROUNDS_GAP_MOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_log_is_what_readers_of_the_datasets_decode),
		cmocka_unit_test(a_log_of_every_address_comes_back),
		cmocka_unit_test(rounds_tile_the_period_by_start_then_block),
		cmocka_unit_test(the_state_that_held_longest_is_the_rounds),
		cmocka_unit_test(only_who_ever_answered_can_be_silent),
		cmocka_unit_test(an_error_from_the_very_address_is_an_answer),
		cmocka_unit_test(silence_that_was_not_earned_is_not_counted),
		cmocka_unit_test(nothing_is_learned_while_a_block_is_down),
		cmocka_unit_test(decades_without_a_sweep_are_left_out_and_counted),
		cmocka_unit_test(many_long_gaps_are_bounded_together),
	};

	return cmocka_run_group_tests_name("rounds", tests, NULL, NULL);
}
