#include "analysis/timeline.h"

#include <math.h>

#include "analysis/method/belief.h"
#include "core/mem.h"

static void add(struct timeline_rows *rows, const struct timeline_row *row)
{
	if (row->end.ns <= row->start.ns)
		return;
	struct timeline_row *last = rows->count ? &rows->items[rows->count - 1] : NULL;
	if (last && last->block.base.host == row->block.base.host && last->state == row->state &&
		last->reason == row->reason && last->disruption == row->disruption &&
		last->end.ns == row->start.ns) {
		last->end = row->end;
		return;
	}
	rows->items = mem_grow(rows->items, &rows->capacity, rows->count + 1, sizeof(*rows->items));
	rows->items[rows->count++] = *row;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* What the block's evidence says from some time on, gaps apart. */
static struct timeline_row state_at(
	const struct block *block, const struct segment *segment, int64_t at_ns)
{
	struct timeline_row row = {.block = block->prefix,
		.start = {at_ns},
		.state = BLOCK_UP,
		.belief = BELIEF_UP,
		.fraction_up = 1,
		.hosts = block->counting};

	if (!block->first_reply_ns || at_ns < block->first_reply_ns) {
		row.state = BLOCK_UNKNOWN;
		row.reason = REASON_NEVER_ANSWERED;
		row.belief = row.fraction_up = (double)NAN;
		row.hosts = 0;
		return row;
	}
	if (!segment)
		return row;
	row.state = segment->state;
	row.reason = segment->reason;
	row.disruption = segment->disruption;
	row.fraction_up = segment->fraction_up;
	/* It was there for minutes only: gone, or never meant to stay. */
	if (!block->has_counted && row.state != BLOCK_UP) {
		row.state = BLOCK_UNKNOWN;
		row.reason = REASON_LEARNING;
		row.disruption = 0;
	}
	if (row.state == BLOCK_UNKNOWN) {
		row.belief = row.fraction_up = (double)NAN;
		row.hosts = 0;
	}
	if (row.state == BLOCK_DOWN)
		row.belief = segment->belief;
	if (segment->start_ns == at_ns)
		row.uncertainty_s = (double)segment->uncertainty_ns / (double)NS_PER_S;
	return row;
}

void timeline_block(
	const struct block *block, struct wall start, struct wall until, struct timeline_rows *rows)
{
	const struct segment *segments = block->segments.items;
	const struct coverage *coverage = &block->coverage;
	const struct segment *now = NULL;
	size_t next = 0;
	size_t gap = 0;
	int64_t at_ns = start.ns;

	while (at_ns < until.ns) {
		while (next < block->segments.count && segments[next].start_ns <= at_ns)
			now = &segments[next++];
		while (gap < coverage->gap_count && coverage->gaps[gap].end_ns <= at_ns)
			gap++;
		int64_t end_ns = until.ns;
		if (next < block->segments.count)
			end_ns = least(end_ns, segments[next].start_ns);
		if (block->first_reply_ns > at_ns)
			end_ns = least(end_ns, block->first_reply_ns);
		struct timeline_row row = state_at(block, now, at_ns);
		if (gap < coverage->gap_count && coverage->gaps[gap].start_ns <= at_ns) {
			end_ns = least(end_ns, coverage->gaps[gap].end_ns);
			if (row.reason != REASON_NEVER_ANSWERED ||
				coverage->gaps[gap].reason == REASON_BOX)
				row = (struct timeline_row){.block = block->prefix,
					.start = {at_ns},
					.state = BLOCK_UNKNOWN,
					.reason = coverage->gaps[gap].reason,
					.belief = (double)NAN,
					.fraction_up = (double)NAN};
		} else if (gap < coverage->gap_count) {
			end_ns = least(end_ns, coverage->gaps[gap].start_ns);
		}
		row.end.ns = end_ns;
		add(rows, &row);
		at_ns = end_ns;
	}
}

bool timeline_clip(struct timeline_row *row, struct wall from, struct wall to)
{
	if (row->end.ns <= from.ns || row->start.ns >= to.ns)
		return false;
	if (row->start.ns < from.ns) {
		row->start = from;
		row->uncertainty_s = 0;
	}
	if (row->end.ns > to.ns)
		row->end = to;
	return true;
}
