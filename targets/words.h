#ifndef TARGETS_WORDS_H
#define TARGETS_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "targets/lines.h"

/* A line of a list, word by word: for targets/entry.c, entry_words.c and entry_ipv6.c. */

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

/* Is it an address, prefix or range of IPv6? */
bool word_is_ipv6(const char *word);

/*
 * Does an IPv6 word name IPv4 addresses: mapped, translated, of a tunnel? *ret: which. A prefix
 * that is all of such a space names none of them, but for the mapped: that is all of IPv4.
 */
bool word_hides_ipv4(const char *word, char ret[RANGE_TEXT_SIZE]);

/* The first such word of a text in front of a comment; NULL: none. */
const char *words_find_hidden_ipv4(const char *text, char ret[RANGE_TEXT_SIZE]);

#endif
