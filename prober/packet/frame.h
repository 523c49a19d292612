#ifndef PROBER_PACKET_FRAME_H
#define PROBER_PACKET_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "prober/packet/probe.h"

/*
 * From a captured frame to what it says. Pure: no I/O, no clock, no
 * allocation; the input is untrusted and may end anywhere. *ret is set only on
 * SIGHTING_PARSED.
 *
 * Link types are numbered as pcap numbers them in memory (DLT_*, on Linux).
 */
enum link_type {
	LINK_NULL = 0,       /* BSD loopback, family in the capturing host's order */
	LINK_ETHERNET = 1,   /* VLAN tags too */
	LINK_RAW = 12,       /* from the IP header on */
	LINK_RAW_FILE = 101, /* the same, as files number it */
	LINK_LOOP = 108,     /* OpenBSD loopback, family in network order */
	LINK_SLL = 113,      /* Linux cooked */
	LINK_IPV4 = 228,
	LINK_SLL2 = 276, /* Linux cooked, second version */
};

/*
 * `wire_len` is the frame's length on the wire, of which `len` bytes were
 * captured. A frame whose link header says that it was addressed to another
 * host (a promiscuous port, a flooding switch) is SIGHTING_IRRELEVANT: our own
 * kernel takes no notice of it either. Where an interface sits on another
 * (bridge, VLAN, macvlan), what is ours comes once more on the upper one.
 * ret->interface is its index where the link type tells (cooked, second version), else 0.
 */
enum sighting_verdict frame_parse(int link_type, const uint8_t *bytes, size_t len, size_t wire_len,
	struct sighting *ret);

/* The same from the IP header on. Of a packet that the capture cut short no checksum but
 * the IP header's can be verified, and none is needed: what counts is an identity
 * of 32 bits, which no damage makes. */
enum sighting_verdict packet_parse(
	const uint8_t *bytes, size_t len, size_t wire_len, struct sighting *ret);

#endif
