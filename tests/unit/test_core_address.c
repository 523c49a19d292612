#include "tests/unit/unit.h"

#include "core/address.h"

static void text_round_trips(void **state)
{
	(void)state;
	uint32_t value = 1;

	for (int i = 0; i < 1000; i++) {
		char text[ADDRESS_TEXT_SIZE];
		struct ip4 back;
		value = value * 1664525u + 1013904223u;
		ip4_format((struct ip4){value}, text);
		assert_true(ip4_parse(text, &back));
		assert_int_equal(back.host, value);

		struct prefix prefix = prefix_of((struct ip4){value}, (uint8_t)(i % 33));
		struct prefix again;
		prefix_format(prefix, text);
		assert_true(prefix_parse(text, &again));
		assert_int_equal(prefix_order(&prefix, &again), 0);
	}
}

static void an_address_is_found_where_it_is(void **state)
{
	struct ip4 sorted[40];
	(void)state;

	for (uint32_t i = 0; i < 40; i++)
		sorted[i].host = 3 * i + 1;
	for (size_t count = 0; count <= 40; count++)
		for (uint32_t host = 0; host < 125; host++)
			assert_int_equal(ip4_find(sorted, count, (struct ip4){host}),
				host % 3 == 1 && host / 3 < count ? host / 3 : SIZE_MAX);
}

static void what_is_no_address_is_refused(void **state)
{
	static const char *const bad[] = {"", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4",
		"1.2.3.4 ", " 1.2.3.4", "1.2.3.4/24", "a.b.c.d", "1..2.3", "-1.2.3.4"};
	(void)state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ip4 untouched = {7};
		assert_false(ip4_parse(bad[i], &untouched));
		assert_int_equal(untouched.host, 7);
	}
}

static void a_prefix_needs_a_length_and_no_bits_behind_it(void **state)
{
	static const char *const bad[] = {"10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/24",
		"10.0.0.0/024", "10.0.0.0/24x"};
	struct prefix prefix;
	(void)state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(prefix_parse(bad[i], &prefix));
	assert_true(prefix_parse("0.0.0.0/0", &prefix));
	assert_int_equal(prefix_count(prefix), UINT64_C(1) << 32);
}

static void a_range_is_cut_into_prefixes_that_add_up(void **state)
{
	(void)state;
	struct ip4 first = {0x0a000003};
	struct ip4 last = {0x0a000103};
	uint64_t sum = 0;

	for (uint32_t at = first.host; at <= last.host;) {
		struct prefix prefix = prefix_largest((struct ip4){at}, last);
		assert_int_equal(prefix.base.host, at);
		sum += prefix_count(prefix);
		at = prefix_last(prefix).host + 1;
	}
	assert_int_equal(sum, 0x101);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_round_trips),
		cmocka_unit_test(an_address_is_found_where_it_is),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(a_prefix_needs_a_length_and_no_bits_behind_it),
		cmocka_unit_test(a_range_is_cut_into_prefixes_that_add_up),
	};
	return cmocka_run_group_tests_name("core_address", tests, NULL, NULL);
}
