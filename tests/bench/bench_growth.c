/*
 * What the judgement costs as the country grows: the same number of observations of a hundred to
 * a hundred thousand hosts, of two thousand blocks, of 64 vantage points, and with ten thousand
 * outages; from the store to outages.csv by the program itself.
 *
 *     bench_growth LIGHTSOUT [OBSERVATIONS]    # 2000000
 *
 * One line a country on stdout: observations a second of processor time (user and system), as a
 * share of the first line's and of reading the store alone; peak of resident memory, and bytes for
 * each host more than the first line has. A run that takes more than LIMIT seconds is ended and
 * said so. The directory is $TMPDIR or /tmp.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/mem.h"
#include "store/store.h"

enum { LIMIT = 120, FEWEST_SWEEPS = 20, FULL_EACH = 11, ANCHORS = 2 };

static const struct country {
	const char *what;
	size_t hosts, blocks, vantages, outages;
} countries[] = {
	{"100 hosts", 100, 4, 1, 1},
	{"1,000 hosts", 1000, 16, 1, 1},
	{"10,000 hosts", 10000, 64, 1, 1},
	{"100,000 hosts", 100000, 500, 1, 1},
	{"2,000 blocks", 10000, 2000, 1, 1},
	{"64 vantage points", 100, 4, 64, 1},
	{"10,000 outages", 20, 4, 1, 10000},
};

static uint64_t seed = 1;

static double unit(void)
{
	seed += UINT64_C(0x9e3779b97f4a7c15);
	uint64_t z = (seed ^ seed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static void fail(const char *what)
{
	fprintf(stderr, "bench_growth: %s\n", what);
	exit(2);
}

static struct ip4 address(const struct country *country, size_t host)
{
	size_t each = (country->hosts + country->blocks - 1) / country->blocks;

	if (host >= country->hosts) /* 203.0.113 */
		return (struct ip4){UINT32_C(0xcb007132) + (uint32_t)(host - country->hosts)};
	return (struct ip4){
		UINT32_C(0x64400000) + (uint32_t)(host / each * 256) + (uint32_t)(host % each) + 1};
}

/* The one outage lies in the last half; many are a fifth of the time each, evenly. */
static bool dark(const struct country *country, size_t sweep, size_t sweeps)
{
	size_t turn = sweeps / country->outages;

	if (country->outages == 1)
		return sweep * 10 >= sweeps * 6 && sweep * 10 < sweeps * 8;
	return sweep % turn * 10 >= turn * 5 && sweep % turn * 10 < turn * 9;
}

static void fill(const struct country *country, struct sweep *sweep, bool is_dark)
{
	size_t all = country->hosts + ANCHORS;
	int64_t lasts = sweep->info.end.ns - sweep->info.start.ns;

	sweep->observation_count = 0;
	for (size_t i = 0; i < all; i++) {
		struct observation seen = observation_blank();
		seen.address = address(country, i);
		seen.probed_at.ns =
			sweep->info.start.ns + lasts / (int64_t)all * (int64_t)(i * 7919 % all);
		seen.attempts = 1;
		if (i >= country->hosts || (!is_dark && unit() >= 0.004)) {
			seen.outcome = OUTCOME_ECHO_REPLY;
			seen.rtt_ns = 200 * NS_PER_MS + (int64_t)(unit() * 5e6);
			seen.attempt = 1;
		} else if (sweep->info.tier == TIER_FULL) {
			continue;
		}
		sweep->observations[sweep->observation_count++] = seen;
	}
}

static uint64_t append(const struct country *country, struct store *store, struct sweep *sweep,
	size_t number, size_t sweeps)
{
	struct sweep_info *info = &sweep->info;
	struct diag why;
	uint64_t count = 0;

	for (size_t v = 0; v < country->vantages; v++)
		for (int full = number % FULL_EACH == 0; full >= 0; full--) {
			snprintf(info->vantage, sizeof(info->vantage), "vp%zu", v + 1);
			info->sweep = 2 * number + (size_t)full + 1;
			info->tier = full ? TIER_FULL : TIER_WATCH;
			info->interval_ns = (full ? 660 : 60) * NS_PER_S;
			info->start.ns = INT64_C(1700000000) * NS_PER_S +
					 (int64_t)number * 60 * NS_PER_S +
					 (int64_t)v * 900 * NS_PER_MS;
			info->end.ns = info->start.ns + (full ? 600 : 55) * NS_PER_S;
			fill(country, sweep, dark(country, number, sweeps));
			if (store_append(store, sweep, &why) != 1)
				fail(why.text);
			count += sweep->observation_count;
		}
	return count;
}

static void put_targets(const struct country *country, struct store *store)
{
	struct target_row *rows = mem_zeroed(country->blocks + ANCHORS, sizeof(*rows));
	size_t each = (country->hosts + country->blocks - 1) / country->blocks;
	struct diag why;

	for (size_t b = 0; b < country->blocks; b++)
		rows[b].prefix = prefix_of(address(country, b * each), BLOCK_LEN);
	for (size_t i = 0; i < ANCHORS; i++)
		rows[country->blocks + i] = (struct target_row){
			.prefix = prefix_of(address(country, country->hosts + i), 32),
			.role = ROLE_ANCHOR};
	if (store_put_targets(store, rows, country->blocks + ANCHORS, &why) < 0)
		fail(why.text);
	free(rows);
}

