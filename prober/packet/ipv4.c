#include "prober/packet/ipv4.h"

#include "prober/packet/cksum.h"
#include "prober/packet/wire.h"

enum {
	IPV4_HEADER_LEN = 20,
	IPV4_MORE = 0x2000, /* fragments */
	IPV4_OFFSET = 0x1fff,
};

struct header {
	struct ipv4 ip;
	size_t len;
	uint16_t total_len;
	uint16_t fragment;
};

/* What both kinds share: the fixed part, and that the options are all there. */
static enum sighting_verdict header_parse(const uint8_t *bytes, size_t len, struct header *ret)
{
	struct wire w = wire_over(bytes, len);
	uint8_t version = wire_u8(&w);
	struct header h = {.len = (size_t)(version & 0x0f) * 4};

	if (!wire_ok(&w))
		return SIGHTING_TRUNCATED;
	if (version >> 4 != 4 || h.len < IPV4_HEADER_LEN)
		return SIGHTING_IRRELEVANT;
	wire_u8(&w); /* type of service */
	h.total_len = wire_u16(&w);
	h.ip.id = wire_u16(&w);
	h.fragment = wire_u16(&w);
	h.ip.ttl = wire_u8(&w);
	h.ip.protocol = wire_u8(&w);
	wire_u16(&w); /* checksum */
	h.ip.from.host = wire_u32(&w);
	h.ip.to.host = wire_u32(&w);
	wire_take(&w, h.len - IPV4_HEADER_LEN); /* options */
	if (!wire_ok(&w))
		return SIGHTING_TRUNCATED;
	h.ip.payload = w.at;
	h.ip.payload_len = w.left;
	*ret = h;
	return SIGHTING_PARSED;
}

enum sighting_verdict ipv4_parse(
	const uint8_t *bytes, size_t len, size_t wire_len, struct ipv4 *ret)
{
	struct header h;
	enum sighting_verdict verdict = header_parse(bytes, len, &h);

	if (verdict != SIGHTING_PARSED)
		return verdict;
	if (!cksum_whole(bytes, h.len))
		return SIGHTING_BAD_CHECKSUM;
	if (h.total_len < h.len)
		return SIGHTING_IRRELEVANT;
	if (h.total_len > wire_len)
		return SIGHTING_TRUNCATED;
	if (h.fragment & IPV4_OFFSET)
		return SIGHTING_IRRELEVANT;

	h.ip.payload_wire_len = h.total_len - h.len;
	if (h.ip.payload_len > h.ip.payload_wire_len) /* Ethernet's padding */
		h.ip.payload_len = h.ip.payload_wire_len;
	h.ip.whole = h.ip.payload_len == h.ip.payload_wire_len && !(h.fragment & IPV4_MORE);
	*ret = h.ip;
	return SIGHTING_PARSED;
}

enum sighting_verdict ipv4_parse_quoted(const uint8_t *bytes, size_t len, struct ipv4 *ret)
{
	struct header h;
	enum sighting_verdict verdict = header_parse(bytes, len, &h);

	if (verdict != SIGHTING_PARSED)
		return verdict;
	if (h.fragment & IPV4_OFFSET) /* does not begin with the transport's header */
		return SIGHTING_IRRELEVANT;
	h.ip.payload_wire_len = h.ip.payload_len;
	*ret = h.ip;
	return SIGHTING_PARSED;
}
