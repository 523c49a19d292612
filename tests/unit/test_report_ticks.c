#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "report/ticks.h"
#include "report/words.h"

/* Axes from a second to centuries, wherever they begin. */
static struct wall at(const char *text)
{
	struct wall t;

	assert_true(wall_parse(text, &t));
	return t;
}

/* "03:00/22 Dec 2014 06:00": labelled ticks, each with what stands below it. */
static void expect(const char *from, const char *to, size_t most, const char *expected)
{
	struct ticks ticks;
	char text[1024] = "";
	size_t len = 0;

	ticks_time(at(from), at(to), most, &ticks);
	for (size_t i = 0; i < ticks.count; i++) {
		const struct tick *tick = &ticks.items[i];
		if (tick->labelled)
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s%s%s",
				len ? " | " : "", tick->text, tick->below[0] ? "/" : "",
				tick->below);
	}
	assert_string_equal(text, expected);
}

static void ticks_stand_where_a_calendar_has_them(void **state)
{
	(void)state;
	expect("2014-12-22T13:00:00Z", "2014-12-23T04:00:00Z", 6,
		"15:00/22 Dec 2014 | 18:00 | 21:00 | 00:00/23 Dec 2014 | 03:00");
	expect("2014-12-18", "2014-12-25", 8,
		"18 Dec/2014 | 19 Dec | 20 Dec | 21 Dec | 22 Dec | 23 Dec | 24 Dec | 25 Dec");
	expect("2026-12-30T00:00:00Z", "2027-01-02T00:00:00Z", 4,
		"30 Dec/2026 | 31 Dec | 1 Jan/2027 | 2 Jan");
	/* Weeks begin on Monday. */
	expect("2027-03-01", "2027-03-31", 5, "1 Mar/2027 | 8 Mar | 15 Mar | 22 Mar | 29 Mar");
	expect("2026-04-20", "2027-04-20", 9, "May/2026 | Jul | Sep | Nov | Jan/2027 | Mar");
	expect("2016-06-01", "2026-06-01", 8, "2018 | 2020 | 2022 | 2024 | 2026");
	expect("2026-12-31T23:59:50Z", "2027-01-01T00:00:10Z", 5,
		"23:59:50/31 Dec 2026 | 23:59:55 | 00:00:00/1 Jan 2027 | 00:00:05 | 00:00:10");
	expect("2024-02-28", "2024-03-02", 4, "28 Feb/2024 | 29 Feb | 1 Mar | 2 Mar");
}

static void there_are_some_and_never_too_many(void **state)
{
	(void)state;
	for (int64_t span = NS_PER_S; span < INT64_C(100) * 366 * 86400 * NS_PER_S;
		span += span / 3 + 7)
		for (int64_t from = 1; from < INT64_C(60) * 366 * 86400 * NS_PER_S;
			from = from * 37 + 11) {
			struct ticks ticks;
			size_t labelled = 0;
			ticks_time((struct wall){from}, (struct wall){from + span}, 9, &ticks);
			for (size_t i = 0; i < ticks.count; i++) {
				const struct tick *tick = &ticks.items[i];
				assert_true(tick->at.ns >= from && tick->at.ns <= from + span);
				assert_true(i == 0 || tick->at.ns > ticks.items[i - 1].at.ns);
				assert_int_equal(tick->labelled, tick->text[0] != '\0');
				labelled += tick->labelled;
			}
			assert_in_range(labelled, 1, 9);
			assert_true(ticks.count < TICKS_MOST);
		}
}

static void counts_have_round_steps(void **state)
{
	(void)state;
	assert_int_equal(ticks_count_step(31, 3), 10);
	assert_int_equal(ticks_count_step(31, 2), 20);
	assert_int_equal(ticks_count_step(1, 3), 1);
	assert_int_equal(ticks_count_step(100000, 3), 50000);
}

static void widths_and_brackets_in_words(void **state)
{
	char text[WORDS_SIZE];

	(void)state;
	assert_string_equal(words_width(60 * NS_PER_S, text), "60 s");
	assert_string_equal(words_width(900 * NS_PER_S, text), "15 min");
	assert_string_equal(words_width(5400 * NS_PER_S, text), "90 min");
	assert_string_equal(words_width(7200 * NS_PER_S, text), "2 h");
	assert_string_equal(words_width(14 * 86400 * NS_PER_S, text), "14 d");
	assert_string_equal(words_clock_between(at("2014-12-22T16:10:00Z"),
				    at("2014-12-22T16:21:00Z"), text),
		"16:10\u201316:21");
	assert_string_equal(words_clock_between(at("2014-12-22T23:59:59Z"),
				    at("2014-12-23T00:00:04Z"), text),
		"23:59:59\u201300:00:04");
	assert_string_equal(words_clock_between(at("2014-12-22T16:10:00.1Z"),
				    at("2014-12-22T16:10:00.9Z"), text),
		"16:10:00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ticks_stand_where_a_calendar_has_them),
		cmocka_unit_test(there_are_some_and_never_too_many),
		cmocka_unit_test(counts_have_round_steps),
		cmocka_unit_test(widths_and_brackets_in_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
