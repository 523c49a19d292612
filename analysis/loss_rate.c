#include "analysis/loss_rate.h"

#include <math.h>

/* What is known of loss before it is measured: 2 %, as good as ten probes. */
#define LOSS_PRIOR 0.2
#define LOSS_PRIOR_PROBES 10.0

void loss_rate_add(struct loss_rate *rate, double lost, double asked, int64_t now_ns,
	const struct constants *constants)
{
	if (now_ns > rate->at_ns) {
		double keep =
			rate->at_ns
				? exp(-(double)(now_ns - rate->at_ns) / (double)constants->loss_ns)
				: 0;
		rate->lost *= keep;
		rate->asked *= keep;
		rate->at_ns = now_ns;
	}
	rate->lost += lost;
	rate->asked += asked;
}

double loss_rate_now(const struct loss_rate *rate)
{
	return (rate->lost + LOSS_PRIOR) / (rate->asked + LOSS_PRIOR_PROBES);
}
