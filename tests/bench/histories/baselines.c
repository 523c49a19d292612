#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "store/store.h"
#include "tests/bench/histories/detectors.h"

/*
 * baselines STORE DOWNS MINUTES
 *
 * What other methods make of a store: DOWNS gets detector,block,start,end;
 * MINUTES gets minute,asked,answered,rtt_us of all targets that mostly answer,
 * from which the evaluator judges causes by the rules people use.
 */
enum { BLOCKS = 64 };

struct minute {
	uint32_t asked, answered;
	double rtt_us;
};

struct reading {
	struct block_state *blocks; /* BLOCKS of them */
	int block_count;
	struct prefix targets[BLOCKS];
	int target_count;
	struct minute *minutes;
	size_t minute_count, minute_capacity;
	int64_t first_minute;
	FILE *downs;
	char vantage[VANTAGE_SIZE]; /* they know of one: the first */
};

static struct block_state *block_for(struct reading *reading, struct ip4 address)
{
	struct prefix prefix = block_of(address);
	bool wanted = false;

	for (int i = 0; i < reading->block_count; i++)
		if (reading->blocks[i].block.base.host == prefix.base.host)
			return &reading->blocks[i];
	for (int i = 0; i < reading->target_count; i++)
		wanted = wanted || prefix_holds(reading->targets[i], address);
	if (!wanted || reading->block_count == BLOCKS)
		return NULL;
	reading->blocks[reading->block_count].block = prefix;
	return &reading->blocks[reading->block_count++];
}

static void learn(struct reading *reading, const struct sweep *sweep)
{
	for (size_t i = 0; i < sweep->observation_count; i++) {
		const struct observation *seen = &sweep->observations[i];
		struct block_state *block = block_for(reading, seen->address);
		if (!block || seen->outcome == OUTCOME_UNSENT)
			continue;
		block->asked[seen->address.host & 255]++;
		block->answered[seen->address.host & 255] += outcome_is_life(seen->outcome);
	}
}

static int by_time(const void *a, const void *b)
{
	const struct observation *x = a;
	const struct observation *y = b;

	if (x->probed_at.ns != y->probed_at.ns)
		return x->probed_at.ns < y->probed_at.ns ? -1 : 1;
	return observation_order(a, b);
}

static void count_minute(
	struct reading *reading, const struct block_state *block, const struct observation *seen)
{
	int host = seen->address.host & 255;
	int64_t at = seen->probed_at.ns / (60 * NS_PER_S) - reading->first_minute;

	if (block->answered[host] * 10 < block->asked[host] * 7 || at < 0)
		return;
	size_t index = (size_t)at;
	if (index >= reading->minute_count) {
		size_t had = reading->minute_count;
		reading->minutes = mem_grow(reading->minutes, &reading->minute_capacity, index + 1,
			sizeof(struct minute));
		reading->minute_count = index + 1;
		memset(reading->minutes + had, 0, (index + 1 - had) * sizeof(struct minute));
	}
	struct minute *minute = &reading->minutes[index];
	minute->asked++;
	if (outcome_is_life(seen->outcome)) {
		minute->answered++;
		minute->rtt_us += (double)seen->rtt_ns * 1e-3;
	}
}

static void judge(struct reading *reading, struct sweep *sweep)
{
	int asked[BLOCKS] = {0}, answered[BLOCKS] = {0};

	if (!reading->vantage[0])
		memcpy(reading->vantage, sweep->info.vantage, VANTAGE_SIZE);
	if (sweep->info.tier != TIER_WATCH || strcmp(reading->vantage, sweep->info.vantage) != 0)
		return;
	if (!reading->first_minute)
		reading->first_minute = sweep->info.start.ns / (60 * NS_PER_S);
	qsort(sweep->observations, sweep->observation_count, sizeof(struct observation), by_time);
	for (size_t i = 0; i < sweep->observation_count; i++) {
		const struct observation *seen = &sweep->observations[i];
		struct block_state *block = block_for(reading, seen->address);
		if (!block || seen->outcome == OUTCOME_UNSENT)
			continue;
		int host = seen->address.host & 255;
		bool life = outcome_is_life(seen->outcome);
		asked[block - reading->blocks] += block->active[host];
		answered[block - reading->blocks] += life;
		block_look(block, host, life, seen->probed_at.ns, reading->downs);
		count_minute(reading, block, seen);
	}
	for (int b = 0; b < reading->block_count; b++)
		block_sweep(&reading->blocks[b], asked[b], answered[b], sweep->info.start.ns,
			reading->downs);
}

static int pass(struct store *store, struct reading *reading, bool learning, struct diag *why)
{
	struct store_reader *reader;
	struct sweep sweep;
	int64_t last = 0;
	int r = store_read(store, (struct wall){INT64_MAX}, why, &reader);

	if (r < 0)
		return r;
	while ((r = store_next(reader, &sweep, why)) > 0) {
		last = sweep.info.end.ns;
		if (learning)
			learn(reading, &sweep);
		else
			judge(reading, &sweep);
	}
	store_reader_close(reader);
	for (int b = 0; b < reading->block_count; b++) {
		if (learning)
			block_begin(&reading->blocks[b]);
		else
			block_finish(&reading->blocks[b], last, reading->downs);
	}
	return r;
}

static int read_targets(struct store *store, struct reading *reading)
{
	struct diag why = {.line = 0};
	struct target_row *rows;
	size_t count;
	int r = store_targets(store, &why, &rows, &count);

	if (r < 0)
		return r;
	for (size_t i = 0; i < count && reading->target_count < BLOCKS; i++)
		if (rows[i].role == ROLE_TARGET)
			reading->targets[reading->target_count++] = rows[i].prefix;
	free(rows);
	return 0;
}

static int write_minutes(const struct reading *reading, const char *path)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return -errno;
	fprintf(file, "minute,asked,answered,rtt_us\n");
	for (size_t i = 0; i < reading->minute_count; i++) {
		const struct minute *minute = &reading->minutes[i];
		if (minute->asked)
			fprintf(file, "%lld,%u,%u,%.0f\n",
				(long long)(reading->first_minute + (int64_t)i) * 60, minute->asked,
				minute->answered,
				minute->answered ? minute->rtt_us / minute->answered : 0);
	}
	return fclose(file) ? -errno : 0;
}

int main(int argc, char **argv)
{
	struct diag why = {0};
	struct store *store;
	struct reading reading = {0};

	if (argc != 4) {
		fprintf(stderr, "usage: baselines STORE DOWNS MINUTES\n");
		return 2;
	}
	int r = store_open(argv[1], STORE_READ, &why, &store);
	if (r == 0) {
		reading.blocks = mem_zeroed(BLOCKS, sizeof(struct block_state));
		reading.downs = fopen(argv[2], "w");
		r = reading.downs ? read_targets(store, &reading) : -errno;
		if (r == 0) {
			fprintf(reading.downs, "detector,block,start,end\n");
			r = pass(store, &reading, true, &why);
		}
		if (r == 0)
			r = pass(store, &reading, false, &why);
		if (r == 0)
			r = write_minutes(&reading, argv[3]);
		if (reading.downs && fclose(reading.downs))
			r = -errno;
		free(reading.blocks);
		free(reading.minutes);
		store_close(store);
	}
	if (r < 0)
		fprintf(stderr, "baselines: %s\n", why.text[0] ? why.text : strerror(-r));
	return r < 0 ? 1 : 0;
}
