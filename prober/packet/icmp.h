#ifndef PROBER_PACKET_ICMP_H
#define PROBER_PACKET_ICMP_H

#include "prober/packet/ipv4.h"
#include "prober/probe.h"

/*
 * ICMP (RFC 792, 1812) as a prober meets it: its own echo request, the reply,
 * or an error that quotes a probe. Fills in what the message says; the outer
 * addresses are the caller's. Pure; *ret is set only on SIGHTING_PARSED.
 *
 * The checksum is verified when all bytes were captured. An error that the
 * capture cut short (it may quote more than we need) cannot be, and the
 * identity it quotes alone vouches for it.
 *
 * Of the quoted packet the IP header and eight bytes are needed, and nothing
 * behind them is looked at: what RFC 4884 appends does not matter here.
 */
enum sighting_verdict icmp_parse(const struct ipv4 *ip, struct sighting *ret);

#endif
