/*
 * Stores with bytes that are not theirs: whatever a reader is given is what was
 * stored, or it is told that something is damaged. Some hundred of them; many
 * with LIGHTSOUT_SOAK=1.
 */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "core/mem.h"
#include "store/store.h"
#include "tests/unit/random_sweep.h"

enum { SWEEPS = 12, TARGETS = 4, FEW = 400, MANY = 40000 };

static const struct target_row targets[TARGETS] = {
	{{{0xaf2db000}, 22}, ROLE_TARGET, "all"},
	{{{0xcb007101}, 32}, ROLE_ANCHOR, ""},
	{{{0xcb007102}, 32}, ROLE_UPSTREAM, "provider"},
	{{{0xcb007103}, 32}, ROLE_BORDER, ""},
};

static char directory[64];
static char path[96];
static struct diag why;
static struct sweep stored[SWEEPS];
static char epoch[EPOCH_SIZE];
static uint8_t *whole;
static size_t whole_len;

static void remove_files(void)
{
	static const char *const endings[] = {"", "-wal", "-shm", "-journal"};

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		char name[128];
		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		unlink(name);
	}
}

static void put_file(const uint8_t *bytes, size_t len)
{
	remove_files();
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static int make_store(void **state)
{
	struct random random = {20261129};
	struct store *store;
	(void)state;

	snprintf(directory, sizeof(directory), "%s/lightsout-damage-XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/test.db", directory);
	assert_int_equal(store_open(path, STORE_WRITE, &why, &store), 0);
	snprintf(epoch, sizeof(epoch), "%s", store_epoch(store));
	assert_int_equal(store_put_targets(store, targets, TARGETS, &why), 0);
	for (size_t i = 0; i < SWEEPS; i++) {
		stored[i] = random_sweep(&random, i + 1, 200);
		snprintf(stored[i].info.vantage, VANTAGE_SIZE, "vp%zu", i % 2);
		*stored[i].info.epoch = '\0';
		stored[i].info.start.ns = (int64_t)i * 60 * NS_PER_S;
		stored[i].info.end.ns = stored[i].info.start.ns + 59 * NS_PER_S;
		assert_int_equal(store_append(store, &stored[i], &why), 1);
	}
	store_close(store);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	whole = mem_zeroed(1 << 20, 1);
	whole_len = fread(whole, 1, 1 << 20, file);
	fclose(file);
	assert_true(whole_len > 4096 && whole_len < 1 << 20);
	return 0;
}

static int remove_store(void **state)
{
	(void)state;
	for (size_t i = 0; i < SWEEPS; i++)
		random_sweep_free(&stored[i]);
	free(whole);
	remove_files();
	return rmdir(directory);
}

/* One to eight bits or bytes, a page that is another, an end that is missing. */
static size_t damage(struct random *random, uint8_t *bytes)
{
	enum { PAGE = 4096 };
	size_t pages = whole_len / PAGE;

	switch (random_below(random, 8)) {
	case 0:
		return (size_t)random_below(random, whole_len);
	case 1:
		memcpy(bytes + random_below(random, pages) * PAGE,
			whole + random_below(random, pages) * PAGE, PAGE);
		return whole_len;
	case 2: { /* bytes that moved */
		size_t len = (size_t)random_below(random, 64);
		size_t from = (size_t)random_below(random, whole_len - 64);
		memcpy(bytes + random_below(random, whole_len - 64), whole + from, len);
		return whole_len;
	}
	default:
		for (uint64_t n = random_below(random, 8) + 1; n > 0; n--) {
			size_t at = (size_t)random_below(random, whole_len);
			if (random_below(random, 2))
				bytes[at] ^= (uint8_t)(1u << random_below(random, 8));
			else
				bytes[at] = (uint8_t)random_u64(random);
		}
		return whole_len;
	}
}

static void same_targets(const struct target_row *rows, size_t count)
{
	assert_int_equal(count, TARGETS);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(prefix_order(&rows[i].prefix, &targets[i].prefix), 0);
		assert_int_equal(rows[i].role, targets[i].role);
		assert_string_equal(rows[i].label, targets[i].label);
	}
}

