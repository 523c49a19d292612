#include "core/text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"

int diag_set(struct diag *diag, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(diag->text, sizeof(diag->text), format, args);
	va_end(args);
	return -EINVAL;
}

void text_clean(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

const char *diag_format(const struct diag *diag, char *out, size_t size)
{
	char place[256] = "";
	size_t len = 0;

	if (diag->file[0])
		len += (size_t)snprintf(place, sizeof(place), "%s:", diag->file);
	if (diag->line)
		len += (size_t)snprintf(place + len, sizeof(place) - len, "%lu:", diag->line);
	if (diag->column[0])
		len += (size_t)snprintf(place + len, sizeof(place) - len,
			"%scolumn %s:", len ? " " : "", diag->column);
	snprintf(out, size, "%s%s%s", place, len ? " " : "", diag->text);
	text_clean(out);
	return out;
}

bool text_u64(const char *text, uint64_t max, uint64_t *ret)
{
	uint64_t value = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		uint64_t digit = (uint64_t)(*text - '0');
		if (value > (max - digit) / 10 || digit > max)
			return false;
		value = value * 10 + digit;
	}
	*ret = value;
	return true;
}

bool text_i64(const char *text, int64_t *ret)
{
	bool negative = *text == '-';
	uint64_t size;

	if (!text_u64(text + negative, INT64_MAX, &size))
		return false;
	*ret = negative ? -(int64_t)size : (int64_t)size;
	return true;
}

/* strtod takes more than we do (hex, infinity, blanks, locales): look first. */
static bool looks_decimal(const char *text)
{
	size_t digits = 0;
	size_t dots = 0;

	if (*text == '-' || *text == '+')
		text++;
	for (; (*text >= '0' && *text <= '9') || *text == '.'; text++) {
		digits += *text != '.';
		dots += *text == '.';
	}
	if (*text == 'e' || *text == 'E') {
		text++;
		if (*text == '-' || *text == '+')
			text++;
		if (!*text)
			return false;
		while (*text >= '0' && *text <= '9')
			text++;
	}
	return !*text && digits > 0 && dots <= 1;
}

bool text_double(const char *text, double *ret)
{
	if (!looks_decimal(text))
		return false;
	double value = strtod(text, NULL); /* no setlocale() anywhere: the C locale */
	if (!isfinite(value))
		return false;
	*ret = value;
	return true;
}

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
