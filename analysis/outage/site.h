#ifndef ANALYSIS_OUTAGE_SITE_H
#define ANALYSIS_OUTAGE_SITE_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/disruption/disruption.h"
#include "analysis/host/host.h"

/*
 * Sites nobody named: hosts that went together before, while others of the same
 * routed blocks stayed. Learned of the last 64 such failures that were over when an
 * outage began, and of nothing later: what happens afterwards never changes them.
 * A bit a failure and host is all that is kept. Pure. METHOD.md, "Sites".
 */
enum { SITE_FAILURES = 64 };

/* Failures: disruptions[0..count) of a view, in any order. ret_sites: per host its
 * site from 1, 0 for none. Returns how many sites. */
uint32_t sites_learn(const struct disruption *disruptions, size_t count, const struct host *hosts,
	size_t host_count, int64_t before_ns, const struct parameters *parameters,
	uint32_t *ret_sites);

/*
 * The same of failures as such. masks: per host, a bit for each failure it was
 * in; share: per failure, of the hosts there were, those it took.
 */
uint32_t sites_of_masks(
	const uint64_t *masks, size_t host_count, const double *share, uint32_t *ret_sites);

#endif
