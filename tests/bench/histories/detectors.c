#include "tests/bench/histories/detectors.h"

#include <string.h>

#define ROUND (INT64_C(660) * 1000000000)
#define BIN (INT64_C(600) * 1000000000)

const char *detector_name(enum detector detector)
{
	static const char *const names[] = {"trinocular", "trinocular-any", "trinocular-fbs",
		"ratio-0.8", "ratio-0.5", "half", "three-misses"};

	return names[detector];
}

static void set(struct block_state *block, enum detector detector, bool down, int64_t t, FILE *out)
{
	struct detected *state = &block->out;
	char text[ADDRESS_TEXT_SIZE];

	if (state->down[detector] == down)
		return;
	state->down[detector] = down;
	if (down) {
		state->since[detector] = t;
		return;
	}
	prefix_format(block->block, text);
	fprintf(out, "%s,%s,%.6f,%.6f\n", detector_name(detector), text,
		(double)(state->since[detector] / 1000) * 1e-6, (double)(t / 1000) * 1e-6);
}

void block_begin(struct block_state *block)
{
	double sum = 0;

	block->active_count = 0;
	for (int i = 0; i < BLOCK_HOSTS; i++) {
		block->active[i] = block->answered[i] > 0;
		if (!block->active[i])
			continue;
		block->active_count++;
		sum += (double)block->answered[i] / block->asked[i];
	}
	block->availability = block->active_count ? sum / block->active_count : 0;
	block->belief = 0.99;
	block->round = block->bin = -1;
	memset(block->looked, -1, sizeof(block->looked));
}

/* Belief that the block is up; published constants. */
static double updated(double belief, bool answered, double availability)
{
	double up = answered ? availability : 1 - availability;
	double stray = (1 - 0.01) / 256;
	double down = answered ? stray : 1 - stray;
	double next = belief * up / (belief * up + (1 - belief) * down);

	return next < 0.01 ? 0.01 : next > 0.99 ? 0.99 : next;
}

/* At most 15 probes, in an order that differs each round; stops when sure. */
static void trinocular_round(struct block_state *block, FILE *out)
{
	int64_t t = block->round * ROUND;
	int probes = 0, heard = 0, seen = 0;
	bool certain = false;

	for (int i = 0; i < BLOCK_HOSTS; i++) {
		int host = (int)((unsigned)i * 167u + (unsigned)(block->round * 89)) % BLOCK_HOSTS;
		if (!block->active[host] || block->looked[host] < 0)
			continue;
		seen++;
		heard += block->looked[host];
		if (certain || probes == 15)
			continue;
		probes++;
		block->belief =
			updated(block->belief, block->looked[host] == 1, block->availability);
		certain = block->belief > 0.9 || block->belief < 0.1;
		/* A first silent probe does not end a round that began sure of up. */
		if (block->belief > 0.9 && block->looked[host] == 0)
			certain = false;
	}
	memset(block->looked, -1, sizeof(block->looked));
	if (seen == 0)
		return;
	block->quiet_rounds = heard ? 0 : block->quiet_rounds + 1;
	if (block->belief >= 0.1 && block->belief <= 0.9)
		return;
	bool down = block->belief < 0.1;
	if (block->active_count >= 15 && block->availability >= 0.1)
		set(block, DETECTOR_TRINOCULAR, down, t, out);
	set(block, DETECTOR_TRINOCULAR_ANY, down, t, out);
	/* Down only after every ever-active address was asked and silent. */
	if (!down || block->quiet_rounds * 15 >= block->active_count)
		set(block, DETECTOR_FULL_BLOCK, down, t, out);
}

static int median(const struct block_state *block)
{
	int seen = 0;

	for (int i = 0; i <= BLOCK_HOSTS; i++) {
		seen += block->histogram[i];
		if (2 * seen >= block->week_count)
			return i;
	}
	return 0;
}

static void ratio_bin(struct block_state *block, FILE *out)
{
	int64_t t = block->bin * BIN;
	int count = 0;

	for (int i = 0; i < BLOCK_HOSTS; i++)
		count += block->in_bin[i];
	memset(block->in_bin, 0, sizeof(block->in_bin));
	if (count > 255)
		count = 255;
	int expected = block->week_count >= 6 ? median(block) : 0;
	if (expected > 0) {
		set(block, DETECTOR_RATIO_80, count < 0.8 * expected, t, out);
		set(block, DETECTOR_RATIO_50, count < 0.5 * expected, t, out);
		/* Bad bins are painted over, as the published alerts do. */
		if (count < 0.8 * expected || count > 2 * expected)
			count = expected;
	}
	if (block->week_count == WEEK_BINS)
		block->histogram[block->week[block->week_at]]--;
	else
		block->week_count++;
	block->week[block->week_at] = (uint8_t)count;
	block->histogram[count]++;
	block->week_at = (block->week_at + 1) % WEEK_BINS;
}

static void count_misses(struct block_state *block, int host, bool answered, int64_t t, FILE *out)
{
	if (answered) {
		block->misses[host] = 0;
		block->first_miss = 0;
		set(block, DETECTOR_THREE, false, t, out);
		return;
	}
	if (block->first_miss == 0)
		block->first_miss = t;
	if (block->misses[host] < 3)
		block->misses[host]++;
	for (int i = 0; i < BLOCK_HOSTS; i++)
		if (block->active[i] && block->misses[i] < 3)
			return;
	set(block, DETECTOR_THREE, true, block->first_miss, out);
}

void block_look(struct block_state *block, int host, bool answered, int64_t t, FILE *out)
{
	if (!block->active[host])
		return;
	if (t / ROUND > block->round) {
		if (block->round >= 0)
			trinocular_round(block, out);
		block->round = t / ROUND;
	}
	if (t / BIN > block->bin) {
		if (block->bin >= 0)
			ratio_bin(block, out);
		block->bin = t / BIN;
	}
	if (block->looked[host] < 0)
		block->looked[host] = answered;
	if (answered)
		block->in_bin[host] = true;
	count_misses(block, host, answered, t, out);
}

void block_sweep(struct block_state *block, int asked, int answered, int64_t start, FILE *out)
{
	if (asked > 0)
		set(block, DETECTOR_HALF, answered * 2 < asked, start, out);
}

void block_finish(struct block_state *block, int64_t t, FILE *out)
{
	for (int i = 0; i < DETECTOR_COUNT; i++)
		set(block, (enum detector)i, false, t, out);
}
