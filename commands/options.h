#ifndef COMMANDS_OPTIONS_H
#define COMMANDS_OPTIONS_H

struct option;

/* getopt_long for every subcommand: '?' has been told, in one line (core/options.h). */
int command_option(
	int argc, char **argv, const char *shorts, const struct option *longs, int *index);

#endif
