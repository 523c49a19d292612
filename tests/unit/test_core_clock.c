#include "tests/unit/unit.h"

#include "core/clock.h"

static void formats_as_rfc_3339_and_as_unix_seconds(void **state)
{
	char text[CLOCK_TEXT_SIZE];
	struct wall t = {INT64_C(1419264900) * NS_PER_S + 5 * NS_PER_MS};
	(void)state;

	wall_format(t, text);
	assert_string_equal(text, "2014-12-22T16:15:00.005Z");
	wall_format_epoch(t, text);
	assert_string_equal(text, "1419264900.005000");
}

static void reads_back_what_it_writes(void **state)
{
	(void)state;
	uint64_t seed = 1;

	for (int i = 0; i < 1000; i++) {
		char text[CLOCK_TEXT_SIZE];
		struct wall back;
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		struct wall t = {(int64_t)(seed >> 32) % 4000000000 * NS_PER_S +
			(int64_t)(seed % 1000) * NS_PER_MS};
		wall_format(t, text);
		assert_true(wall_parse(text, &back));
		assert_int_equal(back.ns, t.ns);
		wall_format_epoch(t, text);
		assert_true(wall_parse(text, &back));
		assert_int_equal(back.ns, t.ns);
	}
}

static void refuses_what_is_no_time(void **state)
{
	static const char *const bad[] = {"", "yesterday", "2014-12-22T16:15:00", "2014-02-30",
		"2014-13-01", "2014-12-22T24:00:00Z", ".5", "1e", "-1", "99999999999", "9.1e9",
		"2014-12-22T16:15:00.Z", "2014-12-22 ", "2014-12-22 16:15:00",
		"2014-12-22T16:15:00+9", "2014-12-22T16:15:00+24:00", "2014-12-22T16:15:00+09:60",
		"2014-12-22T16:15:00Z+09:00", "2014-12-22T16:15:00+09:00Z"};
	struct wall t = {42};
	(void)state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(wall_parse(bad[i], &t));
		assert_int_equal(t.ns, 42);
	}
}

static void a_time_is_what_it_says_however_it_is_spelled(void **state)
{
	static const struct {
		const char *text;
		int64_t ns;
	} same[] = {
		{"1400000000", INT64_C(1400000000000000000)},
		{"1400000000.0", INT64_C(1400000000000000000)},
		{"1.4e+09", INT64_C(1400000000000000000)},
		{"1400000000.1234567894", INT64_C(1400000000123456789)},
		{"2014-05-13T16:53:20Z", INT64_C(1400000000000000000)},
		{"2014-05-13 16:53:20+00:00", INT64_C(1400000000000000000)},
		{"2014-05-14T01:53:20+09:00", INT64_C(1400000000000000000)},
		{"2014-05-14t01:53:20+0900", INT64_C(1400000000000000000)},
		{"2014-05-13T13:23:20.25-03:30", INT64_C(1400000000250000000)},
		{"2014-05-14T01:53:20+09", INT64_C(1400000000000000000)},
		{"1970-01-01T01:00:00+01:00", 0},
	};
	struct wall t;
	(void)state;

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		assert_true(wall_parse(same[i].text, &t));
		assert_int_equal(t.ns, same[i].ns);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_as_rfc_3339_and_as_unix_seconds),
		cmocka_unit_test(reads_back_what_it_writes),
		cmocka_unit_test(refuses_what_is_no_time),
		cmocka_unit_test(a_time_is_what_it_says_however_it_is_spelled),
	};
	return cmocka_run_group_tests_name("core_clock", tests, NULL, NULL);
}
