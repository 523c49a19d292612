#ifndef CORE_PROCESS_LIMITS_H
#define CORE_PROCESS_LIMITS_H

#include "core/text.h"

/*
 * Limits of a process (ulimit), met at the start and in words, not in the middle
 * of something. A limit of file size does not end us: what cannot be written is
 * an error as a full disk is. So many descriptors can be opened, the soft limit
 * being raised as far as it may be; 0 or -EMFILE with *why.
 */
enum { LIMITS_DESCRIPTORS_MOST = 64 };
int limits_begin(int descriptors, struct diag *why);

#endif
