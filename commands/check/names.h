#ifndef COMMANDS_CHECK_NAMES_H
#define COMMANDS_CHECK_NAMES_H

#include "commands/prober_run.h"
#include "core/text.h"

/* Could this be the name of a host: letters, digits, hyphens and dots, one dot at least, and
 * neither an address nor a file that is there? */
bool names_like_host(const char *text);

/*
 * --resolve: `text` as it is, or in its place the IPv4 addresses that the system's resolver has
 * for it (getaddrinfo), each told on standard error. 0, or a negative errno with *why.
 */
int names_resolve(const char *text, struct prober_arguments *targets, struct diag *why);

#endif
