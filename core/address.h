#ifndef CORE_ADDRESS_H
#define CORE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * IPv4 addresses and prefixes as values, in host byte order everywhere; bytes
 * are swapped only in prober/packet/ and where a program meets the kernel.
 */
struct ip4 {
	uint32_t host;
};

struct prefix {
	struct ip4 base; /* host bits are zero */
	uint8_t len;     /* 0..32 */
};

/* Room for "255.255.255.255/32" and its end. */
enum { ADDRESS_TEXT_SIZE = 20 };

/* The block of a timeline: a /24. */
enum { BLOCK_LEN = 24, BLOCK_ADDRESSES = 256 };

static inline uint32_t prefix_mask(uint8_t len)
{
	return len == 0 ? 0 : UINT32_MAX << (32 - len);
}

static inline struct prefix prefix_of(struct ip4 address, uint8_t len)
{
	return (struct prefix){{address.host & prefix_mask(len)}, len};
}

static inline struct prefix block_of(struct ip4 address)
{
	return prefix_of(address, BLOCK_LEN);
}

static inline bool prefix_holds(struct prefix prefix, struct ip4 address)
{
	return (address.host & prefix_mask(prefix.len)) == prefix.base.host;
}

static inline struct ip4 prefix_last(struct prefix prefix)
{
	return (struct ip4){prefix.base.host | ~prefix_mask(prefix.len)};
}

static inline uint64_t prefix_count(struct prefix prefix)
{
	return UINT64_C(1) << (32 - prefix.len);
}

static inline bool ip4_equal(struct ip4 a, struct ip4 b)
{
	return a.host == b.host;
}

/* Where an address is among some that ascend; SIZE_MAX: it is not there. */
static inline size_t ip4_find(const struct ip4 *sorted, size_t count, struct ip4 address)
{
	size_t low = 0;

	for (size_t left = count; left > 1; left -= left / 2)
		low += sorted[low + left / 2].host <= address.host ? left / 2 : 0;
	return count > 0 && sorted[low].host == address.host ? low : SIZE_MAX;
}

/* Ascending by address, shorter prefix first: for qsort. */
int ip4_order(const void *a, const void *b);
int prefix_order(const void *a, const void *b);

size_t ip4_format(struct ip4 address, char text[ADDRESS_TEXT_SIZE]);
size_t prefix_format(struct prefix prefix, char text[ADDRESS_TEXT_SIZE]);

/*
 * Strict: four decimal numbers without leading zeros, nothing before or after.
 * A prefix needs its "/len" and no bits set behind it. False leaves *ret alone.
 */
bool ip4_parse(const char *text, struct ip4 *ret);
bool prefix_parse(const char *text, struct prefix *ret);

/*
 * The largest prefix that starts at first and does not go past last: called
 * again from its end it cuts any range into the fewest prefixes.
 */
struct prefix prefix_largest(struct ip4 first, struct ip4 last);

#endif
