#ifndef PROBER_ACTIVE_PACE_H
#define PROBER_ACTIVE_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"
#include "core/clock.h"
#include "store/observation.h"

/*
 * How fast we may send. Two ceilings, both strict: so many packets a second
 * all together, and so many into one /24 and kind, averaged over an interval.
 * Pure: `now` is passed in.
 */

/*
 * All together. At most burst_ns worth of packets go at once after a pause;
 * what a late wake-up missed beyond that is not caught up.
 */
struct pace {
	int64_t gap_ns;   /* between two packets */
	int64_t burst_ns; /* how far behind `now` the next slot may lie */
	struct mono next; /* the next packet's slot */
};

void pace_init(struct pace *pace, double rate, struct mono now);

/* Another rate from the next packet on. */
void pace_set_rate(struct pace *pace, double rate);

/* When the next packet may leave: now or earlier means at once. */
struct mono pace_next(const struct pace *pace);
void pace_take(struct pace *pace, struct mono now);

/* How long a loop may rest while the pace holds it back: the slots that pass
 * meanwhile are served together, and cost one wake-up. Well below the burst. */
int64_t pace_breath_ns(const struct pace *pace);

/*
 * Into one block and kind (echo, SYN to a port): a count over the last interval, kept in slices, so
 * that no window of an interval's length sees more than rate x interval (at
 * least one).
 */
enum { CEILING_SLICES = 16 };
struct ceiling {
	struct ceiling_cell *cells; /* owned; sorted by block, then kind */
	size_t count, capacity;
	int64_t slice_ns;
	uint32_t limit; /* 0: none */
};

void ceiling_init(struct ceiling *ceiling, double rate, int64_t interval_ns);
void ceiling_finish(struct ceiling *ceiling);

/* Another rate or interval. What was counted still counts, where the interval changes as if
 * it had all been sent now. */
void ceiling_change(struct ceiling *ceiling, double rate, int64_t interval_ns, struct mono now);

/* Count one packet, or false: the ceiling is reached and nothing is counted. */
bool ceiling_take(struct ceiling *ceiling, struct ip4 target, enum method method, uint16_t port,
	struct mono now);

/* How many more packets may go now. */
uint32_t ceiling_left(struct ceiling *ceiling, struct ip4 target, enum method method, uint16_t port,
	struct mono now);

#endif
