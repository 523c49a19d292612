#ifndef ANALYSIS_LOSS_RATE_H
#define ANALYSIS_LOSS_RATE_H

#include <stdint.h>

#include "analysis/constants.h"

/* Share of probes lost, decaying; of those that follow an answered one, so that
 * machines that are gone do not count. Pure. */
struct loss_rate {
	double lost, asked;
	int64_t at_ns;
};

void loss_rate_add(struct loss_rate *rate, double lost, double asked, int64_t now_ns,
	const struct constants *constants);
double loss_rate_now(const struct loss_rate *rate);

#endif
