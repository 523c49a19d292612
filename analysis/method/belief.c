#include "analysis/method/belief.h"

#include <assert.h>
#include <math.h>

static double log_odds(double p)
{
	return log(p / (1 - p));
}

void belief_init(struct belief *belief)
{
	belief->log_odds = log_odds(BELIEF_UP);
}

double belief_probability(const struct belief *belief)
{
	return 1 / (1 + exp(-belief->log_odds));
}

double belief_silence_nats(double q, double loss)
{
	assert(q >= 0 && q <= 1 && loss >= 0 && loss <= 1);
	double nats = -log1p(-q * (1 - loss));
	return nats < BELIEF_SILENCE ? nats : BELIEF_SILENCE;
}

void belief_silent(
	struct belief *belief, double nats, int64_t since_ns, const struct constants *constants)
{
	double most = log_odds(1 - BELIEF_FLOOR);

	if (since_ns > 0) {
		double hazard = -expm1(-(double)since_ns / (double)constants->chance_ns);
		double p = belief_probability(belief);
		if (p < 0.5)
			belief->log_odds = log_odds(p + (1 - p) * hazard);
	}
	belief->log_odds += nats;
	if (belief->log_odds > most)
		belief->log_odds = most;
}

void belief_reply(struct belief *belief)
{
	double up = log_odds(BELIEF_UP);

	if (belief->log_odds > up)
		belief->log_odds = up;
}
