#ifndef PROBER_ACTIVE_TWINS_H
#define PROBER_ACTIVE_TWINS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/clock.h"
#include "prober/packet/probe.h"

/*
 * One wire, two interfaces. Where an interface sits on another (bridge, bond,
 * VLAN), the capture sees each packet on both. The second sight is no second packet:
 * it is one that says the same in everything, with the same IP-ID, within a
 * millisecond, on another interface than that on which it was seen first. A packet
 * that really comes twice shows twice on the first interface too. Pure.
 */
enum { TWINS_KEPT = 256 };
#define TWINS_NS NS_PER_MS

struct twins {
	struct twin {
		struct wall at;
		struct sighting packet;
	} kept[TWINS_KEPT]; /* a ring; interface 0 is an empty place */
	size_t next;
};

/* Is this another sight of a packet that was seen already? Remembers it. Packets of an
 * unknown interface are never. */
bool twins_see(struct twins *twins, struct wall at, const struct sighting *sighting);

#endif
