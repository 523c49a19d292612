/* CSV of anybody, and the words that all readers share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/foreign.h"

static void a_row_is_a_probe_and_no_value_is_silence(void **state)
{
	struct read_file file = read_foreign("csv",
		"address,ms,note,time\n"
		"198.18.0.7,12.5,x,1767225600.25\n"
		"198.18.0.8,,\"y, z\",2026-01-01T09:00:01+09:00\n"
		"198.18.0.9,NaN,,1767225602\n",
		NULL);

	(void)state;
	assert_int_equal(file.result, 0);
	assert_string_equal(foreign_text(&file),
		"1767225600.250000 198.18.0.7 icmp echo_reply 12500.000\n"
		"1767225601.000000 198.18.0.8 icmp silent\n"
		"1767225602.000000 198.18.0.9 icmp silent\n");
}

static void columns_and_method_are_what_the_user_says(void **state)
{
	struct foreign_ask ask = foreign_ask_nothing();
	(void)state;

	ask.columns[0] = "ts";
	ask.columns[1] = "ip";
	ask.columns[2] = "rtt";
	ask.method = METHOD_TCP;
	ask.port = 443;
	struct read_file file =
		read_foreign("csv", "ts,ip,rtt\n1767225600,198.18.0.7,1\n", &ask);
	assert_string_equal(
		foreign_text(&file), "1767225600.000000 198.18.0.7 tcp:443 syn_ack 1000.000\n");
}

static void a_time_without_a_zone_is_asked_for(void **state)
{
	static const char text[] = "time,address,ms\n2026-01-01 09:00:00,198.18.0.7,1\n";
	struct foreign_ask ask = foreign_ask_nothing();
	(void)state;

	assert_foreign_refused("csv", text, &ask, 2, "has no zone, expected --zone");
	assert_true(zone_parse("+09:00", &ask.zone_s));
	struct read_file file = read_foreign("csv", text, &ask);
	assert_string_equal(
		foreign_text(&file), "1767225600.000000 198.18.0.7 icmp echo_reply 1000.000\n");
}

static void what_is_no_such_file_is_refused_on_its_line(void **state)
{
	(void)state;
	assert_foreign_refused("csv", "", NULL, 1, "empty");
	assert_foreign_refused("csv", "time,address,ms\n", NULL, 1, "no observation");
	assert_foreign_refused("csv", "when,address,ms\n", NULL, 1, "missing");
	assert_foreign_refused(
		"csv", "time,address,ms\n1767225600,host,1\n", NULL, 2, "expected an IPv4 address");
	assert_foreign_refused("csv", "time,address,ms\n1767225600,198.18.0.1,timeout\n", NULL, 2,
		"expected milliseconds, or nothing");
	assert_foreign_refused(
		"csv", "time,address,ms\n1767225600,198.18.0.1,-1\n", NULL, 2, "expected milliseconds");
	assert_foreign_refused("csv", "time,address,ms\n1767225600,198.18.0.1,1\n1767225601,198.1",
		NULL, 3, "2 fields, expected 3");
	assert_foreign_refused(
		"csv", "time,address,ms\n1767225600123,198.18.0.1,1\n", NULL, 2, "expected Unix seconds");
	assert_foreign_refused("csv", "time,address,ms\n1767225600,198.18.0.1,4000000\n", NULL, 2,
		"expected milliseconds");
}

static void check_time(const char *text, const char *zone, enum time_word word, int64_t seconds)
{
	struct wall at = {0};
	int32_t zone_s = ZONE_NONE;

	if (zone)
		assert_true(zone_parse(zone, &zone_s));
	assert_int_equal(time_word(text, strlen(text), zone_s, &at), word);
	if (word == TIME_READ)
		assert_int_equal(at.ns / NS_PER_S, seconds);
}

static void times_are_read_as_programs_print_them(void **state)
{
	(void)state;
	check_time("1767225600", NULL, TIME_READ, 1767225600);
	check_time("1767225600.5", NULL, TIME_READ, 1767225600);
	check_time("2026-01-01T00:00:00Z", NULL, TIME_READ, 1767225600);
	check_time("2026-01-01T00:00:00,250+00:00", NULL, TIME_READ, 1767225600);
	check_time("Thu Jan  1 00:00:00 UTC 2026", NULL, TIME_READ, 1767225600);
	check_time("Thu 01 Jan 2026 12:00:00 AM UTC", NULL, TIME_READ, 1767225600);
	check_time("Thu 01 Jan 2026 01:00:00 PM UTC", NULL, TIME_READ, 1767225600 + 13 * 3600);
	check_time("Thu Jan  1 09:00:00 2026", "+09:00", TIME_READ, 1767225600);
	check_time("Thu Jan  1 09:00:00 KST 2026", "+0900", TIME_READ, 1767225600);
	check_time("Thu Jan  1 09:00:00 KST 2026", NULL, TIME_NO_ZONE, 0);
	check_time("2026-01-01 09:00:00", NULL, TIME_NO_ZONE, 0);
	check_time("2026-01-01", NULL, TIME_STRANGE, 0);
	check_time("Jan  1 09:00:00", "UTC", TIME_STRANGE, 0); /* of which year? */
	check_time("09:00:00", "UTC", TIME_STRANGE, 0);
	check_time("", "UTC", TIME_STRANGE, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_is_a_probe_and_no_value_is_silence),
		cmocka_unit_test(columns_and_method_are_what_the_user_says),
		cmocka_unit_test(a_time_without_a_zone_is_asked_for),
		cmocka_unit_test(what_is_no_such_file_is_refused_on_its_line),
		cmocka_unit_test(times_are_read_as_programs_print_them),
	};
	return cmocka_run_group_tests_name("foreign_csv", tests, NULL, NULL);
}
