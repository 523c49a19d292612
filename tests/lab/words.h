#ifndef TESTS_LAB_WORDS_H
#define TESTS_LAB_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"
#include "core/text.h"

/*
 * One line of a scenario as words, taken one after the other. Readers return 0
 * and move on, or -EINVAL with *why, where the word is missing or wrong.
 */
enum { WORDS_MOST = 64 };

struct words {
	char *at[WORDS_MOST]; /* point into the line that was split */
	size_t count, next;
	struct diag *why;
};

/* From least to most, both met. */
struct span {
	int64_t least, most;
};

struct range {
	struct ip4 first, last;
};

/* Cut the line at blanks, in place; "#" starts a comment. */
int words_split(char *line, struct diag *why, struct words *ret);

bool words_left(const struct words *words);
const char *words_peek(const struct words *words);      /* "" behind the last */
bool words_take(struct words *words, const char *word); /* if it is next */
int words_end(struct words *words);                     /* nothing must be left */

int words_text(struct words *words, const char *what, char *ret, size_t size);
int words_number(struct words *words, const char *what, int64_t least, int64_t most, int64_t *ret);
int words_duration(struct words *words, int64_t *ret_ns);      /* 80ms */
int words_durations(struct words *words, struct span *ret_ns); /* 80ms or 80ms..120ms */
int words_numbers(struct words *words, int64_t least, int64_t most, struct span *ret); /* -50..50 */
int words_share(struct words *words, double *ret);                                     /* 30% */
int words_rate(struct words *words, double *ret);                                      /* 200/s */
int words_choice(struct words *words, const char *const names[], int *ret);
int words_address(struct words *words, struct ip4 *ret);
int words_range(struct words *words, struct range *ret); /* a, a/24, a-b, or a-LASTNUMBER */

#endif
