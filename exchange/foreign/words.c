#include "exchange/foreign/words.h"

#include <stdio.h>
#include <string.h>

#include "store/bounds.h"

bool take_text(const char **at, const char *text)
{
	size_t len = strlen(text);

	if (strncmp(*at, text, len) != 0)
		return false;
	*at += len;
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool take_decimal(const char **at, int decimals, int64_t *ret)
{
	const char *p = *at;
	int64_t value = 0;
	int count = 0;

	for (; is_digit(*p); p++, count++)
		value = count < 18 ? 10 * value + (*p - '0') : value;
	int whole = count;
	if (*p == '.' && is_digit(p[1]))
		for (p++; is_digit(*p); p++)
			if (decimals > 0 && count < 18) {
				value = 10 * value + (*p - '0');
				decimals--;
				count++;
			}
	for (; decimals > 0; decimals--, count++)
		value = count < 18 ? 10 * value : value;
	if (whole == 0 || count > 18)
		return false;
	*ret = value;
	*at = p;
	return true;
}

bool take_whole(const char **at, int64_t *ret)
{
	const char *p = *at;
	int64_t value;

	if (!take_decimal(&p, 0, &value) || *p == '.')
		return false;
	*ret = value;
	*at = p;
	return true;
}

bool take_address(const char **at, struct ip4 *ret)
{
	char text[ADDRESS_TEXT_SIZE];
	size_t len = strspn(*at, "0123456789.");

	while (len > 0 && (*at)[len - 1] == '.') /* the end of a sentence */
		len--;
	if (len >= sizeof(text))
		return false;
	memcpy(text, *at, len);
	text[len] = '\0';
	if (!ip4_parse(text, ret))
		return false;
	*at += len;
	return true;
}

bool take_host(const char **at, const char *until, struct ip4 *ret)
{
	const char *end = strstr(*at, until);
	const char *p = *at;

	if (!end)
		return false;
	for (const char *q = *at; q < end; q++)
		if (*q == '(')
			p = q + 1;
	if (!take_address(&p, ret) || (*p == ')' ? p + 1 : p) != end)
		return false;
	*at = end + strlen(until);
	return true;
}

bool at_end_of_word(const char *at)
{
	return *at == '\0' || *at == ' ' || *at == '\t';
}

bool zone_parse(const char *text, int32_t *ret_s)
{
	char stamp[64];
	struct wall at;

	if (strcmp(text, "UTC") == 0 || strcmp(text, "GMT") == 0)
		text = "Z";
	snprintf(stamp, sizeof(stamp), "2000-01-01T00:00:00%.20s", text);
	if (!*text || !wall_parse(stamp, &at))
		return false;
	*ret_s = (int32_t)(INT64_C(946684800) - at.ns / NS_PER_S);
	return true;
}

/* A time of day and a date, put together. */
struct parts {
	char date[16], clock[24], zone[16];
	int year, month, day;
	bool pm, am;
};

static int month_of(const char *word)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (strncmp(word, names + (size_t)i * 3, 3) == 0 && strlen(word) == 3)
			return i + 1;
	return 0;
}

static bool is_weekday(const char *word)
{
	return strlen(word) == 3 && strstr("MonTueWedThuFriSatSun", word) != NULL;
}

/* One word of the output of date. */
static bool take_part(struct parts *p, const char *word)
{
	int64_t number = -1;
	const char *at = word;
	int month = month_of(word);

	if (is_weekday(word))
		return true;
	if (strchr(word, ':') && is_digit(*word))
		return snprintf(p->clock, sizeof(p->clock), "%s", word) < (int)sizeof(p->clock);
	if (take_whole(&at, &number) && !*at) {
		int *to = strlen(word) == 4 ? &p->year : &p->day;
		if (*to || number < 1 || number > 9999)
			return false;
		*to = (int)number;
		return true;
	}
	p->pm |= strcmp(word, "PM") == 0;
	p->am |= strcmp(word, "AM") == 0;
	if (month)
		p->month = month;
	else if (strcmp(word, "PM") != 0 && strcmp(word, "AM") != 0)
		return snprintf(p->zone, sizeof(p->zone), "%s", word) < (int)sizeof(p->zone);
	return true;
}

/* "01:18:03 PM" as 13:18:03. */
static bool half_days(struct parts *p)
{
	const char *at = p->clock;
	int64_t hour;

	if (!p->pm && !p->am)
		return true;
	if (!take_whole(&at, &hour) || *at != ':' || hour < 1 || hour > 12)
		return false;
	char rest[24];
	snprintf(rest, sizeof(rest), "%s", at);
	int h = (int)(hour % 12) + (p->pm ? 12 : 0);
	snprintf(p->clock, sizeof(p->clock), "%02d%.20s", h, rest);
	return true;
}

static bool of_date(char *text, struct parts *ret)
{
	struct parts p = {.year = 0};
	char *rest;

	for (char *w = strtok_r(text, " \t", &rest); w; w = strtok_r(NULL, " \t", &rest))
		if (!take_part(&p, w))
			return false;
	if (!p.year || !p.month || !p.day || !*p.clock || !half_days(&p))
		return false;
	snprintf(p.date, sizeof(p.date), "%04u-%02u-%02u", (unsigned)p.year % 10000U,
		(unsigned)p.month % 100U, (unsigned)p.day % 100U);
	*ret = p;
	return true;
}

struct wall time_step(struct wall from, int64_t count, int64_t step_ns)
{
	int64_t way_ns, ns;
	bool before = count < 0 ? step_ns > 0 : step_ns < 0;

	if (__builtin_mul_overflow(count, step_ns, &way_ns) ||
		__builtin_add_overflow(from.ns, way_ns, &ns))
		ns = before ? -1 : TIME_MOST_NS + 1;
	return (struct wall){ns < 0 ? -1 : ns > TIME_MOST_NS ? TIME_MOST_NS + 1 : ns};
}

/* Is this all of a time but its zone? */
static enum time_word in_zone(const char *text, int32_t zone_s, struct wall *ret)
{
	char stamp[96];
	struct wall at;

	snprintf(stamp, sizeof(stamp), "%.80sZ", text);
	if (!strchr(text, ':') || !wall_parse(stamp, &at))
		return TIME_STRANGE;
	if (zone_s == ZONE_NONE)
		return TIME_NO_ZONE;
	*ret = time_step(at, -(int64_t)zone_s, NS_PER_S);
	return TIME_READ;
}

enum time_word time_word(const char *text, size_t len, int32_t zone_s, struct wall *ret)
{
	char copy[64];
	char stamp[48];
	struct parts p;
	int32_t own_s;

	if (len >= sizeof(copy))
		return TIME_STRANGE;
	memcpy(copy, text, len);
	copy[len] = '\0';
	char *comma = strchr(copy, ','); /* ISO 8601 has it for the point */
	if (comma)
		*comma = '.';
	if (wall_parse(copy, ret)) {
		*ret = time_step(*ret, 0, 0);
		return strchr(copy, '-') && !strchr(copy, ':') ? TIME_STRANGE : TIME_READ;
	}
	enum time_word word = in_zone(copy, zone_s, ret);
	if (word != TIME_STRANGE || !of_date(copy, &p))
		return word;
	snprintf(stamp, sizeof(stamp), "%s %s", p.date, p.clock);
	if (*p.zone && zone_parse(p.zone, &own_s))
		zone_s = own_s;
	return in_zone(stamp, zone_s, ret);
}
