#ifndef ANALYSIS_DISRUPTION_COINCIDENCE_H
#define ANALYSIS_DISRUPTION_COINCIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/disruption/disruption.h"

/*
 * Did hosts fail together, or one and another at one time by chance? Two
 * questions: how many hosts these addresses are, and how often so many that
 * fail each by itself do so within that time (a Poisson tail). Pure.
 */

/*
 * How many hosts these addresses of one block are at least: those whose
 * clocks agree are one; those that are ruled out as aliases are several; and of those
 * that nothing is known of four may be one.
 */
size_t outs_hosts(const struct host_outage *outs, size_t count);

/* By their clocks, and nothing speaks against it? */
bool outs_same_host(const struct host_outage *a, const struct host_outage *b);

/* And with what their times tell. */
size_t disruption_hosts(const struct disruption *disruption, const struct parameters *parameters);

/* Of one block, where a host fails by itself so often (per ns). */
bool disruption_coincides(double per_ns, size_t hosts, const struct disruption *disruption,
	const struct parameters *parameters);

/* Whoever went in this incident, for those that went elsewhere at the same time. */
void disruptions_note(
	struct disruptions *disruptions, const struct incident *incident, uint32_t block);
/* Once, at the end. */
void disruptions_settle(struct disruptions *disruptions);

/* The first that went then or later. */
size_t disruptions_first_isolated(const struct disruptions *disruptions, int64_t at_ns);

/* The same of all that went in the country while this disruption's hosts did: per_ns is
 * of all its blocks together. True for less than three. */
bool disruptions_coincide(const struct disruptions *disruptions,
	const struct disruption *disruption, double per_ns, size_t blocks,
	const struct parameters *parameters);

#endif
