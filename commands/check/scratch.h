#ifndef COMMANDS_CHECK_SCRATCH_H
#define COMMANDS_CHECK_SCRATCH_H

#include <limits.h>
#include <stddef.h>

#include "core/text.h"

/* A directory of our own under $TMPDIR (else in memory, else /tmp), for what nobody
 * asked to keep. */
struct scratch {
	char path[PATH_MAX]; /* "" = none */
};

/* 0, or a negative errno with *why. */
int scratch_open(struct scratch *scratch, struct diag *why);

/* Remove it with the files in it; none is fine. */
void scratch_remove(struct scratch *scratch);

#endif
