/* core/options.h: how much alike two words are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/options.h"

static void distance_counts_each_slip_once(void **state)
{
	(void)state;
	assert_int_equal(text_distance("check", "check", 3), 0);
	assert_int_equal(text_distance("check", "chekc", 3), 1); /* swapped */
	assert_int_equal(text_distance("check", "chck", 3), 1);
	assert_int_equal(text_distance("check", "cheeck", 3), 1);
	assert_int_equal(text_distance("check", "chack", 3), 1);
	assert_int_equal(text_distance("", "ab", 3), 2);
	assert_true(text_distance(
			    "a word far longer than the names of any option are", "check", 3) > 3);
}

static void likeness_asks_only_what_is_near(void **state)
{
	(void)state;
	assert_int_equal(text_likeness("xyzzy", "check"), 0);
	assert_int_equal(text_likeness("", "check"), 0);
	assert_int_equal(text_likeness("x", "y"), 0); /* nothing is left of it */
	assert_true(text_likeness("time", "timeline") > 0);
	assert_true(text_likeness("chekc", "check") > 0);
	assert_true(text_likeness("rates", "rate") < text_likeness("rates", "retries") ||
		    text_likeness("rates", "retries") == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distance_counts_each_slip_once),
		cmocka_unit_test(likeness_asks_only_what_is_near),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
