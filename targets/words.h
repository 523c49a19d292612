#ifndef TARGETS_WORDS_H
#define TARGETS_WORDS_H

#include <stddef.h>

/* A line of a list, word by word: for targets/entry.c and entry_words.c. */

/* Longer than an IPv6 range; what is longer is no address. */
enum { WORD_SIZE = 100 };

/* The word that begins a text, up to a separator; "" where it is too long. Returns its length. */
size_t word_copy(const char *text, char ret[WORD_SIZE]);

/* Behind the separators that begin a text; behind its first word and what parts it from the
 * next. */
const char *word_past_separators(const char *text);
const char *word_past(const char *text);

/* The first thing in a text that is written like an IPv4 address; NULL: none. */
const char *word_find_address(const char *text, size_t *ret_len);

#endif
