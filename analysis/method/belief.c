#include "analysis/method/belief.h"

#include <math.h>

/* e^x beyond it is as good as for ever. */
#define NATS_MOST 600.0

/* That all are gone, of odds e^{L_i} by_cause for those that went together. */
static double all_gone(
	const struct belief_block *block, double by_cause, const struct parameters *parameters)
{
	double log_p = 0;

	for (size_t i = 0; i < block->count; i++) {
		const struct belief_host *h = &block->hosts[i];
		double by_itself = exp(silence_log_odds(0, h->rate, h->within_ns, parameters));
		double odds = (h->together ? by_cause : 0) + by_itself;
		log_p -= log1p(exp(-fmin(h->nats, NATS_MOST)) / odds);
	}
	return exp(log_p);
}

double belief_down(const struct belief_block *block, const struct parameters *parameters)
{
	double nats = silence_nats(&block->silence, block->lasted_ns, parameters);
	double common = silence_log_odds(
		nats, 1 / (double)parameters->outage_ns, block->within_ns, parameters);
	double p_common = 1 / (1 + exp(-common));
	double together = 0;

	if (block->count == 0)
		return 0;
	for (size_t i = 0; i < block->count; i++)
		together += block->hosts[i].together;
	double p = p_common * all_gone(block, WHOLE * together, parameters) +
		   (1 - p_common) * all_gone(block, 0, parameters);
	return fmin(p, 1 - BELIEF_FLOOR);
}
