/* lightsout timeline --fsdb: the timeline in rounds, for programs that read ANT's datasets. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/vantage/coverage.h"
#include "commands/judge_run.h"
#include "core/mem.h"
#include "exchange/rounds.h"

/* Names and order are those of the datasets since a20. */
static const struct output_column columns[] = {
	{"block", COLUMN_TEXT, 0},
	{"round_no", COLUMN_INTEGER, 0},
	{"round_start_epoch", COLUMN_INTEGER, 0},
	{"a_short", COLUMN_DECIMAL, 4},
	{"a_oper", COLUMN_DECIMAL, 4},
	{"status", COLUMN_INTEGER, 0},
	{"belief", COLUMN_DECIMAL, 4},
	{"n_pos", COLUMN_INTEGER, 0},
	{"n_neg", COLUMN_INTEGER, 0},
	{"probe_log", COLUMN_TEXT, 0},
	{"rtt_us", COLUMN_INTEGER, 0},
};

static const struct output_kind kind = {
	"round", columns, sizeof(columns) / sizeof(columns[0]), OUTPUT_ALL};

static void put(void *ctx, const struct round *round)
{
	struct judge_run *run = ctx;
	char block[16];

	if (round->start.ns < run->from.ns || round->start.ns >= run->to.ns)
		return;
	snprintf(block, sizeof(block), "%08x", round->block.base.host);
	const struct output_value values[] = {
		value_text(block),
		value_integer((int64_t)round->number),
		value_integer(round->start.ns / NS_PER_S),
		value_decimal(round->a_short),
		value_decimal(round->a_oper),
		value_integer(round->status),
		value_decimal(round->belief),
		value_integer(round->positive),
		value_integer(round->negative),
		value_text(round->log),
		value_measured(round->rtt_us),
	};
	outputs_row(run->outputs, &kind, values);
}

struct counting {
	const struct judge_run *run;
	struct rounds *rounds;
};

static void take(void *ctx, const struct sweep *sweep)
{
	const struct counting *counting = ctx;
	enum reason why = reason_of_sweep(sweep, counting->run->judgement.proof);

	rounds_sweep(counting->rounds, sweep, why == REASON_NONE);
}

/* Degraded is up. */
static struct round_state state_of(const struct timeline_row *row)
{
	return (struct round_state){.block = row->block,
		.start = row->start,
		.end = row->end,
		.status = row->state == BLOCK_UNKNOWN ? ROUND_UNKNOWN
			  : row->state == BLOCK_DOWN  ? ROUND_DOWN
						      : ROUND_UP,
		.belief = row->belief};
}

static void tell_gap(const struct judge_run *run, struct rounds_gap gap)
{
	char from[CLOCK_TEXT_SIZE];
	char to[CLOCK_TEXT_SIZE];

	if (gap.left_out == 0)
		return;
	wall_format(gap.from, from);
	wall_format(gap.to, to);
	fprintf(stderr,
		"lightsout: %s: %" PRIu64
		" round%s without any sweep %s left out, the longest time "
		"from %s to %s; all such times together may last a year, and a month more for "
		"each sweep\n",
		run->store, gap.left_out, text_s(gap.left_out), gap.left_out == 1 ? "is" : "are",
		from, to);
}

int judge_run_rounds(struct judge_run *run)
{
	const struct timeline_rows *rows = &run->judgement.rows;
	struct round_state *items = mem_zeroed(rows->count + 1, sizeof(*items));
	struct round_states states = {.start = run->judgement.start,
		.end = run->judgement.end,
		.items = items,
		.count = rows->count};

	for (size_t i = 0; i < rows->count; i++)
		items[i] = state_of(&rows->items[i]);
	struct rounds *rounds = rounds_create(&states, run->scale, put, run);
	struct counting counting = {run, rounds};
	outputs_declare(run->outputs, &kind);
	int result = judge_run_again(run, take, &counting);
	if (result == 0)
		rounds_end(rounds);
	if (result == 0)
		tell_gap(run, rounds_gap(rounds));
	rounds_destroy(rounds);
	free(items);
	return result;
}
