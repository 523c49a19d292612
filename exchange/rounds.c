#include "exchange/rounds.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

/* Gains of the running means and the least availability, as published. */
#define SHORT_GAIN 0.1
#define LONG_GAIN 0.01
#define LEAST_AVAILABILITY 0.1

enum { GROUP_MAX = 31 };

struct counted {
	struct prefix prefix;
	const struct round_state *row, *end; /* from the one that the round began in */
	bool ever[256];                       /* answered */
	uint8_t outcomes[256];                /* enum round_outcome, of this round */
	int64_t rtt_ns, rtt_count;
	double a_short, a_long, deviation; /* NaN before the first answer */
};

struct rounds {
	int64_t base_ns, end_ns, length_ns;
	uint64_t number;
	int64_t allowed; /* rounds without a sweep */
	struct rounds_gap gap;
	struct counted *blocks;    /* ascending, as the states have them */
	size_t block_count, block_capacity;
	void (*put)(void *ctx, const struct round *round);
	void *ctx;
};

struct rounds *rounds_create(const struct round_states *states, double scale,
	void (*put)(void *ctx, const struct round *round), void *ctx)
{
	struct rounds *rounds = mem_zeroed(1, sizeof(*rounds));

	rounds->base_ns = states->start.ns / NS_PER_S * NS_PER_S;
	rounds->end_ns = states->end.ns;
	rounds->length_ns = (int64_t)((double)ROUND_SECONDS * NS_PER_S / scale);
	rounds->allowed = ROUNDS_GAP_MOST;
	rounds->put = put;
	rounds->ctx = ctx;
	for (size_t i = 0; i < states->count; i++) {
		struct counted *last =
			rounds->block_count ? &rounds->blocks[rounds->block_count - 1] : NULL;
		if (!last || prefix_order(&last->prefix, &states->items[i].block) != 0) {
			rounds->blocks = mem_grow(rounds->blocks, &rounds->block_capacity,
				rounds->block_count + 1, sizeof(*rounds->blocks));
			last = &rounds->blocks[rounds->block_count++];
			*last = (struct counted){.prefix = states->items[i].block,
				.row = &states->items[i],
				.a_short = (double)NAN,
				.a_long = (double)NAN};
		}
		last->end = &states->items[i] + 1;
	}
	return rounds;
}

void rounds_destroy(struct rounds *rounds)
{
	if (!rounds)
		return;
	free(rounds->blocks);
	free(rounds);
}

static size_t put_base64(const uint8_t *bytes, size_t count, char *text)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t len = 0;

	for (size_t i = 0; i < count; i += 3) {
		uint32_t three = (uint32_t)bytes[i] << 16;
		if (i + 1 < count)
			three |= (uint32_t)bytes[i + 1] << 8;
		if (i + 2 < count)
			three |= bytes[i + 2];
		for (size_t k = 0; k < 4; k++)
			text[len++] = i + k > count ? '=' : digits[three >> (18 - 6 * k) & 63];
	}
	text[len] = '\0';
	return len;
}

void round_log(const uint8_t outcomes[256], char ret[ROUND_LOG_SIZE])
{
	static const uint8_t order[] = {ROUND_ANSWERED, ROUND_ERROR, ROUND_SILENT};
	uint8_t bytes[256 + 3 * (256 / GROUP_MAX + 1)];
	size_t len = 0;

	for (size_t k = 0; k < sizeof(order); k++) {
		size_t head = 0, count = GROUP_MAX;
		for (size_t host = 0; host < 256; host++) {
			if (outcomes[host] != order[k])
				continue;
			if (count == GROUP_MAX) {
				head = len++;
				count = 0;
			}
			bytes[len++] = (uint8_t)host;
			bytes[head] = (uint8_t)(++count << 3 | order[k]);
		}
	}
	put_base64(bytes, len, ret);
}

/* The row that holds longest between the two; rows before are passed for good. */
static const struct round_state *row_of(struct counted *block, int64_t from_ns, int64_t to_ns)
{
	const struct round_state *best = NULL;
	int64_t most = 0;

	while (block->row + 1 < block->end && block->row->end.ns <= from_ns)
		block->row++;
	for (const struct round_state *row = block->row; row < block->end; row++) {
		int64_t start = row->start.ns > from_ns ? row->start.ns : from_ns;
		int64_t end = row->end.ns < to_ns ? row->end.ns : to_ns;
		if (row->start.ns >= to_ns)
			break;
		if (end - start > most) {
			most = end - start;
			best = row;
		}
	}
	return best;
}

static void learn(struct counted *block, double share)
{
	if (isnan(block->a_long)) {
		block->a_short = block->a_long = share;
		return;
	}
	block->a_short += SHORT_GAIN * (share - block->a_short);
	block->deviation += LONG_GAIN * (fabs(share - block->a_long) - block->deviation);
	block->a_long += LONG_GAIN * (share - block->a_long);
}

