#ifndef ANALYSIS_COMMANDS_H
#define ANALYSIS_COMMANDS_H

/*
 * The subcommands of lightsout, one file each. Each gets its own argv (argv[0]
 * is the subcommand's name) and returns the program's exit status.
 */
enum exit_status {
	EXIT_ANSWERED = 0,   /* done; of check: every argument has an answer */
	EXIT_NO_ANSWER = 1,  /* of check: measured, and an argument has none */
	EXIT_TROUBLE = 2,    /* usage or system error */
	EXIT_UNMEASURED = 3, /* of check: not measured, or its silence not proven */
};

int command_targets(int argc, char **argv);
int command_check(int argc, char **argv);
int command_watch(int argc, char **argv);
int command_timeline(int argc, char **argv);
int command_export(int argc, char **argv);
int command_import(int argc, char **argv);
int command_store(int argc, char **argv);
int command_outages(int argc, char **argv);

#endif
