#ifndef TARGETS_FILE_H
#define TARGETS_FILE_H

#include <stddef.h>

#include "core/text.h"

/*
 * The one place where files named by a user are read: everything else here
 * works on bytes.
 */

/*
 * A file whole, "-" is standard input, and what gzip packed is unpacked: 0, or a
 * negative errno with *why. *ret is owned by the caller and has a NUL behind its
 * last byte. A stream is read once: asked for again, whatever its name then, it
 * says what it said (targets/given.h).
 */
int file_read(const char *name, char **ret, size_t *ret_len, struct diag *why);

/*
 * From now on files are read while others wait for us: a stream that was not read before
 * is refused, for it may never end.
 */
void file_read_again(void);

/* What to call it: "standard input" for "-". */
const char *file_label(const char *name);

/* What is after the last '/'. */
const char *file_base(const char *name);

#endif
