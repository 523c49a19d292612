/* Sweeps that travel: what arrives is what was sent, or is refused and leaves nothing. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "core/mem.h"
#include "store/parcel.h"
#include "tests/unit/random_sweep.h"

enum { SWEEPS = 6 };

static char directory[64];
static char paths[2][96];
static struct diag why;
static struct sweep sent[SWEEPS];
static struct bytes parcels[SWEEPS];

static int set_up(void **state)
{
	struct random random = {7};
	struct store_reader *reader;
	struct parcel_packer *packer;
	struct store *store;
	struct sweep sweep;
	struct bytes parcel;
	(void)state;

	snprintf(directory, sizeof(directory), "/tmp/lightsout-parcel-XXXXXX");
	assert_non_null(mkdtemp(directory));
	for (int i = 0; i < 2; i++)
		snprintf(paths[i], sizeof(paths[i]), "%s/%d.db", directory, i);
	assert_int_equal(store_open(paths[0], STORE_WRITE, &why, &store), 0);
	for (size_t i = 0; i < SWEEPS; i++) {
		sent[i] = random_sweep(&random, i + 1, 40);
		sent[i].info.start.ns += (int64_t)i; /* so that they are read in this order */
		assert_int_equal(store_append(store, &sent[i], &why), 1);
	}
	assert_int_equal(store_read_by_number(store, &why, &reader, &(bool){false}), 0);
	assert_int_equal(parcel_packer_create(reader, &why, &packer), 0);
	for (size_t i = 0; i < SWEEPS; i++) {
		assert_int_equal(store_next(reader, &sweep, &why), 1);
		assert_int_equal(parcel_pack(packer, &sweep.info, &parcel, &why), 0);
		bytes_put(&parcels[i], parcel.bytes, parcel.len);
	}
	parcel_packer_destroy(packer);
	store_reader_close(reader);
	store_close(store);
	return 0;
}

static void remove_store(const char *path)
{
	static const char *const endings[] = {"", "-wal", "-shm"};

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		char name[256];
		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		unlink(name);
	}
}

static int tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < SWEEPS; i++) {
		random_sweep_free(&sent[i]);
		free(parcels[i].bytes);
	}
	for (int i = 0; i < 2; i++)
		remove_store(paths[i]);
	rmdir(directory);
	return 0;
}

static void on_problem(void *ctx, const char *text)
{
	(void)ctx;
	fail_msg("%s", text);
}

static void on_gap(void *ctx, const char *vantage, const char *of, uint64_t first, uint64_t last)
{
	(void)ctx, (void)vantage, (void)of, (void)first, (void)last;
}

static const struct store_checker checker = {on_problem, on_gap, NULL};

static void what_arrives_is_what_was_sent_and_once(void **state)
{
	struct parcel_opener *opener;
	struct store_reader *reader;
	struct store *into;
	struct sweep sweep;
	(void)state;

	assert_int_equal(parcel_opener_create(&why, &opener), 0);
	assert_int_equal(store_open(paths[1], STORE_WRITE, &why, &into), 0);
	for (int round = 0; round < 2; round++) {
		assert_int_equal(store_begin(into, &why), 0);
		for (size_t i = SWEEPS; i-- > 0;) /* any order */
			assert_int_equal(parcel_append(opener, into, parcels[i].bytes,
						 parcels[i].len, &why),
				round == 0);
		assert_int_equal(store_commit(into, &why), 0);
	}
	assert_int_equal(store_check(into, &checker, &why), 0);
	assert_int_equal(store_read_by_number(into, &why, &reader, &(bool){false}), 0);
	for (size_t i = 0; i < SWEEPS; i++) {
		assert_int_equal(store_next(reader, &sweep, &why), 1);
		assert_same_sweep(&sweep, &sent[i]);
	}
	assert_int_equal(store_next(reader, &sweep, &why), 0);
	store_reader_close(reader);
	store_close(into);
	parcel_opener_destroy(opener);
}

