#ifndef TESTS_LAB_PACKET_H
#define TESTS_LAB_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"

/*
 * IPv4 packets read and built, from the RFCs and from nothing of the prober's:
 * what the two disagree about is a bug in one of them. Pure.
 */
enum { PACKET_SIZE = 1600 };

enum asked_kind { ASKED_ECHO, ASKED_SYN, ASKED_ACK, ASKED_RST, ASKED_OTHER };

/* A packet that reached us. */
struct asked {
	enum asked_kind kind;
	struct ip4 source, target;
	uint8_t ttl;
	uint16_t id, seq;       /* echo */
	const uint8_t *payload; /* echo, behind the header; borrowed */
	size_t payload_len;
	uint16_t their_port, our_port; /* tcp: asker's, asked */
	uint32_t tcp_seq, tcp_ack;
	bool has_ts;
	uint32_t ts;
	const uint8_t *bytes; /* all of it; borrowed */
	size_t len;
};

/* False: not a sound IPv4 packet (a checksum included). */
bool packet_read(const uint8_t *bytes, size_t len, struct asked *ret);

/* What every answer has. */
struct outer {
	struct ip4 source, target;
	uint8_t ttl;
	uint16_t ip_id;
	bool bad_checksum; /* of ICMP or TCP */
};

enum { FLAG_SYN = 2, FLAG_RST = 4, FLAG_ACK = 16 };

struct segment {
	uint16_t source_port, target_port;
	uint32_t seq, ack;
	uint8_t flags;
	bool has_ts;
	uint32_t ts, ts_echo;
};

/* Each writes at most PACKET_SIZE bytes and returns how many. */
size_t packet_echo_reply(uint8_t *out, const struct outer *outer, uint16_t id, uint16_t seq,
	const uint8_t *payload, size_t payload_len);
size_t packet_segment(uint8_t *out, const struct outer *outer, const struct segment *segment);
/* RFC 792: quotes the IP header and eight bytes; RFC 1812 says more is better. */
size_t packet_error(uint8_t *out, const struct outer *outer, uint8_t type, uint8_t code,
	const uint8_t *quoted, size_t quoted_len);

#endif
