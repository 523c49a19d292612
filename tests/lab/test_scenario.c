#include "tests/unit/unit.h"

#include "core/clock.h"
#include "tests/lab/plan.h"
#include "tests/lab/scenario.h"

static struct scenario read_well(const char *text)
{
	struct scenario s;
	struct diag why;
	char line[600];

	if (scenario_read("x.country", text, &s, &why) < 0)
		fail_msg("%s", diag_format(&why, line, sizeof(line)));
	return s;
}

static void a_host_has_what_later_lines_say_and_the_usual_otherwise(void **state)
{
	struct scenario s = read_well("seed 3\n"
				      "hosts 198.18.0.0-9 rtt 20ms open 80,443 # the first ten\n"
				      "\n"
				      "hosts 198.18.0.4 rtt 1ms..2ms ipid zero site A\n"
				      "hosts 198.18.0.5 absent\n");
	(void)state;

	assert_int_equal(s.host_count, 1024);
	assert_true(s.hosts[3].present);
	assert_int_equal(s.hosts[3].rtt_ns.least, 20 * NS_PER_MS);
	assert_int_equal(s.hosts[3].ttl.least, 64);
	assert_int_equal(s.hosts[3].open[1], 443);
	assert_int_equal(s.hosts[4].rtt_ns.most, 2 * NS_PER_MS);
	assert_int_equal(s.hosts[4].open[0], 80);
	assert_int_equal(s.hosts[4].ipid, IPID_ZERO);
	assert_string_equal(s.hosts[4].site, "A");
	assert_false(s.hosts[5].present);
	assert_false(s.hosts[10].present);
	scenario_finish(&s);
}

static void a_share_of_hosts_is_about_that_share_and_the_same_each_time(void **state)
{
	struct scenario a = read_well("hosts 198.18.0.0/22 share 30%\n");
	struct scenario b = read_well("hosts 198.18.0.0/22 share 30%\n");
	struct scenario c = read_well("seed 2\nhosts 198.18.0.0/22 share 30%\n");
	int present = 0;
	int differ = 0;
	(void)state;

	for (size_t i = 0; i < a.host_count; i++) {
		present += a.hosts[i].present;
		differ += a.hosts[i].present != c.hosts[i].present;
		assert_int_equal(a.hosts[i].present, b.hosts[i].present);
	}
	assert_in_range(present, 250, 365);
	assert_in_range(differ, 200, 700);
	scenario_finish(&a);
	scenario_finish(&b);
	scenario_finish(&c);
}

