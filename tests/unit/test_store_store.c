#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/store.h"
#include "tests/unit/random_sweep.h"

static char directory[64];
static char path[96];
static struct diag why;

static int fresh_directory(void **state)
{
	(void)state;
	snprintf(directory, sizeof(directory), "/tmp/lightsout-store-XXXXXX");
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/test.db", directory);
	return 0;
}

static int remove_directory(void **state)
{
	static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
	(void)state;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		char name[128];
		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		unlink(name);
	}
	return rmdir(directory);
}

static struct store *opened(enum store_mode mode)
{
	struct store *store = NULL;
	int r = store_open(path, mode, &why, &store);

	if (r < 0)
		fail_msg("store_open: %d %s", r, why.text);
	return store;
}

static int sweep_order(const void *a, const void *b)
{
	const struct sweep_info *x = &((const struct sweep *)a)->info;
	const struct sweep_info *y = &((const struct sweep *)b)->info;
	int r = (x->start.ns > y->start.ns) - (x->start.ns < y->start.ns);

	if (r == 0)
		r = strcmp(x->vantage, y->vantage);
	if (r == 0)
		r = strcmp(x->epoch, y->epoch);
	return r ? r : (x->sweep > y->sweep) - (x->sweep < y->sweep);
}

static size_t count_sweeps(struct store *store, struct wall until)
{
	struct store_reader *reader;
	struct sweep sweep;
	size_t count = 0;
	int r;

	assert_int_equal(store_read(store, until, &why, &reader), 0);
	while ((r = store_next(reader, &sweep, &why)) == 1)
		count++;
	assert_int_equal(r, 0);
	store_reader_close(reader);
	return count;
}

static void sweeps_come_back_exactly_and_in_order(void **state)
{
	enum { COUNT = 120 };
	struct random random = {1};
	static struct sweep sweeps[COUNT];
	struct store_reader *reader;
	struct sweep got;
	struct store *store = opened(STORE_WRITE);
	(void)state;

	for (size_t i = 0; i < COUNT; i++) {
		sweeps[i] = random_sweep(&random, i + 1, 200);
		assert_int_equal(store_append(store, &sweeps[i], &why), 1);
	}
	for (size_t i = 0; i < COUNT; i++)
		assert_int_equal(store_append(store, &sweeps[i], &why), 0);
	qsort(sweeps, COUNT, sizeof(sweeps[0]), sweep_order);
	assert_int_equal(store_read(store, (struct wall){INT64_MAX}, &why, &reader), 0);
	for (size_t i = 0; i < COUNT; i++) {
		assert_int_equal(store_next(reader, &got, &why), 1);
		assert_same_sweep(&sweeps[i], &got);
	}
	assert_int_equal(store_next(reader, &got, &why), 0);
	assert_int_equal(store_next(reader, &got, &why), 0);
	store_reader_close(reader);

	size_t ended = 0;
	struct wall until = {1200 * NS_PER_S};
	for (size_t i = 0; i < COUNT; i++)
		ended += sweeps[i].info.end.ns <= until.ns;
	assert_true(ended > 0 && ended < COUNT);
	assert_int_equal(count_sweeps(store, until), ended);
	store_close(store);
	for (size_t i = 0; i < COUNT; i++)
		random_sweep_free(&sweeps[i]);
}

static void another_sweep_of_the_same_name_is_refused_and_changes_nothing(void **state)
{
	struct random random = {2};
	struct sweep sweep = random_sweep(&random, 7, 50);
	struct store *store = opened(STORE_WRITE);
	(void)state;

	assert_true(sweep.observation_count > 0);
	assert_int_equal(store_append(store, &sweep, &why), 1);
	sweep.observations[0].attempt = -1;
	sweep.observations[0].attempts = 3;
	sweep.observations[0].probed_at.ns++;
	assert_int_equal(store_append(store, &sweep, &why), -EEXIST);
	sweep.observations[0].probed_at.ns--;
	sweep.info.flags ^= SWEEP_LATE;
	assert_int_equal(store_append(store, &sweep, &why), -EEXIST);
	assert_int_equal(count_sweeps(store, (struct wall){INT64_MAX}), 1);
	store_close(store);
	random_sweep_free(&sweep);
}

static void two_observations_of_one_address_and_kind_are_refused(void **state)
{
	struct observation rows[2] = {observation_blank(), observation_blank()};
	struct sweep sweep = {.observations = rows, .observation_count = 2};
	struct store *store = opened(STORE_WRITE);
	(void)state;

	assert_int_equal(store_append(store, &sweep, &why), -EINVAL);
	rows[1].method = METHOD_TCP;
	rows[1].rtt_ns = -2;
	assert_int_equal(store_append(store, &sweep, &why), -EINVAL);
	assert_int_equal(count_sweeps(store, (struct wall){INT64_MAX}), 0);
	rows[1].rtt_ns = -1;
	assert_int_equal(store_append(store, &sweep, &why), 1);
	store_close(store);
}

