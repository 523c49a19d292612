#ifndef ANALYSIS_OUTAGE_SITE_H
#define ANALYSIS_OUTAGE_SITE_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/disruption/loss.h"
#include "analysis/host/machine.h"

/*
 * Sites nobody named: machines that went together before, while others of the same
 * routed blocks stayed. Learned of the last 64 such failures that were over when an
 * outage began, and of nothing later: what happens afterwards never changes them.
 * A bit a failure and machine is all that is kept. Pure. METHOD.md, "Sites".
 */
enum { SITE_FAILURES = 64 };

/* Failures: losses[0..count) of a view, in any order. ret_sites: per machine its
 * site from 1, 0 for none. Returns how many sites. */
uint32_t sites_learn(const struct loss *losses, size_t count, const struct machine *machines,
	size_t machine_count, int64_t before_ns, const struct constants *constants,
	uint32_t *ret_sites);

/*
 * The same of failures as such. masks: per machine, a bit for each failure it was
 * in; share: per failure, of the machines there were, those it took.
 */
uint32_t sites_of_masks(
	const uint64_t *masks, size_t machine_count, const double *share, uint32_t *ret_sites);

#endif
