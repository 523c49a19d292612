/* The output of fping, and lists of who answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/foreign.h"

static struct foreign_ask begun(void)
{
	struct foreign_ask ask = foreign_ask_nothing();

	ask.has_time = true;
	ask.time.ns = 1767225600 * NS_PER_S;
	return ask;
}

static void a_line_a_probe(void **state)
{
	struct read_file file = read_foreign("fping",
		"[1767225600.50000] 198.18.0.1       : [0], 64 bytes, 20.5 ms (20.5 avg, 0% loss)\n"
		"[1767225601.00000] b.example (198.18.0.2) : [0], timed out (NaN avg, 100% loss)\n"
		"ICMP Host Unreachable from 192.0.2.1 for ICMP Echo sent to 198.18.0.2\n"
		"[1767225601.40000] 198.18.0.1 : [1], 64 bytes, 0.400 ms (10.4 avg, 0% loss) [<- 198.18.0.9]\n"
		"[00:00:01]\n"
		"198.18.0.1 : xmt/rcv/%loss = 2/2/0%, min/avg/max = 0.40/10.4/20.5\n",
		NULL);

	(void)state;
	assert_int_equal(file.result, 0);
	assert_string_equal(foreign_text(&file),
		"1767225600.479500 198.18.0.1 icmp echo_reply 20500.000\n"
		"1767225601.000000 198.18.0.2 icmp silent\n");
}

static void probes_without_times_are_counted_from_one(void **state)
{
	static const char text[] = "198.18.0.1 : [0], 64 bytes, 2 ms (2 avg, 0% loss)\n"
				   "198.18.0.1 : [1], timed out (2 avg, 50% loss)\n"
				   "\n"
				   "198.18.0.1 : 2 -\n";
	struct foreign_ask ask = begun();

	(void)state;
	assert_foreign_refused("fping", text, NULL, 1, "expected fping -D");
	assert_foreign_refused("fping", text, &ask, 2, "expected fping -D");
	ask.interval_ns = 10 * NS_PER_S;
	struct read_file file = read_foreign("fping", text, &ask);
	assert_string_equal(foreign_text(&file),
		"1767225600.000000 198.18.0.1 icmp echo_reply 2000.000\n"
		"1767225610.000000 198.18.0.1 icmp silent\n");
}

static void sums_are_several_attempts(void **state)
{
	static const char text[] = "198.18.0.1 : - 13.1 13.5\n198.18.0.2 : - - -\n";
	struct foreign_ask ask = begun();

	(void)state;
	assert_foreign_refused("fping", text, NULL, 1, "--time");
	struct read_file file = read_foreign("fping", text, &ask);
	assert_string_equal(foreign_text(&file),
		"1767225600.000000 198.18.0.1 icmp echo_reply 13100.000 attempt=2 attempts=3 answered=2\n"
		"1767225600.000000 198.18.0.2 icmp silent attempts=3 answered=0\n");
	assert_foreign_refused(
		"fping", "198.18.0.1 : 1 1\n198.18.0.1 : 1 1\n", &ask, 2, "this address again");
}

static void verdicts_are_read(void **state)
{
	struct foreign_ask ask = begun();
	struct read_file file = read_foreign("fping",
		"198.18.0.1 is alive (3.5 ms)\n198.18.0.2 is unreachable\n\n"
		"       2 targets\n       1 alive\n       1 unreachable\n       0 unknown addresses\n",
		&ask);

	(void)state;
	assert_string_equal(foreign_text(&file),
		"1767225600.000000 198.18.0.1 icmp echo_reply 3500.000\n"
		"1767225600.000000 198.18.0.2 icmp silent\n");
}

static void what_is_no_fping_is_refused_on_its_line(void **state)
{
	struct foreign_ask ask = begun();
	(void)state;

	assert_foreign_refused("fping", "", NULL, 1, "no observation");
	assert_foreign_refused("fping", "198.18.0.1 : xmt/rcv/%loss = 2/2/0%\n", NULL, 1, "no observation");
	assert_foreign_refused("fping", "198.18.0.1\n", &ask, 1, "expected --from alive");
	assert_foreign_refused("fping", "[1767225600] 198.18.0.1 : [0], 64 by", &ask, 1, "no line of fping");
	assert_foreign_refused("fping", "[1767225600] 198.18.0.1 : [0], timed o", &ask, 1, "no line of fping");
	assert_foreign_refused(
		"fping", "[1767225600] 198.18.0.1 : [0], 64 bytes, 2 ms (2 avg, 0", &ask, 1, "no line of fping");
	assert_foreign_refused("fping", "198.18.0.1 : 1 x 2\n", &ask, 1, "no line of fping");
	assert_foreign_refused("fping", "198.18.0.1 is here\n", &ask, 1, "no line of fping");
	assert_foreign_refused("fping", "PING 198.18.0.1\n", &ask, 1, "no line of fping");
}

static void a_list_of_the_living_is_taken_by_its_method(void **state)
{
	struct foreign_ask ask = begun();
	struct read_file file = read_foreign("alive", "# of today\n198.18.0.1\n\n 198.18.0.3 \r\n", &ask);

	(void)state;
	assert_string_equal(foreign_text(&file), "1767225600.000000 198.18.0.1 icmp echo_reply\n"
						 "1767225600.000000 198.18.0.3 icmp echo_reply\n"
		);
	ask.method = METHOD_TCP;
	ask.port = 80;
	file = read_foreign("alive", "198.18.0.1\n", &ask);
	assert_string_equal(foreign_text(&file), "1767225600.000000 198.18.0.1 tcp:80 syn_ack\n");
	assert_foreign_refused("alive", "", &ask, 1, "nobody knows whether anybody was asked");
	assert_foreign_refused("alive", "198.18.0.1\n198.18.0.300\n", &ask, 2, "expected an IPv4 address");
	assert_foreign_refused("alive", "198.18.0.1 open\n", &ask, 1, "expected an IPv4 address");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_a_probe),
		cmocka_unit_test(probes_without_times_are_counted_from_one),
		cmocka_unit_test(sums_are_several_attempts),
		cmocka_unit_test(verdicts_are_read),
		cmocka_unit_test(what_is_no_fping_is_refused_on_its_line),
		cmocka_unit_test(a_list_of_the_living_is_taken_by_its_method),
	};
	return cmocka_run_group_tests_name("foreign_fping", tests, NULL, NULL);
}
