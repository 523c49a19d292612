#include "tests/unit/unit.h"

#include "tests/bench/histories/families.h"
#include "tests/bench/histories/losses.h"
#include "tests/bench/histories/observe.h"

static struct span plain(int64_t start, int64_t end, int kind)
{
	return (struct span){.start = start, .end = end, .kind = kind, .from = 1, .to = 3};
}

static void of_overlapping_spans_the_later_gives_way(void **state)
{
	struct spans spans = {0};
	(void)state;

	spans_add(&spans, plain(50, 90, 2));
	spans_add(&spans, plain(10, 60, 1));
	spans_add(&spans, plain(20, 30, 3)); /* inside another: gone */
	spans_settle(&spans);
	assert_int_equal(spans.count, 2);
	assert_int_equal(spans_at(&spans, 55)->kind, 1);
	assert_int_equal(spans_at(&spans, 60)->kind, 2);
	assert_int_equal(spans_at(&spans, 10)->kind, 1); /* the cursor goes back */
	assert_null(spans_at(&spans, 9));
	assert_null(spans_at(&spans, 90));
	spans_finish(&spans);
}

static void numbers_run_along_a_span(void **state)
{
	struct span span = plain(100, 200, 0);
	(void)state;

	assert_true(span_share(&span, 100) == 1.0);
	assert_true(span_share(&span, 150) == 2.0);
	assert_true(span_share(NULL, 150) == 0.0);
}

static void the_same_seed_makes_the_same_world(void **state)
{
	(void)state;

	for (const struct family *family = families; family->name; family++) {
		struct history *a = family_history(family, 3, 4);
		struct history *b = family_history(family, 3, 4);
		struct history *c = family_history(family, 4, 4);
		assert_int_equal(a->event_count, b->event_count);
		assert_int_equal(a->world->machine_count, b->world->machine_count);
		assert_true(rng_u64(&a->world->rng) == rng_u64(&b->world->rng));
		assert_false(rng_u64(&a->world->rng) == rng_u64(&c->world->rng));
		history_destroy(a);
		history_destroy(b);
		history_destroy(c);
	}
}

/* One block of machines with one address each, all on ICMP, nothing lost by chance. */
static struct history *still_world(int machines)
{
	struct world_wish wish = world_wish_any;

	wish.days = 2;
	wish.blocks = wish.sites = wish.providers = wish.vantages = 1;
	wish.machines_per_block = machines;
	wish.ups_share = wish.flaky_share = 0;
	struct history *history = history_create(world_create("test", 1, &wish));
	for (int i = 0; i < history->world->endpoint_count; i++)
		history->world->endpoints[i].icmp = true;
	history->world->loss = 0;
	spans_finish(&history->world->providers[0].bursts);
	spans_finish(&history->world->vantages[0].bursts);
	return history;
}

static void a_cut_is_one_outage_from_its_start_to_its_end(void **state)
{
	static struct outage_truth found[OUTAGES_PER_EVENT];
	struct history *history = still_world(5);
	struct world *world = history->world;
	struct losses losses;
	int64_t at = world->start + HOURS(20), end = at + HOURS(1);
	(void)state;

	int event = event_add(history, CAUSE_UPSTREAM, at, "cut");
	event_cut(history, event, EVERY, EVERY, at, end, CUT_SILENT);
	event_cut(history, event, EVERY, EVERY, end + MINUTES(10), end + MINUTES(20), CUT_SILENT);
	world_settle(world);
	losses_of_world(world, &losses);
	int count = outages_of_event(world, &losses, &history->events[event], found);
	assert_int_equal(count, 2);
	assert_true(found[0].start == at && found[0].end == end);
	assert_int_equal(found[0].lost, block_machines(world, 0));
	assert_int_equal(found[0].at_onset, found[0].lost);
	assert_int_equal(found[0].at_end, found[0].lost);
	assert_int_equal(found[0].end_points, 1);
	assert_true(found[0].steps);
	for (int i = 0; i < world->endpoint_count; i++) {
		struct rng rng = rng_seed(1, 2);
		if (world->endpoints[i].machine < 0)
			continue;
		assert_int_equal(observe(world, 0, i, METHOD_ICMP, at - 1, &rng).outcome,
			OUTCOME_ECHO_REPLY);
		assert_int_equal(
			observe(world, 0, i, METHOD_ICMP, at, &rng).outcome, OUTCOME_SILENT);
		assert_int_equal(
			observe(world, 0, i, METHOD_ICMP, end, &rng).outcome, OUTCOME_ECHO_REPLY);
	}
	losses_finish(&losses);
	history_destroy(history);
}

static void power_that_returns_restarts_what_had_no_battery(void **state)
{
	struct history *history = still_world(6);
	struct world *world = history->world;
	int64_t at = world->start + HOURS(20), on = at + HOURS(1);
	(void)state;

	world->machines[0].ups_ns = FOR_EVER;
	world->machines[1].ups_ns = MINUTES(30);
	int event = event_add(history, CAUSE_POWER, at, "site");
	event_power(history, event, EVERY, false, at, on);
	world_settle(world);
	assert_null(spans_at(&world->machines[0].down, at + MINUTES(59)));
	assert_null(spans_at(&world->machines[1].down, at + MINUTES(29)));
	assert_non_null(spans_at(&world->machines[1].down, at + MINUTES(31)));
	assert_true(instants_before(&world->machines[0].boots, world->end) < at);
	for (int m = 1; m < world->machine_count; m++) {
		int64_t boot = instants_before(&world->machines[m].boots, world->end);
		if (m == world->border)
			continue;
		assert_true(boot > on);
		assert_non_null(spans_at(&world->machines[m].down, boot));
	}
	history_destroy(history);
}

static void a_clock_counts_from_its_boot_at_its_rate(void **state)
{
	struct history *history = still_world(3);
	struct world *world = history->world;
	struct machine *machine = &world->machines[0];
	struct rng rng = rng_seed(1, 2);
	(void)state;

	machine->clock = CLOCK_GLOBAL;
	machine->hz = 1000;
	machine->skew = 0;
	machine->count_from = 0;
	world->endpoints[0].port = 80;
	world->endpoints[0].refuses = false;
	/* A second before the count wraps, and a second after. */
	machine->boots.items[0] = world->start + HOURS(1) - INT64_C(4294967296000000);
	world_settle(world);
	struct sight before =
		observe(world, 0, 0, METHOD_TCP, world->start + HOURS(1) - SECONDS(1), &rng);
	struct sight after =
		observe(world, 0, 0, METHOD_TCP, world->start + HOURS(1) + SECONDS(1), &rng);
	assert_int_equal(before.outcome, OUTCOME_SYN_ACK);
	assert_true(before.tcp_ts > UINT32_C(4294966000));
	assert_in_range(after.tcp_ts, 1000, 1300);
	history_destroy(history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_overlapping_spans_the_later_gives_way),
		cmocka_unit_test(numbers_run_along_a_span),
		cmocka_unit_test(the_same_seed_makes_the_same_world),
		cmocka_unit_test(a_cut_is_one_outage_from_its_start_to_its_end),
		cmocka_unit_test(power_that_returns_restarts_what_had_no_battery),
		cmocka_unit_test(a_clock_counts_from_its_boot_at_its_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
