#ifndef ANALYSIS_OUTAGE_OUTAGE_H
#define ANALYSIS_OUTAGE_OUTAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/clock/uptime.h"
#include "analysis/country/view.h"
#include "analysis/outage/verdict.h"
#include "core/clock.h"

/*
 * Outages: disruptions of blocks that overlap in time, as one, with what was seen
 * around them and the verdict. Pure.
 */
enum stage { STAGE_ONGOING, STAGE_PROVISIONAL, STAGE_FINAL };
const char *stage_name(enum stage stage);

enum { OUTAGE_ID_SIZE = 96 };
struct outage {
	char id[OUTAGE_ID_SIZE]; /* the minute of its onset (scaled: the second); "/vantage" if only
				    that one lost it */
	char episode[OUTAGE_ID_SIZE];
	int64_t start_low_ns, start_high_ns;
	int64_t end_low_ns, end_high_ns; /* 0: it lasts */
	size_t *disruptions;             /* owned: indices into the view's */
	size_t disruption_count;
	size_t *isolated; /* owned: hosts that went with them, of no disruption; indices, too */
	size_t isolated_count, isolated_capacity;
	struct prefix *blocks; /* owned, ascending, each once */
	size_t block_count;
	size_t hosts_affected, hosts;
	double fraction_lost;
	bool whole_blocks, whole_country;
	bool partial; /* one vantage point lost it, the whole of them did not */
	enum stage stage;
	struct facts facts;
	struct verdict verdict;
};

struct outages {
	struct outage *items; /* owned, by start, then id */
	size_t count, capacity;
};

/* What a view's outages are judged with. */
struct outage_context {
	const struct view *view;
	const struct uptimes *uptimes;    /* settled */
	const struct routes *routes;      /* settled; NULL: none */
	const struct view *const *others; /* views of single vantage points */
	size_t other_count;
	const char *only_vantage; /* NULL for the whole */
	int64_t now_ns;           /* the data end */
};

/* When all are there: sort them, name episodes. */
void outages_settle(struct outages *outages, const struct parameters *parameters);
void outages_finish(struct outages *outages);

/* When the block was up again, and all that it lost was back; the data end while it lasts. */
int64_t disruption_over(const struct disruption *disruption, int64_t now_ns);

/* Do they overlap in time, in one block? */
bool disruptions_overlap(const struct disruption *a, const struct disruption *b, int64_t now_ns);

#endif
