#ifndef PROBER_CONFINE_H
#define PROBER_CONFINE_H

#include "core/text.h"

/*
 * Gives up what the prober does not need. Called after the sockets are open
 * and before anything the user gave is read.
 */

/* Is CAP_NET_RAW effective? If not, *why says how to give it. 0 or -EPERM. */
int confine_check(struct diag *why);

/* Drop every capability from every set (bounding too where allowed), set
 * no_new_privs, and prove that it worked. 0 or a negative errno. */
int confine_drop(struct diag *why);

#endif
