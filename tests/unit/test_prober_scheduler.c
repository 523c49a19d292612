#include "tests/unit/unit.h"

#include "prober/schedule/scheduler.h"

enum { COUNT = 300 }; /* two blocks: 256 and 44 */

struct world {
	struct settings settings;
	struct ip4 addresses[COUNT];
	struct scheduler scheduler;
};

static struct wall wall_at(int64_t seconds)
{
	return (struct wall){INT64_C(1800000000) / 660 * 660 * NS_PER_S + seconds * NS_PER_S};
}

static struct mono mono_at(int64_t seconds)
{
	return (struct mono){seconds * NS_PER_S};
}

static struct world *begin(bool once)
{
	struct world *w = calloc(1, sizeof(*w));

	settings_init(&w->settings);
	for (uint32_t i = 0; i < COUNT; i++)
		w->addresses[i].host = 0xc6120000 + i;
	scheduler_init(&w->scheduler, &w->settings, once, w->addresses, COUNT, wall_at(1));
	w->scheduler.recalled = true; /* a history, unless a test says otherwise */
	scheduler_start(&w->scheduler, wall_at(1));
	return w;
}

static void end(struct world *w)
{
	scheduler_finish(&w->scheduler);
	settings_finish(&w->settings);
	free(w);
}

static void watch_first(struct world *w, size_t count)
{
	for (size_t i = 0; i < count; i++)
		w->scheduler.learn.entries[i].watched[METHOD_ICMP] = true;
}

static enum launch_what next(struct world *w, int64_t seconds)
{
	return scheduler_next(&w->scheduler, mono_at(seconds), wall_at(seconds)).what;
}

static void saw(struct world *w, size_t index, enum outcome outcome, int64_t seconds)
{
	struct observation o = observation_blank();

	o.address = w->addresses[index];
	o.outcome = outcome;
	burst_saw(&w->scheduler.burst, &o, mono_at(seconds));
}

static void a_single_sweep_begins_at_once_and_is_the_only_one(void **state)
{
	struct world *w = begin(true);
	(void)state;

	assert_int_equal(next(w, 1), LAUNCH_FULL);
	assert_int_equal(next(w, 1), LAUNCH_NOTHING);
	assert_int_equal(next(w, 5000), LAUNCH_NOTHING);
	assert_true(scheduler_done(&w->scheduler));
	end(w);
}

static void both_tiers_begin_on_their_multiples(void **state)
{
	struct world *w = begin(false);
	int full = 0;
	int watch = 0;
	int paths = 0;
	(void)state;

	watch_first(w, 3);
	for (int64_t s = 1; s <= 1320; s++) {
		struct launch c;
		while ((c = scheduler_next(&w->scheduler, mono_at(s), wall_at(s))).what !=
			LAUNCH_NOTHING) {
			full += c.what == LAUNCH_FULL;
			watch += c.what == LAUNCH_WATCH;
			paths += c.path;
			assert_int_equal(s % (c.what == LAUNCH_FULL ? 660 : 60), 0);
			assert_int_equal(c.missed, 0);
			assert_false(c.late);
		}
	}
	assert_int_equal(full, 2);
	assert_int_equal(watch, 22);
	assert_in_range(paths, 2, 4);
	end(w);
}

static void without_anybody_to_watch_there_is_no_watch_tier(void **state)
{
	struct world *w = begin(false);
	(void)state;

	for (int64_t s = 1; s < 660; s++)
		assert_int_equal(next(w, s), LAUNCH_NOTHING);
	assert_int_equal(next(w, 660), LAUNCH_FULL);
	end(w);
}

