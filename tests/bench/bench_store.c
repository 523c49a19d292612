/*
 * How fast a store is written and read, and how large it is: days of a small
 * country, watch sweeps each minute and full sweeps each eleven, every
 * observation with all an answer carries.
 *
 *     bench_store [DAYS] [MACHINES]
 *
 * One line a figure on stdout, per second of processor time. The directory is $TMPDIR or /tmp.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/mem.h"
#include "store/store.h"

static uint64_t seed = 1;

static uint64_t below(uint64_t limit)
{
	seed += UINT64_C(0x9e3779b97f4a7c15);
	uint64_t z = (seed ^ seed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (z ^ z >> 31) % limit;
}

static struct ip4 machine(size_t i)
{
	return (struct ip4){UINT32_C(0xc6120000) + (uint32_t)(i % 2) * 512 + (uint32_t)(i / 2) * 3};
}

static struct observation answer(size_t i, enum method method, struct sweep_info *info)
{
	struct observation o = observation_blank();
	int64_t phase = (int64_t)(i * 7919 % 600) * 100 * NS_PER_MS;
	int64_t late = (int64_t)below(200) * NS_PER_US;

	o.address = machine(i);
	o.method = method;
	o.port = method == METHOD_TCP ? 443 : 0;
	o.probed_at.ns = info->start.ns + phase % (info->end.ns - info->start.ns) + late;
	o.attempts = 1;
	if (below(50) == 0)
		return o;
	o.outcome = method == METHOD_ICMP ? OUTCOME_ECHO_REPLY : OUTCOME_SYN_ACK;
	o.rtt_ns = 280 * NS_PER_MS + (int64_t)below(3000000);
	o.has_responder = true;
	o.responder = o.address;
	o.reply_ttl = 40 + (int)(i % 8);
	o.ip_id = (int)below(65536);
	o.has_tcp_ts = method == METHOD_TCP;
	o.tcp_ts =
		o.has_tcp_ts ? (uint32_t)(o.probed_at.ns / NS_PER_MS + (int64_t)i * 86400000) : 0;
	o.attempt = 1;
	return o;
}

static void fill(struct sweep *sweep, size_t machines, enum tier tier, int64_t start_s)
{
	struct sweep_info *info = &sweep->info;

	info->sweep++;
	info->tier = tier;
	info->interval_ns = (tier == TIER_FULL ? 660 : 60) * NS_PER_S;
	info->start.ns = start_s * NS_PER_S;
	info->end.ns = info->start.ns + 60 * NS_PER_S;
	sweep->observation_count = 0;
	for (size_t i = 0; i < machines; i++)
		for (enum method m = METHOD_ICMP; m <= METHOD_TCP; m++)
			sweep->observations[sweep->observation_count++] = answer(i, m, info);
}

/* Of processor time: others may be busy on the same machine. */
static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int64_t bytes_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

static void fail(const struct diag *why)
{
	fprintf(stderr, "bench_store: %s\n", why->text);
	exit(2);
}

static uint64_t write_days(struct store *store, size_t days, size_t machines)
{
	struct sweep sweep = {.info = {.vantage = "vp1", .methods = "icmp;tcp:443"}};
	struct diag why;
	uint64_t count = 0;
	struct sweep_info *info = &sweep.info;

	info->probed = info->sent = info->received = (int64_t)machines;
	snprintf(info->epoch, sizeof(info->epoch), "%s", store_epoch(store));
	sweep.observations = mem_zeroed(2 * machines, sizeof(*sweep.observations));
	for (size_t minute = 0; minute < days * 1440; minute++) {
		if (minute % 60 == 0 && store_begin(store, &why) < 0)
			fail(&why);
		for (int full = minute % 11 == 0; full >= 0; full--) {
			fill(&sweep, machines, full ? TIER_FULL : TIER_WATCH, (int64_t)minute * 60);
			if (store_append(store, &sweep, &why) != 1)
				fail(&why);
			count += sweep.observation_count;
		}
		if (minute % 60 == 59 && store_commit(store, &why) < 0)
			fail(&why);
	}
	free(sweep.observations);
	return count;
}

static uint64_t read_days(struct store *store)
{
	struct store_reader *reader;
	struct sweep sweep;
	struct diag why;
	uint64_t count = 0;
	int r = store_read(store, (struct wall){INT64_MAX}, &why, &reader);

	if (r < 0)
		fail(&why);
	while ((r = store_next(reader, &sweep, &why)) == 1)
		count += sweep.observation_count;
	if (r < 0)
		fail(&why);
	store_reader_close(reader);
	return count;
}

int main(int argc, char **argv)
{
	size_t days = argc > 1 ? strtoul(argv[1], NULL, 10) : 30;
	size_t machines = argc > 2 ? strtoul(argv[2], NULL, 10) : 30;
	const char *tmp = getenv("TMPDIR");
	char path[256];
	struct store *store;
	struct diag why;

	snprintf(path, sizeof(path), "%s/bench-store-%d.db", tmp ? tmp : "/tmp", (int)getpid());
	if (store_open(path, STORE_WRITE, &why, &store) < 0)
		fail(&why);
	double begin = seconds();
	uint64_t written = write_days(store, days, machines);
	double took = seconds() - begin;
	printf("write  %.2f million observations/s (%" PRIu64 ", a commit an hour)\n",
		(double)written / took / 1e6, written);
	store_close(store);
	int64_t size = bytes_of(path);
	printf("size   %.2f bytes/observation, %.0f bytes/day\n", (double)size / (double)written,
		(double)size / (double)days);
	if (store_open(path, STORE_READ, &why, &store) < 0)
		fail(&why);
	for (int round = 0; round < 3; round++) {
		begin = seconds();
		uint64_t count = read_days(store);
		printf("read   %.2f million observations/s\n",
			(double)count / (seconds() - begin) / 1e6);
	}
	store_close(store);
	unlink(path);
	return 0;
}
