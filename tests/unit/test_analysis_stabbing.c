#include "tests/unit/unit.h"

#include "analysis/method/stabbing.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void one_instant_explains_brackets_that_overlap(void **state)
{
	struct bracket b[] = {
		{0, 60, 120, 1, 0, 9}, {20, 80, 140, 1, 1, 9}, {50, 110, 170, 1, 2, 9}};
	struct instant at[3];
	(void)state;

	assert_int_equal(stabbing_pierce(b, COUNT(b), STABBING_DEPARTURE, 1, at), 1);
	assert_int_equal(at[0].low_ns, 50);
	assert_int_equal(at[0].high_ns, 60);
	assert_int_equal(at[0].count, 3);
}

static void an_empty_bracket_is_an_instant_all_the_same(void **state)
{
	struct bracket b[] = {{60, 60, 120, 1, 0, 9}, {300, 360, 420, 1, 1, 9}};
	struct instant at[2];
	(void)state;

	assert_int_equal(stabbing_pierce(b, COUNT(b), STABBING_RETURN, 1, at), 2);
	assert_int_equal(at[0].low_ns, 59);
	assert_int_equal(at[0].high_ns, 60);
}

static void brackets_apart_need_as_many_instants(void **state)
{
	struct bracket b[] = {
		{300, 360, 420, 1, 0, 9}, {0, 60, 120, 1, 1, 9}, {600, 660, 720, 1, 2, 9}};
	struct instant at[3];
	(void)state;

	assert_int_equal(stabbing_pierce(b, COUNT(b), STABBING_DEPARTURE, 1, at), 3);
	assert_int_equal(at[0].high_ns, 60);
	assert_int_equal(at[2].high_ns, 660);
}

static void a_probe_lost_just_before_is_not_a_second_instant(void **state)
{
	/* The first lost its probe at 40 and went with the rest between 90 and 95. */
	struct bracket b[] = {{-20, 40, 100, 1, 0, 9}, {85, 145, 205, 1, 1, 9},
		{90, 150, 210, 1, 2, 9}, {35, 95, 155, 1, 3, 9}};
	struct instant at[4];
	(void)state;

	assert_int_equal(stabbing_pierce(b, COUNT(b), STABBING_DEPARTURE, 1, at), 1);
	assert_int_equal(at[0].low_ns, 90);
	assert_int_equal(at[0].high_ns, 95);
}

static void a_probe_lost_just_after_is_not_a_second_instant(void **state)
{
	/* The last was back with the rest, and lost its probe at 130. */
	struct bracket b[] = {{40, 100, -20, 1, 0, 9}, {50, 110, -10, 1, 1, 9},
		{65, 125, 5, 1, 2, 9}, {130, 190, 70, 1, 3, 9}};
	struct instant at[4];
	(void)state;

	assert_int_equal(stabbing_pierce(b, COUNT(b), STABBING_RETURN, 1, at), 1);
	assert_int_equal(at[0].low_ns, 65);
	assert_int_equal(at[0].high_ns, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_instant_explains_brackets_that_overlap),
		cmocka_unit_test(an_empty_bracket_is_an_instant_all_the_same),
		cmocka_unit_test(brackets_apart_need_as_many_instants),
		cmocka_unit_test(a_probe_lost_just_before_is_not_a_second_instant),
		cmocka_unit_test(a_probe_lost_just_after_is_not_a_second_instant),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
