/* lightsout outages: what was lost when, and whether it was the power or the line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/country_word.h"
#include "analysis/evidence/explain.h"
#include "commands/commands.h"
#include "commands/exit_status.h"
#include "commands/judge_run.h"
#include "commands/one_store.h"
#include "core/mem.h"
#include "report/words.h"

static char *view(const void *ctx, struct output_face face)
{
	(void)face;
	return explain_outage(ctx);
}

static int explain(struct judge_run *run)
{
	const struct outages *outages = &run->judgement.outages;

	for (size_t i = 0; i < outages->count; i++) {
		if (strcmp(outages->items[i].id, run->explain) != 0)
			continue;
		outputs_view(run->outputs, view, &outages->items[i]);
		return 0;
	}
	fprintf(stderr, "lightsout: no outage \"%s\" in %s%s; lightsout outages -s %s lists them\n",
		run->explain, run->store, run->block_given ? " that is of --block" : "",
		run->store);
	return -1;
}

/* How much of the period nothing was measured in: then no outage is no all-clear. */
static int64_t unknown_ns(const struct judge_run *run)
{
	const struct judgement *j = &run->judgement;
	struct timeline_rows rows;
	int64_t sum_ns = 0;

	country_rows(j->rows.items, j->rows.count, &rows);
	for (size_t i = 0; i < rows.count; i++)
		if (timeline_clip(&rows.items[i], run->from, run->to) &&
			rows.items[i].state == BLOCK_UNKNOWN)
			sum_ns += wall_since(rows.items[i].end, rows.items[i].start);
	mem_free(rows.items);
	return sum_ns;
}

/* That there was none, into `text`; "" where it was said already that there are no sweeps. */
enum { NONE_SIZE = 512 };
static void none_text(const struct judge_run *run, char text[NONE_SIZE])
{
	struct wall begin = judge_run_begin(run), end = judge_run_end(run);
	int64_t unseen_ns = unknown_ns(run);
	char block[ADDRESS_TEXT_SIZE], from[WORDS_SIZE], to[WORDS_SIZE], unseen[WORDS_SIZE];

	text[0] = '\0';
	if (begin.ns >= end.ns)
		return;
	prefix_format(run->block, block);
	int len = snprintf(text, NONE_SIZE, "no %s%s%s between %s and %s",
		run->reboots ? "reboots" : "outages", run->block_given ? " in " : "",
		run->block_given ? block : "", words_iso(begin, from), words_iso(end, to));
	if (unseen_ns >= NS_PER_S)
		snprintf(text + len, NONE_SIZE - (size_t)len, "; nothing was measured in %s of it",
			words_duration(unseen_ns, unseen));
}

static char *view_none(const void *ctx, struct output_face face)
{
	char *line = mem_zeroed(NONE_SIZE + 1, 1);

	(void)face;
	snprintf(line, NONE_SIZE + 1, "%s\n", (const char *)ctx);
	return line;
}

int command_outages(int argc, char **argv)
{
	struct judge_run run;
	char none[NONE_SIZE] = "";
	int result = judge_run_options(&run, "outages", argc, argv);

	if (result == 0 && run.help) {
		fputs("usage: lightsout outages -s STORE [OPTION...]\n\n"
		      "      --explain ID            what was seen of one outage, and what it is "
		      "worth\n"
		      "      --reboots               list the reboots found instead\n"
		      "      --prior NAME=N[,...]    how often each cause is met: power, "
		      "upstream,\n"
		      "                              congestion, routing, other; only ratios "
		      "count\n",
			stdout);
		judge_run_usage(stdout);
		return EXIT_ANSWERED;
	}
	if (result == 0)
		result = judge_run_read(&run);
	if (result == 0 && run.explain)
		result = explain(&run);
	else if (result == 0 && run.reboots)
		judge_run_reboots(&run);
	else if (result == 0)
		judge_run_outages(&run);
	if (result == 0 && !run.explain && run.written == 0)
		none_text(&run, none);
	bool tabled = none[0] && outputs_formats(run.outputs) & OUTPUT_TABLE;
	if (tabled)
		outputs_view(run.outputs, view_none, none);
	int status = judge_run_close(&run, result);
	/* Else where a csv without rows says nothing. */
	if (status == EXIT_ANSWERED && none[0] && !tabled)
		fprintf(stderr, "lightsout: %s: %s\n", run.store, none);
	if (status == EXIT_ANSWERED && run.unanchored && !run.explain && !run.reboots)
		fprintf(stderr, "lightsout: %s: %s\n", run.store, no_anchors);
	return status;
}
