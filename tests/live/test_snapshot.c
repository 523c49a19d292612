#include "tests/unit/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "live/follow.h"
#include "live/snapshot.h"
#include "tests/live/played.h"

/*
 * Who begins with a snapshot says what who replayed everything says; and a snapshot that cannot
 * be trusted is none.
 */
static char directory[64], path[96], folder[96], file[512];
static struct diag why;
static struct played played;
static struct store *store;

static void put(size_t from, size_t to)
{
	assert_int_equal(store_begin(store, &why), 0);
	for (size_t i = from; i < to; i++)
		assert_int_equal(store_append(store, played.commits[i], &why), 1);
	assert_int_equal(store_commit(store, &why), 0);
}

static int fresh(void **state)
{
	(void)state;
	snprintf(directory, sizeof(directory), "/tmp/lightsout-kept-XXXXXX");
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/store.db", directory);
	snprintf(folder, sizeof(folder), "%s/below/cache", directory);
	assert_int_equal(store_open(path, STORE_WRITE, &why, &store), 0);
	assert_int_equal(store_put_targets(store, played.targets, played.target_count, &why), 0);
	return 0;
}

static int gone(void **state)
{
	char command[128];
	(void)state;

	store_close(store);
	snprintf(command, sizeof(command), "rm -r '%s'", directory);
	return system(command);
}

static void hear(void *ctx, const struct judgement *judgement, const struct series_facts *facts)
{
	(void)facts;
	*(char **)ctx = judgement_text(judgement);
}

/* Does it say what a replay says? Returns the sweeps it had to read, but for the last ones. */
static int look_at_scale(size_t count, double scale)
{
	struct parameters parameters = parameters_of(scale);
	struct judge *judge = played_judge(&played, count, &parameters);
	struct judgement judgement;
	struct follow *follow;
	char *said, *expected;

	judge_end(judge, &judgement);
	expected = judgement_text(&judgement);
	judgement_finish(&judgement);
	judge_destroy(judge);
	assert_int_equal(follow_open(path, &parameters, &why, &follow), 0);
	follow_keep(follow, folder);
	int read = follow_poll(follow, &why);
	follow_now(follow, hear, &said);
	assert_string_equal(said, expected);
	follow_close(follow);
	free(said);
	free(expected);
	return read;
}

static int look(size_t count)
{
	return look_at_scale(count, 1);
}

static int files(void)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int count = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.' && strlen(entry->d_name) <= 2)
			continue;
		snprintf(file, sizeof(file), "%s/%s", folder, entry->d_name);
		count++;
	}
	closedir(dir);
	return count;
}

static void a_reader_begins_with_it(void **state)
{
	size_t most = played.count - 100;
	(void)state;

	put(0, most);
	assert_int_equal(look(most), most);
	assert_int_equal(files(), 1);
	assert_int_equal(look(most), 1); /* nothing new; what was for the moment */
	for (size_t at = most; at < played.count; at += 25) {
		put(at, at + 25);
		assert_int_equal(look(at + 25), at + 25 - most);
	}
	assert_int_equal(files(), 1);
}

static void what_is_little_is_not_kept(void **state)
{
	struct stat st;
	(void)state;

	put(0, 200);
	assert_int_equal(look(200), 200);
	assert_int_equal(stat(folder, &st), -1);
}

static void one_of_another_scale_is_another(void **state)
{
	(void)state;
	put(0, played.count);
	assert_int_equal(look(played.count), played.count);
	assert_int_equal(look_at_scale(played.count, 2), played.count);
	assert_int_equal(files(), 2);
}

static void one_that_is_damaged_is_none(void **state)
{
	struct stat st;
	char byte;
	(void)state;

	put(0, played.count);
	look(played.count);
	assert_int_equal(files(), 1);
	assert_int_equal(stat(file, &st), 0);
	for (int i = 0; i < 12; i++) {
		/* The beginning, where every byte has a meaning, and then all over. */
		off_t at = i < 6 ? i * 29 : st.st_size * (i - 5) / 7;
		int fd = open(file, O_RDWR);
		assert_int_equal(pread(fd, &byte, 1, at), 1);
		byte ^= 4;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		close(fd);
		assert_int_equal(look(played.count), played.count);
		assert_int_equal(look(played.count), 1); /* and it was made anew */
	}
}

static void one_that_is_cut_short_is_none(void **state)
{
	struct stat st;
	(void)state;

	put(0, played.count);
	look(played.count);
	assert_int_equal(files(), 1);
	assert_int_equal(stat(file, &st), 0);
	for (int i = 0; i < 6; i++) {
		assert_int_equal(truncate(file, st.st_size * i / 6), 0);
		assert_int_equal(look(played.count), played.count);
	}
}

static void one_that_others_could_write_is_none(void **state)
{
	(void)state;
	put(0, played.count);
	look(played.count);
	assert_int_equal(files(), 1);
	assert_int_equal(chmod(file, 0620), 0);
	assert_int_equal(look(played.count), played.count);
	assert_int_equal(look(played.count), 1);
	assert_int_equal(chmod(folder, 0702), 0);
	assert_int_equal(look(played.count), played.count);
	assert_int_equal(look(played.count), played.count); /* nor is one written there */
	assert_int_equal(chmod(folder, 0700), 0);
}

static void one_of_a_store_that_lost_a_sweep_is_none(void **state)
{
	struct pruned_sweep pruned;
	char name[256];
	(void)state;

	put(0, played.count);
	look(played.count);
	struct sweep *removed = played.commits[20];
	snprintf(name, sizeof(name), "%s/%s/%llu", removed->info.vantage, removed->info.epoch,
		(unsigned long long)removed->info.sweep);
	assert_int_equal(store_prune_sweep(store, name, &pruned, &why), 0);
	struct sweep **last = &played.commits[played.count - 1];
	played.commits[20] = *last;
	*last = removed;
	look(played.count - 1);
	*last = played.commits[20];
	played.commits[20] = removed;
}

static void the_folder_is_the_users(void **state)
{
	(void)state;
	setenv("CACHE_DIRECTORY", "/var/cache/a:/var/cache/b", 1);
	setenv("XDG_CACHE_HOME", "/tmp/x", 1);
	setenv("HOME", "/home/somebody", 1);
	char *name = snapshot_folder();
	assert_string_equal(name, "/var/cache/a");
	free(name);
	unsetenv("CACHE_DIRECTORY");
	name = snapshot_folder();
	assert_string_equal(name, "/tmp/x/lightsout");
	free(name);
	setenv("XDG_CACHE_HOME", "relative", 1);
	assert_null(snapshot_folder());
	unsetenv("XDG_CACHE_HOME");
	name = snapshot_folder();
	assert_string_equal(name, "/home/somebody/.cache/lightsout");
	free(name);
	unsetenv("HOME");
	assert_null(snapshot_folder());
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fresh, gone)
int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_reader_begins_with_it),
		CASE(what_is_little_is_not_kept),
		CASE(one_of_another_scale_is_another),
		CASE(one_that_is_damaged_is_none),
		CASE(one_that_is_cut_short_is_none),
		CASE(one_that_others_could_write_is_none),
		CASE(one_of_a_store_that_lost_a_sweep_is_none),
		cmocka_unit_test(the_folder_is_the_users),
	};
	played_make("F5", 3, 1, &played);
	int failed = cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
	played_finish(&played);
	return failed;
}
