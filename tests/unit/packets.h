#ifndef TESTS_PACKETS_H
#define TESTS_PACKETS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Packets captured between two network namespaces by tests/lab, from the IP
 * header on: 198.18.255.1 asks, a Linux kernel answers.
 */
struct packet {
	uint8_t bytes[160];
	size_t len;
};

/* Identity c0ffee00, TTL 64, to 198.18.0.1. */
#define PACKET_ECHO                                                                                \
	"45000054000040004001af81c612ff01c6120001080091e0c0ffee006c69676874736f75743a2074"         \
	"657374732f6c6162" PACKET_ZEROES
#define PACKET_ECHO_REPLY                                                                          \
	"45000054e9cc0000400105b5c6120001c612ff01000099e0c0ffee006c69676874736f75743a2074"         \
	"657374732f6c6162" PACKET_ZEROES

/* Identity c0ffee01, from port 20007 to port 80 of 198.18.0.1, TSval 1. */
#define PACKET_SYN                                                                                 \
	"4500003c000040004006af94c612ff01c61200014e270050c0ffee0100000000a002faf0c46d0000"         \
	"020405b40402080a000000010000000001030307"
#define PACKET_RST                                                                                 \
	"45000028000040004006afa8c6120001c612ff0100504e2700000000c0ffee0250140000272f0000"

/* From port 443 of 198.18.0.2, TSval e8ee2db9. Its checksum is the pseudo
 * header's: left to a card that a veth has not got. */
#define PACKET_SYN_ACK                                                                             \
	"4500003c000040004006af93c6120002c612ff0101bb4e27e13e3274c0ffee02a012fe888b570000"         \
	"020405b40402080ae8ee2db9000000010103030a"

/* What our own kernel says to a SYN-ACK that it has no socket for: RST, no ACK. */
#define PACKET_OWN_RST                                                                             \
	"45000028000040004006afa7c612ff01c61200024e2701bbc0ffee02000000005004000025d30000"

/* 198.18.255.2 cannot reach 198.18.8.1 (host unreachable): an echo request, a SYN. */
#define PACKET_UNREACHABLE_ECHO                                                                    \
	"45c00070ad3500004001426ec612ff02c612ff010301fcfe00000000450000540000400040"               \
	"01a781c612ff01c6120801080091e0c0ffee006c69676874736f75743a2074657374732f6c616"            \
	"2" PACKET_ZEROES
#define PACKET_UNREACHABLE_SYN                                                                     \
	"45c00058ad36000040014285c612ff02c612ff010301905500000000"                                 \
	"4500003c000040004006a794c612ff01c61208014e270050c0ffee0100000000a002faf0bc6d0000"         \
	"020405b40402080a000000010000000001030307"

#define PACKET_ZEROES "000000000000000000000000000000000000000000000000000000000000000000000000"

/* From hexadecimal digits. */
struct packet packet_of(const char *hex);

/* Make the checksums of the IP header and what it holds right again. */
void packet_repair(struct packet *packet);

#endif
