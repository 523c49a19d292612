#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>

#include "targets/delegated.h"

static int parse(
	const char *text, struct delegated_record **ret, size_t *ret_count, struct diag *why)
{
	return delegated_parse("apnic", text, strlen(text), "KP", ret, ret_count, why);
}

static void only_the_country_s_own_ipv4_space_is_taken(void **state)
{
	static const char text[] = "2|apnic|20261123|9|19830613|20261122|+1000\n"
				   "# comment\n\n"
				   "apnic|*|ipv4|*|4|summary\n"
				   "apnic|*|asn|*|9|summary\n"
				   "apnic|JP|ipv4|198.51.100.0|256|20091221|allocated\n"
				   "apnic|KP|ipv6|2001:db8::|32|20110101|allocated\n"
				   "apnic|KP|asn|131279|1|20091221|allocated\n"
				   "apnic|KP|ipv4|203.0.113.0|256||reserved\n"
				   "apnic||ipv4|192.0.2.0|256||available\n"
				   "apnic|KP|ipv4|175.45.176.0|1024|20091221|allocated|A9|x|y\n";
	struct delegated_record *records;
	size_t count;
	struct diag why;
	(void)state;

	assert_int_equal(parse(text, &records, &count, &why), 0);
	assert_int_equal(count, 1);
	assert_int_equal(records[0].range.first.host, 0xaf2db000u);
	assert_int_equal(range_count(records[0].range), 1024);
	assert_string_equal(records[0].registry, "apnic");
	assert_string_equal(records[0].date, "20091221");
	assert_string_equal(records[0].status, "allocated");
	assert_string_equal(records[0].serial, "20261123");
	assert_int_equal(records[0].line, 11);
	free(records);
}

static void line_ends_do_not_matter_and_registries_may_follow_one_another(void **state)
{
	static const char text[] = "2.3|ripencc|1|1|a|b|c\r\n"
				   "ripencc|KP|ipv4|192.0.2.0|256|20200101|assigned\r\n"
				   "2|arin|1509454819404|1|a|b|c\n"
				   "apnic|KP|ipv4|198.51.100.0|256|20200101|allocated";
	struct delegated_record *records;
	size_t count;
	struct diag why;
	(void)state;

	assert_int_equal(parse(text, &records, &count, &why), 0);
	assert_int_equal(count, 2);
	assert_string_equal(records[0].serial, "1");
	assert_string_equal(records[0].status, "assigned");
	assert_string_equal(records[1].serial, "1509454819404");
	assert_string_equal(records[1].status, "allocated");
	free(records);
}

static void the_prefixes_of_a_line_add_up_to_its_count(void **state)
{
	uint32_t value = 7;
	(void)state;

	for (int i = 0; i < 500; i++) {
		value = value * 1664525u + 1013904223u;
		uint32_t first = value;
		value = value * 1664525u + 1013904223u;
		uint64_t expected = 1 + (value >> (value % 31));
		if (expected > UINT64_C(1) + (UINT32_MAX - first))
			continue;
		char text[128];
		char address[ADDRESS_TEXT_SIZE];
		ip4_format((struct ip4){first}, address);
		snprintf(text, sizeof(text), "apnic|KP|ipv4|%s|%llu|20091221|allocated\n", address,
			(unsigned long long)expected);

		struct delegated_record *records;
		size_t count;
		struct diag why;
		assert_int_equal(parse(text, &records, &count, &why), 0);
		assert_int_equal(count, 1);
		struct range left = records[0].range;
		uint64_t sum = 0;
		for (;;) {
			struct prefix prefix = prefix_largest(left.first, left.last);
			sum += prefix_count(prefix);
			if (prefix_last(prefix).host == left.last.host)
				break;
			left.first.host = prefix_last(prefix).host + 1;
		}
		if (sum != expected)
			fail_msg("%s -> %llu", text, (unsigned long long)sum);
		free(records);
	}
}

