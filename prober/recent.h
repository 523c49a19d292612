#ifndef PROBER_RECENT_H
#define PROBER_RECENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "prober/identity.h"
#include "prober/probe.h"

/*
 * Which sweeps ran of late, so that a reply to one of them is known for what it
 * is: late, or (TCP) a half-open peer that acknowledges an older SYN. Nothing
 * is kept of the probes themselves: identities are computed again. Pure.
 */
enum { RECENT_SWEEPS = 256 };
#define RECENT_NS (120 * NS_PER_S)

struct recent {
	struct identity_key key;
	uint8_t attempts; /* made at most, by any sweep */
	struct {
		uint64_t sweep;
		struct mono over_at; /* MONO_NEVER while it is open */
	} sweeps[RECENT_SWEEPS];     /* a ring; sweep 0 is an empty place */
	size_t next;
};

void recent_init(struct recent *recent, const struct identity_key *key, uint8_t attempts);
void recent_started(struct recent *recent, uint64_t sweep);
void recent_over(struct recent *recent, uint64_t sweep, struct mono now);

/* Does this reply carry the identity of a probe to its sender by such a sweep, or
 * does this error quote one? */
bool recent_knows(const struct recent *recent, struct mono now, const struct sighting *sighting);

#endif
