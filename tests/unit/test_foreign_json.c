/* What is written as JSON: masscan -oJ, scamper, RIPE Atlas. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/foreign.h"

static void assert_read(const char *format, const char *text, const char *expected)
{
	struct read_file file = read_foreign(format, text, NULL);

	if (file.result)
		print_error("%lu: %s\n", file.why.line, file.why.text);
	assert_int_equal(file.result, 0);
	assert_string_equal(foreign_text(&file), expected);
}

static void masscan_lists_who_answered(void **state)
{
	(void)state;
	assert_read("masscan",
		"[\n"
		"{ \"ip\": \"198.18.0.11\", \"timestamp\": \"1767225600\", \"ports\": [ {\"port\": 80, "
		"\"proto\": \"tcp\", \"status\": \"open\", \"reason\": \"syn-ack\", \"ttl\": 63} ] }\n,\n"
		"{ \"ip\": \"198.18.0.12\", \"timestamp\": \"1767225601\", \"ports\": [ {\"port\": 22, "
		"\"proto\": \"tcp\", \"status\": \"closed\", \"ttl\": 64}, {\"port\": 53, \"proto\": "
		"\"udp\", \"status\": \"open\"}, {\"port\": 0, \"proto\": \"icmp\", \"status\": "
		"\"open\"} ] },\n{finished: 1}\n]\n",
		"1767225600.000000 198.18.0.11 tcp:80 syn_ack ttl=63\n"
		"1767225601.000000 198.18.0.12 tcp:22 rst ttl=64\n"
		"1767225601.000000 198.18.0.12 icmp echo_reply\n");
	assert_foreign_refused("masscan", "[\n{\"ip\": \"198.18.0.11\", \"timestamp\": \"17672", NULL, 2,
		"ends within an object");
	assert_foreign_refused("masscan", "[\n]\n", NULL, 2, "nobody who answered");
	assert_foreign_refused("masscan", "[\n{\"ip\": \"198.18.0.11\"}\n]\n", NULL, 2, "expected \"ip\"");
}

static void scamper_pings_probe_by_probe(void **state)
{
	(void)state;
	assert_read("scamper",
		"{\"type\":\"cycle-start\", \"list_name\":\"default\", \"start_time\":1767225600}\n"
		"{\"type\":\"ping\", \"method\":\"icmp-echo\", \"src\":\"192.0.2.1\", \"dst\":\"198.18.0.1\", "
		"\"start\":{\"sec\":1767225600,\"usec\":250000}, \"ping_sent\":3, \"wait\":1, "
		"\"responses\":[{\"from\":\"198.18.0.1\", \"seq\":1, \"reply_ttl\":57, \"tx\":{\"sec\":"
		"1767225601, \"usec\":260000}, \"rtt\":12.345, \"reply_ipid\":30033, \"icmp_type\":0, "
		"\"icmp_code\":0},{\"from\":\"192.0.2.9\", \"seq\":2, \"reply_ttl\":60, \"rtt\":1, "
		"\"icmp_type\":3, \"icmp_code\":1}]}\n",
		"1767225600.250000 198.18.0.1 icmp silent\n"
		"1767225601.260000 198.18.0.1 icmp echo_reply 12345.000 ttl=57 id=30033\n"
		"1767225602.250000 198.18.0.1 icmp unreachable 1000.000 by=192.0.2.9 type=3/1 ttl=60\n");
}

static void scamper_traces_hop_by_hop(void **state)
{
	(void)state;
	assert_read("scamper",
		"{\"type\":\"trace\", \"method\":\"icmp-echo-paris\", \"dst\":\"198.18.0.1\", "
		"\"start\":{\"sec\":1767225600,\"usec\":0}, \"hop_count\":3, \"hops\":["
		"{\"addr\":\"192.0.2.1\", \"probe_ttl\":1, \"rtt\":0.5, \"icmp_type\":11, \"icmp_code\":0},"
		"{\"addr\":\"198.18.0.1\", \"probe_ttl\":3, \"rtt\":9, \"reply_ttl\":62, \"icmp_type\":0}]}\n",
		"1767225600.000000 198.18.0.1 hop 1 ttl_exceeded 500.000 by=192.0.2.1\n"
		"1767225600.000000 198.18.0.1 hop 3 echo_reply 9000.000 by=198.18.0.1\n"
		"1767225600.000000 198.18.0.1 icmp echo_reply 9000.000 ttl=62\n"
		"1767225600.000000 198.18.0.1 hop 2 silent\n");
	assert_foreign_refused("scamper", "{\"type\":\"cycle-stop\"}\n", NULL, 1, "no observation");
	assert_foreign_refused("scamper", "{\"type\":\"ping\"}\n", NULL, 1, "expected dst, start");
	assert_foreign_refused("scamper", "\n{\"a\":}\n", NULL, 2, "no JSON");
	assert_foreign_refused("scamper", "PING 198.18.0.1\n", NULL, 1, "expected JSON objects");
}

static void atlas_pings_with_its_probes(void **state)
{
	static const char first[] =
		"{\"af\":4,\"dst_addr\":\"198.18.0.1\",\"ttl\":54,\"result\":[{\"x\":\"*\"},{\"rtt\":19.5},"
		"{\"rtt\":19.25}],\"msm_id\":1,\"prb_id\":77,\"timestamp\":1767225600,\"type\":\"ping\"}";
	static const char second[] =
		"{\"af\":4,\"dst_addr\":\"198.18.0.2\",\"result\":[{\"x\":\"*\"},{\"x\":\"*\"}],\"msm_id\":1,"
		"\"prb_id\":78,\"timestamp\":1767225601,\"type\":\"ping\"}";
	static const char third[] =
		"{\"af\":4,\"dst_addr\":\"198.18.0.2\",\"result\":[{\"error\":\"connect failed\"}],"
		"\"msm_id\":1,\"prb_id\":78,\"timestamp\":1767225602,\"type\":\"ping\"}";
	static const char sixth[] =
		"{\"af\":6,\"dst_addr\":\"2001:db8::1\",\"result\":[{\"rtt\":1}],\"msm_id\":1,"
		"\"prb_id\":78,\"timestamp\":1767225602,\"type\":\"ping\"}";
	static const char expected[] =
		"1767225600.000000 198.18.0.1 icmp echo_reply 19500.000 ttl=54 attempt=2 attempts=3 "
		"answered=2 probe=77\n"
		"1767225601.000000 198.18.0.2 icmp silent attempts=2 answered=0 probe=78\n"
		"1767225602.000000 198.18.0.2 icmp unsent answered=0 probe=78\n";
	char text[2048];
	(void)state;

	snprintf(text, sizeof(text), "[%s,\n%s,%s,%s]\n", first, second, third, sixth);
	assert_read("atlas", text, expected);
	snprintf(text, sizeof(text), "%s\n%s\n%s\n", first, second, third);
	assert_read("atlas", text, expected);
	snprintf(text, sizeof(text), "[%s,%s", first, second);
	assert_foreign_refused("atlas", text, NULL, 1, "ends within its array");
	assert_foreign_refused("atlas", sixth, NULL, 1, "no observation");
	assert_foreign_refused("atlas", "{\"type\":\"ping\"}", NULL, 1, "expected msm_id");
}

static void atlas_traces_hop_by_hop(void **state)
{
	(void)state;
	assert_read("atlas",
		"{\"af\":4,\"dst_addr\":\"198.18.0.1\",\"proto\":\"ICMP\",\"msm_id\":5,\"prb_id\":77,"
		"\"timestamp\":1767225600,\"type\":\"traceroute\",\"result\":[{\"hop\":1,\"result\":["
		"{\"x\":\"*\"},{\"from\":\"192.0.2.1\",\"rtt\":0.5,\"ttl\":64}]},{\"hop\":2,\"result\":["
		"{\"x\":\"*\"}]},{\"hop\":3,\"result\":[{\"from\":\"198.18.0.1\",\"rtt\":9,\"ttl\":62}]}]}",
		"1767225600.000000 198.18.0.1 hop 1 ttl_exceeded 500.000 by=192.0.2.1 probe=77\n"
		"1767225600.000000 198.18.0.1 hop 2 silent probe=77\n"
		"1767225600.000000 198.18.0.1 hop 3 echo_reply 9000.000 by=198.18.0.1 probe=77\n"
		"1767225600.000000 198.18.0.1 icmp echo_reply 9000.000 ttl=62 probe=77\n");
}

static void ris_live_has_many_prefixes_a_message(void **state)
{
	(void)state;
	assert_read("ris-live",
		"{\"type\":\"ris_message\",\"data\":{\"timestamp\":1767225600.5,\"peer\":\"192.0.2.7\","
		"\"peer_asn\":\"64507\",\"type\":\"UPDATE\",\"path\":[64507,64507,[1,2],131279],"
		"\"announcements\":[{\"next_hop\":\"192.0.2.7\",\"prefixes\":[\"198.18.0.0/24\","
		"\"2001:db8::/32\",\"198.18.1.0/24\"]}],\"withdrawals\":[\"198.18.0.0/22\"]}}\n"
		"{\"type\":\"pong\",\"data\":null}\n"
		"{\"type\":\"ris_message\",\"data\":{\"timestamp\":1767225601,\"peer\":\"192.0.2.7\","
		"\"type\":\"KEEPALIVE\"}}\n"
		"{\"timestamp\":1767225602,\"peer\":\"192.0.2.7\",\"type\":\"RIS_PEER_STATE\","
		"\"state\":\"connected\"}\n"
		"{\"timestamp\":1767225603,\"peer\":\"192.0.2.7\",\"type\":\"RIS_PEER_STATE\","
		"\"state\":\"down\"}\n",
		"1767225600.500000 192.0.2.7 withdraw 198.18.0.0/22\n"
		"1767225600.500000 192.0.2.7 announce 198.18.0.0/24 64507 {1,2} 131279\n"
		"1767225600.500000 192.0.2.7 announce 198.18.1.0/24 64507 {1,2} 131279\n"
		"1767225603.000000 192.0.2.7 reset\n");
	assert_foreign_refused("ris-live", "{\"a\":1}", NULL, 1, "of RIS Live");
	assert_foreign_refused("ris-live",
		"{\"timestamp\":1,\"peer\":\"p\",\"type\":\"UPDATE\",\"withdrawals\":[\"x\"]}", NULL, 1,
		"of RIS Live");
	assert_foreign_refused("ris-live",
		"{\"timestamp\":1,\"peer\":\"p\",\"type\":\"UPDATE\",\"path\":[\"x\"],\"announcements\":"
		"[{\"prefixes\":[\"198.18.0.0/24\"]}]}",
		NULL, 1, "of RIS Live");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(masscan_lists_who_answered),
		cmocka_unit_test(scamper_pings_probe_by_probe),
		cmocka_unit_test(scamper_traces_hop_by_hop),
		cmocka_unit_test(atlas_pings_with_its_probes),
		cmocka_unit_test(atlas_traces_hop_by_hop),
		cmocka_unit_test(ris_live_has_many_prefixes_a_message),
	};
	return cmocka_run_group_tests_name("foreign_json", tests, NULL, NULL);
}
