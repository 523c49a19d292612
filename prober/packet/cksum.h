#ifndef PROBER_PACKET_CKSUM_H
#define PROBER_PACKET_CKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"

/* The Internet checksum (RFC 1071): ones' complement sum of 16-bit words. Pure. */

/* Add bytes to a running sum, as big-endian words, an odd last byte padded
 * with zero. Good for what fits an IP packet; fold before adding more. */
uint32_t cksum_add(uint32_t sum, const uint8_t *bytes, size_t len);

/* Carries folded in: 16 bits, not complemented. */
uint16_t cksum_fold(uint32_t sum);

/* Over bytes that hold their own checksum: are they whole? Zero has two signs:
 * Linux (seen in 6.18) answers an echo request of nothing but zeroes with a
 * checksum of zero, where adding up anew gives ffff. */
bool cksum_whole(const uint8_t *bytes, size_t len);

/* The sum of TCP's pseudo header (RFC 9293, 3.1), to begin with. */
uint32_t cksum_pseudo(struct ip4 from, struct ip4 to, uint8_t protocol, size_t len);

#endif
