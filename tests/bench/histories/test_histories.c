#include "tests/unit/unit.h"

#include <stdio.h>
#include <unistd.h>

#include "tests/bench/histories/families.h"
#include "tests/bench/histories/losses.h"
#include "tests/bench/histories/observe.h"
#include "tests/bench/histories/ordered.h"
#include "tests/bench/histories/stream.h"

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
		struct history *a = family_history(family, 3, &(struct play){.days = 4});
		struct history *b = family_history(family, 3, &(struct play){.days = 4});
		struct history *c = family_history(family, 4, &(struct play){.days = 4});
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
	losses_free(&losses);
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

/* Member by member: padding is nobody's. */
static void assert_same_observation(const struct observation *a, const struct observation *b)
{
	assert_int_equal(observation_order(a, b), 0);
	assert_int_equal(a->probed_at.ns, b->probed_at.ns);
	assert_int_equal(a->outcome, b->outcome);
	assert_int_equal(a->rtt_ns, b->rtt_ns);
	assert_int_equal(a->has_responder, b->has_responder);
	assert_true(!a->has_responder || ip4_equal(a->responder, b->responder));
	assert_int_equal(a->icmp_type, b->icmp_type);
	assert_int_equal(a->icmp_code, b->icmp_code);
	assert_int_equal(a->reply_ttl, b->reply_ttl);
	assert_int_equal(a->ip_id, b->ip_id);
	assert_int_equal(a->has_tcp_ts, b->has_tcp_ts);
	assert_true(!a->has_tcp_ts || a->tcp_ts == b->tcp_ts);
	assert_int_equal(a->attempt, b->attempt);
	assert_int_equal(a->attempts, b->attempts);
}

static void assert_same_sweep(const struct sweep *a, const struct sweep *b)
{
	assert_int_equal(a->info.sweep, b->info.sweep);
	assert_string_equal(a->info.vantage, b->info.vantage);
	assert_string_equal(a->info.epoch, b->info.epoch);
	assert_int_equal(a->info.tier, b->info.tier);
	assert_int_equal(a->info.start.ns, b->info.start.ns);
	assert_int_equal(a->info.end.ns, b->info.end.ns);
	assert_int_equal(a->info.interval_ns, b->info.interval_ns);
	assert_string_equal(a->info.methods, b->info.methods);
	assert_int_equal(a->info.has_source, b->info.has_source);
	assert_true(ip4_equal(a->info.source, b->info.source));
	assert_int_equal(a->info.probed, b->info.probed);
	assert_int_equal(a->info.sent, b->info.sent);
	assert_int_equal(a->info.received, b->info.received);
	assert_int_equal(a->info.capture_dropped, b->info.capture_dropped);
	assert_int_equal(a->info.send_errors, b->info.send_errors);
	assert_int_equal(a->info.anchors_probed, b->info.anchors_probed);
	assert_int_equal(a->info.anchors_up, b->info.anchors_up);
	assert_int_equal(a->info.clock_error_us, b->info.clock_error_us);
	assert_int_equal(a->info.flags, b->info.flags);
	assert_string_equal(a->info.counts, b->info.counts);
	assert_int_equal(a->observation_count, b->observation_count);
	for (size_t i = 0; i < a->observation_count; i++)
		assert_same_observation(&a->observations[i], &b->observations[i]);
	assert_int_equal(a->hop_count, b->hop_count);
	for (size_t i = 0; i < a->hop_count; i++) {
		const struct hop *x = &a->hops[i];
		const struct hop *y = &b->hops[i];
		assert_true(ip4_equal(x->address, y->address));
		assert_int_equal(x->ttl, y->ttl);
		assert_int_equal(x->probed_at.ns, y->probed_at.ns);
		assert_int_equal(x->outcome, y->outcome);
		assert_int_equal(x->has_responder, y->has_responder);
		assert_true(!x->has_responder || ip4_equal(x->responder, y->responder));
		assert_int_equal(x->rtt_ns, y->rtt_ns);
	}
	assert_int_equal(a->boot_count, b->boot_count);
}

static void compare_with_store(const char *family, const char *path)
{
	struct history *history =
		family_history(family_named(family), 10, &(struct play){.days = 1});
	struct ordered *ordered = ordered_create(family, 10, &(struct play){.days = 1});
	struct stream_count count;
	struct store_reader *reader;
	struct store *store;
	struct sweep stored, direct;
	struct diag why = {0};

	assert_int_equal(store_open(path, STORE_WRITE, &why, &store), 0);
	assert_int_equal(stream_world(history->world, store, &count, &why), 0);
	assert_int_equal(store_read(store, (struct wall){INT64_MAX}, &why, &reader), 0);
	while (store_next(reader, &stored, &why) == 1) {
		assert_true(ordered_next(ordered, &direct));
		assert_same_sweep(&stored, &direct);
		count.sweeps--;
	}
	assert_false(ordered_next(ordered, &direct));
	assert_int_equal(count.sweeps, 0);

	struct target_row *put, *kept;
	size_t put_count, kept_count;
	put = ordered_targets(ordered, &put_count);
	assert_int_equal(store_targets(store, &why, &kept, &kept_count), 0);
	assert_int_equal(put_count, kept_count);
	for (size_t i = 0; i < put_count; i++) {
		assert_true(ip4_equal(put[i].prefix.base, kept[i].prefix.base));
		assert_int_equal(put[i].prefix.len, kept[i].prefix.len);
		assert_int_equal(put[i].role, kept[i].role);
		assert_string_equal(put[i].label, kept[i].label);
	}
	free(put);
	free(kept);
	store_reader_close(reader);
	store_close(store);
	ordered_destroy(ordered);
	history_destroy(history);
}

static void a_history_comes_as_its_store_would_give_it_back(void **state)
{
	static const char *const some[] = {"F1", "F8", "F9", "F13", "F15", "K2"};
	char directory[] = "/tmp/test-histories-XXXXXX";
	char path[64];
	(void)state;

	assert_non_null(mkdtemp(directory));
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		snprintf(path, sizeof(path), "%s/store.db", directory);
		compare_with_store(some[i], path);
		for (const char *const *end = (const char *const[]){"", "-wal", "-shm", NULL}; *end;
			end++) {
			snprintf(path, sizeof(path), "%s/store.db%s", directory, *end);
			unlink(path);
		}
	}
	rmdir(directory);
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
		cmocka_unit_test(a_history_comes_as_its_store_would_give_it_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
