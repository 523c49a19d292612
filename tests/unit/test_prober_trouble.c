/*
 * A disk that fails now and then, and copies made of a store while it is written:
 * nothing that was handed in is lost, nothing is half there. Each kind of failure 20
 * times. With LIGHTSOUT_SOAK 200 copies, else 20.
 */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "core/mem.h"
#include "prober/storing.h"
#include "store/store.h"
#include "tests/unit/random_sweep.h"

enum { ROWS = 60, TIMES = 20 };

static char directory[64];
static char path[96];
static struct diag why;

/* --- a disk under SQLite that does as it is told --- */

enum fault {
	FAULT_NONE,
	FAULT_WRITE,    /* EIO */
	FAULT_FULL,     /* ENOSPC */
	FAULT_SHORT,    /* half of it is written, then EIO */
	FAULT_SYNC,     /* fsync says EIO */
	FAULT_READ,     /* EIO */
	FAULT_LOCK,     /* of the index: somebody holds it */
	FAULT_LOCK_EIO, /* ... or the disk fails */
	FAULT_COUNT,
};
static const char *const fault_names[] = {
	"", "write", "full", "short write", "sync", "read", "lock", "failing lock"};

static atomic_int fault, fault_in, faults; /* which, after how many calls; how many there were */

struct shim {
	sqlite3_file base;
	sqlite3_file *real; /* behind this */
};

static sqlite3_vfs *under;
static sqlite3_io_methods methods;

static sqlite3_file *real(sqlite3_file *file)
{
	return ((struct shim *)file)->real;
}

/* Is it now, and of this kind? */
static bool strikes(enum fault kind)
{
	if (atomic_load(&fault) != (int)kind || atomic_fetch_sub(&fault_in, 1) > 0)
		return false;
	atomic_store(&fault, FAULT_NONE);
	atomic_fetch_add(&faults, 1);
	return true;
}

static int shim_close(sqlite3_file *file)
{
	return real(file)->pMethods->xClose(real(file));
}

static int shim_read(sqlite3_file *file, void *to, int len, sqlite3_int64 at)
{
	return strikes(FAULT_READ) ? SQLITE_IOERR_READ
				   : real(file)->pMethods->xRead(real(file), to, len, at);
}

static int shim_write(sqlite3_file *file, const void *from, int len, sqlite3_int64 at)
{
	if (strikes(FAULT_WRITE))
		return SQLITE_IOERR_WRITE;
	if (strikes(FAULT_FULL))
		return SQLITE_FULL;
	if (strikes(FAULT_SHORT)) {
		real(file)->pMethods->xWrite(real(file), from, len / 2, at);
		return SQLITE_IOERR_WRITE;
	}
	return real(file)->pMethods->xWrite(real(file), from, len, at);
}

static int shim_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return real(file)->pMethods->xTruncate(real(file), size);
}

static int shim_sync(sqlite3_file *file, int flags)
{
	return strikes(FAULT_SYNC) ? SQLITE_IOERR_FSYNC
				   : real(file)->pMethods->xSync(real(file), flags);
}

static int shim_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return real(file)->pMethods->xFileSize(real(file), size);
}

static int shim_lock(sqlite3_file *file, int level)
{
	return real(file)->pMethods->xLock(real(file), level);
}

static int shim_unlock(sqlite3_file *file, int level)
{
	return real(file)->pMethods->xUnlock(real(file), level);
}

static int shim_reserved(sqlite3_file *file, int *out)
{
	return real(file)->pMethods->xCheckReservedLock(real(file), out);
}

static int shim_control(sqlite3_file *file, int op, void *arg)
{
	return real(file)->pMethods->xFileControl(real(file), op, arg);
}

static int shim_sector(sqlite3_file *file)
{
	return real(file)->pMethods->xSectorSize(real(file));
}

static int shim_device(sqlite3_file *file)
{
	return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int shim_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **to)
{
	return real(file)->pMethods->xShmMap(real(file), page, size, extend, to);
}

static int shim_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	if ((flags & SQLITE_SHM_LOCK) && strikes(FAULT_LOCK))
		return SQLITE_BUSY;
	if ((flags & SQLITE_SHM_LOCK) && strikes(FAULT_LOCK_EIO))
		return SQLITE_IOERR_SHMLOCK;
	return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}

static void shim_shm_barrier(sqlite3_file *file)
{
	real(file)->pMethods->xShmBarrier(real(file));
}

static int shim_shm_unmap(sqlite3_file *file, int remove)
{
	return real(file)->pMethods->xShmUnmap(real(file), remove);
}

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	struct shim *shim = (struct shim *)file;
	(void)vfs;

	shim->real = (sqlite3_file *)(shim + 1);
	int r = under->xOpen(under, name, shim->real, flags, out);
	file->pMethods = r == SQLITE_OK ? &methods : NULL;
	return r;
}

