#include "core/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { WORD_MOST = 40 };

size_t text_distance(const char *one, const char *other, size_t most)
{
	size_t rows[3][WORD_MOST + 1];
	size_t *before = rows[0];
	size_t *last = rows[1];
	size_t *now = rows[2];
	size_t m = strlen(one);
	size_t n = strlen(other);

	if (m > WORD_MOST || n > WORD_MOST)
		return most + 1;
	for (size_t j = 0; j <= n; j++)
		last[j] = before[j] = j;
	for (size_t i = 1; i <= m; i++) {
		now[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t best = last[j - 1] + (one[i - 1] != other[j - 1]);
			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && one[i - 1] == other[j - 2] &&
				one[i - 2] == other[j - 1] && before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
		size_t *free = before;
		before = last;
		last = now;
		now = free;
	}
	return last[n];
}

size_t text_likeness(const char *word, const char *name)
{
	size_t len = strlen(word);
	size_t most = len < 3 ? 1 : len < 6 ? 2 : 3;
	size_t distance = text_distance(word, name, most);

	if (distance <= most && distance < len)
		return distance + 1;
	return len >= 3 && strncmp(word, name, len) == 0 ? most + 2 : 0;
}

static const char *nearest(const char *word, const struct option *longs)
{
	const char *name = NULL;
	size_t least = 0;

	for (const struct option *o = longs; o->name; o++) {
		size_t likeness = text_likeness(word, o->name);
		if (likeness && (!name || likeness < least)) {
			name = o->name;
			least = likeness;
		}
	}
	return name;
}

/* The names that begin with `len` bytes of `word`; how many. */
static size_t list_beginning(
	const char *word, size_t len, const struct option *longs, char *text, size_t size)
{
	size_t count = 0;
	size_t at = 0;

	text[0] = '\0';
	for (const struct option *o = longs; o->name; o++) {
		if (strncmp(o->name, word, len) != 0)
			continue;
		if (at < size)
			at += (size_t)snprintf(
				text + at, size - at, "%s--%s", count ? ", " : "", o->name);
		count++;
	}
	return count;
}

static void explain_long(const char *word, const struct option *longs, struct diag *why)
{
	size_t len = strcspn(word, "=");
	const struct option *only = NULL;
	char name[WORD_MOST + 1];
	char text[160];

	snprintf(name, sizeof(name), "%.*s", (int)len, word);
	size_t count = list_beginning(word, len, longs, text, sizeof(text));
	for (const struct option *o = longs; o->name; o++)
		if (strncmp(o->name, word, len) == 0 && (count == 1 || strlen(o->name) == len))
			only = o;
	if (only && only->has_arg == no_argument) {
		diag_set(why, "--%s takes no value, expected it alone", only->name);
	} else if (only) {
		diag_set(why, "--%s needs a value behind it", only->name);
	} else if (count > 1 && len > 0) {
		diag_set(why, "--%s may be each of %s, expected one of them", name, text);
	} else {
		const char *near = nearest(name, longs);
		if (near)
			diag_set(why, "no option --%s, did you mean --%s?", name, near);
		else
			diag_set(why, "no option --%s; --help lists them", name);
	}
}

static void explain(
	const char *word, const char *shorts, const struct option *longs, struct diag *why)
{
	if (strncmp(word, "--", 2) == 0)
		explain_long(word + 2, longs, why);
	else if (optopt > 0 && optopt < 128 && strchr(shorts, optopt))
		diag_set(why, "-%c needs a value behind it", optopt);
	else if (optopt > 0)
		diag_set(why, "no option -%c; --help lists them", optopt);
	else
		diag_set(why, "%.60s is no option; --help lists them", word);
}

int options_next(int argc, char **argv, const char *shorts, const struct option *longs, int *index,
	struct diag *why)
{
	opterr = 0;
	int at = optind > 0 ? optind : 1;
	int code = getopt_long(argc, argv, shorts, longs, index);

	if (code == '?') /* of a cluster of short options getopt is still at the same word */
		explain(argv[optind > at ? optind - 1 : at], shorts, longs, why);
	return code;
}
