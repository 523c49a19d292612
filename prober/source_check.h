#ifndef PROBER_SOURCE_CHECK_H
#define PROBER_SOURCE_CHECK_H

#include "core/address.h"
#include "core/text.h"
#include "targets/targets.h"

/*
 * Can probes be sent from this address, which the user named? It must be one machine's and
 * this one's, and answers to it must find their way here. 0, or -EINVAL with *why: what it
 * is instead.
 */
int source_check(struct ip4 source, const struct target_set *targets, struct diag *why);

#endif
