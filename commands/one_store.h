#ifndef COMMANDS_ONE_STORE_H
#define COMMANDS_ONE_STORE_H

#include <stdbool.h>

#include "core/text.h"

/* What export and import have in common: one word, and a store. */
struct one_store {
	const char *word;
	const char *store;
	bool quiet; /* -q */
};

/* False: there is nothing more to do, *ret_status says with what result; what
 * was wrong has been said. `needs` ends the line about what is missing. */
bool one_store_options(int argc, char **argv, const char *help, const char *needs,
	struct one_store *ret, int *ret_status);

/* Said of sweeps of which none asked an anchor: how far their silence can be trusted. */
extern const char no_anchors[];

/* Say it on stderr. Returns EXIT_TROUBLE. */
int command_trouble(const struct diag *why);

#endif
