/* Durations as text: a number with its unit. */
#include "core/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/clock.h"

static const struct unit {
	const char *name;
	int64_t ns;
} units[] = {
	{"d", 86400 * NS_PER_S},
	{"h", 3600 * NS_PER_S},
	{"m", 60 * NS_PER_S},
	{"s", NS_PER_S},
	{"ms", NS_PER_MS},
	{"us", NS_PER_US},
	{"ns", 1},
};

enum { UNIT_COUNT = sizeof(units) / sizeof(units[0]) };

bool text_duration(const char *text, int64_t *ret_ns)
{
	char number[24];
	double value;
	size_t len = strspn(text, "0123456789.");

	if (len == 0 || len >= sizeof(number))
		return false;
	memcpy(number, text, len);
	number[len] = '\0';
	if (!text_double(number, &value))
		return false;
	for (int i = 0; i < UNIT_COUNT; i++) {
		if (strcmp(text + len, units[i].name) != 0)
			continue;
		double ns = value * (double)units[i].ns;
		if (ns > 9e18)
			return false;
		*ret_ns = llround(ns);
		return true;
	}
	return false;
}

size_t text_format_duration(int64_t ns, char text[TEXT_DURATION_SIZE])
{
	if (ns == 0)
		return (size_t)snprintf(text, TEXT_DURATION_SIZE, "0s");
	/* The largest unit that divides it; seconds are preferred up to two hours,
	 * because that is how schedules are spoken of. */
	int first = ns < 7200 * NS_PER_S && ns % NS_PER_S == 0 ? 3 : 0;
	for (int i = first; i < UNIT_COUNT; i++)
		if (ns % units[i].ns == 0)
			return (size_t)snprintf(text, TEXT_DURATION_SIZE, "%" PRId64 "%s",
				ns / units[i].ns, units[i].name);
	return 0;
}
