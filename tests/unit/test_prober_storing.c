/* Sweeps on their way into a store that does not always take them. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "core/mem.h"
#include "prober/storing.h"
#include "store/store.h"
#include "tests/unit/random_sweep.h"

static char directory[64];
static char path[96];
static struct diag why;
static struct store *store;
static struct storing *storing;
static sqlite3 *other; /* another program */

#define LONG_NS (20 * NS_PER_S)

static int set_up(void **state)
{
	(void)state;
	snprintf(directory, sizeof(directory), "/tmp/lightsout-storing-XXXXXX");
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/test.db", directory);
	assert_int_equal(store_open(path, STORE_WRITE, &why, &store), 0);
	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	return 0;
}

static int tear_down(void **state)
{
	static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
	(void)state;

	sqlite3_close(other);
	assert_true(storing_end(storing, 0));
	storing_destroy(storing);
	store_close(store);
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		char name[128];
		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		unlink(name);
	}
	return rmdir(directory);
}

static void begin(size_t sweeps, size_t bytes)
{
	const struct storing_bounds bounds = {sweeps, bytes};

	assert_int_equal(storing_begin(store, &bounds, &why, &storing), 0);
}

static void lock(void)
{
	assert_int_equal(sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
}

static void unlock(void)
{
	assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
}

/* A sweep of this number, with rows of its own. */
static void put(uint64_t number, size_t rows)
{
	struct random random = {number};
	struct sweep sweep = {.info = {.sweep = number, .vantage = "vp1", .epoch = "e"}};
	const struct sweep_counts counts = {.sent = number};

	sweep.info.start.ns = (int64_t)number * NS_PER_S;
	sweep.info.end = sweep.info.start;
	sweep.observations = mem_zeroed(rows, sizeof(*sweep.observations));
	sweep.observation_count = rows;
	for (size_t i = 0; i < rows; i++)
		sweep.observations[i] = random_observation(&random,
			(struct ip4){0xc6120000 + (uint32_t)i}, METHOD_ICMP, sweep.info.start);
	storing_put(storing, &sweep, &counts);
}

static void nap(void)
{
	const struct timespec ms = {0, 1000000};

	nanosleep(&ms, NULL);
}

/* The loop's clock, as fast as we like. */
static struct mono loop_now;

static struct storing_state look(void)
{
	loop_now = mono_after(loop_now, STORING_AGAIN_NS / 2);
	return storing_look(storing, loop_now);
}

/* The fate of the next sweep, which is to be this one. */
static int fate(uint64_t number)
{
	struct storing_parcel *parcel;

	while (!(parcel = storing_take(storing))) {
		look();
		nap();
	}
	int result = parcel->result;
	assert_int_equal(parcel->sweep.info.sweep, number);
	assert_int_equal(parcel->counts.sent, number);
	snprintf(why.text, sizeof(why.text), "%s", parcel->why ? parcel->why : "");
	storing_parcel_free(parcel);
	return result;
}

static struct storing_state await_trouble(void)
{
	struct storing_state state;

	while ((state = look()).err == 0)
		nap();
	return state;
}

/* Sweeps of the store that are between these numbers, whole. */
static size_t stored(uint64_t first, uint64_t last)
{
	struct store_reader *reader;
	struct sweep sweep;
	size_t count = 0;

	assert_int_equal(store_read(store, (struct wall){INT64_MAX}, &why, &reader), 0);
	while (store_next(reader, &sweep, &why) == 1)
		count += sweep.info.sweep >= first && sweep.info.sweep <= last;
	store_reader_close(reader);
	return count;
}

static void sweeps_are_stored_in_their_order(void **state)
{
	(void)state;
	begin(100, SIZE_MAX);
	for (uint64_t n = 1; n <= 50; n++)
		put(n, 20);
	for (uint64_t n = 1; n <= 50; n++)
		assert_int_equal(fate(n), 0);
	assert_int_equal(stored(1, 50), 50);
	assert_int_equal(look().waiting, 0);
}

static void what_a_lock_holds_up_is_stored_when_it_is_free(void **state)
{
	(void)state;
	begin(100, SIZE_MAX);
	lock();
	for (uint64_t n = 1; n <= 10; n++)
		put(n, 20);
	struct storing_state trouble = await_trouble();
	assert_int_equal(trouble.err, -EBUSY);
	assert_int_equal(trouble.waiting, 10);
	assert_int_equal(trouble.sweep, 1);
	assert_non_null(strstr(trouble.why.text, "locked"));
	assert_null(storing_take(storing));
	unlock();
	for (uint64_t n = 1; n <= 10; n++)
		assert_int_equal(fate(n), 0);
	assert_int_equal(look().err, 0);
	assert_int_equal(stored(1, 10), 10);
}

/* The fates of sweeps 1 to `count`, in whichever order; result[0] has how many are lost. */
static void fates(size_t count, int result[9])
{
	result[0] = 0;
	for (size_t i = 0; i < count; i++) {
		struct storing_parcel *parcel;
		while (!(parcel = storing_take(storing))) {
			look();
			nap();
		}
		result[parcel->sweep.info.sweep] = parcel->result;
		result[0] += parcel->result == -ENOBUFS;
		storing_parcel_free(parcel);
	}
}

static void too_many_lose_the_oldest_whole(void **state)
{
	int result[9];
	(void)state;
	begin(3, SIZE_MAX);
	lock();
	put(1, 20);
	await_trouble();
	for (uint64_t n = 2; n <= 8; n++)
		put(n, 20);
	assert_int_equal(look().waiting, 3);
	unlock();
	fates(8, result);
	assert_int_equal(result[0], 5);
	/* One may have been in the thread's hands each time; the last two are never old. */
	assert_int_equal(result[7], 0);
	assert_int_equal(result[8], 0);
	assert_int_equal(stored(1, 8), 3);
}

static void bytes_are_bounded_and_one_may_always_wait(void **state)
{
	int result[9];
	(void)state;
	begin(SIZE_MAX, 4000); /* less than any of these */
	lock();
	put(1, 100);
	await_trouble();
	put(2, 100);
	put(3, 100);
	assert_in_range(look().waiting, 1, 2); /* and one in the thread's hands */
	unlock();
	fates(3, result);
	assert_in_range(result[0], 1, 2);
	assert_int_equal(result[3], 0);
	assert_int_equal(stored(1, 3), 3 - result[0]);
}

static void one_that_is_refused_for_what_it_is_stops_no_other(void **state)
{
	(void)state;
	begin(100, SIZE_MAX);
	put(1, 20);
	put(1, 30); /* another of the same name */
	put(2, 20);
	assert_int_equal(fate(1), 0);
	assert_int_equal(fate(1), -EEXIST);
	assert_non_null(strstr(why.text, "sweep 1 of vantage \"vp1\" is there already"));
	assert_int_equal(fate(2), 0);
}

static void the_last_chance_waits_for_a_lock(void **state)
{
	(void)state;
	begin(100, SIZE_MAX);
	lock();
	for (uint64_t n = 1; n <= 5; n++)
		put(n, 20);
	await_trouble();
	assert_true(storing_end(storing, 300 * NS_PER_MS)); /* held all the time */
	for (uint64_t n = 1; n <= 5; n++)
		assert_int_equal(fate(n), -EBUSY);
	storing_destroy(storing);
	assert_int_equal(stored(1, 5), 0);

	begin(100, SIZE_MAX);
	for (uint64_t n = 1; n <= 5; n++)
		put(n, 20);
	await_trouble();
	unlock();
	assert_true(storing_end(storing, LONG_NS));
	for (uint64_t n = 1; n <= 5; n++)
		assert_int_equal(fate(n), 0);
	assert_int_equal(stored(1, 5), 5);
}

static void the_latest_target_list_is_stored_before_later_sweeps(void **state)
{
	struct target_row rows[2] = {{.prefix = {{0xc6120000}, 24}, .label = "first"}};
	struct target_row *there;
	size_t count;
	(void)state;

	begin(100, SIZE_MAX);
	lock();
	storing_put_targets(storing, rows, 1);
	await_trouble();
	rows[1] = (struct target_row){.prefix = {{0xcb007101}, 32}, .role = ROLE_UPSTREAM};
	storing_put_targets(storing, rows, 2);
	put(1, 20);
	unlock();
	assert_int_equal(fate(1), 0);
	assert_true(storing_end(storing, LONG_NS));
	assert_int_equal(store_targets(store, &why, &there, &count), 0);
	assert_int_equal(count, 2);
	assert_string_equal(there[0].label, "first");
	free(there);
}

#define STORING_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORING_TEST(sweeps_are_stored_in_their_order),
		STORING_TEST(what_a_lock_holds_up_is_stored_when_it_is_free),
		STORING_TEST(too_many_lose_the_oldest_whole),
		STORING_TEST(bytes_are_bounded_and_one_may_always_wait),
		STORING_TEST(one_that_is_refused_for_what_it_is_stops_no_other),
		STORING_TEST(the_last_chance_waits_for_a_lock),
		STORING_TEST(the_latest_target_list_is_stored_before_later_sweeps),
	};
	return cmocka_run_group_tests_name("storing", tests, NULL, NULL);
}
