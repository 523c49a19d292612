#include "tests/unit/unit.h"

#include <stdio.h>
#include <unistd.h>

#include "live/follow.h"
#include "tests/live/played.h"

/*
 * A store is followed while it grows; what the follower says is what a replay of all that was
 * committed says, word for word, whenever it is asked.
 */
static char directory[64], path[96];
static struct diag why;

static int fresh(void **state)
{
	(void)state;
	snprintf(directory, sizeof(directory), "/tmp/lightsout-live-XXXXXX");
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/store.db", directory);
	return 0;
}

static void remove_store(void)
{
	static const char *const endings[] = {"", "-wal", "-shm"};

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		char name[128];
		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		unlink(name);
	}
}

static int gone(void **state)
{
	(void)state;
	remove_store();
	return rmdir(directory);
}

static struct store *begun(const struct played *played)
{
	struct store *store;

	assert_int_equal(store_open(path, STORE_WRITE, &why, &store), 0);
	assert_int_equal(store_put_targets(store, played->targets, played->target_count, &why), 0);
	return store;
}

static void commit(struct store *store, const struct played *played, size_t from, size_t to)
{
	assert_int_equal(store_begin(store, &why), 0);
	for (size_t i = from; i < to; i++)
		assert_int_equal(store_append(store, played->commits[i], &why), 1);
	assert_int_equal(store_commit(store, &why), 0);
}

static struct follow *followed(void)
{
	struct parameters parameters = parameters_of(1);
	struct follow *follow;

	assert_int_equal(follow_open(path, &parameters, &why, &follow), 0);
	return follow;
}

struct said {
	char *text;
	struct series_facts facts;
};

static void hear(void *ctx, const struct judgement *judgement, const struct series_facts *facts)
{
	struct said *said = ctx;

	said->text = judgement_text(judgement);
	said->facts = *facts;
}

static char *replayed(const struct played *played, size_t count)
{
	struct parameters parameters = parameters_of(1);
	struct judge *judge = played_judge(played, count, &parameters);
	struct judgement judgement;

	judge_end(judge, &judgement);
	char *text = judgement_text(&judgement);
	judgement_finish(&judgement);
	judge_destroy(judge);
	return text;
}

static uint64_t readings;

static void says_what_a_replay_says(
	struct follow *follow, const struct played *played, size_t count)
{
	struct said said;
	char *expected = replayed(played, count);

	follow_now(follow, hear, &said);
	assert_string_equal(said.text, expected);
	assert_int_equal(said.facts.sweeps, count);
	readings = said.facts.readings;
	free(said.text);
	free(expected);
}

static void grows(const char *family, uint64_t seed, double days, size_t step)
{
	struct played played;

	played_make(family, seed, days, &played);
	struct store *store = begun(&played);
	struct follow *follow = followed();
	for (size_t at = 0; at < played.count;) {
		size_t next = at + step < played.count ? at + step : played.count;
		commit(store, &played, at, next);
		assert_int_equal(follow_poll(follow, &why), next - at);
		assert_int_equal(follow_poll(follow, &why), 0);
		says_what_a_replay_says(follow, &played, next);
		at = next;
	}
	follow_close(follow);
	store_close(store);
	played_finish(&played);
}

static void one_vantage_point(void **state)
{
	(void)state;
	grows("F5", 3, 1, 37);
	assert_int_equal(readings, 1); /* it was read on, not anew */
}

static void two_vantage_points(void **state)
{
	(void)state;
	grows("F8", 5, 1, 61);
}

static void a_vantage_point_that_fails(void **state)
{
	(void)state;
	grows("F9", 2, 1, 53);
}

static void an_empty_store_is_an_empty_judgement(void **state)
{
	struct played played;
	struct said said;
	(void)state;

	played_make("F0", 1, 0.1, &played);
	store_close(begun(&played));
	struct store *store;
	assert_int_equal(store_open(path, STORE_WRITE, &why, &store), 0);
	commit(store, &played, 0, 0);
	struct follow *follow = followed();
	assert_true(follow_poll(follow, &why) >= 0);
	follow_now(follow, hear, &said);
	assert_int_equal(said.facts.sweeps, 0);
	assert_true(said.facts.written);
	free(said.text);
	store_close(store);
	follow_now(follow, hear, &said);
	assert_false(said.facts.written);
	free(said.text);
	follow_close(follow);
	played_finish(&played);
}

static void another_file_of_that_name_is_read_anew(void **state)
{
	struct played first, second;
	(void)state;

	played_make("F1", 1, 0.3, &first);
	played_make("F4", 2, 0.2, &second);
	struct store *store = begun(&first);
	commit(store, &first, 0, first.count);
	store_close(store);
	struct follow *follow = followed();
	assert_int_equal(follow_poll(follow, &why), first.count);
	remove_store();
	store = begun(&second);
	commit(store, &second, 0, second.count);
	assert_true(follow_poll(follow, &why) > 0);
	says_what_a_replay_says(follow, &second, second.count);
	store_close(store);
	follow_close(follow);
	played_finish(&first);
	played_finish(&second);
}

static void a_sweep_that_is_removed_is_not_judged(void **state)
{
	struct pruned_sweep pruned;
	struct played played;
	char name[256];
	(void)state;

	played_make("F1", 1, 0.3, &played);
	struct store *store = begun(&played);
	commit(store, &played, 0, played.count);
	struct follow *follow = followed();
	assert_int_equal(follow_poll(follow, &why), played.count);
	/* From the middle, put behind the others for the replay. */
	struct sweep *removed = played.commits[20];
	snprintf(name, sizeof(name), "%s/%s/%llu", removed->info.vantage, removed->info.epoch,
		(unsigned long long)removed->info.sweep);
	assert_int_equal(store_prune_sweep(store, name, &pruned, &why), 0);
	played.commits[20] = played.commits[played.count - 1];
	played.commits[played.count - 1] = removed;
	assert_true(follow_poll(follow, &why) > 0);
	says_what_a_replay_says(follow, &played, played.count - 1);
	store_close(store);
	follow_close(follow);
	played_finish(&played);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fresh, gone)
int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(one_vantage_point),
		CASE(two_vantage_points),
		CASE(a_vantage_point_that_fails),
		CASE(an_empty_store_is_an_empty_judgement),
		CASE(another_file_of_that_name_is_read_anew),
		CASE(a_sweep_that_is_removed_is_not_judged),
	};
	return cmocka_run_group_tests_name("follow", tests, NULL, NULL);
}
