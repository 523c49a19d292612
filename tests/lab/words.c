#include "tests/lab/words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int words_split(char *line, struct diag *why, struct words *ret)
{
	struct words words = {.why = why};
	char *rest = line;
	char *word;

	line[strcspn(line, "#")] = '\0';
	while ((word = strsep(&rest, " \t\r"))) {
		if (!*word)
			continue;
		if (words.count == WORDS_MOST)
			return diag_set(why, "more than %d words on a line", WORDS_MOST);
		words.at[words.count++] = word;
	}
	*ret = words;
	return 0;
}

bool words_left(const struct words *w)
{
	return w->next < w->count;
}

const char *words_peek(const struct words *w)
{
	return words_left(w) ? w->at[w->next] : "";
}

bool words_take(struct words *w, const char *word)
{
	if (!words_left(w) || strcmp(w->at[w->next], word) != 0)
		return false;
	w->next++;
	return true;
}

int words_end(struct words *w)
{
	return words_left(w) ? diag_set(w->why, "\"%s\" where the line should end", words_peek(w))
			     : 0;
}

static int wrong(struct words *w, const char *expected)
{
	if (!words_left(w))
		return diag_set(w->why, "the line ends early, expected %s", expected);
	return diag_set(w->why, "\"%s\", expected %s", words_peek(w), expected);
}

/* Copy the next word, cut at the first `end` when that is in it; *ret_rest is behind. */
static bool cut(
	const struct words *w, const char *end, char *out, size_t size, const char **ret_rest)
{
	const char *word = words_peek(w);
	const char *found = strstr(word, end);
	size_t len = found ? (size_t)(found - word) : strlen(word);

	if (len >= size)
		return false;
	memcpy(out, word, len);
	out[len] = '\0';
	*ret_rest = found ? found + strlen(end) : NULL;
	return true;
}

int words_text(struct words *w, const char *what, char *ret, size_t size)
{
	if (!words_left(w) || strlen(words_peek(w)) >= size)
		return wrong(w, what);
	strcpy(ret, w->at[w->next++]);
	return 0;
}

int words_numbers(struct words *w, int64_t least, int64_t most, struct span *ret)
{
	char first[32];
	const char *second;
	struct span span;
	char expected[80];

	snprintf(expected, sizeof(expected), "a number from %lld to %lld, or two as 1..2",
		(long long)least, (long long)most);
	if (!cut(w, "..", first, sizeof(first), &second) || !text_i64(first, &span.least) ||
		!text_i64(second ? second : first, &span.most) || span.least < least ||
		span.most > most || span.least > span.most)
		return wrong(w, expected);
	w->next++;
	*ret = span;
	return 0;
}

int words_number(struct words *w, const char *what, int64_t least, int64_t most, int64_t *ret)
{
	int64_t value;

	if (!text_i64(words_peek(w), &value) || value < least || value > most)
		return wrong(w, what);
	w->next++;
	*ret = value;
	return 0;
}

int words_durations(struct words *w, struct span *ret_ns)
{
	char first[32];
	const char *second;
	struct span span;

	if (!cut(w, "..", first, sizeof(first), &second) || !text_duration(first, &span.least) ||
		!text_duration(second ? second : first, &span.most) || span.least > span.most)
		return wrong(w, "a duration as 80ms, or two as 80ms..2s");
	w->next++;
	*ret_ns = span;
	return 0;
}

int words_duration(struct words *w, int64_t *ret_ns)
{
	if (!text_duration(words_peek(w), ret_ns))
		return wrong(w, "a duration as 80ms");
	w->next++;
	return 0;
}

/* "12.5" before `unit`, and nothing behind it. */
static bool with_unit(const struct words *w, const char *unit, double most, double *ret)
{
	char number[32];
	const char *rest;
	double value;

	if (!cut(w, unit, number, sizeof(number), &rest) || !rest || *rest ||
		!text_double(number, &value) || value < 0 || value > most)
		return false;
	*ret = value;
	return true;
}

int words_share(struct words *w, double *ret)
{
	double percent;

	if (!with_unit(w, "%", 100, &percent))
		return wrong(w, "a share as 30%");
	w->next++;
	*ret = percent / 100;
	return 0;
}

int words_rate(struct words *w, double *ret)
{
	if (!with_unit(w, "/s", 1e6, ret))
		return wrong(w, "a rate as 200/s");
	w->next++;
	return 0;
}

int words_choice(struct words *w, const char *const names[], int *ret)
{
	char expected[128] = "";

	for (int i = 0; names[i]; i++) {
		if (words_take(w, names[i])) {
			*ret = i;
			return 0;
		}
		size_t len = strlen(expected);
		snprintf(expected + len, sizeof(expected) - len, "%s%s", i ? " or " : "", names[i]);
	}
	return wrong(w, expected);
}

int words_address(struct words *w, struct ip4 *ret)
{
	if (!ip4_parse(words_peek(w), ret))
		return wrong(w, "an address");
	w->next++;
	return 0;
}

int words_range(struct words *w, struct range *ret)
{
	const char *word = words_peek(w);
	char first[ADDRESS_TEXT_SIZE];
	const char *second;
	struct prefix prefix;
	struct range range;
	uint64_t number;

	if (prefix_parse(word, &prefix))
		range = (struct range){prefix.base, prefix_last(prefix)};
	else if (!cut(w, "-", first, sizeof(first), &second) || !ip4_parse(first, &range.first))
		return wrong(w, "an address, a prefix or a range");
	else if (!second)
		range.last = range.first;
	else if (text_u64(second, 255, &number))
		range.last.host = (range.first.host & prefix_mask(24)) | (uint32_t)number;
	else if (!ip4_parse(second, &range.last))
		return wrong(w, "a range as 198.18.0.1-40 or 198.18.0.1-198.18.1.40");
	if (range.last.host < range.first.host)
		return wrong(w, "a range that does not run backwards");
	w->next++;
	*ret = range;
	return 0;
}
