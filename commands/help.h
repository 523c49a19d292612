#ifndef COMMANDS_HELP_H
#define COMMANDS_HELP_H

#include <stdbool.h>

/*
 * Show lightsout(1) with man(1): the page installed with this program, else the one that man
 * finds. On a terminal with less(1) it opens where `command` is described; NULL: at its
 * top. False: there is no man, or it has no such page.
 */
bool help_page(const char *command);

#endif
