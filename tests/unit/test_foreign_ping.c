/* The output of ping of several systems: what is missing was lost, what is late was not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/foreign.h"

#define PING "PING host.example (198.18.0.7) 56(84) bytes of data.\n"
#define REPLY(at, seq, ms) "[" at "] 64 bytes from 198.18.0.7: icmp_seq=" seq " ttl=57 time=" ms " ms\n"

static void assert_read(const char *text, const struct foreign_ask *ask, const char *expected)
{
	struct read_file file = read_foreign("ping", text, ask);

	if (file.result)
		print_error("%lu: %s\n", file.why.line, file.why.text);
	assert_int_equal(file.result, 0);
	assert_string_equal(foreign_text(&file), expected);
}

static void answers_were_sent_their_round_trip_before(void **state)
{
	(void)state;
	assert_read(PING REPLY("1767225600.500000", "1", "12.5") REPLY("1767225601.5", "2", "100") "\n"
			 "--- host.example ping statistics ---\n"
			 "2 packets transmitted, 2 received, 0% packet loss, time 1001ms\n"
			 "rtt min/avg/max/mdev = 12.5/56.2/100.0/40.0 ms\n",
		NULL,
		"1767225600.487500 198.18.0.7 icmp echo_reply 12500.000 ttl=57\n"
		"1767225601.400000 198.18.0.7 icmp echo_reply 100000.000 ttl=57\n");
}

static void gaps_between_numbers_are_losses(void **state)
{
	(void)state;
	assert_read(REPLY("1767225600", "10", "0") REPLY("1767225604", "14", "0"), NULL,
		"1767225600.000000 198.18.0.7 icmp echo_reply 0.000 ttl=57\n"
		"1767225601.000000 198.18.0.7 icmp silent\n"
		"1767225602.000000 198.18.0.7 icmp silent\n"
		"1767225603.000000 198.18.0.7 icmp silent\n"
		"1767225604.000000 198.18.0.7 icmp echo_reply 0.000 ttl=57\n");
}

static void what_was_lost_before_the_first_and_behind_the_last_counts(void **state)
{
	(void)state;
	/* Six were sent; for the last one nobody waited. */
	assert_read(PING REPLY("1767225602", "3", "0") REPLY("1767225603", "4", "0")
			 "\n--- host.example ping statistics ---\n"
			 "6 packets transmitted, 2 received, 66% packet loss, time 5000ms\n",
		NULL,
		"1767225602.000000 198.18.0.7 icmp echo_reply 0.000 ttl=57\n"
		"1767225603.000000 198.18.0.7 icmp echo_reply 0.000 ttl=57\n"
		"1767225600.000000 198.18.0.7 icmp silent\n"
		"1767225601.000000 198.18.0.7 icmp silent\n"
		"1767225604.000000 198.18.0.7 icmp silent\n");
}

static void no_answer_yet_may_be_answered_later(void **state)
{
	(void)state;
	assert_read(PING REPLY("1767225600", "1", "0") REPLY("1767225601", "2", "0")
			 "[1767225603] no answer yet for icmp_seq=3\n"
			 "[1767225604] no answer yet for icmp_seq=4\n" REPLY(
				 "1767225604.2", "3", "2200") REPLY("1767225605", "5", "1000"),
		NULL,
		"1767225600.000000 198.18.0.7 icmp echo_reply 0.000 ttl=57\n"
		"1767225601.000000 198.18.0.7 icmp echo_reply 0.000 ttl=57\n"
		"1767225602.000000 198.18.0.7 icmp echo_reply 2200000.000 ttl=57\n"
		"1767225603.000000 198.18.0.7 icmp silent\n"
		"1767225604.000000 198.18.0.7 icmp echo_reply 1000000.000 ttl=57\n");
}

static void replies_that_overtake_each_other_are_no_losses(void **state)
{
	(void)state;
	assert_read(REPLY("1767225600", "1", "0") REPLY("1767225602.5", "3", "500")
			REPLY("1767225602.6", "2", "1600"),
		NULL,
		"1767225600.000000 198.18.0.7 icmp echo_reply 0.000 ttl=57\n"
		"1767225601.000000 198.18.0.7 icmp echo_reply 1600000.000 ttl=57\n"
		"1767225602.000000 198.18.0.7 icmp echo_reply 500000.000 ttl=57\n");
}

static void numbers_go_round_and_long_silences_go_round_twice(void **state)
{
	struct read_file file = read_foreign("ping",
		REPLY("1767225600", "65534", "0") REPLY("1767225601", "65535", "0")
			REPLY("1767225602", "0", "0"),
		NULL);

	(void)state;
	assert_int_equal(file.count, 3);
	/* 70,000 seconds of silence: 65,536 and 4,464 numbers. */
	file = read_foreign("ping",
		REPLY("1767225600", "1", "0") REPLY("1767225601", "2", "0")
			REPLY("1767295601", "4466", "0"),
		NULL);
	assert_int_equal(file.result, 0);
	assert_int_equal(file.count, 70002);
	assert_string_equal(foreign_record_text(&file.records[70000]),
		"1767295600.000000 198.18.0.7 icmp silent");
}

