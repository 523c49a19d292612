#ifndef PROBER_IO_CONFINE_H
#define PROBER_IO_CONFINE_H

#include "core/text.h"

/*
 * Gives up what the prober does not need. Called after the sockets are open
 * and before anything the user gave is read.
 *
 * Root without capabilities is still the owner of root's files, but no longer passes
 * over permissions: a blocklist that belongs to somebody else must grant it access like
 * to anybody. It does not stay root: prober/io/confine_user.h.
 */

/* Is CAP_NET_RAW effective? If not, *why says how to give it. 0 or -EPERM. */
int confine_check(struct diag *why);

/*
 * Drop every capability (root keeps CAP_SETUID and CAP_SETGID for a while) from every set (the bounding set where CAP_SETPCAP
 * allows it; without it no_new_privs does the same), set no_new_privs, and
 * prove that it worked. The process also stops being dumpable, or any other
 * process of this user could take the raw socket out of it. 0 or a negative
 * errno; then the process must not go on.
 */
int confine_drop(struct diag *why);

/* Those two as well. 0 or a negative errno; then the process must not go on. */
int confine_drop_rest(struct diag *why);

#endif
