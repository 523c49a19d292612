#ifndef ANALYSIS_EVIDENCE_GATHER_H
#define ANALYSIS_EVIDENCE_GATHER_H

#include "analysis/outage/outage.h"

/* Gather outage->facts: brackets and blocks are filled in. Pure. */
void outage_facts(struct outage *outage, const struct outage_context *context);

#endif
