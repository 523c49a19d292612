#ifndef TARGETS_LINES_H
#define TARGETS_LINES_H

#include <stddef.h>
#include <string.h>

#include "core/address.h"
#include "core/text.h"

/*
 * Lines of a text, one at a time, without their end (LF or CRLF; the last may
 * have none). Pure. Control characters other than tabs and lines longer than any of
 * our formats needs are refused, so that what comes out is a short C string
 * that can be shown to a person.
 */
enum { LINE_SIZE = 1024 };

struct lines {
	const char *at;
	size_t left;
	unsigned long number; /* of the line last taken, from 1 */
};

/* A byte order mark in front, as some editors leave it, is passed over. */
static inline struct lines lines_over(const char *bytes, size_t len)
{
	size_t mark = len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	return (struct lines){bytes + mark, len - mark, 0};
}

/* 1 and a line, 0 at the end, -EINVAL with why->line and why->text. */
int lines_next(struct lines *lines, char line[LINE_SIZE], struct diag *why);

/* Addresses from first to last, both of them. */
struct range {
	struct ip4 first, last;
};

static inline uint64_t range_count(struct range range)
{
	return (uint64_t)range.last.host - range.first.host + 1;
}

/* Room for "255.255.255.255-255.255.255.255" and its end. */
enum { RANGE_TEXT_SIZE = 36 };

/* "ADDRESS", "ADDRESS/LEN" or "FIRST-LAST". False leaves *ret alone. */
bool range_parse(const char *text, struct range *ret);

/* The shortest of the three. */
size_t range_format(struct range range, char text[RANGE_TEXT_SIZE]);

/* Why range_parse refused a text, and what was expected: -EINVAL. */
int range_complain(const char *text, struct diag *why);

/* Ascending by first, the longer one first: for qsort. */
int range_order(const void *a, const void *b);

#endif
