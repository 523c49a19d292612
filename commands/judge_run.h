#ifndef COMMANDS_JUDGE_RUN_H
#define COMMANDS_JUDGE_RUN_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/judge.h"
#include "core/clock.h"
#include "exchange/output.h"
#include "live/follow.h"

/*
 * What timeline and outages have in common: their options, and reading a store
 * through the judge.
 */
struct judge_run {
	const char *store;
	struct outputs *outputs;
	struct wall from, to, as_of; /* INT64_MIN and INT64_MAX where not given */
	bool as_of_given;
	struct wall now; /* what times that are named by it are before */
	double scale;
	struct prior prior; /* outages: --prior */
	bool prior_given;
	const char *explain;            /* outages: --explain ID */
	bool reboots;                   /* outages: --reboots */
	bool fsdb;                      /* timeline: --fsdb */
	struct wall zoom_from, zoom_to; /* timeline: --zoom FROM/TO, the picture's second panel */
	bool zoomed;
	const char *caption; /* timeline: --caption, below the picture */
	bool help;
	bool unanchored; /* there are sweeps, and none of them asked an anchor */
	struct follow *follow;
	/* What it says; it owns both. */
	const struct target_row *targets;
	size_t target_count;
	const struct judgement *judgement;
};

/* -1, and it has been said what was wrong; else 0. */
int judge_run_options(struct judge_run *run, const char *command, int argc, char **argv);

/* Judge the store, up to as_of. The same results. */
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
 * and outages.c. */
void judge_run_timeline(struct judge_run *run);
void judge_run_outages(struct judge_run *run);
void judge_run_reboots(struct judge_run *run);

/* Write the outputs, free everything. Returns the program's exit status. */
int judge_run_close(struct judge_run *run, int result);

/* The options' part of the usage text. */
void judge_run_usage(FILE *out);

#endif