/* Returns the observations in it. */
static uint64_t make(const struct country *country, const char *path, uint64_t wanted)
{
	size_t all = country->hosts + ANCHORS;
	size_t sweeps = (size_t)(wanted / (all * country->vantages));
	struct sweep sweep = {.observations = mem_zeroed(all, sizeof(*sweep.observations))};
	struct sweep_info *info = &sweep.info;
	struct store *store;
	struct diag why;
	uint64_t count = 0;

	sweeps = sweeps < FEWEST_SWEEPS ? FEWEST_SWEEPS : sweeps;
	if (sweeps < 10 * country->outages && country->outages > 1)
		sweeps = 10 * country->outages;
	if (store_open(path, STORE_WRITE, &why, &store) < 0)
		fail(why.text);
	put_targets(country, store);
	snprintf(info->methods, sizeof(info->methods), "icmp");
	snprintf(info->epoch, sizeof(info->epoch), "%s", store_epoch(store));
	info->probed = info->sent = info->received = (int64_t)all;
	info->anchors_probed = info->anchors_up = ANCHORS;
	for (size_t i = 0; i < sweeps; i++) {
		if (i % 100 == 0 && store_begin(store, &why) < 0)
			fail(why.text);
		count += append(country, store, &sweep, i, sweeps);
		if ((i % 100 == 99 || i == sweeps - 1) && store_commit(store, &why) < 0)
			fail(why.text);
	}
	store_close(store);
	free(sweep.observations);
	return count;
}

static int read_alone(const char *path)
{
	struct store_reader *reader;
	struct store *store;
	struct sweep sweep;
	struct diag why;
	int r;

	if (store_open(path, STORE_READ, &why, &store) < 0 ||
		store_read(store, (struct wall){INT64_MAX}, &why, &reader) < 0)
		return 1;
	while ((r = store_next(reader, &sweep, &why)) == 1)
		;
	store_reader_close(reader);
	store_close(store);
	return r < 0;
}

/* In a process of its own: the program, or with argv NULL reading the store alone. Returns
 * processor seconds; negative: it was ended. */
static double cost(const char *const argv[], const char *path, long *ret_kb)
{
	const struct rlimit limit = {LIMIT, LIMIT};
	struct rusage usage;
	int status;

	fflush(stdout);
	pid_t child = fork();
	if (child == 0 && !argv)
		_exit(read_alone(path));
	if (child == 0) {
		if (setrlimit(RLIMIT_CPU, &limit) == 0 && freopen("/dev/null", "w", stderr))
			execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child)
		fail("wait4");
	if (WIFSIGNALED(status))
		return -1;
	if (status != 0)
		fail(argv ? argv[0] : path);
	*ret_kb = usage.ru_maxrss;
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void measure(const struct country *country, const char *lightsout, const char *path,
	uint64_t wanted, double first[2])
{
	const char *const judge[] = {lightsout, "outages", "-s", path, "-o", "csv:/dev/null", NULL};
	uint64_t count = make(country, path, wanted);
	long kb = 0, read_kb = 0;
	double reading = cost(NULL, path, &read_kb);
	double took = cost(judge, path, &kb);

	printf("%-18s %9" PRIu64 " observations  read %5.2f million/s  ", country->what, count,
		(double)count / reading / 1e6);
	if (took < 0) {
		printf("judged: not done after %d s\n", LIMIT);
		return;
	}
	double rate = (double)count / took / 1e6;
	if (first[0] <= 0) {
		first[0] = rate;
		first[1] = (double)kb;
	}
	printf("judged %6.3f million/s, %5.2f of the first, %4.2f of reading  %7.1f MB", rate,
		rate / first[0], rate * reading / ((double)count / 1e6), (double)kb / 1024);
	if (country->hosts > countries[0].hosts)
		printf(", %6.0f bytes a host",
			((double)kb - first[1]) * 1024 /
				(double)(country->hosts - countries[0].hosts));
	putchar('\n');
}

int main(int argc, char **argv)
{
	uint64_t wanted = argc > 2 ? strtoull(argv[2], NULL, 10) : 2000000;
	const char *tmp = getenv("TMPDIR");
	double first[2] = {0, 0};
	char path[256], beside[272];

	if (argc < 2 || argc > 3 || wanted == 0)
		fail("usage: bench_growth LIGHTSOUT [OBSERVATIONS]");
	unsetenv("CACHE_DIRECTORY");
	setenv("XDG_CACHE_HOME", "/dev/null", 1); /* each run is a replay */
	snprintf(path, sizeof(path), "%s/bench-growth-%d.db", tmp ? tmp : "/tmp", (int)getpid());
	for (size_t i = 0; i < sizeof(countries) / sizeof(countries[0]); i++) {
		measure(&countries[i], argv[1], path, wanted, first);
		for (const char *const *end = (const char *const[]){"", "-wal", "-shm", NULL}; *end;
			end++) {
			snprintf(beside, sizeof(beside), "%s%s", path, *end);
			unlink(beside);
		}
	}
	return 0;
}
