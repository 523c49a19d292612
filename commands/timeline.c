/* lightsout timeline: per block, when it was up, degraded, down, or unknown. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/country/view.h"
#include "analysis/routes/routes.h"
#include "commands/commands.h"
#include "commands/exit_status.h"
#include "commands/judge_run.h"
#include "report/words.h"

static const struct output_column columns[] = {
	{"block", COLUMN_TEXT, 0},
	{"start", COLUMN_TIME, 0},
	{"end", COLUMN_TIME, 0},
	{"duration_s", COLUMN_DECIMAL, 3},
	{"start_uncertainty_s", COLUMN_DECIMAL, 3},
	{"state", COLUMN_TEXT, 0},
	{"reason", COLUMN_TEXT, 0},
	{"belief", COLUMN_DECIMAL, 4},
	{"fraction_up", COLUMN_DECIMAL, 3},
	{"machines", COLUMN_INTEGER, 0},
	{"vantages", COLUMN_INTEGER, 0},
	{"outage", COLUMN_TEXT, 0},
	{"routes", COLUMN_DECIMAL, 3},
};

enum { COLUMN_COUNT = sizeof(columns) / sizeof(columns[0]) };

/* The last one is there where the store has routes. */
static const struct output_kind kind = {
	"interval", columns, COLUMN_COUNT - 1, OUTPUT_CSV | OUTPUT_JSONL};
static const struct output_kind routes_kind = {
	"interval", columns, COLUMN_COUNT, OUTPUT_CSV | OUTPUT_JSONL};

static const struct output_kind *kind_of(const struct judgement *j)
{
	return j->routes && j->routes->block_count ? &routes_kind : &kind;
}

/* The least share of BGP's peers that had a route to the block; NaN: not heard, or of the country. */
static double least_routes(const struct judgement *j, const struct timeline_row *row)
{
	if (!j->routes || !routes_were_heard(j->routes, row->start.ns, row->end.ns))
		return (double)NAN;
	for (size_t i = 0; i < j->routes->block_count; i++)
		if (prefix_order(&j->view->blocks[i].prefix, &row->block) == 0)
			return route_share_least(
				&j->routes->blocks[i], row->start.ns, row->end.ns - 1);
	return (double)NAN;
}

/* What fits a terminal. */
static const struct output_column short_columns[] = {
	{"block", COLUMN_TEXT, 0}, {"start", COLUMN_TIME, 0}, {"lasts", COLUMN_TEXT, 0},
	{"state", COLUMN_TEXT, 0}, {"why", COLUMN_TEXT, 0}, /* the outage, else the reason */
};

static const struct output_kind short_kind = {
	"interval", short_columns, sizeof(short_columns) / sizeof(short_columns[0]), OUTPUT_TABLE};

static void write_row(struct judge_run *run, const char *block, const struct timeline_row *row)
{
	const struct judgement *j = &run->judgement;
	const char *outage = judgement_outage(j, row->disruption);
	double duration_s = (double)wall_since(row->end, row->start) / (double)NS_PER_S;
	char lasts[WORDS_SIZE];
	const struct output_value values[] = {
		value_text(block),
		value_time(row->start),
		value_time(row->end),
		value_decimal(duration_s),
		value_decimal(row->uncertainty_s),
		value_text(block_state_name(row->state)),
		value_text(reason_name(row->reason)),
		value_decimal(row->belief),
		value_decimal(row->fraction_up),
		value_integer((int64_t)row->hosts),
		value_integer((int64_t)j->vantage_count),
		value_text(outage),
		value_decimal(strcmp(block, "country") == 0 ? (double)NAN : least_routes(j, row)),
	};

	outputs_row(run->outputs, kind_of(j), values);
	words_duration(wall_since(row->end, row->start), lasts);
	const struct output_value shorter[] = {
		value_text(block),
		value_time(row->start),
		value_text(lasts),
		value_text(block_state_name(row->state)),
		value_text(*outage ? outage : reason_name(row->reason)),
	};
	outputs_row(run->outputs, &short_kind, shorter);
}

void judge_run_timeline(struct judge_run *run)
{
	struct timeline_rows *rows = &run->judgement.rows;
	char block[ADDRESS_TEXT_SIZE];

	outputs_declare(run->outputs, kind_of(&run->judgement));
	outputs_declare(run->outputs, &short_kind);
	for (size_t i = 0; i < rows->count; i++) {
		struct timeline_row row = rows->items[i];
		prefix_format(row.block, block);
		if (timeline_clip(&row, run->from, run->to))
			write_row(run, block, &row);
	}
	for (size_t i = 0; i < run->country_rows.count; i++) {
		struct timeline_row row = run->country_rows.items[i];
		if (timeline_clip(&row, run->from, run->to))
			write_row(run, "country", &row);
	}
}

int command_timeline(int argc, char **argv)
{
	struct judge_run run;
	int result = judge_run_options(&run, "timeline", argc, argv);

	if (result == 0 && run.help) {
		fputs("usage: lightsout timeline -s STORE [OPTION...]\n\n"
		      "  -o svg:FILE, png:FILE, pdf:FILE\n"
		      "                              a picture, 180 mm wide\n"
		      "      --country               rows of the country behind those of its "
		      "blocks\n"
		      "      --zoom FROM/TO          a second panel in it, of this part\n"
		      "      --caption TEXT          words below it\n"
		      "      --fsdb                  rounds of 660 s as ANT's outage datasets have "
		      "them,\n"
		      "                              instead of intervals; -o fsdb:FILE\n",
			stdout);
		judge_run_usage(stdout);
		return EXIT_ANSWERED;
	}
	if (result == 0)
		result = judge_run_read(&run);
	if (result == 0 && outputs_formats(run.outputs) & OUTPUT_PICTURES)
		result = judge_run_picture(&run);
	if (result == 0 && run.fsdb)
		result = judge_run_rounds(&run);
	else if (result == 0)
		judge_run_timeline(&run);
	return judge_run_close(&run, result);
}