static void a_transaction_is_all_or_nothing(void **state)
{
	struct random random = {3};
	struct store *store = opened(STORE_WRITE);
	(void)state;

	for (int keep = 0; keep < 2; keep++) {
		assert_int_equal(store_begin(store, &why), 0);
		for (uint64_t i = 0; i < 5; i++) {
			struct sweep sweep = random_sweep(&random, i, 20);
			assert_int_equal(store_append(store, &sweep, &why), 1);
			sweep.info.end.ns++;
			assert_int_equal(store_append(store, &sweep, &why), -EEXIST);
			random_sweep_free(&sweep);
		}
		if (keep)
			assert_int_equal(store_commit(store, &why), 0);
		else
			store_rollback(store);
		assert_int_equal(count_sweeps(store, (struct wall){INT64_MAX}), keep ? 5 : 0);
	}
	store_close(store);
}

static void readers_see_what_was_there_when_they_began_while_the_writer_goes_on(void **state)
{
	struct random random = {4};
	struct store *writer = opened(STORE_WRITE);
	struct store *store = opened(STORE_READ);
	struct store_reader *reader;
	struct sweep got;
	(void)state;

	for (uint64_t i = 0; i < 3; i++) {
		struct sweep sweep = random_sweep(&random, i, 20);
		assert_int_equal(store_append(writer, &sweep, &why), 1);
		random_sweep_free(&sweep);
		if (i == 1)
			assert_int_equal(
				store_read(store, (struct wall){INT64_MAX}, &why, &reader), 0);
	}
	assert_int_equal(store_next(reader, &got, &why), 1);
	assert_int_equal(store_next(reader, &got, &why), 1);
	assert_int_equal(store_next(reader, &got, &why), 0);
	store_reader_close(reader);
	assert_int_equal(count_sweeps(store, (struct wall){INT64_MAX}), 3);
	store_close(store);
	store_close(writer);
}

static void a_second_writer_is_refused_until_the_first_is_gone(void **state)
{
	struct sweep sweep = {.info = {.sweep = 1, .vantage = "a"}};
	struct store *other = NULL;
	struct store *store = opened(STORE_WRITE);
	char epoch[EPOCH_SIZE];
	(void)state;

	assert_int_equal(store_open(path, STORE_WRITE, &why, &other), -EBUSY);
	assert_null(other);
	snprintf(epoch, sizeof(epoch), "%s", store_epoch(store));
	assert_int_equal(strlen(epoch), 32);
	assert_int_equal(store_append(store, &sweep, &why), 1);
	store_close(store);
	store = opened(STORE_WRITE);
	assert_string_equal(store_epoch(store), epoch);
	store_close(store);
}

static void a_file_that_nothing_came_into_goes_again(void **state)
{
	struct target_row row = {{{0xaf2db000}, 22}, ROLE_TARGET, "KP"};
	struct store *store = opened(STORE_WRITE);
	(void)state;

	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(store_put_targets(store, &row, 1, &why), 0);
	store_close(store);
	assert_int_equal(access(path, F_OK), -1);
	store = opened(STORE_WRITE); /* an import that had targets only is whole */
	assert_int_equal(store_begin(store, &why), 0);
	assert_int_equal(store_put_targets(store, &row, 1, &why), 0);
	assert_int_equal(store_commit(store, &why), 0);
	store_close(store);
	assert_int_equal(access(path, F_OK), 0);
	store = opened(STORE_WRITE); /* it was there before */
	store_close(store);
	assert_int_equal(access(path, F_OK), 0);
}

static void the_last_number_is_by_vantage_and_by_this_stores_epoch(void **state)
{
	struct store *store = opened(STORE_WRITE);
	struct sweep sweep = {.info = {.sweep = 41, .vantage = "a"}};
	uint64_t last = 9;
	(void)state;

	assert_int_equal(store_last_sweep(store, "a", &last), 0);
	assert_int_equal(last, 0);
	assert_int_equal(store_append(store, &sweep, &why), 1);
	assert_int_equal(store_last_sweep(store, "a", &last), 0);
	assert_int_equal(last, 0);
	snprintf(sweep.info.epoch, sizeof(sweep.info.epoch), "%s", store_epoch(store));
	assert_int_equal(store_append(store, &sweep, &why), 1);
	assert_int_equal(store_last_sweep(store, "a", &last), 0);
	assert_int_equal(last, 41);
	assert_int_equal(store_last_sweep(store, "b", &last), 0);
	assert_int_equal(last, 0);
	store_close(store);
}

