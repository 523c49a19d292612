#ifndef COMMANDS_PROBER_FIND_H
#define COMMANDS_PROBER_FIND_H

#include <limits.h>

#include "core/text.h"

/*
 * Where lightsout-prober is. The two programs are installed together, so it is
 * looked for from where lightsout itself lies (`self`, an absolute path, or NULL
 * when that is unknown): beside it, then in ../libexec, ../libexec/lightsout,
 * ../lib/lightsout, ../sbin and ../bin. That holds for a prefix in a home directory and for
 * a tree that was moved. Then in the directory it was built for, then in `path`
 * (the variable PATH, or NULL): from cron that one has little.
 *
 * The first one that may be executed is taken. 0, or a negative errno with
 * *why: -ENOENT when there is none, -EACCES when there are but none that this
 * user may execute.
 */
int prober_find(const char *self, const char *path, char ret[PATH_MAX], struct diag *why);

#endif
