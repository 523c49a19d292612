/* lightsout: the unprivileged half. Finds the subcommand and hands over. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/exit_status.h"
#include "commands/help.h"
#include "commands/options.h"
#include "core/log.h"
#include "core/options.h"
#include "core/process_limits.h"

/* A store, its log and index, twice, and a dataset; outputs are the user's own. */
enum { DESCRIPTORS = 24 };

static int command_help(int argc, char **argv);

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{"targets", command_targets, "write the reviewed target list, or compare two"},
	{"check", command_check, "one sweep now: who answers, block by block"},
	{"watch", command_watch, "sweeps on a schedule until stopped"},
	{"timeline", command_timeline, "per block, when it was up, degraded, down or unknown"},
	{"export", command_export, "write a store as a dataset of CSV files"},
	{"import", command_import, "read a dataset of CSV files into a store"},
	{"store", command_store, "verify a store, or count what is in it"},
	{"outages", command_outages, "outages with cause, probability and evidence"},
	{"status", command_status, "what it is like now; also as a plugin of Nagios"},
	{"summary", command_summary, "hours up and down, and outages, by day, week, month or year"},
	{"hosts", command_hosts, "each host: when it answers, to what, how fast, its reboots"},
	{"report", command_report, "pages of a store as files, to keep, send and cite"},
	{"serve", command_serve, "a live page, events and metrics of stores"},
	{"help", command_help, "open the manual, where a command is described"},
	{NULL, NULL, NULL},
};

/* A closed one would become the first file we open, and what is printed would go there. These
 * refuse to be used, so that it is told. */
static void hold_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* What was printed has arrived, or it is no success: a full disk, a closed descriptor. */
static int flushed(int status)
{
	bool before = ferror(stdout) != 0;

	errno = 0;
	if (fflush(stdout) == 0 && !before)
		return status;
	if (status != EXIT_TROUBLE) /* else it has been told */
		fprintf(stderr, "lightsout: cannot write standard output%s%s\n", errno ? ": " : "",
			errno ? strerror(errno) : "");
	return EXIT_TROUBLE;
}

static void usage(FILE *out)
{
	fputs("usage: lightsout COMMAND [OPTION...] [ARGUMENT...]\n\n", out);
	for (const struct command *c = commands; c->name; c++)
		fprintf(out, "  %-10s %s\n", c->name, c->help);
	fputs("\nlightsout COMMAND --help says more; so does lightsout(1).\n", out);
}

static const struct command *find_command(const char *name)
{
	const struct command *c = commands;

	while (c->name && strcmp(c->name, name) != 0)
		c++;
	return c->name ? c : NULL;
}

/* One line, and the exit status. */
static int no_command(const char *name)
{
	const struct command *near = NULL;
	char clean[64];
	size_t least = 0;

	snprintf(clean, sizeof(clean), "%s", name);
	text_clean(clean);
	for (const struct command *c = commands; c->name; c++) {
		size_t likeness = text_likeness(name, c->name);
		if (likeness && (!near || likeness < least)) {
			near = c;
			least = likeness;
		}
	}
	if (near)
		fprintf(stderr, "lightsout: no command \"%s\", did you mean %s?\n", clean,
			near->name);
	else
		fprintf(stderr, "lightsout: no command \"%s\"; lightsout --help lists them\n",
			clean);
	return EXIT_TROUBLE;
}

static int run_command(const struct command *command, int argc, char **argv)
{
	static char program[] = "lightsout";

	argv[0] = program;
	return flushed(command->run(argc, argv));
}

/* Where there is no manual, --help is what we have. */
static int command_help(int argc, char **argv)
{
	static char help[] = "--help";
	static const char usage_help[] =
		"usage: lightsout help [COMMAND]\n\n"
		"Opens the manual, lightsout(1), where the command is described. Where no\n"
		"manual is installed it prints what lightsout COMMAND --help prints.\n\n"
		"  -h, --help   this\n";
	static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {0}};
	int code = command_option(argc, argv, "h", options, NULL);

	if (code == 'h')
		fputs(usage_help, stdout);
	if (code != -1)
		return code == 'h' ? EXIT_ANSWERED : EXIT_TROUBLE;
	const char *name = argc > optind ? argv[optind] : NULL;
	const struct command *command = name ? find_command(name) : NULL;
	if (name && !command)
		return no_command(name);
	if (help_page(name))
		return EXIT_ANSWERED;
	fputs("lightsout: no manual is installed here; this is --help\n", stderr);
	if (!command || command->run == command_help) {
		usage(stdout);
		return EXIT_ANSWERED;
	}
	char *words[] = {argv[0], help, NULL};
	optind = 0;
	return command->run(2, words);
}

int main(int argc, char **argv)
{
	struct diag why;

	hold_standard_streams();
	log_shield();
	if (limits_begin(DESCRIPTORS, &why) < 0) {
		fprintf(stderr, "lightsout: %s\n", why.text);
		return EXIT_TROUBLE;
	}
	if (argc < 2) {
		usage(stderr);
		return EXIT_TROUBLE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		usage(stdout);
		return flushed(EXIT_ANSWERED);
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("lightsout " LIGHTSOUT_VERSION);
		return flushed(EXIT_ANSWERED);
	}
	const struct command *command = find_command(argv[1]);
	return command ? run_command(command, argc - 1, argv + 1) : no_command(argv[1]);
}
