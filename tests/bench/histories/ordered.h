#ifndef HISTORIES_ORDERED_H
#define HISTORIES_ORDERED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/observation.h"
#include "tests/bench/histories/play.h"

/*
 * A history as the reader of its store would give it: sweeps by (start, vantage, epoch,
 * sweep), observations and hops sorted. So it can be judged without being written;
 * tests/bench/histories/same compares the two. Memory grows with how far a clock steps
 * back, not with the length of the history. What a world is made of stays behind it:
 * its words are others than those of analysis/.
 */
struct ordered;

/* NULL: there is no such family. */
struct ordered *ordered_create(const char *family, uint64_t seed, const struct play *play);
void ordered_destroy(struct ordered *ordered); /* NULL is fine */

/* The target list, owned by the caller. */
struct target_row *ordered_targets(const struct ordered *ordered, size_t *ret_count);

/* The next sweep, its arrays valid until the next call; false after the last. */
bool ordered_next(struct ordered *ordered, struct sweep *ret);

/* After the last: truth.h into DIR. 0 or a negative errno. */
int ordered_write_truth(struct ordered *ordered, const char *directory);

#endif
