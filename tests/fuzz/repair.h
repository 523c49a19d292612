#ifndef TESTS_FUZZ_REPAIR_H
#define TESTS_FUZZ_REPAIR_H

#include <stddef.h>
#include <stdint.h>

#include "prober/packet/cksum.h"

/* Make a checksum right, or the fuzzer never gets past it: two bytes at `at`
 * of what it covers. Nothing happens if they are not there. */
static inline void repair_checksum(uint8_t *bytes, size_t len, size_t at, uint32_t sum)
{
	if (at + 2 > len)
		return;
	bytes[at] = bytes[at + 1] = 0;
	uint16_t right = (uint16_t)~cksum_fold(cksum_add(sum, bytes, len));
	bytes[at] = (uint8_t)(right >> 8);
	bytes[at + 1] = (uint8_t)right;
}

/* Of the IP header, and of what it holds where the length is the whole frame's. */
static inline void repair_packet(uint8_t *ip, size_t len)
{
	size_t header_len = len > 0 ? (size_t)(ip[0] & 15) * 4 : 0;

	if (header_len < 20 || header_len > len)
		return;
	repair_checksum(ip, header_len, 10, 0);
	size_t total = (size_t)ip[2] << 8 | ip[3];
	if (total < header_len || total > len)
		return;
	uint32_t pseudo = cksum_add(6 + (uint32_t)(total - header_len), ip + 12, 8);
	if (ip[9] == 1)
		repair_checksum(ip + header_len, total - header_len, 2, 0);
	if (ip[9] == 6)
		repair_checksum(ip + header_len, total - header_len, 16, pseudo);
}

#endif
