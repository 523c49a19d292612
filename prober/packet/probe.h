#ifndef PROBER_PACKET_PROBE_H
#define PROBER_PACKET_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/address.h"
#include "core/clock.h"
#include "store/observation.h"

/*
 * One packet we send, and one packet that may answer it, as values.
 *
 * A probe's 32-bit identity (prober/sweep/identity.h) travels as id and seq of an
 * echo request, as sequence number of a SYN: within the first eight bytes
 * behind the IP header, which is all that an ICMP error must quote (RFC 792).
 */
struct probe {
	enum method method;
	struct ip4 source;
	struct ip4 target;
	int interface; /* it must leave by this one; 0: by the route of its source */
	uint8_t ttl;
	uint16_t ip_id;
	uint32_t identity;
	uint16_t source_port; /* tcp */
	uint16_t port;        /* tcp, destination */
	uint32_t tcp_ts;      /* tcp, our TSval */
};

enum { PROBE_TTL = 64 };

/* What a captured packet says, once it is parsed and no matter whose it is. */
enum sighting_kind {
	SIGHTING_NONE,  /* well formed, but nothing to us */
	SIGHTING_PROBE, /* an echo request or SYN, perhaps ours, on its way */
	SIGHTING_REPLY, /* echo reply, RST, or a segment that acknowledges: a SYN-ACK mostly */
	SIGHTING_ERROR, /* ICMP error about what may be a probe: see the quoted fields */
};

enum sighting_verdict {
	SIGHTING_PARSED,
	SIGHTING_TRUNCATED,    /* ends inside a header it needs, or before its own end */
	SIGHTING_BAD_CHECKSUM, /* of IP, ICMP or TCP, where all bytes are there to tell */
	SIGHTING_IRRELEVANT,   /* not IPv4, other protocol, a later fragment, ... */
};

struct sighting {
	enum sighting_kind kind;
	enum method method;
	struct ip4 from, to; /* outer addresses */
	uint8_t ttl;
	uint16_t ip_id;
	int interface;        /* its index, where the link type tells; else 0 */
	enum outcome outcome; /* REPLY and ERROR; what acknowledges is OUTCOME_SYN_ACK */
	bool bare_ack;
	/* PROBE and REPLY: the packet's own; ERROR: the quoted packet's, seen as a
	 * probe (quoted_from is us, quoted_to the probed address). For a TCP reply
	 * `identity` is the acknowledged sequence number minus one; with `loose`
	 * the number itself, identity + 1, will do as well (packet/tcp.h). */
	bool has_identity;
	bool loose;
	uint32_t identity;
	uint16_t our_port, their_port; /* tcp; ours is a probe's source port */
	struct ip4 quoted_from, quoted_to;
	uint8_t icmp_type, icmp_code;
	bool has_tcp_ts;
	uint32_t tcp_ts;
};

#endif
