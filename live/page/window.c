#include "live/page/window.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct {
	const char *name, *title;
	int64_t s;
} zooms[ZOOM_COUNT] = {
	[ZOOM_HOUR] = {"hour", "Hour", 3600},
	[ZOOM_DAY] = {"day", "Day", 86400},
	[ZOOM_WEEK] = {"week", "Week", 7 * 86400},
	[ZOOM_MONTH] = {"month", "Month", 30 * 86400},
	[ZOOM_YEAR] = {"year", "Year", 365 * 86400},
};

const char *zoom_name(enum zoom zoom)
{
	return zoom < ZOOM_OTHER ? zooms[zoom].name : "";
}

const char *zoom_title(enum zoom zoom)
{
	return zoom < ZOOM_OTHER ? zooms[zoom].title : "";
}

int64_t zoom_ns(enum zoom zoom)
{
	return zooms[zoom].s * NS_PER_S;
}

bool zoom_parse(const char *text, enum zoom *ret)
{
	for (int i = 0; i < ZOOM_COUNT; i++)
		if (strcmp(text, zooms[i].name) == 0) {
			*ret = (enum zoom)i;
			return true;
		}
	return false;
}

struct window window_last(enum zoom zoom, struct wall end, double scale)
{
	int64_t span_ns = (int64_t)((double)zoom_ns(zoom) / (scale > 1 ? scale : 1));

	return (struct window){wall_after(end, -span_ns), end, zoom, true};
}

/* The widest step of which no more than `most` fit, in seconds; months are 0. */
static int64_t step_of(int64_t span_s, int most)
{
	static const int64_t steps[] = {1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 3 * 3600,
		6 * 3600, 12 * 3600, 86400, 2 * 86400, 7 * 86400};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (span_s / steps[i] <= most)
			return steps[i];
	return 0;
}

static struct tm civil(int64_t s)
{
	time_t at = (time_t)s;
	struct tm tm;

	gmtime_r(&at, &tm);
	return tm;
}

static void label(struct tick *tick, int64_t s, int64_t step_s)
{
	struct tm tm = civil(s);

	tick->at.ns = s * NS_PER_S;
	if (step_s == 0) {
		tick->strong = tm.tm_mon == 0;
		strftime(tick->label, sizeof(tick->label), tick->strong ? "%b %Y" : "%b", &tm);
		return;
	}
	tick->strong = step_s < 86400 && s % 86400 == 0;
	if (tick->strong || step_s >= 86400)
		words_day(tick->at, tick->label);
	else
		strftime(tick->label, sizeof(tick->label), step_s < 60 ? "%H:%M:%S" : "%H:%M", &tm);
}

/* The first of a month, `by` months after the one that s lies in. */
static int64_t month_of(int64_t s, int by)
{
	struct tm tm = civil(s);
	struct tm first = {.tm_year = tm.tm_year, .tm_mon = tm.tm_mon + by, .tm_mday = 1};

	return (int64_t)timegm(&first);
}

int window_ticks(const struct window *window, struct tick ticks[TICKS_MOST])
{
	const int most = 10;
	int64_t from_s = window->from.ns / NS_PER_S;
	int64_t to_s = window->to.ns / NS_PER_S;
	int64_t step_s = step_of(to_s - from_s, most);
	int count = 0;

	if (step_s) {
		int64_t s = from_s - from_s % step_s + step_s;
		for (; s < to_s && count < TICKS_MOST; s += step_s)
			label(&ticks[count++], s, step_s);
		return count;
	}
	int by = 1 + (int)((to_s - from_s) / (30 * 86400) / 13);
	int64_t s = month_of(from_s, 1);
	for (; s < to_s && count < TICKS_MOST; s = month_of(s, by))
		label(&ticks[count++], s, 0);
	return count;
}
