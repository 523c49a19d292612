#include "prober/packet/cksum.h"

uint32_t cksum_add(uint32_t sum, const uint8_t *bytes, size_t len)
{
	size_t i = 0;

	for (; i + 1 < len; i += 2)
		sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	if (i < len)
		sum += (uint32_t)bytes[i] << 8;
	return sum;
}

uint16_t cksum_fold(uint32_t sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

bool cksum_whole(const uint8_t *bytes, size_t len)
{
	uint16_t sum = cksum_fold(cksum_add(0, bytes, len));

	return sum == 0xffff || sum == 0;
}

uint32_t cksum_pseudo(struct ip4 from, struct ip4 to, uint8_t protocol, size_t len)
{
	return (from.host >> 16) + (from.host & 0xffff) + (to.host >> 16) + (to.host & 0xffff) +
	       protocol + (uint32_t)len;
}
