#ifndef ANALYSIS_JUDGE_H
#define ANALYSIS_JUDGE_H

#include <stddef.h>

#include "analysis/method/parameters.h"
#include "analysis/outage/outage.h"
#include "analysis/timeline.h"
#include "store/observation.h"
#include "store/route.h"

/*
 * From sweeps, one after another, to timelines and outages. Pure: no clock, no
 * file, the same for the same input. Memory grows with hosts and with what
 * happened, not with the length of the history.
 */
struct judge;

/* targets: the rows of all roles. The judge holds nothing of its caller's. */
struct judge *judge_create(
	const struct target_row *targets, size_t count, const struct parameters *parameters);
void judge_destroy(struct judge *judge); /* NULL is fine */

/* Sweeps as store_next gives them. 0, or -E2BIG: of one vantage point more than
 * VANTAGES_MOST; nothing of it is read. */
int judge_sweep(struct judge *judge, const struct sweep *sweep);

/* What BGP said, as store_routes gives it: when it was heard, then by time. Before judge_end. */
void judge_heard(struct judge *judge, const struct heard *heard);
void judge_route(struct judge *judge, const struct route *route);

struct judgement {
	struct wall start, end; /* the period: first sweep's start, last one's end */
	struct timeline_rows rows;
	struct outages outages;
	size_t *outage_of;             /* owned: per disruption of a row, 1 + index of its outage */
	const struct uptimes *uptimes; /* the judge's: reboots, settled */
	const struct proof *proof; /* the judge's: whose errors prove the uplink; NULL: nobody's */
	/* The judge's: blocks and hosts as they are at the end, and whether each vantage point is
	 * blind; NULL: no sweep was read. */
	const struct view *view;
	const struct routes *routes; /* the judge's, settled: blocks as those of the view; may be empty */
	size_t vantage_count;
	char **vantages; /* borrowed from the judge */
};

/* The data end. Once. */
void judge_end(struct judge *judge, struct judgement *ret);
/* The id of the outage a row's disruption belongs to; "" for none. */
const char *judgement_outage(const struct judgement *judgement, size_t disruption);

void judgement_finish(struct judgement *judgement);

#endif
