#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Strict reading of small texts, and one way to say what was wrong with them.
 *
 * All readers take a whole string: nothing before, nothing after, no locale.
 * False leaves *ret alone.
 */

/*
 * What was wrong, for a person: "FILE:LINE: what is wrong, what was expected".
 * Filled by whoever found it, printed once where it stops travelling.
 */
struct diag {
	char file[128];     /* empty: not about a file */
	unsigned long line; /* 0: not about a line */
	char column[64];    /* a CSV column's name, or empty */
	char text[320];
};

/* Fill in the text, as printf; returns -EINVAL, so that callers can return it. */
int diag_set(struct diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* UTF-8 without control characters (C0, DEL, C1, and those that turn the direction of text). */
bool text_printable(const char *text);

/* Length in bytes of the character that `text` begins with if it is so, else 0. */
size_t text_printable_one(const char *text);

/* What comes from outside and goes to a terminal: every byte that is not so becomes '?'. */
void text_clean(char *text);

/*
 * A name out of somebody's file, as text that may be stored and shown: what is no UTF-8 is
 * taken for Latin-1, control characters become '?', and it is cut to `size` between two
 * characters. False: there were control characters.
 */
bool text_adopt(const char *text, char *out, size_t size);

/* "FILE:LINE: column NAME: text", cut to size and cleaned. Returns out. */
const char *diag_format(const struct diag *diag, char *out, size_t size);

bool text_u64(const char *text, uint64_t max, uint64_t *ret);
bool text_i64(const char *text, int64_t *ret);
bool text_double(const char *text, double *ret); /* finite, '.' decimal point */

/*
 * A number times 10^decimals, exactly, however it is spelled: pandas writes whole numbers as
 * "64.0" when some are missing, R writes "1e+05". False: no number, below 0, above `most`, or
 * with digits finer than the last decimal. rounded: such digits are rounded instead.
 */
bool text_scaled(const char *text, int decimals, int64_t most, bool rounded, int64_t *ret);

/* Does the text stand for no value at all? "", and what programs write for it: NA, NaN, null. */
bool text_missing(const char *text);

/* What makes a word of this many: "1 probe", "2 probes", "0 probes". */
static inline const char *text_s(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/*
 * Numbers as printf writes them with "%0*llu", "%lld" and "%.*f". A sweep writes
 * hundreds of thousands of them, and printf would be most of what that takes.
 * Each writes an end and returns the length. The first takes as much room as
 * the number needs; decimals are 0 to 9, the largest double the longest text.
 */
enum { TEXT_NUMBER_SIZE = 24, TEXT_DECIMAL_SIZE = 330 };
size_t text_format_padded(uint64_t value, size_t width, char *text);
size_t text_format_i64(int64_t value, char text[TEXT_NUMBER_SIZE]);
size_t text_format_decimal(double value, int decimals, char text[TEXT_DECIMAL_SIZE]);

/*
 * "60s", "1.5s", "11m", "250ms", "80us", "2h", "1d": nanoseconds. A number
 * without a unit is refused: it means milliseconds to one reader and seconds
 * to another.
 */
bool text_duration(const char *text, int64_t *ret_ns);

/* The shortest of the forms above that reads back as the same. */
enum { TEXT_DURATION_SIZE = 32 };
size_t text_format_duration(int64_t ns, char text[TEXT_DURATION_SIZE]);

#endif
