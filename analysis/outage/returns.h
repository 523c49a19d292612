#ifndef ANALYSIS_OUTAGE_RETURNS_H
#define ANALYSIS_OUTAGE_RETURNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/outage/aliases.h"

/*
 * When each address that an outage took came back. Pure; of end.c alone.
 */

struct returns {
	const struct parameters *parameters;
	const struct host_outage *outs; /* by return */
	size_t count;
	struct back *addresses;              /* of each out */
	int64_t first_low_ns, first_high_ns; /* the first instant that any came in */
	struct instant main; /* where nine in ten of those back came at once; count 0: none */
	int64_t most_ns;     /* later than that nine in ten were hardly back */
};

/* How many of these have lost the probe before they were back, on average. */
double returns_lost(const struct host_outage *outs, size_t count);

/* Each by itself; but all as one if they came so, or a block's as one: prefixes return one by
 * one. Fills addresses (room for count), main, most_ns and the first instant. */
void returns_measure(struct returns *returns, const struct aliases *aliases);

#endif
