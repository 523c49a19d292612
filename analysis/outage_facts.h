#ifndef ANALYSIS_OUTAGE_FACTS_H
#define ANALYSIS_OUTAGE_FACTS_H

#include "analysis/outage.h"

/* Gather outage->facts: brackets and blocks are filled in. Pure. */
void outage_facts(struct outage *outage, const struct outage_context *context);

#endif
