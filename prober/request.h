#ifndef PROBER_REQUEST_H
#define PROBER_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/settings.h"
#include "core/text.h"
#include "prober/report.h"
#include "targets/targets.h"

/*
 * What the user asked for: options, settings, the file that has more of them, and
 * whom to probe. Read only after everything that needs a privilege is done.
 */
struct request {
	struct settings settings;
	struct target_set targets;
	const char *config; /* file, or NULL; borrowed from argv */
	bool once, dry_run, check_config, print_config;
	bool partial;     /* once, into a store that knows of more: prober/schedule/series.h */
	bool again;       /* read while probing: prober/reread.h */
	int argc;
	char **argv;      /* all of it; borrowed */
	char **arguments; /* targets; borrowed from argv */
	size_t argument_count;
	enum report_style style;
};

/* Nothing asked yet. Finish frees what a request owns. */
void request_init(struct request *request);
void request_finish(struct request *request);

/*
 * The one option that is looked for while we may still do everything: a socket takes a mark
 * (--fwmark) only then. 0: there is none, or it is wrong, as request_read will say. The
 * order of argv may change, as with getopt_long.
 */
uint32_t request_fwmark(int argc, char **argv);

/*
 * Options and targets, then the file they name. 1: go on. 0: all is said (--help, --version).
 * Negative errno with *why.
 */
int request_read(struct request *request, int argc, char **argv, struct diag *why);

/*
 * Does what was asked for fit this machine: a store is named, the interface is there, the source is an
 * address of ours, the source port is none that the kernel gives to others? 0 or
 * -EINVAL with *why.
 */
int request_check(const struct request *request, struct diag *why);

/* Targets given as arguments replace those of the settings. */
int request_adopt(struct request *request, struct diag *why);

/* Resolve the targets given as arguments, or those of the settings. */
int request_targets(struct request *request, struct diag *why);

#endif
