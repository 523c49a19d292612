#ifndef ANALYSIS_OUTAGES_H
#define ANALYSIS_OUTAGES_H

#include "analysis/outage/outage.h"

/*
 * From what blocks lost to outages: disruptions are grouped, each group gets its edges,
 * its evidence is gathered, and a cause is named. Pure.
 *
 * chosen: per disruption of the view, whether it is taken; NULL: all.
 */
void outages_build(
	const struct outage_context *context, const bool *chosen, struct outages *outages);

#endif
