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

#endif
