#include "analysis/loss_rate.h"

#include <math.h>

/* What is known of loss before it is measured: 2 %, as good as ten probes. */
#define LOSS_PRIOR 0.2
#define LOSS_PRIOR_PROBES 10.0

/* exp(-x). It is asked at every observation, and then x is small: by its series,
 * as near as a double can tell. */
static double kept(double x)
{
	if (x > 1 / 64.0)
		return exp(-x);
	return 1 -
	       x * (1 - x / 2 *
				   (1 - x * (1 / 3.0) *
						   (1 - x / 4 *
								   (1 - x * (1 / 5.0) *
										   (1 - x * (1 / 6.0))))));
}

void loss_rate_add(struct loss_rate *rate, double lost, double asked, int64_t now_ns,
	const struct constants *constants)
{
	if (now_ns > rate->at_ns) {
		double keep =
			rate->at_ns
				? kept((double)(now_ns - rate->at_ns) / (double)constants->loss_ns)
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
