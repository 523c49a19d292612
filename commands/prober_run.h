#ifndef COMMANDS_PROBER_RUN_H
#define COMMANDS_PROBER_RUN_H

#include <stddef.h>

#include "core/text.h"

/*
 * Starts lightsout-prober, wherever it was installed (prober_find.h).
 */

/* An argument list under construction; texts are copied. */
struct prober_arguments {
	char **items; /* NULL-terminated once there is one; owned */
	size_t count, capacity;
	int inputs; /* what we have read (targets/given.h), for the prober's --inputs; 0: nothing */
};
void prober_argument(struct prober_arguments *arguments, const char *text);
void prober_option(struct prober_arguments *arguments, const char *name, const char *value);
void prober_arguments_finish(struct prober_arguments *arguments);

/* Become the prober; returns only on failure: a negative errno with *why. */
int prober_exec(const struct prober_arguments *arguments, struct diag *why);

/* Hand `fd` on: the prober reads what the user named from it. It is ours to close no more. */
void prober_hand_on(struct prober_arguments *arguments, int fd);

/*
 * From here on SIGINT, SIGTERM and SIGHUP do not end us: they reach the
 * prober, and prober_signal() tells the last one (0: none). System calls they
 * meet return EINTR. A signal that was ignored stays so.
 */
void prober_catch_signals(void);
int prober_signal(void);

/*
 * Run it until it has closed its standard output, which it does when it has
 * told and stored everything: what is left then is to let go of its sockets,
 * some 30 ms in the kernel that nobody need wait for. 0, or a negative errno
 * with *why when it could not be started.
 */
int prober_start(const struct prober_arguments *arguments, struct diag *why);

/* Wait for its end: its exit status, or a negative errno with *why when a
 * signal ended it. */
int prober_wait(struct diag *why);

/* Run it to its end; what it writes to standard output goes to ours. */
int prober_run(const struct prober_arguments *arguments, struct diag *why);

#endif
