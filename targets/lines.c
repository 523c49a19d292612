#include "targets/lines.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int lines_next(struct lines *lines, char line[LINE_SIZE], struct diag *why)
{
	if (lines->left == 0)
		return 0;
	const char *end = memchr(lines->at, '\n', lines->left);
	size_t len = end ? (size_t)(end - lines->at) : lines->left;
	size_t taken = len + (end != NULL);
	const char *at = lines->at;

	lines->at += taken;
	lines->left -= taken;
	why->line = ++lines->number;
	if (len > 0 && at[len - 1] == '\r')
		len--;
	if (len >= LINE_SIZE)
		return diag_set(
			why, "%zu bytes in one line, expected at most %d", len, LINE_SIZE - 1);
	for (size_t i = 0; i < len; i++)
		if (((unsigned char)at[i] < 0x20 && at[i] != '\t') || at[i] == 0x7f)
			return diag_set(why, "a control character (byte %d), expected text", at[i]);
	memcpy(line, at, len);
	line[len] = '\0';
	return 1;
}

bool range_parse(const char *text, struct range *ret)
{
	struct range range;
	struct prefix prefix;
	const char *dash = strchr(text, '-');

	if (dash) {
		char first[ADDRESS_TEXT_SIZE];
		size_t len = (size_t)(dash - text);
		if (len >= sizeof(first))
			return false;
		memcpy(first, text, len);
		first[len] = '\0';
		if (!ip4_parse(first, &range.first) || !ip4_parse(dash + 1, &range.last) ||
			range.first.host > range.last.host)
			return false;
	} else if (prefix_parse(text, &prefix)) {
		range = (struct range){prefix.base, prefix_last(prefix)};
	} else if (ip4_parse(text, &range.first)) {
		range.last = range.first;
	} else {
		return false;
	}
	*ret = range;
	return true;
}

size_t range_format(struct range range, char text[RANGE_TEXT_SIZE])
{
	struct prefix prefix = prefix_largest(range.first, range.last);

	if (range.first.host == range.last.host)
		return ip4_format(range.first, text);
	if (prefix_last(prefix).host == range.last.host)
		return prefix_format(prefix, text);
	size_t len = ip4_format(range.first, text);
	text[len++] = '-';
	char last[ADDRESS_TEXT_SIZE];
	size_t more = ip4_format(range.last, last);
	memcpy(text + len, last, more + 1);
	return len + more;
}

/* "FIRST-LAST" with both ends right and in the wrong order? */
static bool is_reversed(const char *text)
{
	char turned[2 * ADDRESS_TEXT_SIZE];
	const char *dash = strchr(text, '-');
	struct range range;

	if (!dash || strlen(text) >= sizeof(turned))
		return false;
	snprintf(turned, sizeof(turned), "%s-%.*s", dash + 1, (int)(dash - text), text);
	return range_parse(turned, &range);
}

/* A number of several digits that begins with 0: octal to one reader, decimal to another. */
static bool has_leading_zero(const char *text)
{
	for (const char *c = text; *c; c++)
		if (*c == '0' && c[1] >= '0' && c[1] <= '9' &&
			(c == text || !((c[-1] >= '0' && c[-1] <= '9') || c[-1] == 'x')))
			return true;
	return false;
}

int range_complain(const char *text, struct diag *why)
{
	const char *slash = strchr(text, '/');
	char base[ADDRESS_TEXT_SIZE];
	struct ip4 address;
	uint64_t len;

	if (text[strspn(text, "0123456789./-")] == '\0' && has_leading_zero(text))
		return diag_set(why,
			"\"%.60s\" has a number with a leading zero, octal to some and decimal to "
			"others, expected numbers without",
			text);
	if (slash && (size_t)(slash - text) < sizeof(base) && text_u64(slash + 1, 32, &len)) {
		memcpy(base, text, (size_t)(slash - text));
		base[slash - text] = '\0';
		if (ip4_parse(base, &address)) {
			char right[ADDRESS_TEXT_SIZE];
			prefix_format(prefix_of(address, (uint8_t)len), right);
			return diag_set(why,
				"\"%.60s\" has bits set behind its length, expected %s", text,
				right);
		}
	}
	if (is_reversed(text))
		return diag_set(why, "\"%.60s\" ends before it begins, expected FIRST-LAST", text);
	return diag_set(why,
		"\"%.60s\" is no address, expected ADDRESS, ADDRESS/LENGTH or FIRST-LAST", text);
}

int range_order(const void *a, const void *b)
{
	const struct range *x = a;
	const struct range *y = b;
	int by_first = ip4_order(&x->first, &y->first);

	return by_first ? by_first : ip4_order(&y->last, &x->last);
}
