#include "tests/unit/unit.h"

#include "prober/active/pace.h"
#include "prober/sweep/order.h"
#include "prober/sweep/timer_queue.h"

/* Wake-ups come at odd times; still no window holds more than the rate and the
 * small burst allow. */
static void no_window_exceeds_the_rate(void **state)
{
	enum { RATE = 1000, MOST = 20000 };
	static int64_t sent[MOST];
	size_t count = 0;
	struct pace pace;
	struct mono now = {0};
	(void)state;

	pace_init(&pace, RATE, now);
	for (uint64_t i = 0; count < MOST; i++) {
		now.ns += (int64_t)(order_mix(i) % (10 * NS_PER_MS));
		while (pace_next(&pace).ns <= now.ns && count < MOST) {
			pace_take(&pace, now);
			sent[count++] = now.ns;
		}
	}
	for (size_t i = 0; i + 500 < count; i++)
		assert_true(sent[i + 500] - sent[i] >= (500 - 6) * NS_PER_S / RATE);
}

/* A timer of whole milliseconds comes up to one late. */
static void who_rests_a_breath_keeps_up_with_the_rate(void **state)
{
	static const double rates[] = {100, 1000, 4000, 10000, 50000};
	(void)state;

	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct pace pace;
		struct mono now = {0};
		size_t count = 0;
		pace_init(&pace, rates[i], now);
		for (uint64_t k = 0; now.ns < 10 * NS_PER_S; k++) {
			now.ns += pace_breath_ns(&pace) + (int64_t)(order_mix(k) % NS_PER_MS);
			for (; pace_next(&pace).ns <= now.ns; count++)
				pace_take(&pace, now);
		}
		assert_true((double)count > 9.99 * rates[i]);
	}
}

static void a_ceiling_holds_in_every_window(void **state)
{
	enum { RATE = 2, MOST = 4000 };
	static int64_t sent[MOST];
	size_t count = 0;
	struct ceiling ceiling;
	struct mono now = {0};
	(void)state;

	ceiling_init(&ceiling, RATE, 10 * NS_PER_S);
	for (uint64_t i = 0; i < 200000 && count < MOST; i++) {
		now.ns += (int64_t)(order_mix(i) % (50 * NS_PER_MS));
		struct ip4 target = {0xc6120000 + (uint32_t)(i % 256)};
		if (ceiling_take(&ceiling, target, METHOD_ICMP, 0, now))
			sent[count++] = now.ns;
	}
	assert_true(count > 1000);
	for (size_t i = 0; i + 20 < count; i++)
		assert_true(sent[i + 20] - sent[i] >= 10 * NS_PER_S);
	ceiling_finish(&ceiling);
}

static void blocks_and_kinds_have_ceilings_of_their_own(void **state)
{
	struct ceiling ceiling;
	struct mono now = {NS_PER_S};
	struct ip4 a = {0xc6120001};
	struct ip4 b = {0xc6120101};
	(void)state;

	ceiling_init(&ceiling, 1, NS_PER_S);
	assert_true(ceiling_take(&ceiling, a, METHOD_ICMP, 0, now));
	assert_false(ceiling_take(&ceiling, a, METHOD_ICMP, 0, now));
	assert_true(ceiling_take(&ceiling, a, METHOD_TCP, 80, now));
	assert_true(ceiling_take(&ceiling, a, METHOD_TCP, 443, now));
	assert_false(ceiling_take(&ceiling, a, METHOD_TCP, 443, now));
	assert_true(ceiling_take(&ceiling, b, METHOD_ICMP, 0, now));
	assert_int_equal(ceiling_left(&ceiling, b, METHOD_ICMP, 0, now), 0);
	assert_int_equal(ceiling_left(&ceiling, b, METHOD_TCP, 80, now), 1);
	ceiling_finish(&ceiling);
}

