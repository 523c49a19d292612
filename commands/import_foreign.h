#ifndef COMMANDS_IMPORT_FOREIGN_H
#define COMMANDS_IMPORT_FOREIGN_H

#include <stdio.h>

#include "exchange/foreign/import.h"

/*
 * The options of lightsout import --from: what the user says of files of other
 * tools, and their import.
 */
struct import_options {
	const char *store;
	bool quiet;

	/* With --from alone. */
	const struct foreign_format *format; /* NULL: a dataset */
	const char *vantage;
	unsigned given; /* enum foreign_option */
	struct foreign_ask ask;
	char *columns;       /* owned: what ask.columns are parts of */
	struct ip4 *anchors; /* owned */
	size_t anchor_count, anchor_capacity;
	struct prefix *asked; /* owned */
	size_t asked_count, asked_capacity;
};

/* One option in its long form: 0, or -EINVAL and *why. */
int import_option(
	struct import_options *options, const char *name, const char *value, struct diag *why);
void import_options_finish(struct import_options *options);

/* Do the options fit the format? What must be said is said: 0, or -EINVAL and *why. */
int import_options_check(struct import_options *options, struct diag *why);

/* The names of all formats with what they are, a line each, for the help. */
void import_print_formats(FILE *out);

/* The program's exit status; what was wrong is said. */
int import_foreign(const struct import_options *options, const char *const *names, size_t count,
	struct foreign_stop stop);

#endif
