/* nmap: what its reasons mean, and what -oG can say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/foreign.h"

#define RUN(hosts)                                                                                 \
	"<?xml version=\"1.0\"?>\n<!DOCTYPE nmaprun>\n"                                            \
	"<nmaprun scanner=\"nmap\" args=\"nmap -sn 198.18.0.0/29\" start=\"1767225600\">\n" hosts        \
	"<runstats><finished time=\"1767225660\" exit=\"success\"/></runstats>\n</nmaprun>\n"
#define HOST(address, state, reason, rest)                                                         \
	"<host><status state=\"" state "\" reason=\"" reason "\" reason_ttl=\"57\"/>\n"                \
	"<address addr=\"" address "\" addrtype=\"ipv4\"/>" rest "</host>\n"

static void assert_read(const char *text, const struct foreign_ask *ask, const char *expected)
{
	struct read_file file = read_foreign("nmap", text, ask);

	if (file.result)
		print_error("%lu: %s\n", file.why.line, file.why.text);
	assert_int_equal(file.result, 0);
	assert_string_equal(foreign_text(&file), expected);
}

static void a_reason_says_who_answered_what(void **state)
{
	(void)state;
	assert_read(RUN(HOST("198.18.0.1", "up", "echo-reply", "<times srtt=\"12345\" rttvar=\"1\" to=\"1\"/>")
				HOST("198.18.0.2", "up", "reset", "") HOST("198.18.0.3", "down", "no-response", "")
					HOST("198.18.0.4", "up", "arp-response", "")
						HOST("198.18.0.5", "up", "localhost-response", "")),
		NULL,
		"1767225600.000000 198.18.0.1 icmp echo_reply 12345.000 ttl=57\n"
		"1767225600.000000 198.18.0.2 tcp rst ttl=57\n"
		"1767225600.000000 198.18.0.3 icmp silent ttl=57\n");
}

static void ports_and_boots_are_read(void **state)
{
	(void)state;
	assert_read(RUN("<host starttime=\"1767225610\" endtime=\"1767225620\">"
			"<status state=\"up\" reason=\"echo-reply\" reason_ttl=\"0\"/>"
			"<address addr=\"198.18.0.1\" addrtype=\"ipv4\"/>"
			"<address addr=\"00:00:5E:00:53:01\" addrtype=\"mac\"/><ports>"
			"<extraports state=\"filtered\" count=\"995\"/>"
			"<port protocol=\"tcp\" portid=\"22\"><state state=\"open\" reason=\"syn-ack\" reason_ttl=\"57\"/></port>"
			"<port protocol=\"tcp\" portid=\"23\"><state state=\"closed\" reason=\"reset\" reason_ttl=\"57\"/></port>"
			"<port protocol=\"tcp\" portid=\"25\"><state state=\"filtered\" reason=\"no-response\"/></port>"
			"<port protocol=\"tcp\" portid=\"80\"><state state=\"filtered\" reason=\"admin-prohibited\" "
			"reason_ip=\"192.0.2.1\"/></port>"
			"<port protocol=\"udp\" portid=\"53\"><state state=\"open\" reason=\"udp-response\"/></port>"
			"</ports><uptime seconds=\"600\" lastboot=\"Wed Dec 31 23:50:10 2025\"/></host>\n"),
		NULL,
		"1767225610.000000 198.18.0.1 icmp echo_reply\n"
		"1767225610.000000 198.18.0.1 tcp:22 syn_ack ttl=57\n"
		"1767225610.000000 198.18.0.1 tcp:23 rst ttl=57\n"
		"1767225610.000000 198.18.0.1 tcp:25 silent\n"
		"1767225610.000000 198.18.0.1 tcp:80 unreachable by=192.0.2.1\n"
		"1767225610.000000 198.18.0.1 boot 1767225010.000000\n");
}

static void what_nobody_asked_is_refused(void **state)
{
	char text[2048];
	(void)state;

	assert_foreign_refused(
		"nmap", RUN(HOST("198.18.0.1", "up", "user-set", "")), NULL, 5, "user-set (-Pn)");
	assert_foreign_refused("nmap", RUN(HOST("198.18.0.1", "up", "localhost-response", "")), NULL, 1,
		"localhost-response");
	assert_foreign_refused("nmap", RUN(""), NULL, 1, "no observation");
	assert_foreign_refused("nmap", "", NULL, 1, "expected \"# Nmap done\"");
	assert_foreign_refused("nmap", "<html><body/></html>\n", NULL, 1, "another document, expected nmap -oX");
	snprintf(text, sizeof(text), "%.200s", RUN(HOST("198.18.0.1", "up", "echo-reply", "")));
	assert_foreign_refused("nmap", text, NULL, 5, "no XML");
	assert_foreign_refused("nmap",
		"<nmaprun scanner=\"nmap\" start=\"1767225600\">\n" HOST("198.18.0.1", "up", "echo-reply", "")
		"</nmaprun>\n",
		NULL, 5, "expected \"finished\"");
}

static void grepable_output_as_far_as_it_goes(void **state)
{
#define BEGIN "# Nmap 7.93 scan initiated Thu Jan  1 09:00:00 2026 as: nmap -n -v -p 22,80 198.18.0.0/29\n"
	static const char text[] = BEGIN "Host: 198.18.0.1 (a.example)\tStatus: Up\n"
					 "Host: 198.18.0.2 ()\tStatus: Down\n"
					 "Host: 198.18.0.3 ()\tStatus: Up\n"
					 "Host: 198.18.0.3 ()\tPorts: 22/closed/tcp//ssh///, 80/open/tcp//http///, "
					 "443/filtered/tcp//https///\tIgnored State: filtered (9)\n"
					 "# Nmap done at Thu Jan  1 09:00:01 2026 -- 8 IP addresses\n";
	struct foreign_ask ask = foreign_ask_nothing();
	(void)state;

	assert_foreign_refused("nmap", text, &ask, 1, "has no zone, expected --zone");
	ask.zone_s = 32400;
	assert_read(text, &ask,
		"1767225600.000000 198.18.0.1 icmp echo_reply\n"
		"1767225600.000000 198.18.0.2 icmp silent\n"
		"1767225600.000000 198.18.0.3 tcp:22 rst\n"
		"1767225600.000000 198.18.0.3 tcp:80 syn_ack\n");
	assert_foreign_refused("nmap", BEGIN "Host: 198.18.0.1 ()\tStatus: Up\n", &ask, 2, "\"# Nmap done\"");
	assert_foreign_refused("nmap", BEGIN "Host: 198.18.0.1\n", &ask, 2, "expected Host:");
	assert_foreign_refused("nmap", BEGIN "Host: 198.18.0.1 ()\tPorts: x\n", &ask, 2, "expected PORT/STATE");
	assert_foreign_refused("nmap", "# Nmap 7.93 scan initiated Thu Jan  1 09:00:00 2026 as: nmap -Pn -p 22 x\n",
		&ask, 1, "user-set");
	assert_foreign_refused("nmap", "Nmap scan report for 198.18.0.1\n", &ask, 1, "scan initiated");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reason_says_who_answered_what),
		cmocka_unit_test(ports_and_boots_are_read),
		cmocka_unit_test(what_nobody_asked_is_refused),
		cmocka_unit_test(grepable_output_as_far_as_it_goes),
	};
	return cmocka_run_group_tests_name("foreign_nmap", tests, NULL, NULL);
}