static void without_history_a_full_sweep_begins_at_once_and_the_grid_follows(void **state)
{
	/* Begun so long after a multiple of 660 s: when the second sweep follows. */
	static const int64_t begun[][2] = {
		{0, 660}, {1, 660}, {330, 660}, {331, 1320}, {659, 1320}};
	(void)state;

	for (size_t i = 0; i < sizeof(begun) / sizeof(*begun); i++) {
		struct world *w = begin(false);
		w->scheduler.recalled = false;
		scheduler_start(&w->scheduler, wall_at(begun[i][0]));
		/* A start takes a second, which is no lateness. */
		int64_t s = begun[i][0] + 1;
		struct launch c = scheduler_next(&w->scheduler, mono_at(s), wall_at(s));
		assert_int_equal(c.what, LAUNCH_FULL);
		assert_true(c.first);
		assert_false(c.late);
		for (s++; s < begun[i][1]; s++)
			assert_int_equal(next(w, s), LAUNCH_NOTHING);
		c = scheduler_next(&w->scheduler, mono_at(s), wall_at(s));
		assert_int_equal(c.what, LAUNCH_FULL);
		assert_false(c.first);
		assert_int_equal(c.missed, 0);
		assert_int_equal(wall_since(w->scheduler.full.next, wall_at(s)), 660 * NS_PER_S);
		end(w);
	}
}

static void a_late_start_says_so_and_what_passed_is_missed(void **state)
{
	struct world *w = begin(false);
	(void)state;

	struct launch c = scheduler_next(&w->scheduler, mono_at(2000), wall_at(2000));
	assert_int_equal(c.what, LAUNCH_FULL);
	assert_int_equal(c.missed, 2);
	assert_true(c.late);
	end(w);
}

static void counted_sweeps_end_after_their_count(void **state)
{
	struct world *w = begin(false);
	(void)state;

	w->settings.count = 1;
	watch_first(w, 3);
	assert_int_equal(next(w, 60), LAUNCH_WATCH);
	assert_int_equal(next(w, 660), LAUNCH_FULL);
	assert_true(scheduler_done(&w->scheduler));
	assert_int_equal(next(w, 720), LAUNCH_NOTHING);
	end(w);
}

static void a_block_that_falls_is_asked_in_a_burst_once_with_its_path(void **state)
{
	struct world *w = begin(false);
	(void)state;

	watch_first(w, 10);
	for (size_t i = 0; i < 10; i++)
		saw(w, i, OUTCOME_ECHO_REPLY, 10);
	saw(w, 0, OUTCOME_SILENT, 61);
	assert_int_equal(next(w, 61), LAUNCH_WATCH);
	assert_int_equal(next(w, 61), LAUNCH_NOTHING); /* one may be a reboot */
	saw(w, 1, OUTCOME_SILENT, 64);
	struct launch c = scheduler_next(&w->scheduler, mono_at(64), wall_at(64));
	assert_int_equal(c.what, LAUNCH_BURST);
	assert_true(c.path);
	assert_true(ip4_equal(c.block.base, w->addresses[0]));
	saw(w, 2, OUTCOME_SILENT, 65);
	saw(w, 3, OUTCOME_SILENT, 66);
	assert_int_equal(next(w, 66), LAUNCH_NOTHING);
	end(w);
}

static void unsent_is_no_change_and_changes_far_apart_do_not_add_up(void **state)
{
	struct world *w = begin(false);
	(void)state;

	watch_first(w, 10);
	for (size_t i = 0; i < 10; i++)
		saw(w, i, OUTCOME_ECHO_REPLY, 1);
	for (size_t i = 0; i < 10; i++)
		saw(w, i, OUTCOME_UNSENT, 2);
	assert_int_equal(next(w, 3), LAUNCH_NOTHING);
	saw(w, 0, OUTCOME_SILENT, 4);
	saw(w, 1, OUTCOME_SILENT, 4 + 61);
	assert_int_equal(next(w, 59), LAUNCH_NOTHING);
	end(w);
}

static struct hop hop_at(uint32_t target, uint8_t ttl, enum outcome outcome, uint32_t responder)
{
	return (struct hop){.address = {target},
		.ttl = ttl,
		.outcome = outcome,
		.has_responder = outcome != OUTCOME_SILENT,
		.responder = {responder}};
}

