#ifndef CORE_OPTIONS_H
#define CORE_OPTIONS_H

#include <stddef.h>

#include "core/text.h"

struct option;

/*
 * getopt_long with words of our own: '?' fills *why with what is wrong with the
 * option and, where one of the table is spelled much alike, with that one. The
 * rest (optind, optarg, the order of argv) is as getopt_long has it. `index` may
 * be NULL.
 */
int options_next(int argc, char **argv, const char *shorts, const struct option *longs, int *index,
	struct diag *why);

/*
 * How many letters must be changed, added, left out or swapped with the next to
 * make one word of the other. Above `most` some number above it.
 */
size_t text_distance(const char *one, const char *other, size_t most);

/* Is `word` much like `name`, or its beginning: worth asking "did you mean"? The smaller, the
 * nearer; 0: no. */
size_t text_likeness(const char *word, const char *name);

#endif
