#include "tests/unit/unit.h"

#include <math.h>
#include <stdbool.h>

#include "analysis/country_word.h"

#define MINUTE (60 * NS_PER_S)

static struct timeline_row row(
	int block, int from, int to, enum block_state state, size_t machines, double up)
{
	return (struct timeline_row){.block = {{0xc6120000u + (uint32_t)block * 256}, 24},
		.start = {from * MINUTE},
		.end = {to * MINUTE},
		.state = state,
		.reason = state == BLOCK_UNKNOWN ? REASON_NO_SWEEP : REASON_NONE,
		.fraction_up = up,
		.hosts = machines};
}

static struct timeline_rows words_of(const struct timeline_row *rows, size_t count)
{
	struct timeline_rows words;

	country_rows(rows, count, &words);
	for (size_t i = 1; i < words.count; i++)
		assert_true(words.items[i - 1].end.ns == words.items[i].start.ns);
	return words;
}

static void check(const struct timeline_rows *words, size_t i, int from, enum block_state state)
{
	assert_true(i < words->count);
	assert_int_equal(words->items[i].start.ns, from * MINUTE);
	assert_int_equal(words->items[i].state, state);
}

static void two_hosts_of_many_do_not_darken_the_country(void **state)
{
	const struct timeline_row rows[] = {
		row(0, 0, 100, BLOCK_UP, 12, 1),
		row(1, 0, 60, BLOCK_UP, 8, 1),
		row(1, 60, 100, BLOCK_DEGRADED, 8, 0.75),
	};
	(void)state;
	struct timeline_rows words = words_of(rows, 3);

	assert_int_equal(words.count, 1);
	check(&words, 0, 0, BLOCK_UP);
	free(words.items);
}

static void of_blocks_that_are_all_up_the_country_is(void **state)
{
	/* On average over an hour in which its last hosts came back one by one. */
	const struct timeline_row rows[] = {
		row(0, 0, 100, BLOCK_UP, 12, 0.87),
		row(1, 0, 100, BLOCK_UP, 8, 0.85),
	};
	(void)state;
	struct timeline_rows words = words_of(rows, 2);

	assert_int_equal(words.count, 1);
	check(&words, 0, 0, BLOCK_UP);
	assert_true(fabs(words.items[0].fraction_up - 0.862) < 1e-9);
	free(words.items);
}

static void a_small_block_that_is_down_is_part_of_it(void **state)
{
	const struct timeline_row rows[] = {
		row(0, 0, 100, BLOCK_UP, 12, 1),
		row(1, 0, 60, BLOCK_UP, 8, 1),
		row(1, 60, 80, BLOCK_DOWN, 8, 0),
		row(1, 80, 100, BLOCK_UP, 8, 1),
	};
	(void)state;
	struct timeline_rows words = words_of(rows, 4);

	assert_int_equal(words.count, 3);
	check(&words, 0, 0, BLOCK_UP);
	check(&words, 1, 60, BLOCK_DEGRADED);
	assert_true(fabs(words.items[1].fraction_up - 0.6) < 1e-9);
	check(&words, 2, 80, BLOCK_UP);
	free(words.items);
}

static void it_is_down_when_the_last_block_is(void **state)
{
	const struct timeline_row rows[] = {
		row(0, 0, 60, BLOCK_UP, 12, 1), row(0, 60, 100, BLOCK_DOWN, 12, 0),
		row(1, 0, 62, BLOCK_UP, 3, 1), row(1, 62, 100, BLOCK_DOWN, 3, 0),
		row(2, 0, 100, BLOCK_UNKNOWN, 0, NAN), /* never answered: it has no say */
	};
	(void)state;
	struct timeline_rows words = words_of(rows, 5);

	assert_int_equal(words.count, 3);
	check(&words, 1, 60, BLOCK_DEGRADED);
	check(&words, 2, 62, BLOCK_DOWN);
	assert_int_equal(words.items[2].end.ns, 100 * MINUTE);
	free(words.items);
}

static void the_few_that_are_seen_do_not_speak_for_the_rest(void **state)
{
	const struct timeline_row rows[] = {
		row(0, 0, 50, BLOCK_UP, 12, 1),
		row(0, 50, 100, BLOCK_UNKNOWN, 0, NAN),
		row(1, 0, 100, BLOCK_UP, 3, 1),
	};
	(void)state;
	struct timeline_rows words = words_of(rows, 3);

	assert_int_equal(words.count, 2);
	check(&words, 1, 50, BLOCK_UNKNOWN);
	assert_int_equal(words.items[1].reason, REASON_NO_SWEEP);
	free(words.items);
}

static void many_blocks_one_down(void **state)
{
	struct timeline_row rows[41];
	(void)state;

	for (int i = 0; i < 40; i++)
		rows[i] = row(i, 0, 100, BLOCK_UP, 10, 1);
	rows[39].end.ns = 50 * MINUTE;
	rows[40] = row(39, 50, 100, BLOCK_DOWN, 10, 0);
	struct timeline_rows words = words_of(rows, 41);
	assert_int_equal(words.count, 1);
	check(&words, 0, 0, BLOCK_UP);
	free(words.items);
}

static void without_rows_there_is_no_word(void **state)
{
	struct timeline_rows words;
	(void)state;

	country_rows(NULL, 0, &words);
	assert_int_equal(words.count, 0);
	free(words.items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_hosts_of_many_do_not_darken_the_country),
		cmocka_unit_test(of_blocks_that_are_all_up_the_country_is),
		cmocka_unit_test(a_small_block_that_is_down_is_part_of_it),
		cmocka_unit_test(it_is_down_when_the_last_block_is),
		cmocka_unit_test(the_few_that_are_seen_do_not_speak_for_the_rest),
		cmocka_unit_test(many_blocks_one_down),
		cmocka_unit_test(without_rows_there_is_no_word),
	};
	return cmocka_run_group_tests_name("country_word", tests, NULL, NULL);
}
