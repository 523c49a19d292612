#ifndef ANALYSIS_EVIDENCE_BY_HAND_H
#define ANALYSIS_EVIDENCE_BY_HAND_H

#include <stddef.h>
#include <stdint.h>

/*
 * Were restarts of an outage power that returned, or somebody who restarted machines while
 * the line was cut? Both in nats for power. Pure. METHOD.md, "Restarts by hand".
 */
struct boot_time {
	int64_t from_ns; /* last heard before; by hand it may have booted at any time since */
	int64_t boot_ns;
	int64_t silent_ns, back_ns; /* it was back between the two */
};

/*
 * Of when they booted. Power starts machines together, or each just before it is back; hands
 * start them at any time. Sorts boots. scale: how much faster than life the history runs.
 */
double by_hand_times(struct boot_time *boots, size_t count, double scale);

/* Of how many restarted, of those whose clocks were read. */
double by_hand_share(size_t rebooted, size_t ran_through);

#endif
