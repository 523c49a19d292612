#include "tests/unit/unit.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "core/clock.h"
#include "core/text.h"

static void durations_need_a_unit(void **state)
{
	int64_t ns = 7;
	(void)state;

	assert_true(text_duration("660s", &ns));
	assert_int_equal(ns, 660 * NS_PER_S);
	assert_true(text_duration("11m", &ns));
	assert_int_equal(ns, 660 * NS_PER_S);
	assert_true(text_duration("1.5s", &ns));
	assert_int_equal(ns, 1500 * NS_PER_MS);
	assert_false(text_duration("60", &ns));
	assert_false(text_duration("s", &ns));
	assert_false(text_duration("-1s", &ns));
	assert_false(text_duration("1 s", &ns));
	assert_int_equal(ns, 1500 * NS_PER_MS);
}

static void durations_read_back(void **state)
{
	static const int64_t some[] = {0, 1, 1500 * NS_PER_MS, 660 * NS_PER_S, 86400 * NS_PER_S,
		90 * NS_PER_US, 7200 * NS_PER_S};
	(void)state;

	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		char text[TEXT_DURATION_SIZE];
		int64_t back;
		assert_true(text_format_duration(some[i], text) > 0);
		assert_true(text_duration(text, &back));
		assert_int_equal(back, some[i]);
	}
}

static void numbers_are_strict(void **state)
{
	uint64_t u = 0;
	int64_t i = 0;
	double d = 0;
	(void)state;

	assert_true(text_u64("18446744073709551615", UINT64_MAX, &u));
	assert_int_equal(u, UINT64_MAX);
	assert_false(text_u64("18446744073709551616", UINT64_MAX, &u));
	assert_false(text_u64("256", 255, &u));
	assert_true(text_u64("5", 5, &u));
	assert_false(text_u64("6", 5, &u));
	assert_false(text_u64("+1", 10, &u));
	assert_true(text_i64("-12", &i));
	assert_int_equal(i, -12);
	assert_true(text_double("-1.25e2", &d));
	assert_true(d == -125.0);
	assert_false(text_double("0x10", &d));
	assert_false(text_double("nan", &d));
	assert_false(text_double("1,5", &d));
	assert_false(text_double(".", &d));
}

static void a_number_is_what_it_says_however_it_is_spelled(void **state)
{
	static const struct {
		const char *text;
		int decimals;
		int64_t value;
	} same[] = {{"64", 0, 64}, {"64.0", 0, 64}, {"64.", 0, 64}, {"6.4e1", 0, 64},
		{"0.0640E3", 0, 64}, {"1e+05", 0, 100000}, {"+5", 0, 5}, {"000", 0, 0},
		{"0e999", 0, 0}, {"1.25", 3, 1250}, {"12.5e-1", 2, 125}, {"6400e-2", 0, 64},
		{"9223372036854775807", 0, INT64_MAX}, {"9.223372036854775807e18", 0, INT64_MAX}};
	static const char *const bad[] = {"", ".", "e5", "1e", "1e+", "1.5", "-1", "1,5", "0x10",
		"1 ", " 1", "1.2.3", "9223372036854775808", "1e19", "1e99999999999999999999", "NA",
		"1e-1", "++1"};
	int64_t value = 42;
	(void)state;

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		assert_true(
			text_scaled(same[i].text, same[i].decimals, INT64_MAX, false, &value));
		assert_int_equal(value, same[i].value);
	}
	value = 42;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(text_scaled(bad[i], 0, INT64_MAX, false, &value));
	assert_false(text_scaled("256", 0, 255, false, &value));
	assert_false(text_scaled("255.5", 0, 255, true, &value));
	assert_int_equal(value, 42);
	assert_true(text_scaled("1.2344999", 3, INT64_MAX, true, &value));
	assert_int_equal(value, 1234);
	assert_true(text_scaled("1.2345", 3, INT64_MAX, true, &value));
	assert_int_equal(value, 1235);
	assert_true(text_scaled("0.0004", 3, INT64_MAX, true, &value));
	assert_int_equal(value, 0);
	assert_true(text_scaled("0.00005", 3, INT64_MAX, true, &value));
	assert_int_equal(value, 0);
}

static void what_stands_for_no_value_is_none(void **state)
{
	(void)state;
	assert_true(text_missing(""));
	assert_true(text_missing("NA"));
	assert_true(text_missing("nan"));
	assert_true(text_missing("<NA>"));
	assert_false(text_missing("0"));
	assert_false(text_missing("NAM"));
}

static void a_name_is_adopted_whatever_its_letters(void **state)
{
	char out[16];
	(void)state;

	text_adopt("Caf\xe9 \xfc", out, sizeof(out)); /* Latin-1 */
	assert_string_equal(out, "Caf\xc3\xa9 \xc3\xbc");
	text_adopt("Caf\xc3\xa9", out, sizeof(out)); /* UTF-8 */
	assert_string_equal(out, "Caf\xc3\xa9");
	text_adopt("a\x1b[1m\x9b", out, sizeof(out));
	assert_string_equal(out, "a?[1m?");
	assert_false(text_adopt("a\xe2\x80\xae" "b\xe2\x81\xa6", out, sizeof(out)));
	assert_string_equal(out, "a?b?"); /* what turns the text is no text */
	text_adopt("abc\xc3\xa9", out, 5); /* half a letter is none */
	assert_string_equal(out, "abc");
	text_adopt("abc\xe9", out, 5);
	assert_string_equal(out, "abc");
	text_adopt("abc\xe9", out, 6);
	assert_string_equal(out, "abc\xc3\xa9");
	text_adopt("abc", out, 1);
	assert_string_equal(out, "");
}