/* A restart of a second: two watch sweeps from before it, a hundred intervals old. */
static void what_was_due_before_a_restart_was_not_missed(void **state)
{
	struct world *w = begin(false);
	struct launch launch;
	(void)state;

	for (int i = 0; i < 2; i++) {
		struct observation o = observation_blank();
		struct sweep sweep = {.observations = &o, .observation_count = 1};
		o.address = w->addresses[0];
		o.outcome = OUTCOME_ECHO_REPLY;
		sweep.info.tier = TIER_FULL;
		sweep.info.start = sweep.info.end = wall_at(-6000 + i);
		scheduler_recall(&w->scheduler, &sweep);
	}
	assert_true(learn_watched(&w->scheduler.learn) > 0);
	scheduler_start(&w->scheduler, wall_at(61));
	assert_int_equal(next(w, 62), LAUNCH_NOTHING);
	launch = scheduler_next(&w->scheduler, mono_at(120), wall_at(120));
	assert_int_equal(launch.what, LAUNCH_WATCH);
	assert_int_equal(launch.missed, 0);
	/* What this run could have made and did not, it did miss. */
	launch = scheduler_next(&w->scheduler, mono_at(300), wall_at(300));
	assert_int_equal(launch.what, LAUNCH_WATCH);
	assert_int_equal(launch.missed, 2);
	end(w);
}

static void a_path_tells_how_far_it_is_to_its_block(void **state)
{
	struct world *w = begin(false);
	const struct hop hops[] = {
		hop_at(0xc6120001, 1, OUTCOME_TTL_EXCEEDED, 1),
		hop_at(0xc6120001, 2, OUTCOME_TTL_EXCEEDED, 2),
		hop_at(0xc6120001, 3, OUTCOME_TTL_EXCEEDED, 3),
		hop_at(0xc6120001, 4, OUTCOME_ECHO_REPLY, 0xc6120001),
		hop_at(0xc6120001, 5, OUTCOME_ECHO_REPLY, 0xc6120001),
		hop_at(0xc6120101, 1, OUTCOME_TTL_EXCEEDED, 1),
		hop_at(0xc6120101, 2, OUTCOME_SILENT, 0),
	};
	struct path *path = &w->scheduler.path;
	(void)state;

	path_learn(path, hops, 7);
	assert_int_equal(path->blocks[0].reach, 4);
	assert_int_equal(path->blocks[1].reach, 0);
	end(w);
}

/* Neighbours may be one machine: the first and the last of a block, not the first two. */
static void the_targets_of_paths_lie_apart(void **state)
{
	struct world *w = begin(false);
	struct way *ways = calloc(COUNT, sizeof(*ways));
	const struct target_set set = {.addresses = w->addresses, .address_count = COUNT};
	const struct plan_input input = {.settings = &w->settings, .set = &set, .ways = ways};
	struct prefix block = block_of(w->addresses[0]);
	struct plan plan = {0};
	uint32_t last = 0;
	(void)state;

	watch_first(w, 10);
	path_plan(&w->scheduler.path, &input, &block, 0, NS_PER_S, &plan);
	assert_int_equal(plan.count, 2 * PATH_TTL_FIRST);
	for (size_t i = 0; i < 10; i++)
		if (prefix_holds(block, w->addresses[i]))
			last = w->addresses[i].host;
	assert_int_equal(plan.tasks[0].target.host, w->addresses[0].host);
	assert_int_equal(plan.tasks[PATH_TTL_FIRST].target.host, last);
	plan_finish(&plan);
	free(ways);
	end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_single_sweep_begins_at_once_and_is_the_only_one),
		cmocka_unit_test(both_tiers_begin_on_their_multiples),
		cmocka_unit_test(without_anybody_to_watch_there_is_no_watch_tier),
		cmocka_unit_test(without_history_a_full_sweep_begins_at_once_and_the_grid_follows),
		cmocka_unit_test(a_late_start_says_so_and_what_passed_is_missed),
		cmocka_unit_test(counted_sweeps_end_after_their_count),
		cmocka_unit_test(a_block_that_falls_is_asked_in_a_burst_once_with_its_path),
		cmocka_unit_test(unsent_is_no_change_and_changes_far_apart_do_not_add_up),
		cmocka_unit_test(what_was_due_before_a_restart_was_not_missed),
		cmocka_unit_test(a_path_tells_how_far_it_is_to_its_block),
		cmocka_unit_test(the_targets_of_paths_lie_apart),
	};
	return cmocka_run_group_tests_name("prober_scheduler", tests, NULL, NULL);
}
