#ifndef COMMANDS_COMMANDS_H
#define COMMANDS_COMMANDS_H

/*
 * The subcommands of lightsout, one file each. Each gets its own argv (argv[0]
 * is the subcommand's name) and returns the program's exit status
 * (exit_status.h).
 */
int command_targets(int argc, char **argv);
int command_check(int argc, char **argv);
int command_watch(int argc, char **argv);
int command_timeline(int argc, char **argv);
int command_export(int argc, char **argv);
int command_import(int argc, char **argv);
int command_store(int argc, char **argv);
int command_outages(int argc, char **argv);
int command_status(int argc, char **argv);
int command_summary(int argc, char **argv);
int command_hosts(int argc, char **argv);
int command_report(int argc, char **argv);
int command_serve(int argc, char **argv);

#endif
