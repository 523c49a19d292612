#ifndef PROBER_DRYRUN_H
#define PROBER_DRYRUN_H

#include <stdbool.h>
#include <stdio.h>

#include "core/settings.h"
#include "targets/targets.h"

/*
 * Print what a full sweep would send, in its order, and when: CSV with
 * "after_s,address,method,role,at_most": first probes, and how many packets each may become
 * when it stays silent. What that comes to is logged. 0 or a negative errno (of the output).
 */
int dryrun(const struct settings *settings, const struct target_set *targets, bool once, FILE *out);

/*
 * Say in a few lines what a scan with these settings comes to: addresses, probes,
 * how long a full sweep takes, and what will limit it. 0 or a negative errno.
 */
int summary(const struct settings *settings, const struct target_set *targets, FILE *out);

/* Probes a second and kind that full sweeps need into the largest block. */
double summary_needs(const struct settings *settings, const struct target_set *targets);

#endif
