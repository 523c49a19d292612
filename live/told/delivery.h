#ifndef LIVE_TOLD_DELIVERY_H
#define LIVE_TOLD_DELIVERY_H

#include <stdbool.h>

#include "core/clock.h"

/*
 * When a channel is used next: one event at a time; what failed is tried again after 1 s, 2 s,
 * 4 s, and so on, five minutes at most, until it is acknowledged. Pure.
 */
struct delivery {
	bool busy;
	unsigned failures; /* in a row */
	struct mono next;  /* not before */
};

bool delivery_is_due(const struct delivery *delivery, struct mono now);
void delivery_begin(struct delivery *delivery);
/* good: it was acknowledged. */
void delivery_end(struct delivery *delivery, bool good, struct mono now);

#endif
