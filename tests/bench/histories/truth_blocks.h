#ifndef HISTORIES_TRUTH_BLOCKS_H
#define HISTORIES_TRUTH_BLOCKS_H

#include <stdio.h>

#include "tests/bench/histories/losses.h"

/* Of truth.h the files that go block by block. 0 or a negative errno. */
int truth_write_downs(struct world *world, const struct losses *losses, const char *directory);
int truth_write_excused(struct world *world, const struct losses *losses, const char *directory);

/* A file of the directory, or NULL with errno; and a time as these files have it, with its comma.
 */
FILE *truth_file(const char *directory, const char *name);
void truth_put_time(FILE *file, int64_t t);

#endif
