#include "report/words.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char months[12][4] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static int64_t whole_seconds(struct wall t)
{
	return t.ns / NS_PER_S - (t.ns % NS_PER_S < 0);
}

static struct tm civil(struct wall t)
{
	time_t at = (time_t)whole_seconds(t);
	struct tm tm;

	gmtime_r(&at, &tm);
	return tm;
}

/* From the first unit that is there, `most` of them; of these, those of nothing are left out. */
static char *duration(int64_t ns, int most, char text[WORDS_SIZE])
{
	static const struct {
		const char *unit;
		int64_t s;
	} units[] = {{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}};
	int64_t s = ns < 0 ? 0 : ns / NS_PER_S;
	size_t len = 0;
	size_t first = 0;

	while (first < 3 && s < units[first].s)
		first++;
	for (size_t i = first; i < 4 && i < first + (size_t)most; i++) {
		int64_t n = s / units[i].s;
		s %= units[i].s;
		if (n || i == first)
			len += (size_t)snprintf(text + len, WORDS_SIZE - len, "%s%" PRId64 " %s",
				i == first ? "" : " ", n, units[i].unit);
	}
	return text;
}

char *words_duration(int64_t ns, char text[WORDS_SIZE])
{
	return duration(ns, 2, text);
}

char *words_duration_exact(int64_t ns, char text[WORDS_SIZE])
{
	return duration(ns, 3, text);
}

char *words_width(int64_t ns, char text[WORDS_SIZE])
{
	static const struct {
		const char *unit;
		int64_t ns;
	} units[] = {{"d", 86400 * NS_PER_S}, {"h", 3600 * NS_PER_S}, {"min", 60 * NS_PER_S},
		{"s", NS_PER_S}, {"ms", NS_PER_MS}};
	size_t i = 0;

	/* 90 min, not 1.5 h; a single minute is 60 s. */
	while (i < 4 && (ns % units[i].ns != 0 || (i == 2 && ns == units[i].ns)))
		i++;
	snprintf(text, WORDS_SIZE, "%" PRId64 " %s", ns / units[i].ns, units[i].unit);
	return text;
}

char *words_clock(struct wall t, char text[WORDS_SIZE])
{
	struct tm tm = civil(t);

	snprintf(text, WORDS_SIZE, "%02d:%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
	return text;
}

char *words_day(struct wall t, char text[WORDS_SIZE])
{
	struct tm tm = civil(t);

	snprintf(text, WORDS_SIZE, "%d %s", tm.tm_mday, months[tm.tm_mon]);
	return text;
}

char *words_date(struct wall t, char text[WORDS_SIZE])
{
	struct tm tm = civil(t);

	snprintf(text, WORDS_SIZE, "%d %s %d", tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900);
	return text;
}

char *words_time(struct wall t, struct wall now, char text[WORDS_SIZE])
{
	struct tm tm = civil(t);
	char day[WORDS_SIZE];

	if (tm.tm_year == civil(now).tm_year)
		words_day(t, day);
	else
		words_date(t, day);
	snprintf(text, WORDS_SIZE, "%.24s %02d:%02d:%02d", day, tm.tm_hour, tm.tm_min, tm.tm_sec);
	return text;
}

char *words_between(struct wall low, struct wall high, struct wall now, char text[WORDS_SIZE])
{
	struct tm a = civil(low);
	struct tm b = civil(high);
	char end[WORDS_SIZE];

	words_time(low, now, text);
	if (whole_seconds(low) >= whole_seconds(high))
		return text;
	if (a.tm_year == b.tm_year && a.tm_yday == b.tm_yday)
		words_clock(high, end);
	else
		words_time(high, now, end);
	size_t len = strlen(text);
	snprintf(text + len, WORDS_SIZE - len, "\u2013%.40s", end);
	return text;
}

char *words_clock_between(struct wall low, struct wall high, char text[WORDS_SIZE])
{
	int digits = wall_since(high, low) < 600 * NS_PER_S ? 8 : 5;
	char start[WORDS_SIZE];
	char end[WORDS_SIZE];

	words_clock(low, start);
	words_clock(high, end);
	if (strncmp(start, end, (size_t)digits) == 0)
		snprintf(text, WORDS_SIZE, "%.*s", digits, start);
	else
		snprintf(text, WORDS_SIZE, "%.*s\u2013%.*s", digits, start, digits, end);
	return text;
}

char *words_probability(double p, int decimals, char text[WORDS_SIZE])
{
	double least = pow(10, -decimals);

	if (isnan(p))
		snprintf(text, WORDS_SIZE, "\u2013");
	else if (p < least)
		snprintf(text, WORDS_SIZE, "< %.*f", decimals, least);
	else if (p > 1 - least)
		snprintf(text, WORDS_SIZE, "> %.*f", decimals, 1 - least);
	else
		snprintf(text, WORDS_SIZE, "%.*f", decimals, p);
	return text;
}

char *words_nats(double nats, char text[WORDS_SIZE])
{
	double shown = fabs(nats) < 0.005 ? 0 : nats;

	snprintf(text, WORDS_SIZE, "%s%.2f",
		shown < 0   ? "\u2212"
		: shown > 0 ? "+"
			    : "",
		fabs(shown));
	return text;
}

char *words_count(uint64_t count, char text[WORDS_SIZE])
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%" PRIu64, count);
	size_t at = 0;

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			text[at++] = ',';
		text[at++] = digits[i];
	}
	text[at] = '\0';
	return text;
}

char *words_small(uint64_t count, char text[WORDS_SIZE])
{
	static const char *const names[] = {"no", "one", "two", "three", "four", "five", "six",
		"seven", "eight", "nine", "ten", "eleven", "twelve"};

	if (count < sizeof(names) / sizeof(names[0]))
		snprintf(text, WORDS_SIZE, "%s", names[count]);
	else
		words_count(count, text);
	return text;
}

char *words_iso(struct wall t, char text[WORDS_SIZE])
{
	struct tm tm = civil(t);
	int64_t rest_us = (t.ns - whole_seconds(t) * NS_PER_S) / NS_PER_US;
	int len = snprintf(text, WORDS_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900,
		tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);

	if (rest_us)
		snprintf(text + len, WORDS_SIZE - (size_t)len, ".%06" PRId64 "Z", rest_us);
	else
		snprintf(text + len, WORDS_SIZE - (size_t)len, "Z");
	return text;
}
