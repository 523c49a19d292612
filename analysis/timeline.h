#ifndef ANALYSIS_TIMELINE_H
#define ANALYSIS_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/block/block.h"
#include "core/address.h"
#include "core/clock.h"

/*
 * The rows of timeline.csv: intervals of one state that tile the period. Pure.
 * docs/FORMATS.md says what the columns mean.
 */
struct timeline_row {
	struct prefix block;
	struct wall start, end;
	double uncertainty_s; /* the true change lies in [start - uncertainty, start] */
	enum block_state state;
	enum reason reason;
	double belief;      /* that it is down; NaN when unknown */
	double fraction_up; /* NaN when unknown */
	size_t hosts;       /* that count */
	size_t disruption;  /* 1 + index of that it belongs to, 0 for none */
};

struct timeline_rows {
	struct timeline_row *items; /* owned */
	size_t count, capacity;
};

/* Append one block's rows for [start, until). */
void timeline_block(const struct block *block, struct wall start, struct wall until,
	struct timeline_rows *rows);

/* Leave of a row what lies in [from, to). False: nothing does. */
bool timeline_clip(struct timeline_row *row, struct wall from, struct wall to);

#endif
