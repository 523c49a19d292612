#ifndef ANALYSIS_RESPONSIVENESS_H
#define ANALYSIS_RESPONSIVENESS_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/constants.h"

/*
 * How likely one address is to answer one kind of probe while its block is up:
 * sticky availability. Two decayed Beta counters, one for the probe after an
 * answered one (it replies again) and one for the probe after a silent one (it
 * comes back). An address that has been away for a day therefore says nothing
 * by its silence, which is what keeps sparse blocks from flapping.
 *
 * Pure. Whoever calls decides what may be learned: nothing while a block is
 * not up. METHOD.md, "Availability".
 */
struct responsiveness {
	float again, lapsed;   /* after a reply: replied again, fell silent */
	float back, away;      /* after a silence: came back, stayed away */
	int64_t learned_at_ns; /* when the counters were last decayed */
};

/* After the last probe, whether it was answered. */
void responsiveness_learn(struct responsiveness *r, bool was_answered, bool answered, double count,
	int64_t now_ns, const struct constants *constants);

/* P(reply now | the last one was answered, or not), block up. */
double responsiveness_expect(const struct responsiveness *r, bool was_answered);

/* The stationary share of sweeps in which it answers. */
double responsiveness_availability(const struct responsiveness *r);

#endif
