#ifndef ANALYSIS_METHOD_LOSS_RATE_H
#define ANALYSIS_METHOD_LOSS_RATE_H

#include <math.h>
#include <stdint.h>

#include "analysis/method/parameters.h"

/* Share of probes lost, decaying; of those that follow an answered one, so that
 * hosts that are gone do not count. Asked at every observation. Pure. */
struct loss_rate {
	double lost, asked;
	int64_t at_ns;
};

/* exp(-x). Where x is small, by its series, as near as a double can tell. */
static inline double loss_rate_keep(double x)
{
	if (x > 1 / 64.0)
		return exp(-x);
	double x2 = x * x;
	double small = 1 / 24.0 - x * (1 / 120.0) + x2 * (1 / 720.0);
	return 1 - x + x2 * (0.5 - x * (1 / 6.0) + x2 * small);
}

static inline void loss_rate_add(struct loss_rate *rate, double lost, double asked, int64_t now_ns,
	const struct parameters *parameters)
{
	if (now_ns > rate->at_ns) {
		double since = (double)(now_ns - rate->at_ns);
		double keep = rate->at_ns ? loss_rate_keep(since / (double)parameters->loss_ns) : 0;
		rate->lost *= keep;
		rate->asked *= keep;
		rate->at_ns = now_ns;
	}
	rate->lost += lost;
	rate->asked += asked;
}

static inline double loss_rate_now(const struct loss_rate *rate)
{
	return (rate->lost + LOSS_PRIOR) / (rate->asked + LOSS_PRIOR_PROBES);
}

#endif