static void targets_are_replaced_whole(void **state)
{
	struct target_row rows[] = {
		{{{0xaf2db000}, 22}, ROLE_TARGET, "KP"},
		{{{0xc6120001}, 32}, ROLE_ANCHOR, "a \"quoted\", label"},
	};
	struct target_row *got;
	size_t count;
	struct store *store = opened(STORE_WRITE);
	(void)state;

	for (size_t want = 2; want > 0; want--) {
		assert_int_equal(store_put_targets(store, rows, want, &why), 0);
		assert_int_equal(store_targets(store, &why, &got, &count), 0);
		assert_int_equal(count, want);
		for (size_t i = 0; i < count; i++) {
			assert_int_equal(got[i].prefix.base.host, rows[i].prefix.base.host);
			assert_int_equal(got[i].prefix.len, rows[i].prefix.len);
			assert_int_equal(got[i].role, rows[i].role);
			assert_string_equal(got[i].label, rows[i].label);
		}
		free(got);
	}
	store_close(store);
}

static void what_is_not_a_store_is_refused_and_left_alone(void **state)
{
	struct store *store = NULL;
	char content[32] = "";
	(void)state;

	assert_int_equal(store_open(path, STORE_READ, &why, &store), -ENOENT);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs("this is no database, only text", file);
	fclose(file);
	assert_int_equal(store_open(path, STORE_READ, &why, &store), -EBADMSG);
	assert_int_equal(store_open(path, STORE_WRITE, &why, &store), -EBADMSG);
	assert_null(store);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(content, sizeof(content), file));
	fclose(file);
	assert_string_equal(content, "this is no database, only text");
}

/* Append until killed. Sweep n has n % 50 rows, so that half a one would show. */
/* A byte into `told` for each that is written. */
_Noreturn static void write_until_killed(uint64_t first, int told)
{
	static struct observation rows[50];
	struct store *store;

	if (store_open(path, STORE_WRITE, &why, &store) < 0)
		_exit(1);
	for (uint64_t n = first;; n++) {
		struct sweep sweep = {.info = {.sweep = n, .start = {(int64_t)n},
					      .end = {(int64_t)n}, .probed = -1}};
		sweep.observations = rows;
		sweep.observation_count = n % 50;
		for (size_t i = 0; i < sweep.observation_count; i++) {
			rows[i] = observation_blank();
			rows[i].address.host = (uint32_t)(i << 8 | (n & 255));
			rows[i].outcome = OUTCOME_ECHO_REPLY;
			rows[i].rtt_ns = (int64_t)(n * i);
		}
		if (store_append(store, &sweep, &why) != 1 || write(told, "", 1) != 1)
			_exit(1);
	}
}

static void a_killed_writer_leaves_whole_sweeps_only(void **state)
{
	struct random random = {5};
	uint64_t seen = 0;
	(void)state;

	for (int round = 0; round < 10; round++) {
		int told[2];
		char byte;
		assert_int_equal(pipe(told), 0);
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0)
			write_until_killed(seen + 1, told[1]);
		close(told[1]);
		assert_int_equal(read(told[0], &byte, 1), 1);
		usleep((useconds_t)random_below(&random, 30000));
		int status;
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		close(told[0]);

		struct store *store = opened(STORE_WRITE);
		struct store_reader *reader;
		struct sweep sweep;
		uint64_t n = 0;
		int r;
		assert_int_equal(store_read(store, (struct wall){INT64_MAX}, &why, &reader), 0);
		while ((r = store_next(reader, &sweep, &why)) == 1) {
			n++;
			assert_int_equal(sweep.info.sweep, n);
			assert_int_equal(sweep.observation_count, n % 50);
		}
		assert_int_equal(r, 0);
		assert_true(n > seen);
		seen = n;
		store_reader_close(reader);
		store_close(store);
	}
}

static void by_whatever_name_it_is_one_store(void **state)
{
	struct store *other = NULL;
	struct store *store = opened(STORE_WRITE);
	char name[sizeof(path) + 8];
	(void)state;

	snprintf(name, sizeof(name), "%s.soft", path);
	assert_int_equal(symlink(path, name), 0);
	assert_int_equal(store_open(name, STORE_WRITE, &why, &other), -EBUSY);
	unlink(name);
	assert_int_equal(link(path, name), 0);
	assert_int_equal(store_open(name, STORE_WRITE, &why, &other), -EBUSY);
	/* Its log has the other name: what is there would read as less than it is. */
	assert_int_equal(store_open(name, STORE_READ, &why, &other), -EBUSY);
	assert_non_null(strstr(why.text, "by another of its names"));
	store_close(store);
	assert_int_equal(store_open(name, STORE_READ, &why, &other), 0);
	store_close(other);
	assert_int_equal(store_open(name, STORE_WRITE, &why, &other), 0);
	store_close(other);
	unlink(name);
}

