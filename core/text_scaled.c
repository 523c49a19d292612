/* Decimal numbers as other programs write them, read exactly. */
#include "core/text.h"

#include <string.h>

/* A number's digits without those that say nothing, and the power of ten behind them. */
struct decimal {
	char digits[64];
	int count;
	int64_t power;
};

/* What pandas, numpy, R, SQL tools and spreadsheets write where there is no number. */
bool text_missing(const char *text)
{
	static const char *const words[] = {
		"", "NA", "<NA>", "N/A", "n/a", "NaN", "nan", "NAN", "NaT", "NULL", "null", "None"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(text, words[i]) == 0)
			return true;
	return false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "e+05" to its end; nothing is a power of zero. */
static bool read_power(const char *at, int64_t *ret)
{
	int64_t power = 0;

	*ret = 0;
	if (!*at)
		return true;
	if (*at != 'e' && *at != 'E')
		return false;
	at++;
	bool negative = *at == '-';
	if (*at == '-' || *at == '+')
		at++;
	if (!is_digit(*at))
		return false;
	for (; is_digit(*at); at++)
		power = power < 1000 ? 10 * power + (*at - '0') : power;
	*ret = negative ? -power : power;
	return !*at;
}

/* False: no number, or one with more digits than anything here has. */
static bool read_decimal(const char *at, struct decimal *ret)
{
	struct decimal d = {.count = 0};
	int64_t behind = 0; /* digits behind the point */
	bool any = false;
	bool point = false;
	int64_t power;

	if (*at == '+')
		at++;
	for (; is_digit(*at) || (*at == '.' && !point); at++) {
		if (*at == '.') {
			point = true;
			continue;
		}
		any = true;
		behind += point;
		if (d.count == 0 && *at == '0')
			continue;
		if (d.count == (int)sizeof(d.digits))
			return false;
		d.digits[d.count++] = *at;
	}
	if (!any || !read_power(at, &power))
		return false;
	d.power = power - behind;
	*ret = d;
	return true;
}

/* One more digit at the end of a number, if it stays within `most`. */
static bool append(int64_t *value, int digit, int64_t most)
{
	if (*value > (most - digit) / 10)
		return false;
	*value = 10 * *value + digit;
	return true;
}

bool text_scaled(const char *text, int decimals, int64_t most, bool rounded, int64_t *ret)
{
	struct decimal d;
	int64_t value = 0;

	if (!read_decimal(text, &d))
		return false;
	int64_t power = d.power + decimals;
	int64_t whole = power < 0 ? d.count + power : d.count; /* how many digits are kept */
	for (int64_t i = 0; i < d.count; i++) {
		int digit = d.digits[i] - '0';
		if (i < whole && !append(&value, digit, most))
			return false;
		if (i >= whole && digit != 0 && !rounded)
			return false;
	}
	for (; power > 0 && value > 0; power--)
		if (!append(&value, 0, most))
			return false;
	if (whole >= 0 && whole < d.count && d.digits[whole] >= '5') {
		if (value == most)
			return false;
		value++;
	}
	*ret = value;
	return true;
}
