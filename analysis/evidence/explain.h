#ifndef ANALYSIS_EVIDENCE_EXPLAIN_H
#define ANALYSIS_EVIDENCE_EXPLAIN_H

#include "analysis/outage/outage.h"

/* What was seen of an outage, what each fact is worth and what speaks against,
 * in plain sentences. Owned by the caller: free. Pure. */
char *explain_outage(const struct outage *outage);

#endif
