#include "tests/unit/unit.h"

#include <stdio.h>

#include "core/when.h"

/* 2014-12-23T01:15:00.5Z */
static const struct wall now = {INT64_C(1419297300500000000)};

static void check(const char *text, const char *expected)
{
	char found[CLOCK_TEXT_SIZE];
	struct diag why = {0};
	struct wall t;

	assert_int_equal(when_parse(text, now, &t, &why), 0);
	wall_format(t, found);
	assert_string_equal(found, expected);
}

static void times_before_now(void **state)
{
	(void)state;
	check("-7d", "2014-12-16T01:15:00.500Z");
	check("-12h", "2014-12-22T13:15:00.500Z");
	check("-90m", "2014-12-22T23:45:00.500Z");
	check("-0.5s", "2014-12-23T01:15:00.000Z");
	check("-1d12h", "2014-12-21T13:15:00.500Z");
	check("-0d", "2014-12-23T01:15:00.500Z");
	check("now", "2014-12-23T01:15:00.500Z");
}

/* Whatever the zone of the machine. */
static void a_day_begins_in_utc(void **state)
{
	(void)state;
	setenv("TZ", "Asia/Pyongyang", 1);
	check("today", "2014-12-23T00:00:00.000Z");
	check("Yesterday", "2014-12-22T00:00:00.000Z");
	check("2014-12-22", "2014-12-22T00:00:00.000Z");
	unsetenv("TZ");
}

static void the_times_of_data_are_times(void **state)
{
	(void)state;
	check("2014-12-22T16:15:00Z", "2014-12-22T16:15:00.000Z");
	check("2014-12-23T01:15:00+09:00", "2014-12-22T16:15:00.000Z");
	check("1419264900", "2014-12-22T16:15:00.000Z");
	check("1.4192649e9", "2014-12-22T16:15:00.000Z");
	check("1970-01-02", "1970-01-02T00:00:00.000Z");
}

/* Each with the reason of its own. */
static void what_is_no_time_is_told_why(void **state)
{
	static const struct {
		const char *text, *reason;
	} bad[] = {
		{"", "is nothing"},
		{"7d", "expected -7d"},
		{"1d12h", "expected -1d12h"},
		{"+7d", "is to come"},
		{"tomorrow", "is to come"},
		{"-7", "without its unit"},
		{"-1d12", "without its unit"},
		{"-7w", "no unit that is known"},
		{"-7days", "no unit that is known"},
		{"-", "is no time"},
		{"-d", "is no time"},
		{"--7d", "is no time"},
		{"-7d ", "no unit that is known"},
		{"-99999999d", "before 1970"},
		{"-20000d", "before 1970"},
		{"-99999999d99999999d", "before 1970"},
		{"-999999999999999999999999999999999d", "no unit"},
		{"-9e9d", "no unit that is known"},
		{"2014-12-22T16:15:00", "has no zone"},
		{"2014-12-22 16:15:00.5", "has no zone"},
		{"2014-12-22T16:15Z", "has no seconds"},
		{"2014-12-22T16:15", "has no seconds"},
		{"2014-02-30", "no day or time that there is"},
		{"2014-12-22T24:00:00Z", "no day or time that there is"},
		{"20141222", "expected 2014-12-22"},
		{"20149922", "ten digits"},
		{"2014", "ten digits"},
		{"7", "ten digits"},
		{"22.12.2014", "another one elsewhere"},
		{"12/22/2014", "another one elsewhere"},
		{"16:15", "is no time"},
		{"last week", "is no time"},
		{"nowish", "is no time"},
		{"yesterday 16:15", "is no time"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct diag why = {0};
		struct wall t = {42};
		int r = when_parse(bad[i].text, now, &t, &why);
		if (r == 0 || t.ns != 42 || !strstr(why.text, bad[i].reason)) {
			print_error("\"%s\": %d, %s\n", bad[i].text, r, why.text);
			fail();
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_before_now),
		cmocka_unit_test(a_day_begins_in_utc),
		cmocka_unit_test(the_times_of_data_are_times),
		cmocka_unit_test(what_is_no_time_is_told_why),
	};
	return cmocka_run_group_tests_name("core_when", tests, NULL, NULL);
}
