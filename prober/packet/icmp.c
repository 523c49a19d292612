#include "prober/packet/icmp.h"

#include "prober/packet/cksum.h"
#include "prober/packet/wire.h"

enum {
	ICMP_ECHO_REPLY = 0,
	ICMP_UNREACHABLE = 3,
	ICMP_SOURCE_QUENCH = 4,
	ICMP_ECHO_REQUEST = 8,
	ICMP_TIME_EXCEEDED = 11,
	ICMP_PARAMETER_PROBLEM = 12,
};

/* The quoted packet, as far as it must be there: eight bytes behind its header. */
static enum sighting_verdict parse_quote(
	const uint8_t *bytes, size_t len, enum outcome outcome, struct sighting *s)
{
	struct ipv4 quoted;
	enum sighting_verdict verdict = ipv4_parse_quoted(bytes, len, &quoted);

	if (verdict != SIGHTING_PARSED)
		return verdict;
	struct wire w = wire_over(quoted.payload, quoted.payload_len);
	uint16_t first = wire_u16(&w);
	uint16_t second = wire_u16(&w);
	uint32_t third = wire_u32(&w);
	if (!wire_ok(&w))
		return SIGHTING_TRUNCATED;

	if (quoted.protocol == IPV4_ICMP && first >> 8 == ICMP_ECHO_REQUEST) {
		s->method = METHOD_ICMP;
	} else if (quoted.protocol == IPV4_TCP) {
		s->method = METHOD_TCP;
		s->our_port = first;
		s->their_port = second;
	} else {
		return SIGHTING_PARSED; /* about something that no prober sends */
	}
	s->kind = SIGHTING_ERROR;
	s->outcome = outcome;
	s->has_identity = true;
	s->identity = third;
	s->quoted_from = quoted.from;
	s->quoted_to = quoted.to;
	return SIGHTING_PARSED;
}

enum sighting_verdict icmp_parse(const struct ipv4 *ip, struct sighting *ret)
{
	struct wire w = wire_over(ip->payload, ip->payload_len);
	struct sighting s = {.kind = SIGHTING_NONE, .method = METHOD_ICMP};
	enum sighting_verdict verdict = SIGHTING_PARSED;

	s.icmp_type = wire_u8(&w);
	s.icmp_code = wire_u8(&w);
	wire_u16(&w); /* checksum, covered below */
	uint32_t rest = wire_u32(&w);
	if (!wire_ok(&w))
		return SIGHTING_TRUNCATED;
	if (ip->whole && !cksum_whole(ip->payload, ip->payload_len))
		return SIGHTING_BAD_CHECKSUM;

	switch (s.icmp_type) {
	case ICMP_ECHO_REQUEST:
	case ICMP_ECHO_REPLY:
		s.kind = s.icmp_type == ICMP_ECHO_REPLY ? SIGHTING_REPLY : SIGHTING_PROBE;
		s.outcome = s.icmp_type == ICMP_ECHO_REPLY ? OUTCOME_ECHO_REPLY : OUTCOME_SILENT;
		s.has_identity = true;
		s.identity = rest; /* id and sequence number */
		break;
	case ICMP_UNREACHABLE:
		verdict = parse_quote(w.at, w.left, OUTCOME_UNREACHABLE, &s);
		break;
	case ICMP_SOURCE_QUENCH:
	case ICMP_PARAMETER_PROBLEM: /* a router's say nothing of whether it arrived */
		verdict = parse_quote(w.at, w.left, OUTCOME_UNREACHABLE, &s);
		if (verdict == SIGHTING_PARSED && !ip4_equal(s.quoted_to, ip->from))
			s.kind = SIGHTING_NONE;
		break;
	case ICMP_TIME_EXCEEDED:
		verdict = parse_quote(w.at, w.left, OUTCOME_TTL_EXCEEDED, &s);
		break;
	default:
		break;
	}
	if (verdict == SIGHTING_PARSED)
		*ret = s;
	return verdict;
}
