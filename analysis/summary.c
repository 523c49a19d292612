#include "analysis/summary.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const int64_t day_s = 86400;

bool period_parse(const char *text, enum period *ret)
{
	static const char *const names[] = {"day", "week", "month", "year"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(text, names[i]) == 0) {
			*ret = (enum period)i;
			return true;
		}
	return false;
}

static int64_t seconds_of(struct wall t)
{
	return t.ns / NS_PER_S - (t.ns % NS_PER_S < 0);
}

static struct tm civil(struct wall t)
{
	time_t s = (time_t)seconds_of(t);
	struct tm tm;

	gmtime_r(&s, &tm);
	return tm;
}

static struct wall wall_of(struct tm tm)
{
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	return (struct wall){(int64_t)timegm(&tm) * NS_PER_S};
}

struct wall period_begin(enum period period, struct wall at)
{
	struct tm tm = civil(at);

	if (period == PERIOD_WEEK)
		tm.tm_mday -= (tm.tm_wday + 6) % 7;
	if (period >= PERIOD_MONTH)
		tm.tm_mday = 1;
	if (period == PERIOD_YEAR)
		tm.tm_mon = 0;
	return wall_of(tm);
}

struct wall period_next(enum period period, struct wall begin)
{
	struct tm tm = civil(begin);

	if (period <= PERIOD_WEEK)
		return wall_after(begin, (period == PERIOD_WEEK ? 7 : 1) * day_s * NS_PER_S);
	if (period == PERIOD_MONTH)
		tm.tm_mon++;
	else
		tm.tm_year++;
	return wall_of(tm);
}

void period_name(enum period period, struct wall begin, char text[PERIOD_NAME_SIZE])
{
	struct tm tm = civil(begin);

	if (period == PERIOD_WEEK) { /* the week is of the year that its Thursday is in */
		tm = civil(wall_after(begin, 3 * day_s * NS_PER_S));
		snprintf(text, PERIOD_NAME_SIZE, "%04d-W%02d", tm.tm_year + 1900,
			tm.tm_yday / 7 + 1);
		return;
	}
	int len = snprintf(text, PERIOD_NAME_SIZE, "%04d", tm.tm_year + 1900);
	if (period != PERIOD_YEAR)
		len += snprintf(text + len, PERIOD_NAME_SIZE - (size_t)len, "-%02d", tm.tm_mon + 1);
	if (period == PERIOD_DAY)
		snprintf(text + len, PERIOD_NAME_SIZE - (size_t)len, "-%02d", tm.tm_mday);
}

/* Where the reading is: rows and outages before these are over. */
struct place {
	size_t row, outage;
};

static void add_states(
	const struct summary_source *source, struct place *at, struct summary_row *ret)
{
	while (at->row < source->row_count && source->rows[at->row].end.ns <= ret->start.ns)
		at->row++;
	for (size_t i = at->row; i < source->row_count && source->rows[i].start.ns < ret->end.ns;
		i++) {
		const struct timeline_row *row = &source->rows[i];
		int64_t from_ns = row->start.ns > ret->start.ns ? row->start.ns : ret->start.ns;
		int64_t to_ns = row->end.ns < ret->end.ns ? row->end.ns : ret->end.ns;
		ret->state_ns[row->state] += to_ns - from_ns;
	}
}

static void add_outages(
	const struct summary_source *source, struct place *at, struct summary_row *ret)
{
	for (; at->outage < source->outage_count; at->outage++) {
		const struct outage *o = source->outages[at->outage];
		if (o->start_high_ns >= ret->end.ns)
			return;
		if (o->start_high_ns < ret->start.ns)
			continue;
		int64_t end_ns = o->end_high_ns ? o->end_low_ns / 2 + o->end_high_ns / 2
						: source->data_end.ns;
		int64_t lasted_ns = end_ns - (o->start_low_ns / 2 + o->start_high_ns / 2);
		ret->outages++;
		ret->causes[o->verdict.cause]++;
		ret->sum_ns += lasted_ns;
		if (lasted_ns > ret->longest_ns)
			ret->longest_ns = lasted_ns;
	}
}

void summary_rows(const struct summary_source *source, enum period period,
	void (*take)(void *ctx, const struct summary_row *row), void *ctx)
{
	struct place at = {0};
	struct wall begin = period_begin(period, source->from);

	while (begin.ns < source->to.ns && source->from.ns < source->to.ns) {
		struct wall next = period_next(period, begin);
		struct summary_row row = {.begin = begin,
			.start = begin.ns > source->from.ns ? begin : source->from,
			.end = next.ns < source->to.ns ? next : source->to};
		add_states(source, &at, &row);
		add_outages(source, &at, &row);
		take(ctx, &row);
		begin = next;
	}
}
