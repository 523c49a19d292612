/*
 * The bytes of a whole file as a store, through what every command does with one:
 * open, targets, read in both orders, check, count, judge. Behind a first byte of 0xff
 * it is a store that was made here with pieces written over it, so that the schema
 * holds and what is behind it is met.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/judge.h"
#include "core/mem.h"
#include "store/store.h"
#include "tests/fuzz/fuzz.h"

/* A piece: where (16 bits, of the whole length), how many bytes (8 bits), those. */
enum { PIECE_LEAST = 4 };

static char path[64];
static uint8_t *whole;
static size_t whole_len;

static void remove_files(void)
{
	static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
	char name[80];

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		unlink(name);
	}
}

static struct sweep some_sweep(uint64_t number, struct observation rows[8], struct hop hops[2])
{
	struct sweep s = {.info = {.sweep = number,
				  .vantage = "vp1",
				  .start = {(int64_t)number * 660 * NS_PER_S},
				  .end = {(int64_t)number * 660 * NS_PER_S + 60 * NS_PER_S},
				  .interval_ns = 660 * NS_PER_S,
				  .methods = "icmp",
				  .probed = 4,
				  .sent = 4,
				  .received = 3},
		.observations = rows,
		.observation_count = 8,
		.hops = hops,
		.hop_count = 2};

	for (uint32_t i = 0; i < 8; i++) {
		rows[i] = observation_blank();
		rows[i].address.host = 0xc6120000 + i;
		rows[i].probed_at.ns = s.info.start.ns + i * NS_PER_S;
		rows[i].outcome = i < 5 && number % 7 ? OUTCOME_ECHO_REPLY : OUTCOME_SILENT;
		rows[i].rtt_ns = rows[i].outcome == OUTCOME_ECHO_REPLY ? 50000000 : -1;
	}
	for (uint8_t i = 0; i < 2; i++)
		hops[i] = (struct hop){{0xc6120000}, (uint8_t)(i + 1), s.info.start,
			OUTCOME_TTL_EXCEEDED, true, {0xcb007101u + i}, 1000000};
	return s;
}

static void make_store(void)
{
	static const struct target_row targets[] = {
		{{{0xc6120000}, 24}, ROLE_TARGET, "lab"}, {{{0xcb007102}, 32}, ROLE_BORDER, ""}};
	struct diag why = {.line = 0};
	struct observation rows[8];
	struct hop hops[2];
	struct store *store;

	snprintf(path, sizeof(path), "%s/lightsout-fuzz-%ld.db",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (long)getpid());
	if (store_open(path, STORE_WRITE, &why, &store) < 0 ||
		store_put_targets(store, targets, 2, &why) < 0)
		abort();
	for (uint64_t n = 1; n <= 40; n++) {
		struct sweep sweep = some_sweep(n, rows, hops);
		if (store_append(store, &sweep, &why) != 1)
			abort();
	}
	store_close(store);
	FILE *file = fopen(path, "rb");
	whole = mem_zeroed(1 << 18, 1);
	whole_len = file ? fread(whole, 1, 1 << 18, file) : 0;
	if (!file || whole_len < 4096)
		abort();
	fclose(file);
	atexit(remove_files);
}

static void put_file(const uint8_t *bytes, size_t len)
{
	FILE *file;

	remove_files();
	file = fopen(path, "wb");
	if (!file)
		abort();
	if (len > 0 && bytes[0] == 0xff) {
		uint8_t *copy = mem_copy(whole, whole_len);
		for (size_t i = 1; i + PIECE_LEAST <= len;) {
			size_t at = ((size_t)bytes[i] << 8 | bytes[i + 1]) * whole_len >> 16;
			size_t count = bytes[i + 2];
			for (i += 3; count > 0 && i < len && at < whole_len; count--)
				copy[at++] = bytes[i++];
		}
		fwrite(copy, 1, whole_len, file);
		free(copy);
	} else {
		fwrite(bytes, 1, len, file);
	}
	if (fclose(file) != 0)
		abort();
}

static void ignore(void *ctx, const char *text)
{
	(void)ctx, (void)text;
}

static void ignore_gap(void *ctx, const char *vantage, const char *epoch, uint64_t f, uint64_t l)
{
	(void)ctx, (void)vantage, (void)epoch, (void)f, (void)l;
}

/* Read all, and judge it where there is somebody to judge. */
static void read_all(struct store *store, bool numbered)
{
	struct parameters parameters = parameters_of(1);
	struct store_reader *reader = NULL;
	struct target_row *targets = NULL;
	struct judge *judge = NULL;
	struct judgement judgement;
	struct diag why = {.line = 0};
	struct sweep sweep;
	size_t count = 0;
	bool shared;
	int r = store_targets(store, &why, &targets, &count);

	if (r == 0)
		judge = judge_create(targets, count, &parameters);
	if (r == 0)
		r = numbered ? store_read_by_number(store, &why, &reader, &shared)
			     : store_read(store, (struct wall){INT64_MAX}, &why, &reader);
	while (r == 0 && store_next(reader, &sweep, &why) == 1)
		if (!numbered && judge_sweep(judge, &sweep) < 0)
			break;
	store_reader_close(reader);
	if (judge) {
		judge_end(judge, &judgement);
		judgement_finish(&judgement);
	}
	judge_destroy(judge);
	free(targets);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct store_checker checker = {ignore, ignore_gap, NULL};
	struct store_stats stats;
	struct diag why = {.line = 0};
	struct store *store;

	if (!whole)
		make_store();
	put_file(bytes, len);
	if (store_open(path, STORE_READ, &why, &store) < 0)
		return 0;
	store_check(store, &checker, &why);
	if (store_stats(store, &stats, &why) == 0)
		free(stats.series);
	read_all(store, false);
	read_all(store, true);
	store_close(store);
	return 0;
}
