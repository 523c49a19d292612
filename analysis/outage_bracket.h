#ifndef ANALYSIS_OUTAGE_BRACKET_H
#define ANALYSIS_OUTAGE_BRACKET_H

#include "analysis/outage.h"

/* All machines lost, of all blocks, as one set of instants: the first begins the
 * outage, the one that brings back nine tenths ends it. Writes its start, its end and its lones. */
void outage_bracket(struct outage *outage, const struct view *view);

/* May these be two addresses of one machine, by this outage and all before? */
bool outs_may_be_one(const struct out *a, const struct out *b);

/* Of so many addresses lost, so many at most are thought to be second ones. */
static inline size_t outs_twins(size_t count)
{
	return (count + 7) / 8;
}

#endif
