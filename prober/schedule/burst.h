#ifndef PROBER_SCHEDULE_BURST_H
#define PROBER_SCHEDULE_BURST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "prober/schedule/learn.h"
#include "store/observation.h"

/*
 * Does a block look like falling, or like coming back? Then its watched
 * addresses are asked again within seconds, off the grid, so that the instant
 * is bracketed more tightly. Pure.
 *
 * A block looks so when, within one watch interval, a tenth of its watched
 * addresses and kinds, and at least two where it has more than two, have
 * changed from answering to silent, or back. It is then left alone for half an
 * interval.
 */
struct zoom {
	const struct learn *learn; /* borrowed */
	int64_t interval_ns;       /* of the watch tier */
	uint8_t *last;             /* owned; one a target and kind */
	struct zoom_block {
		struct prefix prefix;
		size_t first, end;    /* of learn's addresses */
		size_t fallen, risen; /* changes since `since` */
		struct mono since, zoomed;
		bool due, falling;
	} * blocks; /* owned */
	size_t block_count;
};

void zoom_init(struct zoom *zoom, const struct learn *learn, int64_t interval_ns);
void zoom_finish(struct zoom *zoom);

/* An observation of a watched address has come in. */
void zoom_saw(struct zoom *zoom, const struct observation *observation, struct mono now);

/* A block to zoom in on now; *ret_falling: it fell, so look where the path stops. */
bool zoom_due(struct zoom *zoom, struct mono now, struct prefix *ret, bool *ret_falling);

#endif