static void lay_shim(void)
{
	static sqlite3_vfs vfs;

	under = sqlite3_vfs_find(NULL);
	vfs = *under;
	vfs.pNext = NULL;
	vfs.zName = "trouble";
	vfs.szOsFile = (int)sizeof(struct shim) + under->szOsFile;
	vfs.xOpen = shim_open;
	methods = (sqlite3_io_methods){2, shim_close, shim_read, shim_write, shim_truncate,
		shim_sync, shim_size, shim_lock, shim_unlock, shim_reserved, shim_control,
		shim_sector, shim_device, shim_shm_map, shim_shm_lock, shim_shm_barrier,
		shim_shm_unmap, NULL, NULL};
	assert_int_equal(sqlite3_vfs_register(&vfs, 1), SQLITE_OK);
}

/* --- sweeps --- */

/* Sweep n: the same each time it is made; rows are the caller's. */
static struct sweep make_sweep(uint64_t n, struct observation rows[ROWS])
{
	struct random random = {n};
	struct sweep sweep = {.info = {.sweep = n, .vantage = "vp1", .epoch = "e"}};

	sweep.info.start.ns = (int64_t)n * NS_PER_S;
	sweep.info.end = sweep.info.start;
	for (size_t i = 0; i < ROWS; i++)
		rows[i] = random_observation(&random, (struct ip4){0xc6120000 + (uint32_t)i},
			METHOD_ICMP, sweep.info.start);
	sweep.observations = rows;
	sweep.observation_count = ROWS;
	return sweep;
}

static void on_problem(void *ctx, const char *text)
{
	(void)ctx;
	print_error("%s\n", text);
}

static void on_gap(void *ctx, const char *vantage, const char *epoch, uint64_t first, uint64_t last)
{
	(void)vantage, (void)epoch, (void)first, (void)last;
	++*(int *)ctx;
}

/* Sweeps in a store that is whole, from 1 on and each as it was made. */
static uint64_t whole_sweeps(const char *name)
{
	int gaps = 0;
	const struct store_checker checker = {on_problem, on_gap, &gaps};
	struct observation rows[ROWS];
	struct store_reader *reader;
	struct store *store;
	struct sweep sweep;
	uint64_t n = 0;
	int r;

	assert_int_equal(store_open(name, STORE_READ, &why, &store), 0);
	assert_int_equal(store_check(store, &checker, &why), 0);
	assert_int_equal(gaps, 0);
	assert_int_equal(store_read(store, (struct wall){INT64_MAX}, &why, &reader), 0);
	while ((r = store_next(reader, &sweep, &why)) == 1) {
		make_sweep(++n, rows);
		assert_int_equal(sweep.info.sweep, n);
		assert_int_equal(sweep.observation_count, ROWS);
		for (size_t i = 0; i < ROWS; i++)
			assert_int_equal(sweep.observations[i].outcome, rows[i].outcome);
	}
	assert_int_equal(r, 0);
	store_reader_close(reader);
	store_close(store);
	return n;
}

/* --- the disk fails --- */

static void hand_in(struct storing *storing, uint64_t n)
{
	const struct sweep_counts counts = {.sent = n};
	struct observation *rows = mem_zeroed(ROWS, sizeof(*rows));
	struct sweep sweep = make_sweep(n, rows);

	storing_put(storing, &sweep, &counts);
}

static int fate(struct storing *storing, uint64_t n, struct mono *now)
{
	const struct timespec nap = {0, 200000};
	struct storing_parcel *parcel;

	while (!(parcel = storing_take(storing))) {
		*now = mono_after(*now, STORING_AGAIN_NS);
		storing_look(storing, *now);
		nanosleep(&nap, NULL);
	}
	int result = parcel->result;
	assert_int_equal(parcel->sweep.info.sweep, n);
	storing_parcel_free(parcel);
	return result;
}

