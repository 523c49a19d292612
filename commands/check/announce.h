#ifndef COMMANDS_CHECK_ANNOUNCE_H
#define COMMANDS_CHECK_ANNOUNCE_H

#include "core/settings.h"
#include "targets/targets.h"

/*
 * What a check of this size is about to do: whom it asks, with how many packets, for how
 * long and from which address. Owned by the caller; NULL: it is no whole block, and nobody
 * needs to be told.
 */
char *announce(const struct settings *settings, const struct target_set *set);

#endif
