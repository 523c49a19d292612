#ifndef PROBER_PACKET_TCP_H
#define PROBER_PACKET_TCP_H

#include "prober/packet/ipv4.h"
#include "prober/packet/probe.h"

/*
 * TCP (RFC 9293) as a prober meets it: its own SYN, and what may answer one.
 * That is a SYN-ACK, a RST, or whatever else acknowledges the number of a SYN,
 * for nobody knows it who has not seen that SYN. A bare ACK, without SYN, FIN or data,
 * may come from a peer that still holds an older, half-open connection on the
 * same ports (RFC 5961 challenge ACK): that one acknowledges the older SYN.
 * Pure; *ret is set only on SIGHTING_PARSED.
 *
 * Numbers. A SYN-ACK and a RST should acknowledge the number behind our SYN's;
 * some stacks and firewalls say the SYN's own, so either will do (`loose`).
 * A RST needs no ACK flag for it, and where it acknowledges 0 its own number may be
 * the one that it names. One that names 0 only has no identity.
 *
 * Checksum. It is verified when all bytes were captured. Two values are right:
 * the finished sum, and the sum of the pseudo header alone. The latter is what
 * Linux leaves in the field of a packet that it made itself and expects the
 * card to finish; a packet from a namespace or guest next door comes in like
 * that, over a veth, a bridge or loopback, and it was never on a wire to be
 * damaged. A damaged packet has either value by a chance of 2 in 65536.
 *
 * Options are read for the timestamp (RFC 7323) only. Nonsense among them, or
 * a cut, ends the reading: the segment still counts, without a timestamp.
 */
enum sighting_verdict tcp_parse(const struct ipv4 *ip, struct sighting *ret);

#endif
