#ifndef PROBER_ACTIVE_DISPATCH_H
#define PROBER_ACTIVE_DISPATCH_H

#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "prober/active/twins.h"
#include "prober/packet/probe.h"
#include "prober/sweep/doubts.h"
#include "prober/sweep/recent.h"
#include "prober/sweep/sweep.h"

/*
 * Whose packet is this? Several sweeps may be open at once, and a packet may
 * belong to one that is over.
 *
 * Half-open peers. A host that still holds the connection which an older SYN
 * began answers a newer one with a bare acknowledgement of the older (RFC 5961):
 * that is life, without a round-trip time. Only that: no SYN, no RST, no data,
 * and the SYN it names was sent in the last 120 s, to that address and port from the
 * address of ours to which it comes, for anybody who recorded an
 * answer could play it again later. All else to older probes is late, and proves nothing.
 *
 * Peers of an earlier run. Its key is gone with it, so what they acknowledge is a
 * stranger's SYN to us. For 120 s from our beginning such a word
 * puts the asked address in doubt (prober/sweep/doubts.h): unsent, not silent. A forger can
 * do no more than that, and no longer.
 *
 * Pure: the loop and the player of scenarios hand
 * in parsed packets, or the verdict on one that could not be parsed.
 */
enum { DISPATCH_RUNS = 8 };

struct dispatch {
	struct sweep_run *runs[DISPATCH_RUNS]; /* borrowed; NULL: free */
	uint64_t sweeps[DISPATCH_RUNS];
	struct recent recent;
	struct twins twins;
	struct doubts doubts; /* their end: 120 s from our beginning */
	uint64_t late; /* came while no sweep was open: counted with the next */
};

void dispatch_init(struct dispatch *dispatch, const struct identity_key *key, uint8_t attempts,
	struct mono now);
/* Sweeps to come make up to so many attempts; those of before made as many as were said then. */
void dispatch_attempts(struct dispatch *dispatch, uint8_t attempts);
void dispatch_finish(struct dispatch *dispatch);
void dispatch_add(struct dispatch *dispatch, struct sweep_run *run, uint64_t sweep);
void dispatch_remove(struct dispatch *dispatch, struct sweep_run *run, struct mono now);

/* One packet that was captured `at`. The verdict of the sweep it belongs to. */
enum sweep_verdict dispatch_sighting(struct dispatch *dispatch, struct mono now, struct wall at,
	const struct sighting *sighting);

/* A frame that did not parse: counted with every open sweep, under its name. */
void dispatch_unparsed(struct dispatch *dispatch, enum sighting_verdict verdict);

#endif
