#ifndef ANALYSIS_DISRUPTION_COINCIDENCE_H
#define ANALYSIS_DISRUPTION_COINCIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/disruption/loss.h"

/*
 * Did machines fail together, or one and another at one time by chance? Two
 * questions: how many machines these addresses are, and how often so many that
 * fail each by itself do so within that time (a Poisson tail). Pure.
 */

/*
 * How many machines these addresses of one block are at least: those whose
 * clocks agree are one; those that have been apart are several; and of those
 * that nothing is known of four may be one.
 */
size_t outs_distinct(const struct out *outs, size_t count);

/* By their clocks, and nothing speaks against it? */
bool outs_same_machine(const struct out *a, const struct out *b);

/* And with what their times tell. */
size_t loss_distinct(const struct loss *loss, const struct constants *constants);

/* Of one block, where a machine fails by itself so often (per ns). */
bool loss_coincides(
	double per_ns, size_t machines, const struct loss *loss, const struct constants *constants);

/* Whoever went in this event, for those that went elsewhere at the same time. */
void losses_note(struct losses *losses, const struct event *event, uint32_t block);
/* Once, at the end. */
void losses_settle(struct losses *losses);

/* The first that went then or later. */
size_t losses_first_lone(const struct losses *losses, int64_t at_ns);

/* The same of all that went in the country while this loss's machines did: per_ns is
 * of all its blocks together. True for less than three. */
bool losses_coincide(const struct losses *losses, const struct loss *loss, double per_ns,
	size_t blocks, const struct constants *constants);

#endif