/* Of a sweep of that name that is another one nothing comes in, nor of what does not verify. */
static void what_is_refused_leaves_nothing(void **state)
{
	struct parcel_opener *opener;
	struct store_stats stats;
	struct store *into;
	uint8_t *other = mem_copy(parcels[0].bytes, parcels[0].len);
	size_t len = parcels[0].len;
	(void)state;

	remove_store(paths[1]);
	assert_int_equal(parcel_opener_create(&why, &opener), 0);
	assert_int_equal(store_open(paths[1], STORE_WRITE, &why, &into), 0);
	assert_int_equal(store_begin(into, &why), 0);
	assert_int_equal(parcel_append(opener, into, parcels[1].bytes, parcels[1].len, &why), 1);
	uint8_t first = other[6]; /* letter of its vantage point */
	other[6] = '\n';
	parcel_repair(other, len);
	assert_int_equal(parcel_append(opener, into, other, len, &why), -EBADMSG);
	other[6] = first;
	other[4]++; /* its version */
	parcel_repair(other, len);
	assert_int_equal(parcel_append(opener, into, other, len, &why), -EPROTONOSUPPORT);
	assert_int_equal(parcel_append(opener, into, other, 3, &why), -EBADMSG);
	assert_int_equal(store_commit(into, &why), 0);
	assert_int_equal(store_stats(into, &stats, &why), 0);
	assert_int_equal(stats.sweeps, 1);
	free(stats.series);
	store_close(into);
	parcel_opener_destroy(opener);
	free(other);
}

static void every_altered_byte_is_refused(void **state)
{
	struct parcel_opener *opener;
	struct sweep sweep;
	(void)state;

	assert_int_equal(parcel_opener_create(&why, &opener), 0);
	for (size_t at = 0; at < parcels[0].len; at++) {
		uint8_t *copy = mem_copy(parcels[0].bytes, parcels[0].len);
		copy[at] ^= 0x10;
		assert_int_equal(parcel_open(opener, copy, parcels[0].len, &sweep, &why), -EBADMSG);
		assert_true(parcel_open(opener, copy, at, &sweep, &why) == -EBADMSG);
		free(copy);
	}
	parcel_opener_destroy(opener);
}

/* With the checksum put right: another sweep, which can be one, or a refusal that leaves nothing. */
static void whatever_is_in_it_is_verified(void **state)
{
	struct parcel_opener *opener;
	struct store_stats stats;
	struct store *into;
	size_t refused = 0;
	size_t len = parcels[0].len;
	(void)state;

	remove_store(paths[1]);
	assert_int_equal(parcel_opener_create(&why, &opener), 0);
	assert_int_equal(store_open(paths[1], STORE_WRITE, &why, &into), 0);
	for (size_t at = 5; at < len; at++) {
		uint8_t *copy = mem_copy(parcels[0].bytes, len);
		copy[at] ^= 0x10;
		parcel_repair(copy, len);
		assert_int_equal(store_begin(into, &why), 0);
		if (parcel_append(opener, into, copy, len, &why) < 0) {
			refused++;
			assert_int_equal(store_commit(into, &why), 0);
		} else {
			store_rollback(into);
		}
		free(copy);
	}
	assert_true(refused > 0 && refused < len - 5);
	assert_int_equal(store_check(into, &checker, &why), 0);
	assert_int_equal(store_stats(into, &stats, &why), 0);
	assert_int_equal(stats.sweeps, 0);
	free(stats.series);
	store_close(into);
	parcel_opener_destroy(opener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_arrives_is_what_was_sent_and_once),
		cmocka_unit_test(what_is_refused_leaves_nothing),
		cmocka_unit_test(every_altered_byte_is_refused),
		cmocka_unit_test(whatever_is_in_it_is_verified),
	};
	return cmocka_run_group_tests_name("parcel", tests, set_up, tear_down);
}