static void end_block(struct rounds *rounds, struct counted *block, int64_t from_ns)
{
	const struct round_state *row = row_of(block, from_ns, from_ns + rounds->length_ns);
	struct round round = {.block = block->prefix,
		.number = rounds->number,
		.start = {from_ns / NS_PER_S * NS_PER_S},
		.status = ROUND_UNKNOWN,
		.belief = (double)NAN,
		.rtt_us = -1};

	if (row && row->status != ROUND_UNKNOWN) {
		round.status = row->status;
		round.belief = row->belief;
	}
	for (size_t host = 0; host < 256; host++) {
		round.positive += block->outcomes[host] == ROUND_ANSWERED;
		round.negative += block->outcomes[host] == ROUND_SILENT ||
				  block->outcomes[host] == ROUND_ERROR;
	}
	unsigned asked = round.positive + round.negative;
	if (asked && round.status == ROUND_UP)
		learn(block, (double)round.positive / asked);
	round.a_short = block->a_short;
	round.a_oper = fmax(block->a_long - block->deviation / 2, LEAST_AVAILABILITY);
	if (isnan(block->a_long))
		round.a_oper = (double)NAN;
	if (block->rtt_count)
		round.rtt_us = block->rtt_ns / block->rtt_count / 1000;
	round_log(block->outcomes, round.log);
	rounds->put(rounds->ctx, &round);
	memset(block->outcomes, ROUND_NOT_ASKED, sizeof(block->outcomes));
	block->rtt_ns = block->rtt_count = 0;
}

/* The rounds from here that are over by then, but for one, hold nothing. */
static void leave_out(struct rounds *rounds, uint64_t count)
{
	struct rounds_gap *gap = &rounds->gap;
	int64_t from_ns = rounds->base_ns + (int64_t)rounds->number * rounds->length_ns;
	int64_t lasts_ns = (int64_t)count * rounds->length_ns;

	if (gap->left_out == 0 || lasts_ns > wall_since(gap->to, gap->from)) {
		gap->from.ns = from_ns;
		gap->to.ns = from_ns + lasts_ns;
	}
	gap->left_out += count;
	rounds->number += count;
}

/* End every round that is over by then. */
static void advance(struct rounds *rounds, int64_t now_ns)
{
	for (bool first = true;; first = false) {
		int64_t from_ns = rounds->base_ns + (int64_t)rounds->number * rounds->length_ns;
		int64_t over = (now_ns - from_ns) / rounds->length_ns;
		if (over < 1)
			return;
		if (!first && over > rounds->allowed) {
			leave_out(rounds, (uint64_t)over);
			return;
		}
		rounds->allowed -= !first;
		for (size_t i = 0; i < rounds->block_count; i++)
			end_block(rounds, &rounds->blocks[i], from_ns);
		rounds->number++;
	}
}

struct rounds_gap rounds_gap(const struct rounds *rounds)
{
	return rounds->gap;
}

static struct counted *find(struct rounds *rounds, struct ip4 address)
{
	size_t low = 0, high = rounds->block_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct counted *block = &rounds->blocks[middle];
		if (prefix_holds(block->prefix, address))
			return block;
		if (block->prefix.base.host > address.host)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static void worsen(uint8_t *outcome, enum round_outcome other)
{
	if (*outcome == ROUND_NOT_ASKED || (*outcome == ROUND_SILENT && other == ROUND_ERROR))
		*outcome = (uint8_t)other;
}

static void count(struct rounds *rounds, const struct observation *o, bool silence_counts)
{
	struct counted *block = find(rounds, o->address);
	size_t host = o->address.host & 255;

	if (!block || o->outcome == OUTCOME_UNSENT)
		return;
	if (observation_is_life(o)) {
		block->ever[host] = true;
		block->outcomes[host] = ROUND_ANSWERED;
		if (o->rtt_ns >= 0) {
			block->rtt_ns += o->rtt_ns;
			block->rtt_count++;
		}
	} else if (o->outcome != OUTCOME_SILENT && block->ever[host]) {
		worsen(&block->outcomes[host], ROUND_ERROR);
	} else if (block->ever[host] && silence_counts) {
		worsen(&block->outcomes[host], ROUND_SILENT);
	}
}

/* In a full sweep a target without a row was asked and silent. */
static void count_absent(struct rounds *rounds, const struct sweep *sweep)
{
	size_t next = 0;

	for (size_t i = 0; i < rounds->block_count; i++) {
		struct counted *block = &rounds->blocks[i];
		bool listed[256] = {false};
		while (next < sweep->observation_count &&
			sweep->observations[next].address.host < block->prefix.base.host)
			next++;
		for (; next < sweep->observation_count &&
			prefix_holds(block->prefix, sweep->observations[next].address);
			next++)
			listed[sweep->observations[next].address.host & 255] = true;
		for (size_t host = 0; host < 256; host++)
			if (block->ever[host] && !listed[host])
				worsen(&block->outcomes[host], ROUND_SILENT);
	}
}

void rounds_sweep(struct rounds *rounds, const struct sweep *sweep, bool silence_counts)
{
	advance(rounds, sweep->info.start.ns);
	rounds->allowed += ROUNDS_GAP_EARNED;
	if (rounds->allowed > ROUNDS_GAP_MOST)
		rounds->allowed = ROUNDS_GAP_MOST;
	for (size_t i = 0; i < sweep->observation_count; i++)
		count(rounds, &sweep->observations[i], silence_counts);
	if (sweep->info.tier == TIER_FULL && silence_counts)
		count_absent(rounds, sweep);
}

void rounds_end(struct rounds *rounds)
{
	if (rounds->end_ns > rounds->base_ns)
		advance(rounds, rounds->end_ns + rounds->length_ns - 1);
}
