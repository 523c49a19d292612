#include "tests/unit/unit.h"

#include <stdlib.h>

#include "tests/bench/histories/families.h"
#include "tests/bench/histories/looks.h"
#include "tests/bench/histories/losses.h"
#include "tests/bench/histories/schedule.h"
#include "tests/bench/histories/stream.h"

static struct history *played(const char *family, uint64_t seed, struct play play)
{
	return family_history(family_named(family), seed, &play);
}

static int64_t event_length(const struct history *history, int number)
{
	return history->events[number].stop - history->events[number].start;
}

static void outages_are_stretched_to_the_schedule(void **state)
{
	struct history *hourly = played("F7", 3, (struct play){.every_ns = HOURS(1)});
	struct history *usual = played("F7", 3, (struct play){.days = 4});
	(void)state;

	assert_int_equal(stretched(usual->world, MINUTES(4)), MINUTES(4));
	assert_int_equal(stretched(hourly->world, MINUTES(4)), HOURS(3.5));
	assert_int_equal(stretched(hourly->world, FOR_EVER), FOR_EVER);
	assert_true(hourly->event_count >= 10);
	for (int i = 0; i < hourly->event_count; i++)
		assert_true(event_length(hourly, i) > HOURS(3));
	history_destroy(hourly);
	history_destroy(usual);
}

static int counted(const struct world *world)
{
	int count = 0;

	for (int m = 0; m < world->machine_count; m++)
		count += machine_counted(world, m);
	return count;
}

static void there_are_as_many_hosts_as_wished(void **state)
{
	static const int hosts[] = {1, 3, 5, 10, 40};
	(void)state;

	for (uint64_t seed = 0; seed < 12; seed++)
		for (int i = 0; i < 5; i++) {
			struct history *history =
				played("N1", seed, (struct play){.days = 2, .hosts = hosts[i]});
			assert_int_equal(counted(history->world), hosts[i]);
			for (int b = 0; b < history->world->block_count; b++)
				assert_true(block_machines(history->world, b) >= (i > 0 ? 2 : 1));
			history_destroy(history);
		}
}

static void hosts_answer_the_wished_kind_only(void **state)
{
	struct history *tcp = played("A6", 7, (struct play){.days = 2});
	struct history *icmp = played("F1", 7, (struct play){.days = 2, .kinds = PLAY_ICMP});
	(void)state;

	for (int i = 0; i < tcp->world->endpoint_count; i++)
		if (tcp->world->endpoints[i].machine >= 0)
			assert_true(
				tcp->world->endpoints[i].port && !tcp->world->endpoints[i].icmp);
	for (int i = 0; i < icmp->world->endpoint_count; i++)
		assert_false(icmp->world->endpoints[i].port);
	history_destroy(tcp);
	history_destroy(icmp);
}

static void an_irregular_schedule_has_gaps_and_no_interval(void **state)
{
	struct history *history = played("F1", 2,
		(struct play){.every_ns = HOURS(2), .irregular = true, .days = 20, .hosts = 5});
	struct stream *stream = stream_create(history->world);
	struct sweep sweep;
	int64_t last = 0, least = INT64_MAX, most = 0;
	(void)state;

	while (stream_next(stream, &sweep)) {
		int64_t gap = sweep.info.start.ns - last;
		assert_int_equal(sweep.info.interval_ns, 0);
		if (last && gap < least)
			least = gap;
		if (last && gap > most)
			most = gap;
		last = sweep.info.start.ns;
	}
	assert_true(least >= MINUTES(10) && least < MINUTES(25));
	assert_true(most > HOURS(4) && most <= HOURS(6));
	stream_destroy(stream);
	history_destroy(history);
}

/* Of one host, by what the stream gives: sweeps with a row of it from one time to another. */
static int rows_of(struct history *history, int machine, int64_t from, int64_t to)
{
	struct stream *stream = stream_create(history->world);
	struct sweep sweep;
	int count = 0;

	while (stream_next(stream, &sweep))
		for (size_t i = 0; i < sweep.observation_count; i++) {
			const struct observation *seen = &sweep.observations[i];
			const struct endpoint *asked = NULL;
			for (int k = 0; k < history->world->endpoint_count; k++)
				if (ip4_equal(history->world->endpoints[k].address, seen->address))
					asked = &history->world->endpoints[k];
			count += asked && asked->machine == machine && seen->probed_at.ns >= from &&
				 seen->probed_at.ns < to;
		}
	stream_destroy(stream);
	return count;
}

static void the_truth_knows_how_often_a_host_was_asked(void **state)
{
	struct play play = {.every_ns = HOURS(1),
		.days = 10,
		.hosts = 3,
		.kinds = PLAY_ICMP,
		.tiers = PLAY_WATCH};
	struct history *history = played("F1", 5, play);
	struct world *world = history->world;
	bool only[WORLD_MACHINES] = {true};
	(void)state;

	spans_finish(&world->vantages[0].bursts); /* no sweep is blind */
	for (int hours = 1; hours < 30; hours += 7) {
		int64_t from = world->start + DAYS(1), to = from + HOURS(hours);
		int rows = rows_of(history, 0, from, to);
		int looks = looks_between(world, 0, from, to);
		assert_true(looks >= hours && looks >= rows); /* full sweeps list no silence */
		assert_true(looks - rows <= 1 + hours / 10);
		struct look_pair pair = looks_around(world, only, to);
		assert_true(pair.before < to && pair.after >= to);
		assert_true(pair.after - pair.before <= HOURS(1) + SECONDS(1));
		assert_int_equal(looks_between(world, 0, pair.before + 1, pair.after), 0);
	}
	history_destroy(history);
}

