#include "tests/unit/unit.h"

#include "live/serve/counting.h"

/* Who asks what, and when it may be counted. */
static const struct wall all[] = {{INT64_MIN}, {INT64_MAX}};
static const struct wall part[] = {{0}, {NS_PER_S}};

static struct wall at(int64_t s)
{
	return (struct wall){(1767225600 + s) * NS_PER_S};
}

static struct series *some(void)
{
	return series_of_hosts(&(struct series_config){.from = part[0], .to = part[1]});
}

static void what_was_counted_is_given_for_a_minute(void **state)
{
	struct counting c = {.asked = false};
	struct series *series = some();
	(void)state;

	assert_false(counting_is_due(&c, at(0)));
	assert_null(counting_ask(&c, all[0], all[1], at(0)));
	assert_true(counting_is_due(&c, at(0)));
	counting_take(&c, series, at(1), NS_PER_S);
	assert_false(counting_is_due(&c, at(60)));
	assert_ptr_equal(counting_ask(&c, all[0], all[1], at(60)), series);
	assert_null(counting_ask(&c, all[0], all[1], at(61)));
	assert_true(counting_is_due(&c, at(61)));
	counting_finish(&c);
}

static void one_question_at_a_time_and_who_asked_gets_the_answer(void **state)
{
	struct counting c = {.asked = false};
	struct series *series = some();
	(void)state;

	assert_null(counting_ask(&c, all[0], all[1], at(0)));
	assert_null(counting_ask(&c, part[0], part[1], at(0)));
	assert_int_equal(c.from.ns, all[0].ns);
	counting_take(&c, series, at(1), 0);
	assert_null(counting_ask(&c, part[0], part[1], at(15)));
	assert_ptr_equal(counting_ask(&c, all[0], all[1], at(15)), series);
	assert_null(counting_ask(&c, part[0], part[1], at(16)));
	assert_int_equal(c.from.ns, part[0].ns);
	counting_finish(&c);
}

static void counting_takes_a_tenth_of_the_time(void **state)
{
	struct counting c = {.asked = false};
	(void)state;

	counting_ask(&c, all[0], all[1], at(0));
	counting_take(&c, some(), at(20), 20 * NS_PER_S);
	assert_null(counting_ask(&c, part[0], part[1], at(40)));
	assert_false(counting_is_due(&c, at(199)));
	assert_true(counting_is_due(&c, at(200)));
	/* What could not be read is not waited for. */
	counting_take(&c, NULL, at(220), 20 * NS_PER_S);
	assert_false(counting_is_due(&c, at(999)));
	counting_finish(&c);
}

static void a_clock_that_is_set_back_stops_nothing(void **state)
{
	struct counting c = {.asked = false};
	(void)state;

	counting_ask(&c, all[0], all[1], at(1000));
	counting_take(&c, some(), at(1000), 20 * NS_PER_S);
	assert_null(counting_ask(&c, all[0], all[1], at(0)));
	assert_true(counting_is_due(&c, at(0)));
	counting_finish(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_counted_is_given_for_a_minute),
		cmocka_unit_test(one_question_at_a_time_and_who_asked_gets_the_answer),
		cmocka_unit_test(counting_takes_a_tenth_of_the_time),
		cmocka_unit_test(a_clock_that_is_set_back_stops_nothing),
	};
	return cmocka_run_group_tests_name("live_counting", tests, NULL, NULL);
}
