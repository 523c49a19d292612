#ifndef COMMANDS_JUDGE_RUN_H
#define COMMANDS_JUDGE_RUN_H

#include <stdio.h>

#include "analysis/clock/reboot_list.h"
#include "commands/judge_asked.h"

/*
 * What timeline and outages have in common: their options, and reading a store
 * through the judge.
 */

/* -1, and it has been said what was wrong; else 0. */
int judge_run_options(struct judge_run *run, const char *command, int argc, char **argv);

/* Read the store, up to as_of. The same results. */
int judge_run_read(struct judge_run *run);

/* The sweeps that were judged, once more; after judge_run_read. The same results. */
int judge_run_again(
	struct judge_run *run, void (*take)(void *ctx, const struct sweep *sweep), void *ctx);

/* The timeline's --fsdb: rounds.c. The same results. */
int judge_run_rounds(struct judge_run *run);

/* The timeline's pictures, into the outputs that want one; before its rows are written. The same
 * results. */
int judge_run_picture(struct judge_run *run);

/* Rows of what was judged, clipped to from and to, into the outputs: timeline.c
 * and outage_rows.c. */
void judge_run_timeline(struct judge_run *run);
void judge_run_summary(struct judge_run *run); /* needs country_rows */
/* Count in run->written. */
void judge_run_outages(struct judge_run *run);
void judge_run_reboots(struct judge_run *run);
void reboot_rows(struct judge_run *run, const struct host_reboots *list);

/* What is asked for by --from and --to, as far as there are data: none if they begin later. */
struct wall judge_run_begin(const struct judge_run *run);
struct wall judge_run_end(const struct judge_run *run);

/* Write the outputs, free everything. Returns the program's exit status. */
int judge_run_close(struct judge_run *run, int result);

/* The options' part of the usage text. */
void judge_run_usage(FILE *out);

#endif
