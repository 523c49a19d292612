#ifndef ANALYSIS_VANTAGE_PROOF_H
#define ANALYSIS_VANTAGE_PROOF_H

#include <stdbool.h>
#include <stddef.h>

#include "store/observation.h"

/*
 * Whose word proves that our own uplink worked, where no anchors do. Pure.
 *
 * A host that answers proves it. Of those who send errors, our own gateway
 * and our own provider do so best when the line behind them is dead; so a router
 * has to lie beyond, as far as the dataset can tell: named in targets.csv, or
 * inside the country; else it must not be near us by its time, and path
 * probes must have met it beyond the first hop. Where there are no paths, nothing
 * else may put it on our side: not our own address, nor one of its /24, nor
 * private or other local space (RFC 6890).
 */
enum { PROOF_HOPS = 256 };

struct proof {
	const struct target_row *targets; /* borrowed; all roles */
	size_t target_count;
	struct proof_hop {
		struct ip4 address;
		bool first; /* met as the first hop, ever */
	} hops[PROOF_HOPS]; /* those who answered path probes, outside the country */
	size_t hop_count;
	double usual_rtt_s; /* of hosts, for the vantage point asked about; 0: not known */
};

void proof_init(struct proof *proof, const struct target_row *targets, size_t count);

/* Learn from the path probes of a sweep. */
void proof_learn(struct proof *proof, const struct sweep *sweep);

/* Sooner than from there light could be back: a box near us. */
bool proof_is_near(int64_t rtt_ns, double usual_rtt_s);

/* Somebody else than ourselves answered, and no box near us in the place of a target. */
bool proof_by_answer(
	const struct proof *proof, const struct sweep_info *info, const struct observation *o);

/* Did anything of the sweep come from beyond our own gateway? proof NULL: nothing is known of
 * errors and of distances, so no error counts. */
bool proof_of_uplink(const struct proof *proof, const struct sweep *sweep);

#endif
