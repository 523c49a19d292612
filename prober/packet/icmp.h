#ifndef PROBER_PACKET_ICMP_H
#define PROBER_PACKET_ICMP_H

#include "prober/packet/ipv4.h"
#include "prober/packet/probe.h"

/*
 * ICMP (RFC 792, 1812) as a prober meets it: its own echo request, the reply,
 * or an error that quotes a probe. Fills in what the message says; the outer
 * addresses are the caller's. Pure; *ret is set only on SIGHTING_PARSED.
 *
 * The checksum is verified when all bytes were captured. Of what the capture cut
 * short, or the way into fragments, it cannot be: the identity alone vouches for it.
 *
 * Besides unreachable (3) and time exceeded (11), a source quench (4) and a parameter
 * problem (12) count where the very address that was asked sends them: as its
 * own word they say as much as an unreachable.
 *
 * Of the quoted packet the IP header and eight bytes are needed, and nothing
 * behind them is looked at: what RFC 4884 appends does not matter here.
 */
enum sighting_verdict icmp_parse(const struct ipv4 *ip, struct sighting *ret);

#endif
