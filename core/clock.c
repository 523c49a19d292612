#include "core/clock.h"

#include <sys/timex.h>
#include <time.h>

#include "core/text.h"

struct mono clock_mono(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (struct mono){t.tv_sec * NS_PER_S + t.tv_nsec};
}

struct wall clock_wall(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (struct wall){t.tv_sec * NS_PER_S + t.tv_nsec};
}

int64_t clock_asleep_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec - clock_mono().ns;
}

bool clock_synced(int64_t *ret_error_us)
{
	struct timex timex = {0};
	int state = adjtimex(&timex);
	bool synced = state >= 0 && state != TIME_ERROR && !(timex.status & STA_UNSYNC);

	*ret_error_us = synced ? timex.maxerror : -1;
	return synced;
}

/* Seconds rounded down, and what is left of the nanoseconds, 0..1e9-1. */
static int64_t split(int64_t ns, int64_t *ret_rest)
{
	int64_t seconds = ns / NS_PER_S;
	int64_t rest = ns % NS_PER_S;

	if (rest < 0) {
		rest += NS_PER_S;
		seconds--;
	}
	*ret_rest = rest;
	return seconds;
}

size_t wall_format(struct wall t, char text[CLOCK_TEXT_SIZE])
{
	int64_t rest;
	time_t seconds = (time_t)split(t.ns, &rest);
	struct tm tm;

	gmtime_r(&seconds, &tm); /* years 1677 to 2262: four digits */
	const struct {
		int64_t value;
		size_t width;
		char behind;
	} parts[] = {
		{tm.tm_year + 1900, 4, '-'},
		{tm.tm_mon + 1, 2, '-'},
		{tm.tm_mday, 2, 'T'},
		{tm.tm_hour, 2, ':'},
		{tm.tm_min, 2, ':'},
		{tm.tm_sec, 2, '.'},
		{rest / NS_PER_MS, 3, 'Z'},
	};
	size_t len = 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		len += text_format_padded((uint64_t)parts[i].value, parts[i].width, text + len);
		text[len++] = parts[i].behind;
	}
	text[len] = '\0';
	return len;
}

size_t wall_format_epoch(struct wall t, char text[CLOCK_TEXT_SIZE])
{
	uint64_t us = (uint64_t)(t.ns < 0 ? -(t.ns / NS_PER_US) : t.ns / NS_PER_US);
	size_t len = 0;

	if (t.ns < 0)
		text[len++] = '-';
	len += text_format_padded(us / 1000000, 1, text + len);
	text[len++] = '.';
	return len + text_format_padded(us % 1000000, 6, text + len);
}

/* Up to `most` digits; NULL unless there is at least `least`. */
static const char *digits(const char *at, int least, int most, int64_t *ret)
{
	int64_t value = 0;
	int count = 0;

	while (count < most && *at >= '0' && *at <= '9') {
		value = value * 10 + (*at++ - '0');
		count++;
	}
	if (count < least)
		return NULL;
	*ret = value;
	return at;
}

/* ".25" as nanoseconds; no dot is zero. NULL on a dot without 1-9 digits. */
static const char *fraction(const char *at, int64_t *ret_ns)
{
	int64_t value = 0;
	int64_t unit = NS_PER_S;

	if (*at == '.') {
		const char *first = ++at;
		for (; at - first < 9 && *at >= '0' && *at <= '9'; at++) {
			unit /= 10;
			value += (*at - '0') * unit;
		}
		if (at == first)
			return NULL;
	}
	*ret_ns = value;
	return at;
}

/* No time of ours lies behind the year 2255. */
#define EPOCH_MOST_NS (INT64_C(9000000000) * NS_PER_S)

static bool parse_epoch(const char *text, struct wall *ret)
{
	return (*text >= '0' && *text <= '9') && text_scaled(text, 9, EPOCH_MOST_NS, true, &ret->ns);
}

static const char *literal(const char *at, char c)
{
	return at && *at == c ? at + 1 : NULL;
}

static const char *two(const char *at, int *ret)
{
	int64_t value = 0;

	at = at ? digits(at, 2, 2, &value) : NULL;
	*ret = (int)value;
	return at;
}

/* "Z", "+09:00", "+0900" or "+09": how far ahead of UTC, in seconds. */
static const char *zone(const char *at, int64_t *ret_s)
{
	int hours = 0;
	int minutes = 0;

	*ret_s = 0;
	if (*at == 'Z' || *at == 'z')
		return at + 1;
	if (*at != '+' && *at != '-')
		return NULL;
	bool behind = *at == '-';
	at = two(at + 1, &hours);
	if (at && *at)
		at = two(*at == ':' ? at + 1 : at, &minutes);
	if (!at || hours > 23 || minutes > 59)
		return NULL;
	*ret_s = (behind ? -1 : 1) * (hours * 3600 + minutes * 60);
	return at;
}

/* Behind the date: 'T' or a blank, the time, its fraction and its zone. */
static const char *time_of_day(const char *at, struct tm *tm, int64_t *ret_rest, int64_t *ret_zone_s)
{
	if (*at != 'T' && *at != 't' && *at != ' ')
		return NULL;
	at = literal(two(at + 1, &tm->tm_hour), ':');
	at = literal(two(at, &tm->tm_min), ':');
	at = two(at, &tm->tm_sec);
	at = at ? fraction(at, ret_rest) : NULL;
	return at ? zone(at, ret_zone_s) : NULL;
}

bool wall_parse(const char *text, struct wall *ret)
{
	struct tm tm = {0};
	int64_t year = 0;
	int64_t rest = 0;
	int64_t zone_s = 0;
	const char *at = digits(text, 4, 4, &year);

	at = literal(at, '-');
	if (!at)
		return parse_epoch(text, ret);
	at = literal(two(at, &tm.tm_mon), '-');
	at = two(at, &tm.tm_mday);
	if (at && *at)
		at = time_of_day(at, &tm, &rest, &zone_s);
	if (!at || *at || year < 1970 || year > 2200)
		return false;

	tm.tm_year = (int)year - 1900;
	tm.tm_mon -= 1;
	struct tm want = tm;
	time_t seconds = timegm(&tm); /* normalises, so 31 February shows as a change */
	if (tm.tm_mon != want.tm_mon || tm.tm_mday != want.tm_mday || tm.tm_hour != want.tm_hour ||
		tm.tm_min != want.tm_min || tm.tm_sec != want.tm_sec)
		return false;
	ret->ns = ((int64_t)seconds - zone_s) * NS_PER_S + rest;
	return true;
}
