#ifndef ANALYSIS_METHOD_BELIEF_H
#define ANALYSIS_METHOD_BELIEF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/method/parameters.h"
#include "analysis/method/silence.h"

/*
 * The probability that a block is down: that every host of it is gone. Pure.
 * METHOD.md, "Belief".
 *
 * Host i is gone by itself or with the others. A common cause takes all n that fell
 * silent together w times as often as all but one, which it can leave in n ways:
 *
 *     o_i  = e^{L_i} r_i dt_i         its own odds: r, departures per time; dt, see within_ns
 *     o'_i = o_i + e^{L_i} w n        if there is a common cause
 *     P(down) = P(common) prod_i 1 / (1 + 1/o'_i) + (1 - P(common)) prod_i 1 / (1 + 1/o_i)
 *     P(common) : 1 - P(common)  =  e^L (outages per time) (time from the block's last reply)
 *
 * where L is what the silence of those that fell silent together is worth as one run, so that
 * a burst of loss on the way to all of them is no common cause.
 */
struct belief_host {
	double nats;       /* L_i: silence.h */
	double rate;       /* of departures, per ns */
	int64_t within_ns; /* it fell silent within this of its last reply */
	bool together;     /* since the block's last reply */
};

struct belief_block {
	const struct belief_host *hosts; /* borrowed */
	size_t count;
	struct silence silence; /* of those together, as one run */
	int64_t lasted_ns;      /* from its first silent probe to its last */
	int64_t within_ns;      /* the first came within this of the block's last reply */
};

/* 0 of no hosts. */
double belief_down(const struct belief_block *block, const struct parameters *parameters);

#endif
