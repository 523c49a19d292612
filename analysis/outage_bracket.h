#ifndef ANALYSIS_OUTAGE_BRACKET_H
#define ANALYSIS_OUTAGE_BRACKET_H

#include "analysis/outage.h"

/* All machines lost, of all blocks, as one set of instants: the first begins the
 * outage, the one that brings back nine tenths ends it. Writes its start, its end and its lones. */
void outage_bracket(struct outage *outage, const struct view *view);

#endif
