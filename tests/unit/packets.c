#include "tests/unit/packets.h"

#include <assert.h>
#include <string.h>

#include "prober/packet/cksum.h"

static uint8_t digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = strchr(digits, c);

	assert(at && *at != '\0');
	return (uint8_t)(at - digits);
}

struct packet packet_of(const char *hex)
{
	struct packet p = {.len = strlen(hex) / 2};

	assert(p.len <= sizeof(p.bytes));
	for (size_t i = 0; i < p.len; i++)
		p.bytes[i] = (uint8_t)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
	return p;
}

static void put_checksum(uint8_t *field, uint32_t sum)
{
	uint16_t complement = (uint16_t)~cksum_fold(sum);

	field[0] = (uint8_t)(complement >> 8);
	field[1] = (uint8_t)complement;
}

void packet_repair(struct packet *p)
{
	size_t header_len = (size_t)(p->bytes[0] & 0x0f) * 4;
	uint8_t *payload = p->bytes + header_len;
	size_t payload_len = p->len - header_len;
	size_t at = p->bytes[9] == 6 ? 16 : 2;
	uint32_t sum = 0;

	assert(header_len >= 20 && payload_len >= at + 2);
	p->bytes[2] = (uint8_t)(p->len >> 8);
	p->bytes[3] = (uint8_t)p->len;
	memset(p->bytes + 10, 0, 2);
	put_checksum(p->bytes + 10, cksum_add(0, p->bytes, header_len));
	memset(payload + at, 0, 2);
	if (p->bytes[9] == 6)
		sum = cksum_add(6 + (uint32_t)payload_len, p->bytes + 12, 8);
	put_checksum(payload + at, cksum_add(sum, payload, payload_len));
}
