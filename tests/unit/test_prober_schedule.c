#include "tests/unit/unit.h"

#include "prober/active/self_check.h"
#include "prober/schedule/schedule.h"
#include "prober/sweep/identity.h"

static void starts_lie_on_wall_clock_multiples(void **state)
{
	struct schedule schedule;
	struct wall now = {INT64_C(1700000001) * NS_PER_S};
	int64_t late;
	(void)state;

	schedule_init(&schedule, 660 * NS_PER_S, now);
	assert_int_equal(schedule.next.ns % (660 * NS_PER_S), 0);
	assert_true(schedule.next.ns >= now.ns);
	assert_false(schedule_due(&schedule, now, &late));
	struct wall first = schedule.next;
	assert_true(schedule_due(&schedule, wall_after(first, 5), &late));
	assert_int_equal(late, 5);
	assert_int_equal(schedule.missed, 0);
	assert_int_equal(wall_since(schedule.next, first), 660 * NS_PER_S);
}

static void a_missed_start_is_counted_and_not_caught_up(void **state)
{
	struct schedule schedule;
	int64_t late;
	(void)state;

	schedule_init(&schedule, NS_PER_S, (struct wall){0});
	assert_true(schedule_due(&schedule, (struct wall){3 * NS_PER_S + 7}, &late));
	assert_int_equal(schedule.missed, 3);
	assert_int_equal(late, 7);
	assert_int_equal(schedule.next.ns, 4 * NS_PER_S);
}

static void after_the_clock_went_back_the_next_multiple_is_next(void **state)
{
	struct schedule schedule;
	int64_t late;
	(void)state;

	schedule_init(&schedule, NS_PER_S, (struct wall){7200 * NS_PER_S});
	assert_false(schedule_due(&schedule, (struct wall){3600 * NS_PER_S + 1}, &late));
	assert_int_equal(schedule.next.ns, 3601 * NS_PER_S);
}

static void the_self_check_sees_steps_sleep_and_drops_but_not_slewing(void **state)
{
	struct self_check self_check = {0};
	struct self_check_reading r = {.mono = {0}, .wall = {1000 * NS_PER_S}, .dropped = 3};
	(void)state;

	assert_int_equal(self_check_look(&self_check, &r).flags, 0);
	r.mono.ns += 100 * NS_PER_MS;
	r.wall.ns += 100 * NS_PER_MS + 50 * NS_PER_US;
	r.dropped += 2;
	struct self_check_result glance = self_check_look(&self_check, &r);
	assert_int_equal(glance.flags, 0);
	assert_int_equal(glance.dropped, 2);
	assert_int_equal(glance.since.ns, 0);

	r.mono.ns += 100 * NS_PER_MS;
	r.wall.ns += 3600 * NS_PER_S;
	assert_int_equal(self_check_look(&self_check, &r).flags, SWEEP_CLOCK_STEP);
	r.mono.ns += 100 * NS_PER_MS;
	r.wall.ns -= 3600 * NS_PER_S;
	assert_int_equal(self_check_look(&self_check, &r).flags, SWEEP_CLOCK_STEP);
	r.mono.ns += 10 * NS_PER_S;
	r.wall.ns += 10 * NS_PER_S;
	assert_int_equal(self_check_look(&self_check, &r).flags, SWEEP_SUSPENDED);
	r.mono.ns += 100 * NS_PER_MS;
	r.asleep_ns += 60 * NS_PER_S;
	r.wall.ns += 60 * NS_PER_S + 100 * NS_PER_MS;
	assert_int_equal(self_check_look(&self_check, &r).flags, SWEEP_SUSPENDED);
}

static void an_identity_follows_from_every_part_of_its_subject(void **state)
{
	struct identity_key key = {{1, 2, 3}};
	struct identity_subject base = {.sweep = 9,
		.target = {0xc6120001},
		.method = METHOD_TCP,
		.port = 80,
		.ttl = 64,
		.attempt = 1};
	uint32_t first = identity_of(&key, &base);
	struct identity_subject other = base;
	(void)state;

	assert_int_equal(identity_of(&key, &base), first);
	other.sweep++;
	assert_int_not_equal(identity_of(&key, &other), first);
	other = base;
	other.target.host++;
	assert_int_not_equal(identity_of(&key, &other), first);
	other = base;
	other.method = METHOD_ICMP;
	assert_int_not_equal(identity_of(&key, &other), first);
	other = base;
	other.port = 443;
	assert_int_not_equal(identity_of(&key, &other), first);
	other = base;
	other.attempt = 2;
	assert_int_not_equal(identity_of(&key, &other), first);
	key.bytes[15] ^= 1;
	assert_int_not_equal(identity_of(&key, &base), first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_lie_on_wall_clock_multiples),
		cmocka_unit_test(a_missed_start_is_counted_and_not_caught_up),
		cmocka_unit_test(after_the_clock_went_back_the_next_multiple_is_next),
		cmocka_unit_test(the_self_check_sees_steps_sleep_and_drops_but_not_slewing),
		cmocka_unit_test(an_identity_follows_from_every_part_of_its_subject),
	};
	return cmocka_run_group_tests_name("prober_schedule", tests, NULL, NULL);
}
