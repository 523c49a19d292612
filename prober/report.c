#include "prober/report.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include "core/log.h"

static const struct counter {
	const char *name;
	size_t offset;
	bool always;
} counters[] = {
#define COUNTER(field, always)                                                                     \
	{                                                                                          \
#field, offsetof(struct sweep_counts, field), always                               \
	}
	COUNTER(planned, true),
	COUNTER(sent, true),
	COUNTER(left, true),
	COUNTER(retried, true),
	COUNTER(answered, true),
	COUNTER(errors, true),
	COUNTER(silent, true),
	COUNTER(unsent, true),
	COUNTER(dropped, true),
	COUNTER(blocked, false),
	COUNTER(refused, false),
	COUNTER(send_errors, false),
	COUNTER(duplicate, false),
	COUNTER(late, false),
	COUNTER(wrong_source, false),
	COUNTER(wrong_identity, false),
	COUNTER(bad_checksum, false),
	COUNTER(truncated, false),
	COUNTER(half_open, false),
	COUNTER(own_errors, false),
	COUNTER(rtt_absurd, false),
#undef COUNTER
};

enum { COUNTER_COUNT = sizeof(counters) / sizeof(counters[0]) };

static uint64_t value_of(const struct sweep_counts *counts, const struct counter *counter)
{
	return *(const uint64_t *)(const void *)((const char *)counts + counter->offset);
}

size_t report_counts(const struct sweep_counts *counts, char separator, char text[REPORT_SIZE])
{
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < COUNTER_COUNT; i++) {
		uint64_t value = value_of(counts, &counters[i]);
		if (value == 0 && !counters[i].always)
			continue;
		if (len)
			text[len++] = separator;
		len += (size_t)snprintf(
			text + len, REPORT_SIZE - len, "%s=%" PRIu64, counters[i].name, value);
	}
	return len;
}

static void report_json(
	const struct sweep_info *info, const struct sweep_counts *counts, bool stored)
{
	char start[CLOCK_TEXT_SIZE];
	char end[CLOCK_TEXT_SIZE];
	char flags[FLAGS_TEXT_SIZE];
	char line[2048];
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
			counters[i].name, value_of(counts, &counters[i]));
	fprintf(stderr, "%s}\n", line);
}

void report_sweep(enum report_face face, const struct sweep_info *info,
	const struct sweep_counts *counts, bool stored)
{
	char text[REPORT_SIZE];
	char flags[FLAGS_TEXT_SIZE];

	if (face == REPORT_JSON)
		report_json(info, counts, stored);
	if (face == REPORT_QUIET || face == REPORT_JSON)
		return;
	report_counts(counts, ' ', text);
	flags_format(info->flags, flags);
	log_info("sweep: %" PRIu64 " %s took=%.3fs %s%s%s%s", info->sweep, tier_name(info->tier),
		(double)wall_since(info->end, info->start) / 1e9, text, flags[0] ? " flags=" : "",
		flags, stored ? "" : " NOT STORED");
}

void report_progress(enum report_face face, struct sweep_run *run, int64_t elapsed_ns)
{
	const struct sweep_counts *counts = sweep_counts(run);

	if (face != REPORT_TERMINAL)
		return;
	fprintf(stderr,
		"\r%.1fs  probes sent %" PRIu64 ", seen leaving %" PRIu64 "; of %" PRIu64
		" still owed %zu\033[K",
		(double)elapsed_ns / 1e9, counts->sent, counts->left, counts->planned,
		sweep_owed(run));
}

void report_progress_end(enum report_face face)
{
	if (face == REPORT_TERMINAL)
		fputs("\r\033[K", stderr);
}
