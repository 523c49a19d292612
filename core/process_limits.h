#ifndef CORE_PROCESS_LIMITS_H
#define CORE_PROCESS_LIMITS_H

#include <stdbool.h>

#include "core/text.h"

/*
 * Limits of a process (ulimit), met at the start and in words, not in the middle
 * of something. A limit of file size does not end us: what cannot be written is
 * an error as a full disk is. So many descriptors can be opened, the soft limit
 * being raised as far as it may be; 0 or -EMFILE with *why.
 */
enum { LIMITS_DESCRIPTORS_MOST = 64 };
int limits_begin(int descriptors, struct diag *why);

/*
 * The bounding set limits what any program started from here can have. False, with
 * *why and the remedy, when CAP_NET_RAW is outside it: then a program whose file
 * gives that capability does not start at all (EPERM).
 */
bool limits_allow_net_raw(struct diag *why);

#endif
