#ifndef LIVE_TOLD_COMMAND_H
#define LIVE_TOLD_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/text.h"

/*
 * The door to commands of the user: one is run by the shell with a text on its standard input,
 * from any thread, and waited for. What it prints goes to our standard error.
 *
 * While it runs, it holds FOLDER/command.lock, also when we are gone: so the next one, of the
 * next run of ours, does not overtake it.
 */
struct command {
	const char *line;   /* as sh -c takes it */
	const char *folder; /* with that lock */
	int64_t limit_ns;   /* then it is killed, with all of its process group */
	const bool *stop;   /* set by another thread: it is killed at once */
};

/* 0: it has ended with status 0. Else a negative errno with *why: -ECANCELED where it was
 * stopped. */
int command_run(const struct command *command, const char *input, size_t len, struct diag *why);

#endif
