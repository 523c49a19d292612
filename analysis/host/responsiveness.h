#ifndef ANALYSIS_HOST_RESPONSIVENESS_H
#define ANALYSIS_HOST_RESPONSIVENESS_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/method/parameters.h"

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
	float again, lapsed; /* after a reply: replied again, fell silent */
	float back, away;    /* after a silence: came back, stayed away */
	float recovered,
		repeated;      /* runs of silence while it was there; silences after their first */
	int64_t learned_at_ns; /* when the counters were last decayed */
};

/* After the last probe, whether it was answered. */
void responsiveness_decay(
	struct responsiveness *r, int64_t now_ns, const struct parameters *parameters);
static inline void responsiveness_learn(struct responsiveness *r, bool was_answered, bool answered,
	double count, int64_t now_ns, const struct parameters *parameters)
{
	/* Counters move slowly against their half-lives: decay in steps of an hour. */
	if (r->learned_at_ns == 0 || now_ns - r->learned_at_ns >= parameters->hour_ns)
		responsiveness_decay(r, now_ns, parameters);
	float *counter = was_answered ? (answered ? &r->again : &r->lapsed)
				      : (answered ? &r->back : &r->away);
	*counter += (float)count;
}

/* P(reply now | the last one was answered, or not), while it is there. repeat_usual: how often one
 * silence follows another with hosts like it. */
double responsiveness_expect(
	const struct responsiveness *r, bool was_answered, double repeat_usual);

/* A run of so many silences was over, and it had been there. */
static inline void responsiveness_recover(struct responsiveness *r, double silences)
{
	r->recovered += 1;
	r->repeated += (float)(silences - 1);
}

/* The stationary share of sweeps in which it answers. */
static inline double responsiveness_availability(const struct responsiveness *r)
{
	/* back / (back + 1 - again), without a division for each. */
	double again = (double)r->again + AGAIN_PRIOR;
	double lapsed = (double)r->lapsed + LAPSED_PRIOR;
	double back = (double)r->back + BACK_PRIOR;
	double away = (double)r->away + AWAY_PRIOR;
	double come = back * (again + lapsed);

	return come / (come + lapsed * (back + away));
}

#endif
