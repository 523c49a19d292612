#ifndef TARGETS_GIVEN_H
#define TARGETS_GIVEN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "core/text.h"

/*
 * What the files that a user named said, by the names he gave them: one register
 * for the process. A file is read once. What a pipe said cannot be read again,
 * and what one program has checked is what the other must obey, to the byte.
 */
struct given {
	char *name;
	char *bytes; /* with a NUL behind the last */
	size_t len;
	bool stream; /* no plain file: it cannot be read again */
	dev_t device;
	ino_t inode;
};

/* By name; or a stream by what it is, whatever it is called now. NULL: not read yet. */
const struct given *given_find(const char *name);
const struct given *given_find_stream(const struct stat *st);

/* Keep what was read: a stream always, a plain file if all is to be handed on. The bytes are
 * copied. */
void given_keep(const char *name, const struct stat *st, const char *bytes, size_t len);

/* From now on plain files are kept too. */
void given_keep_all(void);

/*
 * All that is kept as a file without a name, for a program to be started: 0 and
 * its descriptor, which is closed on exec, or a negative errno with *why.
 */
int given_hand_on(int *ret_fd, struct diag *why);

/* Take over what another program has read. From now on no file is read at all. 0, or a negative
 * errno with *why. */
int given_receive(int fd, struct diag *why);
bool given_is_all(void);

#endif