static void errors_name_who_sent_them(void **state)
{
	(void)state;
	assert_read(PING "[1767225600] From gw.example (192.0.2.1) icmp_seq=1 Destination Host Unreachable\n"
			 "[1767225601] From 192.0.2.1 icmp_seq=2 Time to live exceeded\n"
			 "[1767225602] From 192.0.2.1 icmp_seq=3 Packet filtered\n",
		NULL,
		"1767225600.000000 198.18.0.7 icmp unreachable by=192.0.2.1 type=3/1\n"
		"1767225601.000000 198.18.0.7 icmp ttl_exceeded by=192.0.2.1 type=11/0\n"
		"1767225602.000000 198.18.0.7 icmp unreachable by=192.0.2.1 type=3/13\n");
}

static void what_the_kernel_did_not_send_is_no_silence(void **state)
{
	(void)state;
	assert_read(PING REPLY("1767225600", "1", "0") "ping: sendmsg: Network is unreachable\n"
						       "ping: sendmsg: Network is unreachable\n" REPLY(
							       "1767225604", "5", "0"),
		NULL,
		"1767225600.000000 198.18.0.7 icmp echo_reply 0.000 ttl=57\n"
		"1767225601.000000 198.18.0.7 icmp unsent\n"
		"1767225602.000000 198.18.0.7 icmp unsent\n"
		"1767225603.000000 198.18.0.7 icmp silent\n"
		"1767225604.000000 198.18.0.7 icmp echo_reply 0.000 ttl=57\n");
}

static void macos_has_no_times_and_begins_with_nought(void **state)
{
	static const char text[] = "PING host.example (198.18.0.7): 56 data bytes\n"
				   "64 bytes from 198.18.0.7: icmp_seq=0 ttl=57 time=11.453 ms\n"
				   "Request timeout for icmp_seq 1\n"
				   "92 bytes from gw.example (192.0.2.1): Destination Net Unreachable\n"
				   "Vr HL TOS  Len   ID Flg  off TTL Pro  cks      Src      Dst\n"
				   " 4  5  00 5400 1b2c   0 0000  40  01 b70b 192.0.2.7  198.18.0.7\n"
				   "64 bytes from 198.18.0.7: icmp_seq=3 ttl=57 time=1107.120 ms\n";
	struct foreign_ask ask = foreign_ask_nothing();

	(void)state;
	assert_foreign_refused("ping", text, NULL, 2, "no time before it");
	ask.has_time = true;
	ask.time.ns = 1767225600 * NS_PER_S;
	assert_foreign_refused("ping", text, &ask, 2, "no time before it");
	ask.interval_ns = NS_PER_S;
	assert_read(text, &ask,
		"1767225600.000000 198.18.0.7 icmp echo_reply 11453.000 ttl=57\n"
		"1767225601.000000 198.18.0.7 icmp silent\n"
		"1767225602.000000 198.18.0.7 icmp silent\n"
		"1767225603.000000 198.18.0.7 icmp echo_reply 1107120.000 ttl=57\n");
}

static void dates_in_front_are_read(void **state)
{
	struct foreign_ask ask = foreign_ask_nothing();
	(void)state;

	assert_read("Thu Jan  1 00:00:00 UTC 2026 | 64 bytes from 198.18.0.7: seq=0 ttl=57 time=1.000 ms\n"
		    "2026-01-01T09:00:01+09:00: 64 bytes from 198.18.0.7: seq=1 ttl=57 time=1.000 ms\n",
		NULL,
		"1767225599.999000 198.18.0.7 icmp echo_reply 1000.000 ttl=57\n"
		"1767225600.999000 198.18.0.7 icmp echo_reply 1000.000 ttl=57\n");
	assert_foreign_refused("ping",
		"2026-01-01 09:00:00 64 bytes from 198.18.0.7: seq=0 ttl=57 time=1.000 ms\n", &ask, 1,
		"has no zone, expected --zone");
	ask.zone_s = 32400;
	assert_read("[2026-01-01 09:00:00] 64 bytes from 198.18.0.7: seq=0 ttl=57 time=1.000 ms\n", &ask,
		"1767225599.999000 198.18.0.7 icmp echo_reply 1000.000 ttl=57\n");
	assert_foreign_refused("ping",
		"Jan  1 09:00:00 64 bytes from 198.18.0.7: seq=0 ttl=57 time=1.000 ms\n", &ask, 1,
		"expected a time with its date");
}

