#ifndef ANALYSIS_DISRUPTION_CLUSTER_H
#define ANALYSIS_DISRUPTION_CLUSTER_H

#include <stddef.h>

#include "analysis/disruption/incident.h"

/*
 * Which of these hosts went together, and which by themselves. Pure; O(n log n) a cluster.
 * METHOD.md, "Clusters of departures".
 *
 * The instant that most brackets hold, each weighed by how unlikely it is that its host
 * went then by itself, is the heart of a cluster. A host belongs to it if
 *
 *     P(goes | outage) S(d) R > 1 - e^{-own (b - a)} + e^{-L}
 *
 * (a, b] is the bracket of its departure, S the chance that one which goes, goes then: 0.7 at the
 * heart's instant, the rest in a tail of 20 minutes from the member next to it, after the heart
 * rather than before it the more hosts the heart has; R what its
 * return says beside the others'; L what its silence is worth (silence.h).
 */

/*
 * The strongest cluster among these, of a block of so many hosts: sets member for each,
 * whether it is of it. outs: by first silence.
 */
void cluster_find(const struct host_outage *outs, size_t count, size_t hosts,
	const struct parameters *parameters, bool *member);

#endif
