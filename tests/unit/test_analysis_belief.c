/* What silence is worth, and when a block is down. */
#include "tests/unit/unit.h"

#include <math.h>

#include "analysis/method/belief.h"
#include "core/clock.h"

enum { HOSTS_MOST = 64 };

static struct silence silence_of(double each_nats, size_t count)
{
	return (struct silence){(float)each_nats, (float)(each_nats * (double)(count - 1))};
}

static void worth_is_bounded_by_how_long_bursts_last(void **state)
{
	struct parameters parameters = parameters_of(1);
	struct silence many = silence_of(4, 100);
	(void)state;

	assert_true(fabs(silence_nats(&many, 0, &parameters) - (4)) <= 1e-6);
	/* Half of all bursts last ten seconds, one in a hundred 43 s. */
	assert_true(fabs(silence_nats(&many, 10 * NS_PER_S, &parameters) - (4 + log(2))) <= 1e-6);
	assert_true(fabs(silence_nats(&many, 43 * NS_PER_S, &parameters) - (4 + log(100))) <= 0.05);
	/* Far apart, each probe says what it says. */
	struct silence two = silence_of(4, 2);
	assert_true(fabs(silence_nats(&two, 3600 * NS_PER_S, &parameters) - (8)) <= 1e-6);
}

static void worth_grows_with_silences_and_with_time(void **state)
{
	struct parameters parameters = parameters_of(1);
	(void)state;

	for (size_t n = 2; n < 50; n++)
		for (int64_t s = 1; s < 1000; s += 7) {
			struct silence less = silence_of(2, n - 1);
			struct silence more = silence_of(2, n);
			assert_true(silence_nats(&more, s * NS_PER_S, &parameters) >=
				    silence_nats(&less, s * NS_PER_S, &parameters));
			assert_true(silence_nats(&more, (s + 1) * NS_PER_S, &parameters) >=
				    silence_nats(&more, s * NS_PER_S, &parameters));
		}
}

/* So many hosts, silent `count` times each, asked each step_s. */
static double down_after(size_t hosts, size_t count, int64_t step_s)
{
	struct parameters parameters = parameters_of(1);
	struct belief_host items[HOSTS_MOST];
	struct silence one = silence_of(4, count);
	int64_t lasted_ns = (int64_t)(count - 1) * step_s * NS_PER_S;
	struct belief_block block = {.hosts = items,
		.count = hosts,
		.silence = silence_of(4, hosts * count),
		.lasted_ns = lasted_ns + step_s * NS_PER_S * (int64_t)(hosts - 1) / (int64_t)hosts,
		.within_ns = step_s * NS_PER_S / (int64_t)hosts};

	for (size_t i = 0; i < hosts; i++)
		items[i] = (struct belief_host){.nats = silence_nats(&one, lasted_ns, &parameters),
			.rate = 1 / (double)parameters.failure_ns,
			.within_ns = step_s * NS_PER_S,
			.together = true};
	return belief_down(&block, &parameters);
}

static void four_silences_of_each_are_enough_on_any_schedule(void **state)
{
	static const int64_t steps_s[] = {60, 660, 3600, 43200};
	(void)state;

	for (size_t i = 0; i < sizeof(steps_s) / sizeof(steps_s[0]); i++)
		for (size_t hosts = 1; hosts <= HOSTS_MOST; hosts *= 2) {
			assert_true(down_after(hosts, 4, steps_s[i]) >= BELIEF_DOWN);
			assert_true(down_after(hosts, 1, 60) < BELIEF_DOWN);
		}
	for (size_t i = 0; i < sizeof(steps_s) / sizeof(steps_s[0]); i++)
		assert_true(down_after(1, 1, steps_s[i]) < BELIEF_DOWN);
}

static void one_that_has_hardly_been_asked_keeps_the_block_up(void **state)
{
	struct parameters parameters = parameters_of(1);
	struct belief_host hosts[] = {
		{.nats = 40, .rate = 1e-15, .within_ns = 60 * NS_PER_S, .together = true},
		{.nats = 40, .rate = 1e-15, .within_ns = 60 * NS_PER_S, .together = true},
		{.nats = 1, .rate = 1e-15, .within_ns = 60 * NS_PER_S, .together = true},
	};
	struct belief_block block = {hosts, 3, silence_of(8, 10), 600 * NS_PER_S, NS_PER_S};
	(void)state;

	assert_true(belief_down(&block, &parameters) < BELIEF_DOWN);
	hosts[2].nats = 8;
	assert_true(belief_down(&block, &parameters) >= BELIEF_DOWN);
}

/* Many hosts silent once, within a burst: that is the way to them, not they. */
static void a_burst_on_the_way_to_all_is_no_outage(void **state)
{
	struct parameters parameters = parameters_of(1);
	struct belief_host hosts[HOSTS_MOST];
	struct belief_block block = {
		hosts, HOSTS_MOST, silence_of(4, 2 * HOSTS_MOST), 20 * NS_PER_S, NS_PER_S};
	(void)state;

	for (size_t i = 0; i < HOSTS_MOST; i++)
		hosts[i] = (struct belief_host){8, 1e-15, 60 * NS_PER_S, true};
	assert_true(belief_down(&block, &parameters) < 0.5);
	block.lasted_ns = 240 * NS_PER_S;
	assert_true(belief_down(&block, &parameters) >= BELIEF_DOWN);
}

static void a_host_gone_long_ago_does_not_hold_the_block_up(void **state)
{
	struct parameters parameters = parameters_of(1);
	struct belief_host hosts[] = {
		{.nats = 5000, .rate = 1e-15, .within_ns = 60 * NS_PER_S, .together = false},
		{.nats = 20, .rate = 1e-15, .within_ns = 60 * NS_PER_S, .together = true},
	};
	struct belief_block block = {hosts, 2, silence_of(5, 4), 600 * NS_PER_S, NS_PER_S};
	(void)state;

	assert_true(belief_down(&block, &parameters) >= BELIEF_DOWN);
	block.count = 0;
	assert_true(belief_down(&block, &parameters) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worth_is_bounded_by_how_long_bursts_last),
		cmocka_unit_test(worth_grows_with_silences_and_with_time),
		cmocka_unit_test(four_silences_of_each_are_enough_on_any_schedule),
		cmocka_unit_test(one_that_has_hardly_been_asked_keeps_the_block_up),
		cmocka_unit_test(a_burst_on_the_way_to_all_is_no_outage),
		cmocka_unit_test(a_host_gone_long_ago_does_not_hold_the_block_up),
	};

	return cmocka_run_group_tests_name("belief", tests, NULL, NULL);
}