static void a_malformed_line_is_named_and_nothing_is_taken(void **state)
{
	static const struct {
		const char *line;
		const char *about;
	} bad[] = {
		{"apnic|KP|ipv4|175.45.176.0|1024|20091221", "fields"},
		{"<html>", "fields"},
		{"apnic|KP|ipv4|175.45.176|1024|20091221|allocated", "start"},
		{"apnic|JP|ipv4|175.45.176|1024|20091221|allocated", "start"},
		{"apnic|KP|ipv4|175.45.176.0|0|20091221|allocated", "count"},
		{"apnic|KP|ipv4|175.45.176.0|/22|20091221|allocated", "count"},
		{"apnic|KP|ipv4|255.255.255.255|2|20091221|allocated", "past"},
		{"apnic|KP|ipv5|175.45.176.0|1024|20091221|allocated", "type"},
		{"apnic|KPX|ipv4|175.45.176.0|1024|20091221|allocated", "country"},
		{"apnic|KP|ipv4|175.45.176.0|1024|2009-12-21|allocated", "date"},
		{"apnic|KP|ipv4|175.45.176.0|1024|20091221|", "status"},
		{"apnic|KP|ipv4|175.45.176.0|1024|20091221|Allocated", "expected allocated"},
		{"apnic|KP|ipv4|175.45.176.0|1024|20091221|weird", "expected allocated"},
		{"APNIC|KP|ipv4|175.45.176.0|1024|20091221|allocated", "registry"},
		{"|KP|ipv4|175.45.176.0|1024|20091221|allocated", "registry"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct delegated_record *untouched = NULL;
		size_t count = 99;
		struct diag why;
		char text[256];
		snprintf(text, sizeof(text), "apnic|KP|ipv4|192.0.2.0|256|20200101|assigned\n%s\n",
			bad[i].line);
		assert_int_equal(parse(text, &untouched, &count, &why), -EINVAL);
		assert_null(untouched);
		assert_int_equal(count, 99);
		assert_string_equal(why.file, "apnic");
		if (why.line != 2 || !strstr(why.text, bad[i].about))
			fail_msg("%s -> line %lu: %s", bad[i].line, why.line, why.text);
	}
}

#define ROW(block) "apnic|KP|ipv4|198.18." block ".0|256|20200101|allocated\n"

/* Files that say how much is in them, and whether it is. */
static void a_file_that_was_cut_short_is_no_smaller_country(void **state)
{
	static const char *const whole[] = {
		"2|apnic|1|1|a|b|c\napnic|*|ipv4|*|2|summary\napnic|*|asn|*|7|summary\n" ROW(
			"0") ROW("1"),
		"2|apnic|1|2|a|b|c\n" ROW("0") ROW("1"),
		"2|nro|1|9|a|b|c\nnro|*|ipv4|*|3|summary\n" ROW("0") ROW(
			"1") "iana|ZZ|ipv4|0.0.0.0|256|19810901|reserved|ietf|iana\n",
		"2|arin|1|1|a|b|c\narin|*|ipv4|*|1|summary\n"
		"arin|US|ipv4|192.0.2.0|256|20200101|assigned\n"
		"2|apnic|1|2|a|b|c\napnic|*|ipv4|*|2|summary\n" ROW("0") ROW("1"),
		"arin|*|ipv4|*|1|summary\napnic|*|ipv4|*|2|summary\n"
		"arin|US|ipv4|192.0.2.0|256|20200101|assigned\n" ROW("0") ROW("1"),
		ROW("0") ROW("1"), /* chosen lines, without a word of how many */
	};
	static const struct {
		const char *text, *about;
		unsigned long line;
	} bad[] = {
		{"2|apnic|1|2|a|b|c\napnic|*|ipv4|*|2|summary\n" ROW("0"), "cut short", 2},
		{"2|apnic|1|2|a|b|c\napnic|*|ipv4|*|2|summary\n", "0 follow", 2},
		{"2|apnic|1|2|a|b|c\napnic|*|ipv4|*|1|summary\n" ROW("0") ROW("1"), "more in it", 2},
		{"2|apnic|1|2|a|b|c\n" ROW("0"), "2 records and 1 follow", 1},
		{"2|apnic|1|1|a|b|c\n" ROW("0") ROW("1"), "more in it", 1},
		{"2|nro|1|3|a|b|c\nnro|*|ipv4|*|3|summary\n" ROW("0") ROW("1"), "cut short", 2},
		{"2|apnic|1|2|a|b|c\napnic|*|ipv4|*|2|summary\n" ROW("0")
		"2|arin|1|0|a|b|c\narin|*|ipv4|*|0|summary\n", "cut short", 2},
		{"apnic|*|ipv4|*|2|summary\n" ROW("0"), "cut short", 1},
		{"apnic|*|ipv4|*|x|summary\n" ROW("0"), "no count", 1},
		{"apnic|KP|ipv4|198.18.0.0|256|20200101|alloc", "cut short", 1},
	};
	struct delegated_record *records;
	size_t count;
	struct diag why;
	(void)state;

	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		if (parse(whole[i], &records, &count, &why) < 0)
			fail_msg("file %zu: line %lu: %s", i, why.line, why.text);
		assert_int_equal(count, 2);
		free(records);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int r = parse(bad[i].text, &records, &count, &why);
		if (r != -EINVAL || why.line != bad[i].line || !strstr(why.text, bad[i].about))
			fail_msg("file %zu: line %lu: %s", i, why.line, r ? why.text : "taken");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_country_s_own_ipv4_space_is_taken),
		cmocka_unit_test(line_ends_do_not_matter_and_registries_may_follow_one_another),
		cmocka_unit_test(the_prefixes_of_a_line_add_up_to_its_count),
		cmocka_unit_test(a_malformed_line_is_named_and_nothing_is_taken),
		cmocka_unit_test(a_file_that_was_cut_short_is_no_smaller_country),
	};
	return cmocka_run_group_tests_name("delegated", tests, NULL, NULL);
}
