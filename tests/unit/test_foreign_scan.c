/* Lists that scanners write: masscan -oL, the CSV of zmap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/foreign.h"

static void masscan_lists_ports_and_times(void **state)
{
	struct read_file file = read_foreign("masscan",
		"#masscan\nopen tcp 80 198.18.0.11 1767225600\nclosed tcp 22 198.18.0.12 1767225601\n"
		"open icmp 0 198.18.0.13 1767225602\nopen udp 53 198.18.0.14 1767225603\n"
		"banner tcp 80 198.18.0.11 1767225604 http some text\n# end\n",
		NULL);
	(void)state;

	assert_int_equal(file.result, 0);
	assert_string_equal(foreign_text(&file),
		"1767225600.000000 198.18.0.11 tcp:80 syn_ack\n"
		"1767225601.000000 198.18.0.12 tcp:22 rst\n"
		"1767225602.000000 198.18.0.13 icmp echo_reply\n");
	assert_foreign_refused("masscan", "", NULL, 1, "expected \"# end\"");
	assert_foreign_refused("masscan", "#masscan\nopen tcp 80 198.18.0.11 1767225600\n", NULL, 2,
		"expected \"# end\"");
	assert_foreign_refused("masscan", "#masscan\n# end\n", NULL, 2, "nobody who answered");
	assert_foreign_refused("masscan", "#masscan\nopen tcp 80 198.18.0.11 17672\n# end\n", NULL, 2,
		"expected STATUS PROTOCOL PORT ADDRESS TIME");
	assert_foreign_refused("masscan", "#masscan\nopen tcp 80000 198.18.0.11 1767225600\n# end\n", NULL, 2,
		"expected STATUS");
	assert_foreign_refused("masscan", "#masscan\n# end\nopen tcp 80 198.18.0.11 1767225600\n", NULL, 3,
		"expected one list");
}

static void zmap_says_what_its_fields_say(void **state)
{
	struct foreign_ask ask = foreign_ask_nothing();
	struct read_file file = read_foreign("zmap",
		"saddr,classification,success,repeat,sport,ttl,ipid,timestamp_ts,timestamp_us\n"
		"198.18.0.1,synack,1,0,443,57,7,1767225600,250000\n"
		"198.18.0.2,rst,0,0,443,57,0,1767225601,0\n"
		"198.18.0.1,synack,1,1,443,57,8,1767225602,0\n"
		"192.0.2.1,unreach,0,0,,60,9,1767225603,0\n"
		"198.18.0.3,echoreply,1,0,,60,9,1767225604,0\n",
		NULL);
	(void)state;

	assert_int_equal(file.result, 0);
	assert_string_equal(foreign_text(&file),
		"1767225600.250000 198.18.0.1 tcp:443 syn_ack ttl=57 id=7\n"
		"1767225601.000000 198.18.0.2 tcp:443 rst ttl=57 id=0\n"
		"1767225604.000000 198.18.0.3 icmp echo_reply ttl=60 id=9\n");
	file = read_foreign("zmap", "saddr,timestamp-str\n198.18.0.1,2026-01-01T00:00:00.500+0000\n", NULL);
	assert_string_equal(foreign_text(&file), "1767225600.500000 198.18.0.1 icmp echo_reply\n");
	assert_foreign_refused("zmap", "saddr\n198.18.0.1\n", NULL, 1, "expected --time");
	ask.has_time = true;
	ask.time.ns = 1767225600 * NS_PER_S;
	file = read_foreign("zmap", "saddr\n198.18.0.1\n", &ask);
	assert_string_equal(foreign_text(&file), "1767225600.000000 198.18.0.1 icmp echo_reply\n");
	/* Some versions write no header of a single field. */
	ask.method = METHOD_TCP;
	ask.port = 80;
	file = read_foreign("zmap", "198.18.0.1\n198.18.0.2\n", &ask);
	assert_string_equal(foreign_text(&file), "1767225600.000000 198.18.0.1 tcp:80 syn_ack\n"
						 "1767225600.000000 198.18.0.2 tcp:80 syn_ack\n");
	assert_foreign_refused("zmap", "", &ask, 1, "no observation");
	assert_foreign_refused("zmap", "saddr\n", &ask, 1, "nobody who answered");
	assert_foreign_refused("zmap", "address\n198.18.0.1\n", &ask, 1, "no column saddr");
	assert_foreign_refused("zmap", "saddr,ttl\n198.18.0.1,1\n198.18.0", &ask, 3, "1 fields, expected 2");
	assert_foreign_refused("zmap", "saddr\n198.18.0.1\nhello\n", &ask, 3, "expected an IPv4 address");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(masscan_lists_ports_and_times),
		cmocka_unit_test(zmap_says_what_its_fields_say),
	};
	return cmocka_run_group_tests_name("foreign_scan", tests, NULL, NULL);
}
