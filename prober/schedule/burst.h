#ifndef PROBER_SCHEDULE_BURST_H
#define PROBER_SCHEDULE_BURST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "prober/schedule/learn.h"
#include "store/observation.h"

/*
 * The adaptive burst. Does a block look like falling, or like coming back? Then its
 * watched addresses are asked again within seconds, off the grid, so that the instant
 * is bracketed more tightly. In the store such a sweep has the flag `zoom`. Pure.
 *
 * A block looks so when, within one watch interval, a tenth of its watched
 * addresses and kinds, and at least two where it has more than two, have
 * changed from answering to silent, or back. It is then left alone for half an
 * interval.
 */
struct burst {
	const struct learn *learn; /* borrowed */
	int64_t interval_ns;       /* of the watch tier */
	uint8_t *last;             /* owned; one a target and kind */
	struct burst_block {
		struct prefix prefix;
		size_t first, end;    /* of learn's addresses */
		size_t fallen, risen; /* changes since `since` */
		struct mono since, burst_at;
		bool due, falling;
	} * blocks; /* owned */
	size_t block_count;
};

void burst_init(struct burst *burst, const struct learn *learn, int64_t interval_ns);
void burst_finish(struct burst *burst);

/* An observation of a watched address has come in. */
void burst_saw(struct burst *burst, const struct observation *observation, struct mono now);

/* A block to ask in a burst now; *ret_falling: it fell, so look where the path stops. */
bool burst_due(struct burst *burst, struct mono now, struct prefix *ret, bool *ret_falling);

#endif
