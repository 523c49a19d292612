#ifndef COMMANDS_CHECK_RUN_H
#define COMMANDS_CHECK_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "commands/check/goal.h"
#include "commands/check/scratch.h"
#include "commands/prober_run.h"
#include "core/settings.h"
#include "targets/targets.h"

/*
 * What `lightsout check` was asked for, shared by the files it is made of:
 * check_options.c (the command line), check_prepare.c (files, targets and what
 * the prober is told), check.c (the sweep and what came of it).
 */
struct check_run {
	struct settings settings;
	struct prober_arguments prober;
	struct scratch scratch;
	char **places; /* -o, borrowed from argv */
	size_t place_count, place_capacity;
	const char *config;
	const char **files; /* -f */
	size_t file_count, file_capacity;
	struct goal goal; /* --at-least */
	bool dry_run, quiet, verbose, epoch, store_given, nagios, resolve;
};

/* The command line; optind is left at the first argument. -1: go on; else the exit status, and
 * all is said. */
int check_run_options(struct check_run *run, int argc, char **argv);

/* Say what was wrong; the exit status. */
int check_run_trouble(const struct diag *why);

/*
 * Read what was named (standard input, configuration, lists), once, and resolve the targets into
 * *set. Until that is done a signal ends us as it ends anybody. Puts into run->prober all that the
 * prober is told; `targets` is room for the arguments.
 */
int check_run_prepare(struct check_run *run, char *const *arguments,
	struct prober_arguments *targets, struct target_set *set, struct diag *why);

/*
 * What check asks for when neither option nor file says otherwise; ends with a NULL name. It
 * is one sweep: its rate has a whole /22 of silence asked three times in some seven seconds, and
 * its ceiling lets the retries through.
 */
extern const struct setting_standard check_standards[];

#endif
