#ifndef ANALYSIS_METHOD_SILENCE_H
#define ANALYSIS_METHOD_SILENCE_H

#include <stdint.h>

#include "analysis/method/parameters.h"

/*
 * What a run of silent probes is worth, on any schedule. Pure. METHOD.md, "Silence".
 *
 *     L = -ln[ p_1 (prod_{i>1} p_i + S(t_n - t_1)) ]
 *
 * p_i is the chance that probe i stays unanswered although the host is there. S is the
 * chance that a burst of loss lasts as long as the run: log-normal, median 10 s, 99 in
 * 100 shorter than 43 s (public records of pings once a second). The host's own
 * failure is no part of L. Whether it is gone is a matter of odds:
 *
 *     gone : there  =  e^L (own failures + outages, per time) (time from its last reply)
 */
struct silence {
	float first_nats; /* -ln p_1 */
	float more_nats;  /* -ln of the product of the others */
};

/* L, in nats. lasted_ns: from the first silent probe to the last. */
double silence_nats(
	const struct silence *silence, int64_t lasted_ns, const struct parameters *parameters);

/* ln(odds that it is gone), if such things come at that rate per ns and this one came
 * within within_ns. */
double silence_log_odds(
	double nats, double rate, int64_t within_ns, const struct parameters *parameters);

#endif
