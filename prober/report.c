#include "prober/report.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/log.h"
#include "core/text.h"
#include "prober/sweep/counters.h"

static void report_json(
	const struct sweep_info *info, const struct sweep_counts *counts, bool stored)
{
	char start[CLOCK_TEXT_SIZE];
	char end[CLOCK_TEXT_SIZE];
	char flags[FLAGS_TEXT_SIZE];
	char line[4096];
	size_t len;

	wall_format_epoch(info->start, start);
	wall_format_epoch(info->end, end);
	flags_format(info->flags, flags);
	len = (size_t)snprintf(line, sizeof(line),
		"{\"v\":1,\"type\":\"sweep\",\"sweep\":%" PRIu64
		",\"tier\":\"%s\",\"start\":%s,\"end\":%s,\"stored\":%s,\"flags\":\"%s\"",
		info->sweep, tier_name(info->tier), start, end, stored ? "true" : "false", flags);
	for (size_t i = 0; i < COUNTER_COUNT; i++)
		len += (size_t)snprintf(line + len, sizeof(line) - len, ",\"%s\":%" PRIu64,
			counter_name(i), counter_value(counts, i));
	snprintf(line + len, sizeof(line) - len, "}\n");
	log_write(line);
}

void report_sweep(enum report_style style, const struct sweep_info *info,
	const struct sweep_counts *counts, bool stored)
{
	char text[COUNTS_SIZE];
	char flags[FLAGS_TEXT_SIZE];

	if (style == REPORT_JSON)
		report_json(info, counts, stored);
	if (style == REPORT_QUIET || style == REPORT_JSON)
		return;
	counters_format(counts, ' ', text);
	flags_format(info->flags, flags);
	log_info("sweep: %" PRIu64 " %s took=%.3fs %s%s%s%s", info->sweep, tier_name(info->tier),
		(double)wall_since(info->end, info->start) / 1e9, text, flags[0] ? " flags=" : "",
		flags, stored ? "" : " NOT STORED");
}

void report_status(const struct sweep_info *info, const struct sweep_counts *counts, bool stored,
	char text[REPORT_STATUS_SIZE])
{
	char flags[FLAGS_TEXT_SIZE];
	char end[CLOCK_TEXT_SIZE];

	flags_format(info->flags, flags);
	wall_format(info->end, end);
	snprintf(text, REPORT_STATUS_SIZE,
		"%s sweep %" PRIu64 " ended %s: %" PRIu64 " probed, %" PRIu64 " answered, %" PRIu64
		" silent, %" PRIu64 " unsent%s%s%s",
		tier_name(info->tier), info->sweep, end, counts->planned, counts->answered,
		counts->silent, counts->unsent, flags[0] ? "; " : "", flags,
		stored ? "" : "; NOT STORED");
}

void report_progress_line(const struct sweep_progress *progress, char text[REPORT_STATUS_SIZE])
{
	double all = progress->planned ? (double)progress->planned : 1;
	double over = (all - (double)progress->open) / all;
	double elapsed_s = (double)progress->elapsed_ns / 1e9;
	int len = snprintf(text, REPORT_STATUS_SIZE,
		"%3.0f %%  %zu answer%s, %" PRIu64 " packet%s sent, %.0f s", 100 * over,
		progress->alive, text_s(progress->alive), progress->sent, text_s(progress->sent),
		elapsed_s);

	/* What has passed tells what is left, once a twentieth is over. */
	if (over >= 0.05 && over < 1)
		snprintf(text + len, REPORT_STATUS_SIZE - (size_t)len, ", about %.0f s left",
			elapsed_s * (1 - over) / over);
}

void report_progress(enum report_style style, struct sweep_run *run, int64_t elapsed_ns)
{
	const struct sweep_counts *counts = sweep_counts(run);
	const struct sweep_progress progress = {
		.planned = counts->planned,
		.open = sweep_owed(run),
		.alive = sweep_alive(run),
		.sent = counts->sent,
		.elapsed_ns = elapsed_ns,
	};
	char text[REPORT_STATUS_SIZE];
	char line[REPORT_STATUS_SIZE + 8];

	if (style != REPORT_TERMINAL)
		return;
	report_progress_line(&progress, text);
	snprintf(line, sizeof(line), "\r%s\033[K", text);
	log_write(line);
}

void report_progress_end(enum report_style style)
{
	if (style == REPORT_TERMINAL)
		log_write("\r\033[K");
}
