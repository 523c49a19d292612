#ifndef ANALYSIS_METHOD_BELIEF_H
#define ANALYSIS_METHOD_BELIEF_H

#include <stdint.h>

#include "analysis/method/constants.h"

/*
 * The probability that a block is down, moved by each observation of it.
 *
 * Pure. There is no predict step between observations: time passing neither
 * kills a block nor revives it, it only lets a block that was up have failed
 * since, which counts when the next silence is seen (the onset hazard). A
 * reply means up at once, an unsent probe means nothing and has no function
 * here. METHOD.md, "Belief".
 */
struct belief {
	double log_odds; /* of down */
};

#define BELIEF_FLOOR 1e-6  /* and its complement: never surer than this */
#define BELIEF_UP 1e-4     /* at most this after a reply */
#define BELIEF_DOWN 0.99   /* at least this to call a block down */
#define BELIEF_SILENCE 3.0 /* nats, the most one silent probe can say */

void belief_init(struct belief *belief);
double belief_probability(const struct belief *belief);

/*
 * What one silence says, in nats for down: -ln(1 - q(1-l)), where q is the
 * chance that the machine replies to this probe while the block is up, and l
 * the loss now. 0..BELIEF_SILENCE.
 */
double belief_silence_nats(double q, double loss);

/* A silence worth `nats`, `since_ns` after the observation before it. Never
 * lowers the belief. */
void belief_silent(
	struct belief *belief, double nats, int64_t since_ns, const struct constants *constants);

/* A valid reply. Never raises the belief. */
void belief_reply(struct belief *belief);

#endif
