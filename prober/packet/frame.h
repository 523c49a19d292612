#ifndef PROBER_PACKET_FRAME_H
#define PROBER_PACKET_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "prober/probe.h"

/*
 * From a captured frame to what it says. Pure: no I/O, no clock, no
 * allocation; the input is untrusted and may end anywhere.
 *
 * Link types: Ethernet (VLAN tags too), raw IP, Linux cooked v1 and v2, BSD
 * loopback. *ret_interface is the interface index where the link type tells
 * (cooked v2), else 0.
 */
enum sighting_verdict frame_parse(int link_type, const uint8_t *bytes, size_t len,
	size_t wire_len, struct sighting *ret, int *ret_interface);

/* The same from the IP header on. */
enum sighting_verdict packet_parse(const uint8_t *bytes, size_t len, size_t wire_len,
	struct sighting *ret);

#endif