static void events_are_scaled_and_stand_in_the_order_of_time(void **state)
{
	struct scenario s = read_well("scale 60x\n"
				      "hosts 198.18.0.1 site A holdup 1m rtt 60ms\n"
				      "at 20m cut upstream 198.18.1.0/24 unreachable code 1 50/s\n"
				      "at 10m power off site A over 30s\n"
				      "at 30m loss 30%\n"
				      "at 31m limit 0.5/s 198.18.0.0/24\n");
	(void)state;

	assert_int_equal(s.event_count, 4);
	assert_int_equal(s.events[0].kind, EVENT_POWER_OFF);
	assert_int_equal(s.events[0].at_ns, 10 * NS_PER_S);
	assert_int_equal(s.events[0].span_ns, NS_PER_S / 2);
	assert_string_equal(s.events[0].text, "power off site A over 30s");
	assert_int_equal(s.events[1].kind, EVENT_CUT);
	assert_int_equal(s.events[1].code, 1);
	assert_true(s.events[1].rate == 50.0);
	assert_int_equal(s.events[1].range.first.host & 0xffff, 0x0100);
	assert_true(s.events[2].share == 0.3);
	assert_true(s.events[3].rate == 0.5);
	assert_int_equal(s.hosts[1].holdup_ns.least, NS_PER_S);
	assert_int_equal(s.hosts[1].rtt_ns.least, 60 * NS_PER_MS);
	scenario_finish(&s);
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
	static const struct {
		const char *text, *wanted;
	} bad[] = {
		{"", "x.country:1: no hosts"},
		{"hosts 198.18.0.1\nhosts 198.18.0.1 rtt 50\n",
			"x.country:2: \"50\", expected a duration"},
		{"hosts 198.18.0.1 rtt\n", "x.country:1: the line ends early"},
		{"hosts 198.18.4.1\n", "x.country:1: hosts outside the country"},
		{"hosts 198.18.0.9-1\n", "x.country:1: \"198.18.0.9-1\""},
		{"hosts 198.18.0.1 colour red\n", "x.country:1: unknown trait \"colour\""},
		{"hosts 198.18.0.1 loss 101%\n", "x.country:1: \"101%\", expected a share"},
		{"hosts 198.18.0.1 open 80,0\n", "x.country:1: \"0\", expected at most 8 ports"},
		{"country 10.0.0.0/22\nhosts 10.0.0.1\n", "x.country:1: \"10.0.0.0/22\""},
		{"hosts 198.18.0.1\nseed 2\n", "x.country:2: \"seed\" must stand before"},
		{"scale 60\nhosts 198.18.0.1\n", "x.country:1: \"60\", expected a scale"},
		{"hosts 198.18.0.1\nat 5s power off site B\n",
			"x.country:2: no host is at a site \"B\""},
		{"hosts 198.18.0.1\nat 5s cut downstream\n", "x.country:2: \"downstream\""},
		{"hosts 198.18.0.1\nat 5 end\n", "x.country:2: \"5\", expected a duration"},
		{"hosts 198.18.0.1\nat 5s end now\n",
			"x.country:2: \"now\" where the line should end"},
		{"hosts 198.18.0.1\n\nat 5s forge 10 198.18.0.0/24\n",
			"x.country:3: \"10\", expected a rate"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct scenario s = {.seed = 42};
		struct diag why;
		char line[600];
		assert_true(scenario_read("x.country", bad[i].text, &s, &why) < 0);
		diag_format(&why, line, sizeof(line));
		if (strncmp(line, bad[i].wanted, strlen(bad[i].wanted)) != 0)
			fail_msg("said \"%s\", wanted \"%s...\"", line, bad[i].wanted);
		assert_int_equal(s.seed, 42);
	}
}

static void without_power_for_longer_than_it_holds_a_host_reboots(void **state)
{
	struct scenario s = read_well("hosts 198.18.0.1 site A holdup 0s boot 40s uptime 1h\n"
				      "hosts 198.18.0.2 site A holdup 5s boot 40s uptime 1h\n"
				      "hosts 198.18.0.3 site A holdup 50s uptime 1h\n"
				      "hosts 198.18.0.4 site B uptime 1h\n"
				      "at 10s power off site A\n"
				      "at 30s power on site A\n"
				      "at 100s power off site A\n");
	struct plan plan;
	(void)state;

	plan_make(&s, &plan);
	for (size_t host = 1; host <= 2; host++) {
		int64_t held = host == 2 ? 5 * NS_PER_S : 0;
		const struct lives *l = &plan.hosts[host];
		assert_int_equal(l->count, 2);
		assert_int_equal(l->at[0].boot, -3600 * NS_PER_S);
		assert_int_equal(l->at[0].until, 10 * NS_PER_S + held);
		assert_int_equal(l->at[1].boot, 40 * NS_PER_S);
		assert_int_equal(l->at[1].from, 70 * NS_PER_S);
		assert_int_equal(l->at[1].until, 100 * NS_PER_S + held);
	}
	assert_int_equal(plan.hosts[3].count, 1);
	assert_int_equal(plan.hosts[3].at[0].until, 150 * NS_PER_S);
	assert_int_equal(plan.hosts[4].count, 1);
	assert_true(plan.hosts[4].at[0].until == PLAN_FOREVER);
	assert_int_equal(plan.hosts[5].count, 0);
	assert_null(plan_life(&plan, 1, 69 * NS_PER_S));
	assert_non_null(plan_life(&plan, 1, 70 * NS_PER_S));
	plan_finish(&plan);
	scenario_finish(&s);
}

static void power_that_comes_and_goes_before_a_host_is_up_leaves_it_down(void **state)
{
	struct scenario s = read_well("hosts 198.18.0.1 site A boot 40s\n"
				      "at 10s power off site A\n"
				      "at 30s power on site A\n"
				      "at 50s power off site A\n"
				      "at 90s power on site A\n");
	struct plan plan;
	(void)state;

	plan_make(&s, &plan);
	assert_int_equal(plan.hosts[1].count, 2);
	assert_int_equal(plan.hosts[1].at[1].from, 130 * NS_PER_S);
	plan_finish(&plan);
	scenario_finish(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_has_what_later_lines_say_and_the_usual_otherwise),
		cmocka_unit_test(a_share_of_hosts_is_about_that_share_and_the_same_each_time),
		cmocka_unit_test(events_are_scaled_and_stand_in_the_order_of_time),
		cmocka_unit_test(what_is_wrong_is_told_with_its_line),
		cmocka_unit_test(without_power_for_longer_than_it_holds_a_host_reboots),
		cmocka_unit_test(power_that_comes_and_goes_before_a_host_is_up_leaves_it_down),
	};
	return cmocka_run_group_tests_name("lab_scenario", tests, NULL, NULL);
}
