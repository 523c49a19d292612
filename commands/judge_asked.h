#ifndef COMMANDS_JUDGE_ASKED_H
#define COMMANDS_JUDGE_ASKED_H

#include <stdbool.h>

#include "analysis/judge.h"
#include "analysis/summary.h"
#include "core/clock.h"
#include "exchange/output.h"
#include "live/follow.h"

/* What is asked of a store by timeline, outages and their like, and what came of it. */
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
	enum period by;      /* summary: --by */
	bool country;        /* timeline: --country */
	struct prefix block; /* --block: nothing else is shown; the judgement is of all */
	bool block_given;
	const char *vantage; /* --vantage: only its sweeps are judged; NULL: all */
	bool help;
	bool unanchored;            /* there are sweeps, and none of them asked an anchor */
	struct follow *follow;
	struct target_row *targets; /* owned; of the block that is shown */
	size_t target_count;
	struct judgement judgement; /* what is shown of it; rows, outages and outage_of are owned */
	struct timeline_rows country_rows; /* owned; where they were asked for */
	size_t written;                    /* outages, or reboots */
};

#endif
