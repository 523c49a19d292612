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
				   "apnic|*|ipv4|*|40000|summary\n"
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
	assert_int_equal(records[0].line, 10);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_country_s_own_ipv4_space_is_taken),
		cmocka_unit_test(line_ends_do_not_matter_and_registries_may_follow_one_another),
		cmocka_unit_test(the_prefixes_of_a_line_add_up_to_its_count),
		cmocka_unit_test(a_malformed_line_is_named_and_nothing_is_taken),
	};
	return cmocka_run_group_tests_name("delegated", tests, NULL, NULL);
}
