#ifndef PROBER_PACKET_IPV4_H
#define PROBER_PACKET_IPV4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"
#include "prober/packet/probe.h"

/*
 * The IPv4 header (RFC 791), outermost or quoted inside an ICMP error.
 * Pure; the input is untrusted. *ret is set only on SIGHTING_PARSED.
 */
struct ipv4 {
	struct ip4 from, to;
	uint8_t ttl;
	uint8_t protocol;
	uint16_t id;
	const uint8_t *payload;  /* points into the input */
	size_t payload_len;      /* captured; what lies behind the packet's end is left out */
	size_t payload_wire_len; /* as the header says */
	bool whole;              /* all of the payload is here: its checksum can be verified */
};

enum { IPV4_ICMP = 1, IPV4_TCP = 6 };

/*
 * The outermost header. Its checksum must be right: Linux fills it in software
 * even when it leaves TCP's to the card, so that our own packets on their way
 * out carry it too. The first fragment of a long answer has what says whose it
 * is; later ones have nothing, and are irrelevant. `wire_len` is what was on the wire, of
 * which `len` bytes were captured; a header that promises more than the wire
 * carried is SIGHTING_TRUNCATED.
 */
enum sighting_verdict ipv4_parse(
	const uint8_t *bytes, size_t len, size_t wire_len, struct ipv4 *ret);

/*
 * A quoted header. On the way here its TTL, checksum, total length and type of
 * service may have been rewritten, rightly or not (some stacks even quote the
 * length in host byte order), so none of them is held against it.
 */
enum sighting_verdict ipv4_parse_quoted(const uint8_t *bytes, size_t len, struct ipv4 *ret);

#endif
