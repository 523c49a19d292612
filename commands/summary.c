/* lightsout summary: days, weeks, months or years of each block and of the country. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/country_word.h"
#include "analysis/evidence/attribution.h"
#include "analysis/summary.h"
#include "commands/commands.h"
#include "commands/exit_status.h"
#include "commands/judge_run.h"
#include "core/mem.h"
#include "report/words.h"

static const struct output_column columns[] = {
	{"block", COLUMN_TEXT, 0},
	{"period", COLUMN_TEXT, 0},
	{"start", COLUMN_TIME, 0},
	{"end", COLUMN_TIME, 0},
	{"up_h", COLUMN_DECIMAL, 3},
	{"degraded_h", COLUMN_DECIMAL, 3},
	{"down_h", COLUMN_DECIMAL, 3},
	{"unknown_h", COLUMN_DECIMAL, 3},
	{"measured", COLUMN_DECIMAL, 4},
	{"availability", COLUMN_DECIMAL, 4},
	{"outages", COLUMN_INTEGER, 0},
	{"longest_s", COLUMN_DECIMAL, 3},
	{"mean_s", COLUMN_DECIMAL, 3},
	{"power_loss", COLUMN_INTEGER, 0},
	{"upstream_disconnect", COLUMN_INTEGER, 0},
	{"congestion", COLUMN_INTEGER, 0},
	{"routing", COLUMN_INTEGER, 0},
	{"other", COLUMN_INTEGER, 0},
	{"undetermined", COLUMN_INTEGER, 0},
};
static const struct output_kind kind = {
	"summary", columns, sizeof(columns) / sizeof(columns[0]), OUTPUT_CSV | OUTPUT_JSONL};

/* What fits a terminal. */
static const struct output_column short_columns[] = {
	{"block", COLUMN_TEXT, 0},
	{"period", COLUMN_TEXT, 0},
	{"up_h", COLUMN_DECIMAL, 1},
	{"part_h", COLUMN_DECIMAL, 1},
	{"down_h", COLUMN_DECIMAL, 1},
	{"seen", COLUMN_DECIMAL, 2},
	{"outages", COLUMN_INTEGER, 0},
	{"longest", COLUMN_TEXT, 0},
};
static const struct output_kind short_kind = {
	"summary", short_columns, sizeof(short_columns) / sizeof(short_columns[0]), OUTPUT_TABLE};

struct writing {
	struct judge_run *run;
	const char *block;
};

static double hours(int64_t ns)
{
	return (double)ns / 3600e9;
}

static double share(int64_t part_ns, int64_t of_ns)
{
	return of_ns > 0 ? (double)part_ns / (double)of_ns : (double)NAN;
}

static void write_row(void *ctx, const struct summary_row *row)
{
	const struct writing *writing = ctx;
	struct outputs *outputs = writing->run->outputs;
	int64_t all_ns = wall_since(row->end, row->start);
	int64_t measured_ns = all_ns - row->state_ns[BLOCK_UNKNOWN];
	double seconds = (double)row->sum_ns / 1e9;
	char period[PERIOD_NAME_SIZE];
	char longest[WORDS_SIZE];

	period_name(writing->run->by, row->begin, period);
	const struct output_value values[] = {
		value_text(writing->block),
		value_text(period),
		value_time(row->start),
		value_time(row->end),
		value_decimal(hours(row->state_ns[BLOCK_UP])),
		value_decimal(hours(row->state_ns[BLOCK_DEGRADED])),
		value_decimal(hours(row->state_ns[BLOCK_DOWN])),
		value_decimal(hours(row->state_ns[BLOCK_UNKNOWN])),
		value_decimal(share(measured_ns, all_ns)),
		value_decimal(share(measured_ns - row->state_ns[BLOCK_DOWN], measured_ns)),
		value_integer((int64_t)row->outages),
		row->outages ? value_decimal((double)row->longest_ns / 1e9) : value_none(),
		row->outages ? value_decimal(seconds / (double)row->outages) : value_none(),
		value_integer((int64_t)row->causes[CAUSE_POWER]),
		value_integer((int64_t)row->causes[CAUSE_UPSTREAM]),
		value_integer((int64_t)row->causes[CAUSE_CONGESTION]),
		value_integer((int64_t)row->causes[CAUSE_ROUTING]),
		value_integer((int64_t)row->causes[CAUSE_OTHER]),
		value_integer((int64_t)row->causes[CAUSE_UNDETERMINED]),
	};
	outputs_row(outputs, &kind, values);
	words_duration(row->longest_ns, longest);
	const struct output_value shorter[] = {
		value_text(writing->block),
		value_text(period),
		value_decimal(hours(row->state_ns[BLOCK_UP])),
		value_decimal(hours(row->state_ns[BLOCK_DEGRADED])),
		value_decimal(hours(row->state_ns[BLOCK_DOWN])),
		value_decimal(share(measured_ns, all_ns)),
		value_integer((int64_t)row->outages),
		row->outages ? value_text(longest) : value_none(),
	};
	outputs_row(outputs, &short_kind, shorter);
}

