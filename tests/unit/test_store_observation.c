#include "tests/unit/unit.h"

#include "store/observation.h"

static void every_name_reads_back(void **state)
{
	(void)state;
	for (int i = 0; i < OUTCOME_COUNT; i++) {
		enum outcome back;
		assert_true(outcome_parse(outcome_name((enum outcome)i), &back));
		assert_int_equal(back, i);
	}
	for (int i = ROLE_TARGET; i <= ROLE_BORDER; i++) {
		enum role back;
		assert_true(role_parse(role_name((enum role)i), &back));
		assert_int_equal(back, i);
	}
	enum outcome untouched = OUTCOME_RST;
	assert_false(outcome_parse("dead", &untouched));
	assert_int_equal(untouched, OUTCOME_RST);
}

static void methods_carry_their_port(void **state)
{
	char text[METHOD_TEXT_SIZE];
	enum method method;
	uint16_t port;
	(void)state;

	assert_true(method_parse("tcp:443", &method, &port));
	assert_int_equal(method, METHOD_TCP);
	assert_int_equal(port, 443);
	method_format(method, port, text);
	assert_string_equal(text, "tcp:443");
	assert_true(method_parse("tcp", &method, &port));
	assert_int_equal(port, 0);
	assert_true(method_parse("icmp", &method, &port));
	assert_false(method_parse("tcp:", &method, &port));
	assert_false(method_parse("tcp:0", &method, &port));
	assert_false(method_parse("tcp:65536", &method, &port));
	assert_false(method_parse("udp", &method, &port));
}

static void any_set_of_flags_reads_back(void **state)
{
	(void)state;
	for (uint32_t flags = 0; flags < 1u << SWEEP_FLAG_COUNT; flags++) {
		char text[FLAGS_TEXT_SIZE];
		uint32_t back = ~flags;
		flags_format(flags, text);
		assert_true(flags_parse(text, &back));
		assert_int_equal(back, flags);
	}
	uint32_t untouched = 3;
	assert_false(flags_parse("late;", &untouched));
	assert_false(flags_parse("tired", &untouched));
	assert_int_equal(untouched, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_reads_back),
		cmocka_unit_test(methods_carry_their_port),
		cmocka_unit_test(any_set_of_flags_reads_back),
	};
	return cmocka_run_group_tests_name("store_observation", tests, NULL, NULL);
}