static void runs_follow_each_other(void **state)
{
	(void)state;
	assert_read(PING REPLY("1767225600", "1", "0") "\n" PING REPLY("1767225900", "1", "0"), NULL,
		"1767225600.000000 198.18.0.7 icmp echo_reply 0.000 ttl=57\n"
		"1767225900.000000 198.18.0.7 icmp echo_reply 0.000 ttl=57\n");
}

static void what_is_repeated_or_anothers_says_nothing(void **state)
{
	(void)state;
	assert_read(PING REPLY("1767225600", "1", "0")
			"[1767225600.1] 64 bytes from 198.18.0.7: icmp_seq=1 ttl=57 time=100 ms (DUP!)\n"
			"[1767225601] 64 bytes from 198.18.0.9: icmp_seq=2 ttl=57 time=0 ms (DIFFERENT ADDRESS!)\n"
			"[1767225601] 64 bytes from 198.18.0.9: icmp_seq=2 ttl=57 time=0 ms\n",
		NULL, "1767225600.000000 198.18.0.7 icmp echo_reply 0.000 ttl=57\n");
}

static void what_is_no_ping_is_refused_on_its_line(void **state)
{
	(void)state;
	assert_foreign_refused("ping", "", NULL, 1, "no observation");
	assert_foreign_refused("ping", PING, NULL, 1, "no observation");
	assert_foreign_refused("ping", PING "\nhello\n", NULL, 3, "\"hello\" is no line of ping");
	assert_foreign_refused("ping", PING "[1767225600] 64 bytes from 198.18.0.7: icmp_seq=1 ttl=57 time=0.0",
		NULL, 2, "is no line of ping");
	assert_foreign_refused("ping", REPLY("1767225600", "1", "0") "[1767225601] 64 bytes from 198.18.0.8: "
					"icmp_seq=2 ttl=57 time=1 ms\n", NULL, 2, "another address");
	assert_foreign_refused("ping", "[1767225601] no answer yet for icmp_seq=1\n", NULL, 1,
		"nobody was named yet");
	assert_foreign_refused("ping", "[1767225600] 64 bytes from 198.18.0.7: icmp_seq=70000 ttl=57 time=1 ms\n",
		NULL, 1, "is no line of ping");
	assert_foreign_refused("ping", REPLY("1767225600", "1", "0") REPLY("1767225600.001", "2", "0")
					REPLY("7000000000", "3", "0"), NULL, 3, "probes missing");
}

/* Steps of a century each lead out of what an int64_t of nanoseconds holds. */
static void times_of_centuries_are_refused_where_they_end(void **state)
{
	struct foreign_ask ask = foreign_ask_nothing();

	(void)state;
	ask.has_time = true;
	ask.time = (struct wall){INT64_C(7258000000) * NS_PER_S};
	ask.interval_ns = 366 * 86400 * NS_PER_S;
	assert_foreign_refused("ping",
		PING REPLY("0", "1", "0") REPLY("7258000000", "2", "0")
			"4 packets transmitted, 2 received, 50% packet loss, time 3ms\n",
		NULL, 4, "a time outside the years 1970 to 2199");
	assert_foreign_refused("ping",
		PING "64 bytes from 198.18.0.7: icmp_seq=9 ttl=57 time=1 ms\n"
		     "64 bytes from 198.18.0.7: icmp_seq=60000 ttl=57 time=1 ms\n",
		&ask, 3, "outside the years");
	assert_foreign_refused("fping", "198.18.0.7 : [2000000000], 64 bytes, 0.020 ms (0.020 avg, 0% loss)\n", &ask, 1,
		"outside the years");
}

static void a_time_below_zero_is_none(void **state)
{
	(void)state;
	assert_foreign_refused("ping", "[-3600] 64 bytes from 198.18.0.1: icmp_seq=1 ttl=57 time=1 ms\n",
		NULL, 1, "-3600");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_time_below_zero_is_none),
		cmocka_unit_test(answers_were_sent_their_round_trip_before),
		cmocka_unit_test(gaps_between_numbers_are_losses),
		cmocka_unit_test(what_was_lost_before_the_first_and_behind_the_last_counts),
		cmocka_unit_test(no_answer_yet_may_be_answered_later),
		cmocka_unit_test(replies_that_overtake_each_other_are_no_losses),
		cmocka_unit_test(numbers_go_round_and_long_silences_go_round_twice),
		cmocka_unit_test(errors_name_who_sent_them),
		cmocka_unit_test(what_the_kernel_did_not_send_is_no_silence),
		cmocka_unit_test(macos_has_no_times_and_begins_with_nought),
		cmocka_unit_test(dates_in_front_are_read),
		cmocka_unit_test(runs_follow_each_other),
		cmocka_unit_test(what_is_repeated_or_anothers_says_nothing),
		cmocka_unit_test(what_is_no_ping_is_refused_on_its_line),
		cmocka_unit_test(times_of_centuries_are_refused_where_they_end),
	};
	return cmocka_run_group_tests_name("foreign_ping", tests, NULL, NULL);
}