static void a_disk_that_fails_loses_nothing(void **state)
{
	struct random random = {20261129};
	struct storing *storing;
	struct store *store;
	struct mono now = {0};
	uint64_t n = 0;
	(void)state;

	lay_shim();
	assert_int_equal(store_open(path, STORE_WRITE, &why, &store), 0);
	assert_int_equal(storing_begin(store, &STORING_BOUNDS, &why, &storing), 0);
	for (int kind = FAULT_NONE + 1; kind < FAULT_COUNT; kind++) {
		atomic_store(&faults, 0);
		for (int most = 400; atomic_load(&faults) < TIMES && most > 0; most--) {
			if (atomic_load(&fault) == FAULT_NONE) {
				atomic_store(&fault_in, (int)random_below(&random, 12));
				atomic_store(&fault, kind);
			}
			hand_in(storing, ++n);
			assert_int_equal(fate(storing, n, &now), 0);
		}
		print_message("# %s: failed %d times, %llu sweeps\n", fault_names[kind],
			atomic_load(&faults), (unsigned long long)n);
		assert_int_equal(atomic_load(&faults), TIMES);
	}
	assert_true(storing_end(storing, 0));
	storing_destroy(storing);
	store_close(store);
	assert_int_equal(sqlite3_vfs_register(under, 1), SQLITE_OK);
	assert_int_equal(whole_sweeps(path), n);
}

/* --- copies --- */

static void copy(const char *from, const char *to)
{
	char buffer[1 << 16];
	ssize_t n;
	int in = open(from, O_RDONLY);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(in >= 0 && out >= 0);
	while ((n = read(in, buffer, sizeof(buffer))) > 0)
		assert_int_equal(write(out, buffer, (size_t)n), n);
	close(in);
	close(out);
}

/* Writes for ever; tells each sweep that is stored. */
static void write_on(int told)
{
	struct observation rows[ROWS];
	struct store *store;

	if (store_open(path, STORE_WRITE, &why, &store) < 0)
		_exit(1);
	const struct timespec pause = {0, 1000000};
	for (uint64_t n = 1;; n++) {
		if (n % 4 == 0) /* or the copies were long to read */
			nanosleep(&pause, NULL);
		struct sweep sweep = make_sweep(n, rows);
		if (store_append(store, &sweep, &why) != 1)
			_exit(2);
		if (write(told, &n, sizeof(n)) != sizeof(n))
			_exit(3);
	}
}

/* All that was told so far. */
static uint64_t last_told(int told, uint64_t last)
{
	uint64_t n;

	while (read(told, &n, sizeof(n)) == sizeof(n))
		last = n;
	return last;
}

static void a_copy_of_any_instant_is_whole(void **state)
{
	static const char *const endings[] = {"", "-wal", "-shm"};
	int copies = getenv("LIGHTSOUT_SOAK") ? 200 : 20;
	struct random random = {7};
	char from[128];
	char to[3][128];
	uint64_t last = 0;
	int told[2];
	int status;
	(void)state;

	assert_int_equal(pipe2(told, O_NONBLOCK), 0);
	pid_t child = fork();
	if (child == 0) {
		fcntl(told[1], F_SETFL, 0);
		write_on(told[1]);
	}
	close(told[1]);
	for (size_t i = 0; i < 3; i++)
		snprintf(to[i], sizeof(to[i]), "%s/copy.db%s", directory, endings[i]);
	while ((last = last_told(told[0], last)) == 0)
		;
	for (int i = 0; i < copies; i++) {
		const struct timespec pause = {0, (long)random_below(&random, 30000000)};
		nanosleep(&pause, NULL);
		kill(child, SIGSTOP); /* in the middle of whatever it does */
		assert_int_equal(waitpid(child, &status, WUNTRACED), child);
		assert_true(WIFSTOPPED(status));
		for (size_t k = 0; k < 2; k++) {
			snprintf(from, sizeof(from), "%s%s", path, endings[k]);
			copy(from, to[k]);
		}
		unlink(to[2]);
		last = last_told(told[0], last);
		kill(child, SIGCONT);
		uint64_t there = whole_sweeps(to[0]);
		assert_true(there >= last && there <= last + 1); /* one may not be told yet */
	}
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	last = last_told(told[0], last);
	close(told[0]);
	uint64_t there = whole_sweeps(path);
	assert_true(there >= last && there <= last + 1);
	print_message("# %d copies, of up to %llu sweeps\n", copies, (unsigned long long)there);
	for (size_t k = 0; k < 3; k++)
		unlink(to[k]);
}

static int fresh_directory(void **state)
{
	(void)state;
	snprintf(directory, sizeof(directory), "/tmp/lightsout-disk-XXXXXX");
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/test.db", directory);
	return 0;
}

static int remove_directory(void **state)
{
	static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
	(void)state;

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		char name[128];
		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		unlink(name);
	}
	return rmdir(directory);
}

#define TROUBLE_TEST(name) cmocka_unit_test_setup_teardown(name, fresh_directory, remove_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TROUBLE_TEST(a_disk_that_fails_loses_nothing),
		TROUBLE_TEST(a_copy_of_any_instant_is_whole),
	};
	return cmocka_run_group_tests_name("prober_trouble", tests, NULL, NULL);
}
