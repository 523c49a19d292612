#ifndef ANALYSIS_OUTAGE_BRACKET_H
#define ANALYSIS_OUTAGE_BRACKET_H

#include "analysis/outage/edges.h"
#include "analysis/outage/outage.h"

/* All hosts lost, of all blocks, as one set of instants: the first begins the
 * outage, the one that brings back nine tenths ends it. Writes its start, its end and its isolated
 * outages. */
void outage_bracket(struct outage *outage, const struct view *view);

/* Brief silences of its whole blocks, less than a flap before it or after, are of it:
 * an outage lasts until all has been well for so long. Moves its start and end. */
void outage_join_brief_downs(struct outage *outage, const struct view *view);

#endif