static uint64_t random_next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed ^ *seed >> 29;
}

static void same(const char *text, size_t len, const char *printed)
{
	assert_string_equal(text, printed);
	assert_int_equal(len, strlen(printed));
}

/* As printf writes it, whatever the number of decimals. */
static void decimal_is_printed(double value)
{
	char text[TEXT_DECIMAL_SIZE];
	char printed[TEXT_DECIMAL_SIZE];

	for (int decimals = 0; decimals <= 9; decimals++) {
		snprintf(printed, sizeof(printed), "%.*f", decimals, value);
		same(text, text_format_decimal(value, decimals, text), printed);
	}
}

static void decimals_are_those_of_printf(void **state)
{
	static const double some[] = {0, 0.5, 1.5, 2.5, 0.125, 0.375, 1e-9, 5e-10, 0.0005, 0.0015,
		0.9995, 0.99949999999999994, 1.005, 2.675, 999.9999995, 1048576.5, 1e12, 1099.5e9,
		1099511627775.5, 1099511627776.5, 123456789.123456789, 9007199254740992, 1e22,
		1.7976931348623157e308, 2.2250738585072014e-308, 5e-324};
	uint64_t seed = 7;
	(void)state;

	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		decimal_is_printed(some[i]);
		decimal_is_printed(-some[i]);
	}
	for (int i = 0; i < 100000; i++) {
		double part = (double)random_next(&seed) / 0x1p64;
		decimal_is_printed(ldexp(part, (int)(random_next(&seed) % 80) - 30));
		decimal_is_printed((double)(random_next(&seed) % 4000000000) / 1e3);
		decimal_is_printed(((double)(random_next(&seed) % 100000000) + 0.5) / 1e4);
	}
}

static void whole_numbers_are_those_of_printf(void **state)
{
	char text[TEXT_NUMBER_SIZE];
	char printed[TEXT_NUMBER_SIZE];
	uint64_t seed = 9;
	(void)state;

	same(text, text_format_i64(INT64_MIN, text), "-9223372036854775808");
	same(text, text_format_i64(INT64_MAX, text), "9223372036854775807");
	same(text, text_format_i64(0, text), "0");
	same(text, text_format_padded(0, 3, text), "000");
	same(text, text_format_padded(1234, 3, text), "1234");
	for (int i = 0; i < 100000; i++) {
		uint64_t value = random_next(&seed) >> random_next(&seed) % 64;
		size_t width = 1 + random_next(&seed) % 9;
		snprintf(printed, sizeof(printed), "%0*llu", (int)width, (unsigned long long)value);
		same(text, text_format_padded(value, width, text), printed);
		snprintf(printed, sizeof(printed), "%lld", (long long)value);
		same(text, text_format_i64((int64_t)value, text), printed);
	}
}

static void a_diag_names_its_place(void **state)
{
	struct diag diag = {.file = "kp.yaml", .line = 12, .column = "rtt_us"};
	char out[256];
	(void)state;

	assert_int_equal(diag_set(&diag, "%d is no RTT", -5), -EINVAL);
	assert_string_equal(
		diag_format(&diag, out, sizeof(out)), "kp.yaml:12: column rtt_us: -5 is no RTT");
	diag = (struct diag){.text = "plain"};
	assert_string_equal(diag_format(&diag, out, sizeof(out)), "plain");
}

static void what_steers_a_terminal_is_made_harmless(void **state)
{
	char text[] = "a\033[31mb\x7f\xc2\x9b"
		      "c\x9b"
		      "d\xc3\xbc\t\xe2\x82";
	(void)state;

	assert_false(text_printable(text));
	text_clean(text);
	assert_string_equal(text, "a?[31mb???c?d\xc3\xbc???");
	assert_true(text_printable(text));
	assert_true(text_printable(""));
	assert_false(text_printable("\xc3"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_need_a_unit),
		cmocka_unit_test(durations_read_back),
		cmocka_unit_test(numbers_are_strict),
		cmocka_unit_test(a_number_is_what_it_says_however_it_is_spelled),
		cmocka_unit_test(what_stands_for_no_value_is_none),
		cmocka_unit_test(a_name_is_adopted_whatever_its_letters),
		cmocka_unit_test(decimals_are_those_of_printf),
		cmocka_unit_test(whole_numbers_are_those_of_printf),
		cmocka_unit_test(a_diag_names_its_place),
		cmocka_unit_test(what_steers_a_terminal_is_made_harmless),
	};
	return cmocka_run_group_tests_name("core_text", tests, NULL, NULL);
}
