#ifndef PROBER_IO_CONFINE_USER_H
#define PROBER_IO_CONFINE_USER_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/text.h"

/*
 * Started as root, the prober becomes somebody else before it looks at a byte from
 * outside. Of root's capabilities confine_drop() leaves those two that this takes.
 *
 * The owner of the store's directory, where that is not root: then before the store is
 * opened, so that its files are his. Else who called sudo, else nobody: once it is open,
 * for root's directory is not theirs to write in.
 */
struct confine_user {
	bool root;  /* are we? If not, nothing is to be done */
	bool owner; /* of the store's directory */
	uid_t uid;
	gid_t gid;
};

struct confine_user confine_user_for(const char *store);

/*
 * Become him, with no way back, which is tried. 0; 1: we stay, for in this user namespace
 * he does not exist; a negative errno with *why: the process must not go on. No capability
 * is left in any case.
 */
int confine_become(const struct confine_user *user, struct diag *why);

#endif
