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
		"2014-13-01", "2014-12-22T24:00:00Z", "12.", ".5", "1e9", "-1", "99999999999",
		"2014-12-22T16:15:00.Z", "2014-12-22 "};
	struct wall t = {42};
	(void)state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(wall_parse(bad[i], &t));
		assert_int_equal(t.ns, 42);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_as_rfc_3339_and_as_unix_seconds),
		cmocka_unit_test(reads_back_what_it_writes),
		cmocka_unit_test(refuses_what_is_no_time),
	};
	return cmocka_run_group_tests_name("core_clock", tests, NULL, NULL);
}
