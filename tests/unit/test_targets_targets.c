#include "tests/unit/unit.h"

#include "targets/targets.h"

static const struct target_sources no_sources = {.delegated = NULL};

static struct ip4 address(const char *text)
{
	struct ip4 ret = {0};

	assert_true(ip4_parse(text, &ret));
	return ret;
}

static void what_is_named_is_expanded_sorted_and_unique(void **state)
{
	static const char *const names[] = {
		"198.18.1.0/30", "198.18.0.5", "198.18.1.2-198.18.1.4", "198.18.0.5"};
	struct target_set set;
	struct diag why;
	(void)state;

	assert_int_equal(target_set_resolve(names, 4, &no_sources, &set, &why), 0);
	assert_int_equal(set.address_count, 6);
	assert_true(ip4_equal(set.addresses[0], address("198.18.0.5")));
	assert_true(ip4_equal(set.addresses[5], address("198.18.1.4")));
	assert_int_equal(set.row_count, 5);
	assert_int_equal(set.arguments[2].first, 2);
	assert_int_equal(set.arguments[2].count, 2);
	assert_true(target_set_allows(&set, address("198.18.1.3")));
	assert_false(target_set_allows(&set, address("198.18.1.5")));
	target_set_finish(&set);
}

static void north_korea_needs_no_file(void **state)
{
	static const char *const names[] = {"KP"};
	struct target_set set;
	struct diag why;
	(void)state;

	assert_int_equal(target_set_resolve(names, 1, &no_sources, &set, &why), 0);
	assert_int_equal(set.address_count, 1024);
	assert_true(ip4_equal(set.addresses[0], address("175.45.176.0")));
	assert_int_equal(set.refused_count, 0);
	target_set_finish(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_named_is_expanded_sorted_and_unique),
		cmocka_unit_test(north_korea_needs_no_file),
	};
	return cmocka_run_group_tests_name("targets", tests, NULL, NULL);
}