/* An outage in one of its blocks. */
struct lost {
	struct prefix block;
	const struct outage *outage;
};

static int lost_order(const void *a, const void *b)
{
	const struct lost *x = a;
	const struct lost *y = b;
	int order = prefix_order(&x->block, &y->block);

	if (order)
		return order;
	if (x->outage->start_high_ns != y->outage->start_high_ns)
		return x->outage->start_high_ns < y->outage->start_high_ns ? -1 : 1;
	return strcmp(x->outage->id, y->outage->id);
}

/* All of them, each in each of its blocks, by block; then, behind them, each once. */
static struct lost *losses_of(const struct outages *outages, size_t *ret_count)
{
	size_t count = 0, at = 0;

	for (size_t i = 0; i < outages->count; i++)
		count += outages->items[i].block_count;
	struct lost *losses = mem_zeroed(count + outages->count + 1, sizeof(*losses));
	for (size_t i = 0; i < outages->count; i++)
		for (size_t k = 0; k < outages->items[i].block_count; k++)
			losses[at++] =
				(struct lost){outages->items[i].blocks[k], &outages->items[i]};
	for (size_t i = 0; i < outages->count; i++)
		losses[at++].outage = &outages->items[i];
	qsort(losses, count, sizeof(*losses), lost_order);
	qsort(losses + count, outages->count, sizeof(*losses), lost_order);
	*ret_count = count;
	return losses;
}

static void write_series(struct judge_run *run, const char *block, const struct timeline_row *rows,
	size_t row_count, const struct lost *losses, size_t loss_count)
{
	const struct outage **outages = mem_zeroed(loss_count + 1, sizeof(*outages));
	struct writing writing = {run, block};

	for (size_t i = 0; i < loss_count; i++)
		outages[i] = losses[i].outage;
	const struct summary_source source = {.rows = rows,
		.row_count = row_count,
		.outages = outages,
		.outage_count = loss_count,
		.from = judge_run_begin(run),
		.to = judge_run_end(run),
		.data_end = run->judgement.end};
	summary_rows(&source, run->by, write_row, &writing);
	mem_free(outages);
}

void judge_run_summary(struct judge_run *run)
{
	const struct timeline_rows *rows = &run->judgement.rows;
	const struct timeline_rows *country = &run->country_rows;
	size_t loss_count, loss = 0;
	struct lost *losses = losses_of(&run->judgement.outages, &loss_count);
	char block[ADDRESS_TEXT_SIZE];

	outputs_declare(run->outputs, &kind);
	outputs_declare(run->outputs, &short_kind);
	for (size_t i = 0; i < rows->count;) {
		struct prefix prefix = rows->items[i].block;
		size_t first = i;
		while (i < rows->count && prefix_order(&rows->items[i].block, &prefix) == 0)
			i++;
		while (loss < loss_count && prefix_order(&losses[loss].block, &prefix) < 0)
			loss++;
		size_t first_loss = loss;
		while (loss < loss_count && prefix_order(&losses[loss].block, &prefix) == 0)
			loss++;
		prefix_format(prefix, block);
		write_series(run, block, &rows->items[first], i - first, &losses[first_loss],
			loss - first_loss);
	}
	if (!run->block_given)
		write_series(run, "country", country->items, country->count, &losses[loss_count],
			run->judgement.outages.count);
	mem_free(losses);
}

int command_summary(int argc, char **argv)
{
	struct judge_run run;
	int result = judge_run_options(&run, "summary", argc, argv);

	if (result == 0 && run.help) {
		fputs("usage: lightsout summary -s STORE [OPTION...]\n\n"
		      "      --by PERIOD             day, week, month (the default) or year, of "
		      "UTC\n",
			stdout);
		judge_run_usage(stdout);
		return EXIT_ANSWERED;
	}
	run.country = true; /* its rows are made */
	if (result == 0)
		result = judge_run_read(&run);
	if (result == 0)
		judge_run_summary(&run);
	return judge_run_close(&run, result);
}