/* SQLite drops its own locks when any descriptor of the file is closed; ours is none of those. */
static void a_reader_that_leaves_does_not_let_a_second_writer_in(void **state)
{
	struct store *other = NULL;
	struct store *store = opened(STORE_WRITE);
	(void)state;

	store_close(opened(STORE_READ));
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	close(fd);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(store_open(path, STORE_WRITE, &why, &other) == -EBUSY ? 0 : 1);
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	store_close(store);
}

static void the_number_of_a_sweep_that_was_removed_is_not_given_again(void **state)
{
	struct store *store = opened(STORE_WRITE);
	struct pruned_sweep pruned;
	char name[VANTAGE_SIZE + EPOCH_SIZE + 8];
	uint64_t last = 0;
	(void)state;

	for (uint64_t n = 1; n <= 3; n++) {
		struct sweep sweep = {.info = {.sweep = n, .vantage = "a/b"}};
		snprintf(sweep.info.epoch, EPOCH_SIZE, "%s", store_epoch(store));
		assert_int_equal(store_append(store, &sweep, &why), 1);
	}
	snprintf(name, sizeof(name), "a/b/%s/3", store_epoch(store));
	assert_int_equal(store_prune_sweep(store, name, &pruned, &why), 0);
	assert_string_equal(pruned.vantage, "a/b");
	assert_int_equal(count_sweeps(store, (struct wall){INT64_MAX}), 2);
	assert_int_equal(store_prune_sweep(store, name, &pruned, &why), -ENOENT);
	store_close(store);
	store = opened(STORE_WRITE);
	assert_int_equal(store_last_sweep(store, "a/b", &last), 0);
	assert_int_equal(last, 3);
	store_close(store);
}

static void nor_is_one_of_those_that_were_old(void **state)
{
	struct store *store = opened(STORE_WRITE);
	struct pruned_sweeps pruned;
	uint64_t last = 0;
	(void)state;

	for (uint64_t n = 1; n <= 3; n++) {
		struct wall at = {(int64_t)n * 100};
		struct sweep sweep = {.info = {.sweep = n, .vantage = "a/b", .start = at, .end = at}};
		snprintf(sweep.info.epoch, EPOCH_SIZE, "%s", store_epoch(store));
		assert_int_equal(store_append(store, &sweep, &why), 1);
	}
	assert_int_equal(store_prune_before(store, (struct wall){200}, &pruned, &why), 0);
	assert_int_equal(pruned.sweeps, 2); /* what ended just then had ended */
	assert_int_equal(count_sweeps(store, (struct wall){INT64_MAX}), 1);
	assert_int_equal(store_prune_before(store, (struct wall){999}, &pruned, &why), 0);
	assert_int_equal(pruned.sweeps, 1);
	store_close(store);
	store = opened(STORE_WRITE);
	assert_int_equal(store_last_sweep(store, "a/b", &last), 0);
	assert_int_equal(last, 3);
	store_close(store);
}

static void a_store_that_was_deleted_takes_no_sweeps(void **state)
{
	struct store *store = opened(STORE_WRITE);
	struct random random = {5};
	struct sweep sweep = random_sweep(&random, 1, 20);
	(void)state;

	assert_int_equal(unlink(path), 0);
	assert_int_equal(store_append(store, &sweep, &why), -ESTALE);
	random_sweep_free(&sweep);
	store_close(store);
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, fresh_directory, remove_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(sweeps_come_back_exactly_and_in_order),
		STORE_TEST(another_sweep_of_the_same_name_is_refused_and_changes_nothing),
		STORE_TEST(two_observations_of_one_address_and_kind_are_refused),
		STORE_TEST(a_transaction_is_all_or_nothing),
		STORE_TEST(readers_see_what_was_there_when_they_began_while_the_writer_goes_on),
		STORE_TEST(a_second_writer_is_refused_until_the_first_is_gone),
		STORE_TEST(a_file_that_nothing_came_into_goes_again),
		STORE_TEST(by_whatever_name_it_is_one_store),
		STORE_TEST(a_reader_that_leaves_does_not_let_a_second_writer_in),
		STORE_TEST(the_number_of_a_sweep_that_was_removed_is_not_given_again),
		STORE_TEST(nor_is_one_of_those_that_were_old),
		STORE_TEST(a_store_that_was_deleted_takes_no_sweeps),
		STORE_TEST(the_last_number_is_by_vantage_and_by_this_stores_epoch),
		STORE_TEST(targets_are_replaced_whole),
		STORE_TEST(what_is_not_a_store_is_refused_and_left_alone),
		STORE_TEST(a_killed_writer_leaves_whole_sweeps_only),
	};
	return cmocka_run_group_tests_name("store_store", tests, NULL, NULL);
}