/* True where all of it could be read; it then is what was stored. An index that lost a row is told
 * at the end only: until then sweeps may be missing, and none is another. */
static bool read_all(struct store *store)
{
	struct store_reader *reader = NULL;
	struct target_row *rows;
	struct sweep sweep;
	size_t count = 0;

	assert_string_equal(store_epoch(store), epoch);
	if (store_targets(store, &why, &rows, &count) < 0)
		return false;
	same_targets(rows, count);
	free(rows);
	int r = store_read(store, (struct wall){INT64_MAX}, &why, &reader);
	size_t at = 0;
	count = 0;
	while (r >= 0 && (r = store_next(reader, &sweep, &why)) == 1) {
		while (at < SWEEPS && stored[at].info.sweep != sweep.info.sweep)
			at++;
		assert_true(at < SWEEPS);
		assert_same_sweep(&sweep, &stored[at++]);
		count++;
	}
	if (r == 0)
		assert_int_equal(count, SWEEPS);
	store_reader_close(reader);
	return r == 0;
}

static void count_problem(void *ctx, const char *text)
{
	(void)text;
	++*(int *)ctx;
}

static void ignore_gap(void *ctx, const char *vantage, const char *e, uint64_t f, uint64_t l)
{
	(void)ctx, (void)vantage, (void)e, (void)f, (void)l;
}

/* What is read is right; and what check calls whole can be read. */
static bool look(void)
{
	struct store_stats stats;
	struct store *store;
	int problems = 0;

	if (store_open(path, STORE_READ, &why, &store) < 0)
		return false;
	bool read = read_all(store);
	struct store_checker checker = {count_problem, ignore_gap, &problems};
	if (store_check(store, &checker, &why) == 0)
		assert_true(read);
	if (store_stats(store, &stats, &why) == 0)
		free(stats.series);
	store_close(store);
	return read;
}

static void what_is_read_of_a_damaged_store_is_what_was_stored(void **state)
{
	const char *soak = getenv("LIGHTSOUT_SOAK");
	int times = soak && *soak ? MANY : FEW;
	uint8_t *bytes = mem_zeroed(whole_len, 1);
	size_t refused = 0;
	(void)state;

	assert_true(look());
	for (int i = 0; i < times; i++) {
		struct random random = {(uint64_t)i};
		memcpy(bytes, whole, whole_len);
		put_file(bytes, damage(&random, bytes));
		print_message("# damage %d\n", i);
		refused += !look();
	}
	free(bytes);
	assert_true(refused > (size_t)times / 4);
}

/* Each bit of the pages that hold the small tables. */
static void a_flipped_bit_in_the_small_tables_changes_nobodys_role(void **state)
{
	enum { PAGE = 4096 };
	static const char *const marks[] = {"provider", "sum_target", "vp1"};
	uint8_t *bytes = mem_copy(whole, whole_len);
	(void)state;

	for (size_t m = 0; m < sizeof(marks) / sizeof(marks[0]); m++) {
		uint8_t *mark = memmem(whole, whole_len, marks[m], strlen(marks[m]));
		assert_non_null(mark);
		size_t from = (size_t)(mark - whole) - 40;
		for (size_t at = from; at < from + 100 && at < whole_len; at++) {
			bytes[at] ^= (uint8_t)(1u << at % 8);
			put_file(bytes, whole_len);
			look();
			bytes[at] = whole[at];
		}
	}
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_of_a_damaged_store_is_what_was_stored),
		cmocka_unit_test(a_flipped_bit_in_the_small_tables_changes_nobodys_role),
	};
	return cmocka_run_group_tests_name("store_damage", tests, make_store, remove_store);
}