/* Share of the rows of hosts in which they answer, and the least RTT of these, while a span of
 * the first provider holds. */
static double answered_during(struct history *history, const struct spans *spans, int64_t *ret_rtt)
{
	struct stream *stream = stream_create(history->world);
	struct spans during = *spans;
	struct sweep sweep;
	int asked = 0, answered = 0;

	*ret_rtt = INT64_MAX;
	while (stream_next(stream, &sweep))
		for (size_t i = 0; i < sweep.observation_count; i++) {
			const struct observation *seen = &sweep.observations[i];
			if (!prefix_holds(history->world->blocks[0], seen->address) ||
				!spans_at(&during, seen->probed_at.ns))
				continue;
			asked++;
			answered += seen->outcome != OUTCOME_SILENT;
			if (seen->outcome == OUTCOME_ECHO_REPLY && seen->rtt_ns < *ret_rtt)
				*ret_rtt = seen->rtt_ns;
		}
	stream_destroy(stream);
	assert_true(asked > 100);
	return (double)answered / asked;
}

static int losses_in(struct history *history, const struct event *event)
{
	struct losses losses;
	int count = 0;

	losses_of_world(history->world, &losses);
	for (size_t i = 0; i < losses.count; i++)
		count += losses.items[i].start >= event->start &&
			 losses.items[i].start < event->stop;
	losses_free(&losses);
	return count;
}

static void by_satellite_everybody_is_there_but_far(void **state)
{
	struct play play = {.days = 6, .hosts = 5, .kinds = PLAY_ICMP};
	struct history *history = played("A2", 4, play);
	int64_t rtt;
	(void)state;

	assert_true(history->world->providers[0].detour.count > 0);
	double answered = answered_during(history, &history->world->providers[0].detour, &rtt);
	assert_true(answered > 0.95); /* with retries */
	assert_true(rtt >= SECONDS(0.53));
	for (int i = 0; i < history->event_count; i++)
		if (history->events[i].cause == CAUSE_NOTHING)
			assert_int_equal(losses_in(history, &history->events[i]), 0);
	history_destroy(history);
}

static void on_two_paths_half_of_the_probes_are_lost_and_nobody_is(void **state)
{
	struct play play = {.days = 12, .hosts = 5, .kinds = PLAY_ICMP};
	struct history *history = played("A5", 6, play);
	struct world *world = history->world;
	int64_t rtt;
	(void)state;

	world->retry_count = 0;
	assert_true(world->providers[0].split.count > 0);
	for (size_t i = 0; i < world->providers[0].split.count; i++) {
		world->providers[0].split.items[i].from = 1;
		world->providers[0].split.items[i].kind = SPLIT_PROBES;
	}
	double answered = answered_during(history, &world->providers[0].split, &rtt);
	assert_true(answered > 0.4 && answered < 0.6);
	for (int i = 0; i < history->event_count; i++)
		if (history->events[i].cause == CAUSE_NOTHING)
			assert_int_equal(losses_in(history, &history->events[i]), 0);
	history_destroy(history);
}

static void a_box_at_the_edge_answers_whatever_happens(void **state)
{
	(void)state;

	for (uint64_t seed = 0; seed < 20; seed++) {
		struct history *history = played("A4", seed, (struct play){.days = 6, .hosts = 10});
		struct world *world = history->world;
		struct stream *stream = stream_create(world);
		struct sweep sweep;
		size_t most = 0;
		bool boxed = false;
		for (int b = 0; b < world->block_count; b++)
			boxed = boxed || world->far_box[b].count;
		while (stream_next(stream, &sweep))
			if (sweep.info.tier == TIER_FULL && sweep.observation_count > most)
				most = sweep.observation_count;
		assert_true(!boxed || most > 220);
		stream_destroy(stream);
		history_destroy(history);
	}
}

static void who_goes_for_good_does_not_return(void **state)
{
	int gone = 0;
	(void)state;

	for (uint64_t seed = 0; seed < 8; seed++) {
		struct history *history =
			played("A3", seed, (struct play){.every_ns = HOURS(1), .hosts = 10});
		struct losses losses;
		losses_of_world(history->world, &losses);
		for (size_t i = 0; i < losses.count; i++)
			gone += losses.items[i].end == history->world->end &&
				losses.items[i].end - losses.items[i].start > DAYS(10);
		losses_free(&losses);
		history_destroy(history);
	}
	assert_true(gone >= 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outages_are_stretched_to_the_schedule),
		cmocka_unit_test(there_are_as_many_hosts_as_wished),
		cmocka_unit_test(hosts_answer_the_wished_kind_only),
		cmocka_unit_test(an_irregular_schedule_has_gaps_and_no_interval),
		cmocka_unit_test(the_truth_knows_how_often_a_host_was_asked),
		cmocka_unit_test(by_satellite_everybody_is_there_but_far),
		cmocka_unit_test(on_two_paths_half_of_the_probes_are_lost_and_nobody_is),
		cmocka_unit_test(a_box_at_the_edge_answers_whatever_happens),
		cmocka_unit_test(who_goes_for_good_does_not_return),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
