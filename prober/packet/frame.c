#include "prober/packet/frame.h"

#include <limits.h>

#include "prober/packet/icmp.h"
#include "prober/packet/ipv4.h"
#include "prober/packet/tcp.h"
#include "prober/packet/wire.h"

enum {
	TYPE_IPV4 = 0x0800,
	TYPE_VLAN = 0x8100,          /* 802.1Q */
	TYPE_PROVIDER_VLAN = 0x88a8, /* 802.1ad */
	TYPE_OLD_VLAN = 0x9100,      /* the same before the standard */
	VLAN_TAGS_MAX = 4,
	FAMILY_IPV4 = 2,
	COOKED_OTHER_HOST = 3, /* PACKET_OTHERHOST of packet(7) */
};

enum sighting_verdict packet_parse(
	const uint8_t *bytes, size_t len, size_t wire_len, struct sighting *ret)
{
	struct ipv4 ip;
	struct sighting s;
	enum sighting_verdict verdict = ipv4_parse(bytes, len, wire_len, &ip);

	if (verdict != SIGHTING_PARSED)
		return verdict;
	if (ip.protocol == IPV4_ICMP)
		verdict = icmp_parse(&ip, &s);
	else if (ip.protocol == IPV4_TCP)
		verdict = tcp_parse(&ip, &s);
	else
		verdict = SIGHTING_IRRELEVANT;
	if (verdict != SIGHTING_PARSED)
		return verdict;
	s.from = ip.from;
	s.to = ip.to;
	s.ttl = ip.ttl;
	s.ip_id = ip.id;
	*ret = s;
	return SIGHTING_PARSED;
}

/* The protocol behind any VLAN tags. */
static uint16_t skip_vlan(struct wire *w, uint16_t type)
{
	for (int i = 0; i < VLAN_TAGS_MAX; i++) {
		if (type != TYPE_VLAN && type != TYPE_PROVIDER_VLAN && type != TYPE_OLD_VLAN)
			break;
		wire_u16(w); /* priority and VLAN */
		type = wire_u16(w);
	}
	return type;
}

/* Step over the link header. False: something else than IPv4, unknown, or for another host. */
static bool skip_link(int link_type, struct wire *w, int *interface)
{
	uint32_t family, index;
	uint16_t type, to;

	switch (link_type) {
	case LINK_RAW:
	case LINK_RAW_FILE:
	case LINK_IPV4:
		return true;
	case LINK_ETHERNET:
		wire_take(w, 12); /* addresses */
		type = wire_u16(w);
		return skip_vlan(w, type) == TYPE_IPV4;
	case LINK_SLL:
		to = wire_u16(w);
		wire_take(w, 12); /* device type, and the sender's address */
		type = wire_u16(w);
		return skip_vlan(w, type) == TYPE_IPV4 && to != COOKED_OTHER_HOST;
	case LINK_SLL2:
		type = wire_u16(w);
		wire_u16(w); /* reserved */
		index = wire_u32(w);
		wire_u16(w); /* device type */
		to = wire_u8(w);
		wire_take(w, 9); /* the sender's address */
		*interface = index <= INT_MAX ? (int)index : 0;
		return skip_vlan(w, type) == TYPE_IPV4 && to != COOKED_OTHER_HOST;
	case LINK_NULL:
	case LINK_LOOP:
		family = wire_u32(w);
		return family == FAMILY_IPV4 || family == (uint32_t)FAMILY_IPV4 << 24;
	default:
		return false;
	}
}

enum sighting_verdict frame_parse(int link_type, const uint8_t *bytes, size_t len, size_t wire_len,
	struct sighting *ret)
{
	struct wire w = wire_over(bytes, len);
	int interface = 0;
	bool ipv4 = skip_link(link_type, &w, &interface);

	if (!wire_ok(&w))
		return SIGHTING_TRUNCATED;
	if (!ipv4)
		return SIGHTING_IRRELEVANT;
	size_t link_len = len - w.left;
	if (wire_len < link_len)
		return SIGHTING_TRUNCATED;
	enum sighting_verdict verdict = packet_parse(w.at, w.left, wire_len - link_len, ret);
	if (verdict == SIGHTING_PARSED)
		ret->interface = interface;
	return verdict;
}
