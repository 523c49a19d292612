#ifndef ANALYSIS_VIEW_H
#define ANALYSIS_VIEW_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/block.h"
#include "store/observation.h"

/*
 * The country as some vantage points together see it, folded forward in time:
 * blocks, machines, outages found. The whole is one view of all vantage points;
 * each has one of its own as soon as there are two, which is how a block that
 * only one of them has lost is told from one that is down. Pure.
 */
struct view {
	struct constants constants;
	struct block *blocks; /* ascending */
	size_t block_count;
	struct machine *machines;
	size_t machine_count, machine_capacity;
	uint64_t *marks; /* per machine: sweep number * 4 + bit per channel seen in it */
	size_t mark_capacity;
	const struct target_row *controls; /* borrowed: rows that are not targets */
	size_t control_count;
	struct loss_rate *anchors; /* per vantage */
	size_t anchor_count;
	struct sight *pending;
	size_t pending_count, pending_capacity;
	struct losses losses;
	uint64_t sweeps; /* read so far */
	int64_t now_ns;  /* end of the latest */
};

/* Rows of all roles; borrowed. start: of the first sweep. */
void view_init(struct view *view, const struct target_row *targets, size_t count, struct wall start,
	const struct constants *constants);
void view_finish(struct view *view);

/* Sweeps in order of (start, vantage, epoch, sweep); vantage: its number. */
void view_sweep(struct view *view, const struct sweep *sweep, size_t vantage);

/* The data end: what is open is worked out as it stands. */
void view_end(struct view *view, struct wall until);

#endif
