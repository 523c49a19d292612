#ifndef PROBER_SWEEP_RECENT_H
#define PROBER_SWEEP_RECENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "prober/packet/probe.h"
#include "prober/sweep/identity.h"

/*
 * Which sweeps ran of late, so that a reply to one of them is known for what it
 * is: late, or (TCP) a half-open peer that acknowledges an older SYN. To know
 * whose it is nothing is kept of the probes: identities are computed again. Of
 * SYNs it is kept when they were sent, for as long as an acknowledgement of
 * them may be life. Pure.
 */
enum { RECENT_SWEEPS = 256 };
#define RECENT_NS (120 * NS_PER_S)

/* A SYN that went to the kernel. */
struct recent_syn {
	uint32_t identity;
	struct ip4 source; /* from which of our addresses */
	struct mono sent_at;
	bool used; /* the place in the hash is */
};

struct recent {
	struct identity_key key;
	uint8_t attempts; /* made at most, by any sweep */
	struct {
		uint64_t sweep;
		struct mono over_at; /* MONO_NEVER while it is open */
	} sweeps[RECENT_SWEEPS];     /* a ring; sweep 0 is an empty place */
	size_t next;
	struct recent_syn *syns; /* owned; of sweeps that are over, a hash by identity */
	size_t syn_count, syn_mask;
};

void recent_init(struct recent *recent, const struct identity_key *key, uint8_t attempts);
void recent_finish(struct recent *recent);
void recent_started(struct recent *recent, uint64_t sweep);
void recent_over(struct recent *recent, uint64_t sweep, struct mono now);

/* Does this reply carry the identity of a probe to its sender by such a sweep, or
 * does this error quote one? */
bool recent_knows(const struct recent *recent, struct mono now, const struct sighting *sighting);

/* A SYN of a sweep that is over. Those sent more than RECENT_NS before `now` are forgotten. */
void recent_syn(struct recent *recent, struct mono now, const struct recent_syn *syn);

/* Was the SYN that this reply names sent in the last RECENT_NS, by a sweep that is over,
 * from the address to which the reply came? */
bool recent_syn_sent(
	const struct recent *recent, struct mono now, const struct sighting *sighting);

#endif
