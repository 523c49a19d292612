#include "core/when.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const int64_t day_ns = 86400 * NS_PER_S;

static const char expected[] = "expected a date as 2026-11-29, RFC 3339 with its zone, Unix "
			       "seconds, -7d, now, today or yesterday";

/* Longer than any history. */
static const int64_t most_ns = INT64_MAX / 4;

/* One length; too long a one is as long as can be. */
static bool length(const char *number, size_t digits, size_t len, int64_t *ret_ns)
{
	char text[32];

	if (len >= sizeof(text))
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)len, number);
	if (text_duration(text, ret_ns)) {
		*ret_ns = *ret_ns < most_ns ? *ret_ns : most_ns;
		return true;
	}
	snprintf(text, sizeof(text), "1%.*s", (int)(len - digits), number + digits);
	if (memchr(number, '.', digits) || !text_duration(text, ret_ns))
		return false;
	*ret_ns = most_ns;
	return true;
}

/* "1d12h": several lengths, one behind the other. *ret_unit: where no unit is known. */
static bool lengths(const char *text, int64_t *ret_ns, const char **ret_unit)
{
	int64_t sum_ns = 0;

	*ret_unit = NULL;
	do {
		int64_t ns;
		size_t digits = strspn(text, "0123456789.");
		size_t len = digits + strcspn(text + digits, "0123456789.");
		if (digits == 0)
			return false;
		if (!length(text, digits, len, &ns)) {
			*ret_unit = text + digits;
			return false;
		}
		sum_ns = sum_ns < most_ns - ns ? sum_ns + ns : most_ns;
		text += len;
	} while (*text);
	*ret_ns = sum_ns;
	return true;
}

static int before_now(const char *text, struct wall now, struct wall *ret, struct diag *why)
{
	const char *unit;
	int64_t ns;

	if (!lengths(text + 1, &ns, &unit)) {
		if (unit && !*unit)
			return diag_set(why,
				"is a number without its unit, expected d, h, m (minutes) or s "
				"behind it");
		if (unit)
			return diag_set(
				why, "has no unit that is known, expected d, h, m (minutes) or s");
		return diag_set(why, "is no time, %s", expected);
	}
	if (ns > now.ns)
		return diag_set(why, "lies before 1970, expected a time that can be in a store");
	*ret = wall_after(now, -ns);
	return 0;
}

/* "20141222" is a date to whoever wrote it, and eight months of 1970 in Unix seconds. */
static int why_not_number(const char *text, struct diag *why)
{
	char date[12];
	struct wall day;

	if (strlen(text) == 8) {
		snprintf(date, sizeof(date), "%.4s-%.2s-%.2s", text, text + 4, text + 6);
		if (wall_parse(date, &day))
			return diag_set(why, "is a number, expected %s if that day is meant", date);
	}
	return diag_set(why,
		"is a number of Unix seconds in the years 1970 to 1973, expected ten digits or a "
		"date");
}

static bool parses_with(const char *start, size_t len, const char *middle, const char *rest)
{
	char text[64];
	struct wall t;

	if (len + strlen(middle) + strlen(rest) >= sizeof(text))
		return false;
	snprintf(text, sizeof(text), "%.*s%s%s", (int)len, start, middle, rest);
	return wall_parse(text, &t);
}

/* What is missing in a date that a person takes for whole. */
static int why_not_date(const char *text, struct diag *why)
{
	enum { MINUTES_END = 16 }; /* "2014-12-22T16:15" */
	size_t len = strlen(text);

	if (parses_with(text, len, "Z", ""))
		return diag_set(why,
			"has no zone, expected Z or an offset as +09:00 behind it: nobody can tell "
			"whose time it is");
	if (len >= MINUTES_END && text[13] == ':' &&
		(parses_with(text, MINUTES_END, ":00", text + MINUTES_END) ||
			parses_with(text, MINUTES_END, ":00Z", text + MINUTES_END)))
		return diag_set(why, "has no seconds, expected a time as 16:15:00Z");
	return diag_set(why, "is no day or time that there is, %s", expected);
}

static bool is_day(const char *text)
{
	return strlen(text) >= 10 && strspn(text, "0123456789") == 4 && text[4] == '-' &&
	       strspn(text + 5, "0123456789") == 2 && text[7] == '-' &&
	       strspn(text + 8, "0123456789") == 2;
}

static int why_not(const char *text, struct diag *why)
{
	const char *unit;
	int64_t ns;

	if (!*text)
		return diag_set(why, "is nothing, %s", expected);
	if (is_day(text))
		return why_not_date(text, why);
	if (text[0] == '+' || strcasecmp(text, "tomorrow") == 0)
		return diag_set(why, "is to come, %s", expected);
	if (lengths(text, &ns, &unit))
		return diag_set(why, "is a length of time, expected -%.40s: that long ago", text);
	if (text[strspn(text, "0123456789./")] == '\0' && strpbrk(text, "./"))
		return diag_set(why,
			"is a date that is another one elsewhere, expected year-month-day as "
			"2014-12-22");
	return diag_set(why, "is no time, %s", expected);
}

int when_parse(const char *text, struct wall now, struct wall *ret, struct diag *why)
{
	static const int64_t least_ns = 100000000 * NS_PER_S;
	struct wall time;

	if (text[0] == '-')
		return before_now(text, now, ret, why);
	if (strcasecmp(text, "now") == 0) {
		*ret = now;
	} else if (strcasecmp(text, "today") == 0) {
		ret->ns = now.ns - now.ns % day_ns;
	} else if (strcasecmp(text, "yesterday") == 0) {
		ret->ns = now.ns - now.ns % day_ns - day_ns;
	} else if (!wall_parse(text, &time)) {
		return why_not(text, why);
	} else if (!is_day(text) && time.ns < least_ns) {
		return why_not_number(text, why);
	} else {
		*ret = time;
	}
	return 0;
}
