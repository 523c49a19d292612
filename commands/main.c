/* lightsout: the unprivileged half. Finds the subcommand and hands over. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/exit_status.h"
#include "core/process_limits.h"

/* A store, its log and index, twice, and a dataset; outputs are the user's own. */
enum { DESCRIPTORS = 24 };

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
	{"serve", command_serve, "a live page, events and metrics of stores"},
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

int main(int argc, char **argv)
{
	static char program[] = "lightsout";
	struct diag why;

	hold_standard_streams();
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
	for (const struct command *c = commands; c->name; c++) {
		if (strcmp(argv[1], c->name) != 0)
			continue;
		argv[1] = program; /* what getopt puts before its complaints */
		return flushed(c->run(argc - 1, argv + 1));
	}
	fprintf(stderr, "lightsout: no command \"%s\"; lightsout --help lists them\n", argv[1]);
	return EXIT_TROUBLE;
}