static size_t take_all(struct ceiling *ceiling, struct mono now)
{
	size_t count = 0;

	while (count < 1000 && ceiling_take(ceiling, (struct ip4){0xc6120001}, METHOD_ICMP, 0, now))
		count++;
	return count;
}

static void what_was_sent_counts_when_a_ceiling_changes(void **state)
{
	struct ceiling ceiling;
	struct mono now = {1000 * NS_PER_S};
	(void)state;

	ceiling_init(&ceiling, 2, 10 * NS_PER_S);
	assert_int_equal(take_all(&ceiling, now), 20);
	ceiling_change(&ceiling, 3, 10 * NS_PER_S, now);
	assert_int_equal(take_all(&ceiling, now), 10);
	now = mono_after(now, 5 * NS_PER_S);
	ceiling_change(&ceiling, 2, 20 * NS_PER_S, now); /* 40 in 20 s, 30 of them sent */
	assert_int_equal(take_all(&ceiling, now), 10);
	assert_int_equal(take_all(&ceiling, mono_after(now, 19 * NS_PER_S)), 0);
	now = mono_after(now, 25 * NS_PER_S);
	assert_int_equal(take_all(&ceiling, now), 40);
	ceiling_change(&ceiling, 0, 20 * NS_PER_S, now);
	assert_int_equal(take_all(&ceiling, now), 1000);
	ceiling_finish(&ceiling);
}

static void the_timer_queue_gives_out_by_time_then_by_task(void **state)
{
	struct timer_queue timers;
	struct timer_queue_entry last = {{INT64_MIN}, 0};
	(void)state;

	timer_queue_init(&timers, 4);
	for (uint32_t i = 0; i < 1000; i++)
		timer_queue_add(&timers, (struct mono){(int64_t)(order_mix(i) % 100)}, i);
	for (int i = 0; i < 1000; i++) {
		const struct timer_queue_entry *first = timer_queue_first(&timers);
		assert_true(first->at.ns > last.at.ns ||
			    (first->at.ns == last.at.ns && first->task > last.task));
		last = *first;
		timer_queue_drop_first(&timers);
	}
	assert_null(timer_queue_first(&timers));
	timer_queue_finish(&timers);
}

/* As a sweep does it: slots, and behind each several waits that may not fit. */
static void the_timer_queue_keeps_order_while_more_is_added(void **state)
{
	struct timer_queue timers;
	struct timer_queue_entry last = {{INT64_MIN}, 0};
	size_t given = 0;
	size_t added = 500;
	(void)state;

	timer_queue_init(&timers, 0);
	for (uint32_t i = 0; i < 500; i++)
		timer_queue_add(&timers, (struct mono){10 * i}, i);
	for (const struct timer_queue_entry *first; (first = timer_queue_first(&timers)); given++) {
		struct timer_queue_entry now = *first;
		assert_true(now.at.ns > last.at.ns ||
			    (now.at.ns == last.at.ns && now.task > last.task));
		last = now;
		timer_queue_drop_first(&timers);
		for (uint32_t k = 0; k < 7 && now.task < 500; k++, added++) {
			int64_t wait =
				1 + (int64_t)(order_mix(now.task) % 3000) * (k == 6) + 400 * k;
			timer_queue_add(
				&timers, mono_after(now.at, wait), now.task + 500 * (k + 1));
		}
	}
	assert_int_equal(given, added);
	timer_queue_finish(&timers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_window_exceeds_the_rate),
		cmocka_unit_test(who_rests_a_breath_keeps_up_with_the_rate),
		cmocka_unit_test(a_ceiling_holds_in_every_window),
		cmocka_unit_test(blocks_and_kinds_have_ceilings_of_their_own),
		cmocka_unit_test(what_was_sent_counts_when_a_ceiling_changes),
		cmocka_unit_test(the_timer_queue_gives_out_by_time_then_by_task),
		cmocka_unit_test(the_timer_queue_keeps_order_while_more_is_added),
	};
	return cmocka_run_group_tests_name("prober_pace", tests, NULL, NULL);
}
