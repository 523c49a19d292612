#ifndef EXCHANGE_FOREIGN_FEED_H
#define EXCHANGE_FOREIGN_FEED_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/text.h"
#include "exchange/foreign/unpack.h"

/*
 * A file of another tool as its reader takes it: by lines, by JSON objects or
 * as bytes. Memory is that of the longest piece. What gzip or zstd compressed is read as
 * what it was; what is binary or endless is refused, with the line it stands on.
 */

/* Longer lines and objects are refused: they are something else. */
enum { FEED_PIECE_MAX = 1 << 20 };

/* `name` is what the user called it. The source is borrowed. */
struct feed;
struct feed *feed_open(const char *name, struct feed_source source);
void feed_close(struct feed *feed); /* NULL is fine */

/* 1 and the next line, without its end (LF or CRLF) and with a NUL behind it, the
 * feed's until the next call; 0 at the end; or a negative errno and *why. */
int feed_line(struct feed *feed, char **ret, size_t *ret_len, struct diag *why);

/* The same of the objects of JSON lines, or of one array of objects, uncut text. What
 * stands between them other than "[", "]", "," and blanks is refused, as is an end within one. */
int feed_object(struct feed *feed, char **ret, size_t *ret_len, struct diag *why);

/* Up to `size` bytes as they are: as feed_source. What failed says feed_failed. */
ssize_t feed_bytes(struct feed *feed, char *bytes, size_t size);

/* Is r what the source failed with? Then *why says that. Returns r. */
int feed_failed(const struct feed *feed, int r, struct diag *why);

/* What the user called it. */
const char *feed_name(const struct feed *feed);

/* The line the last piece began on, from 1. Who takes bytes counts himself. */
unsigned long feed_at(const struct feed *feed);

/* Read the beginning: 0, or what is wrong with it. For those who take bytes. */
int feed_begin(struct feed *feed, struct diag *why);

/* The first byte that is there, not taken; 0 where there is none, or a negative errno. */
int feed_first(struct feed *feed, struct diag *why);

/* Names the same bytes: a hash of the name-less beginning of the file, read ahead.
 * 0 and *ret, or a negative errno and *why. */
int feed_hash(struct feed *feed, uint64_t *ret, struct diag *why);

/* Say what is wrong, on this line: -EINVAL. */
int feed_wrong(const struct feed *feed, struct diag *why, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int feed_wrong_at(const struct feed *feed, unsigned long line, struct diag *why,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
