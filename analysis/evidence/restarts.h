#ifndef ANALYSIS_EVIDENCE_RESTARTS_H
#define ANALYSIS_EVIDENCE_RESTARTS_H

#include <stddef.h>
#include <stdint.h>

/* How likely it is that so many hosts restart, and when. Pure. METHOD.md, "Restarts". */

/* The share of hosts that restart is spread as Beta(a, b), in so much of the cases. */
struct restart_share {
	double weight, a, b;
};

/* ln P(so many of those whose clocks were read restarted), mixed of count spreads. */
double restarts_spread(
	size_t rebooted, size_t ran, const struct restart_share *spreads, size_t count);

/* The same where each restarts by itself with this probability. */
double restarts_alone(size_t rebooted, size_t ran, double probability);

struct boot_time {
	int64_t from_ns; /* last heard before; it may have booted at any time since */
	int64_t boot_ns;
	int64_t silent_ns, back_ns; /* it was back between the two */
};

/*
 * ln P(when they booted | power) - ln P(... | any time is alike): power starts hosts
 * together, or each just before it is back. Sorts boots. scale: how much faster than life the
 * history runs.
 */
double restarts_times(struct boot_time *boots, size_t count, double scale);

#endif
