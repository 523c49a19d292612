#include "core/text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int diag_set(struct diag *diag, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(diag->text, sizeof(diag->text), format, args);
	va_end(args);
	return -EINVAL;
}

/* One UTF-8 character (RFC 3629): its length, or 0 where there is none. */
static size_t utf8_take(const char *text, uint32_t *ret)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *at = (const unsigned char *)text;
	size_t len = *at < 0x80 ? 1 : *at < 0xc0 ? 0 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;
	uint32_t code = len < 2 ? *at : *at & (0xffu >> (len + 1));

	for (size_t i = 1; i < len; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (at[i] & 0x3fu);
	}
	if (len == 0 || *at >= 0xf8 || code < least[len] || code > 0x10ffff)
		return 0;
	if (code >= 0xd800 && code <= 0xdfff)
		return 0;
	*ret = code;
	return len;
}

/* What makes the text after it read from right to left, or in another order than it is. */
static bool turns_text(uint32_t code)
{
	return code == 0x61c || code == 0x200e || code == 0x200f ||
	       (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/* C1 too, where 0x9b begins an escape as ESC [ does. */
size_t text_printable_one(const char *text)
{
	uint32_t code;
	size_t len = utf8_take(text, &code);

	return len == 0 || code < 0x20 || (code >= 0x7f && code < 0xa0) || turns_text(code) ? 0 : len;
}

bool text_printable(const char *text)
{
	while (*text) {
		size_t len = text_printable_one(text);
		if (len == 0)
			return false;
		text += len;
	}
	return true;
}

void text_clean(char *text)
{
	while (*text) {
		size_t len = text_printable_one(text);
		if (len == 0)
			*text = '?';
		text += len ? len : 1;
	}
}

static bool is_utf8(const char *text)
{
	uint32_t code;

	for (size_t len; *text; text += len) {
		len = utf8_take(text, &code);
		if (len == 0)
			return false;
	}
	return true;
}

bool text_adopt(const char *text, char *out, size_t size)
{
	bool utf8 = is_utf8(text);
	bool clean = true;

	while (*text && size > 1) {
		unsigned char byte = (unsigned char)*text;
		char latin[3] = {(char)(0xc0 | byte >> 6), (char)(0x80 | (byte & 0x3f)), '\0'};
		const char *from = utf8 || byte < 0x80 ? text : latin;
		uint32_t code;
		size_t taken = utf8 ? utf8_take(text, &code) : 1;
		size_t len = text_printable_one(from);
		if (len == 0) {
			from = "?";
			len = 1;
			clean = false;
		}
		if (len >= size)
			break;
		memcpy(out, from, len);
		out += len;
		size -= len;
		text += taken;
	}
	*out = '\0';
	return clean;
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

size_t text_format_padded(uint64_t value, size_t width, char *text)
{
	size_t len = 1;

	for (uint64_t rest = value; rest >= 10; rest /= 10)
		len++;
	if (len < width)
		len = width;
	text[len] = '\0';
	for (size_t at = len; at > 0; value /= 10)
		text[--at] = (char)('0' + value % 10);
	return len;
}

size_t text_format_i64(int64_t value, char text[TEXT_NUMBER_SIZE])
{
	if (value >= 0)
		return text_format_padded((uint64_t)value, 1, text);
	text[0] = '-';
	return 1 + text_format_padded(-(uint64_t)value, 1, text + 1);
}

/*
 * As a whole number of its last digits. The product is off by a 2^-53 part, so
 * by less than a thousandth below 2^40: only what lies that close to the middle
 * of two such numbers needs the exact way, and what is larger.
 */
size_t text_format_decimal(double value, int decimals, char text[TEXT_DECIMAL_SIZE])
{
	static const uint64_t powers[] = {
		1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};
	uint64_t unit = powers[decimals];
	double scaled = fabs(value) * (double)unit;
	size_t len = 0;

	if (!(scaled < 0x1p40) || fabs(scaled - floor(scaled) - 0.5) < 0.001)
		return (size_t)snprintf(text, TEXT_DECIMAL_SIZE, "%.*f", decimals, value);
	uint64_t whole = (uint64_t)(scaled + 0.5);
	if (signbit(value))
		text[len++] = '-';
	len += text_format_padded(whole / unit, 1, text + len);
	if (decimals > 0) {
		text[len++] = '.';
		len += text_format_padded(whole % unit, (size_t)decimals, text + len);
	}
	return len;
}
