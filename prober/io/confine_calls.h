#ifndef PROBER_IO_CONFINE_CALLS_H
#define PROBER_IO_CONFINE_CALLS_H

#include "core/text.h"

/*
 * A seccomp filter of the system calls that a prober at work makes: its raw
 * socket and capture, route lookups, the store, the loop. It may not start a
 * program, trace one, connect anywhere, or make memory executable.
 *
 * A call that is not on the list is a fault of ours or somebody else's code:
 * one line on stderr names it, and the program ends with
 * CONFINE_CALLS_STATUS.
 *
 * Built with a sanitizer, which makes calls of its own, this does nothing.
 */
enum { CONFINE_CALLS_STATUS = 4 };

/* Called when everything the user gave is read and before the first probe, with
 * no_new_privs set. There is no way back. 0, or a negative errno with *why. */
int confine_calls(struct diag *why);

#endif
