#include "analysis/method/silence.h"

#include <math.h>

/* Chance that a burst of loss lasts that long or longer. */
static double burst_survives(int64_t lasted_ns, const struct parameters *parameters)
{
	if (lasted_ns <= 0)
		return 1;
	double over = log((double)lasted_ns / (double)parameters->burst_ns);
	return 0.5 * erfc(over / (BURST_SIGMA * M_SQRT2));
}

double silence_nats(
	const struct silence *silence, int64_t lasted_ns, const struct parameters *parameters)
{
	double rest = exp(-(double)silence->more_nats) + burst_survives(lasted_ns, parameters);

	return (double)silence->first_nats - log(fmin(fmax(rest, 1e-300), 1));
}

double silence_log_odds(
	double nats, double rate, int64_t within_ns, const struct parameters *parameters)
{
	/* Clocks and paces waver by a second. */
	return nats + log(rate * fmax((double)within_ns, (double)parameters->minute_ns / 60));
}
