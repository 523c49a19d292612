#include "prober/packet/tcp.h"

#include "prober/packet/cksum.h"
#include "prober/packet/wire.h"

enum {
	TCP_HEADER_LEN = 20,
	TCP_CHECKSUM_AT = 16,

	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_ACK = 0x10,

	TCP_OPTION_END = 0,
	TCP_OPTION_NOP = 1,
	TCP_OPTION_TIMESTAMP = 8,
	TCP_OPTION_TIMESTAMP_LEN = 10,
};

static bool checksum_ok(const struct ipv4 *ip)
{
	uint32_t pseudo = cksum_pseudo(ip->from, ip->to, IPV4_TCP, ip->payload_len);

	if (cksum_fold(cksum_add(pseudo, ip->payload, ip->payload_len)) == 0xffff)
		return true;
	const uint8_t *field = ip->payload + TCP_CHECKSUM_AT;
	return (uint16_t)(field[0] << 8 | field[1]) == cksum_fold(pseudo);
}

static void parse_options(struct wire w, struct sighting *s)
{
	while (w.left > 0) {
		uint8_t kind = wire_u8(&w);
		if (kind == TCP_OPTION_END)
			return;
		if (kind == TCP_OPTION_NOP)
			continue;
		uint8_t len = wire_u8(&w);
		if (!wire_ok(&w) || len < 2)
			return;
		const uint8_t *body = wire_take(&w, len - 2u);
		if (!body)
			return;
		if (kind == TCP_OPTION_TIMESTAMP && len == TCP_OPTION_TIMESTAMP_LEN) {
			struct wire value = wire_over(body, len - 2u);
			s->tcp_ts = wire_u32(&value);
			s->has_tcp_ts = true;
			return;
		}
	}
}

/* What the flags make of it; the other fields say whose it is. */
static void judge_flags(uint8_t flags, bool data, struct sighting *s)
{
	if (flags & TCP_RST) {
		s->kind = SIGHTING_REPLY;
		s->outcome = OUTCOME_RST;
	} else if (flags & TCP_ACK) {
		s->kind = SIGHTING_REPLY;
		s->outcome = OUTCOME_SYN_ACK;
		s->bare_ack = !(flags & (TCP_SYN | TCP_FIN)) && !data;
	} else if ((flags & (TCP_SYN | TCP_FIN)) == TCP_SYN) {
		s->kind = SIGHTING_PROBE;
		s->outcome = OUTCOME_SILENT;
	}
}

/* Which number of ours it names, whatever its flags say of it. */
static void judge_numbers(uint8_t flags, uint32_t seq, uint32_t ack, struct sighting *s)
{
	if (s->kind == SIGHTING_PROBE) {
		s->has_identity = true;
		s->identity = seq;
	} else if (s->kind == SIGHTING_REPLY) {
		bool rst = flags & TCP_RST;
		uint32_t named = rst && ack == 0 ? seq : ack;
		s->has_identity = !rst || named != 0;
		s->identity = named - 1;
		s->loose = flags & (TCP_RST | TCP_SYN);
	}
}

enum sighting_verdict tcp_parse(const struct ipv4 *ip, struct sighting *ret)
{
	struct wire w = wire_over(ip->payload, ip->payload_len);
	struct sighting s = {.kind = SIGHTING_NONE, .method = METHOD_TCP};

	uint16_t source = wire_u16(&w);
	uint16_t destination = wire_u16(&w);
	uint32_t seq = wire_u32(&w);
	uint32_t ack = wire_u32(&w);
	size_t header_len = (size_t)(wire_u8(&w) >> 4) * 4;
	uint8_t flags = wire_u8(&w);
	wire_take(&w, 6); /* window, checksum, urgent pointer */
	if (!wire_ok(&w))
		return SIGHTING_TRUNCATED;
	if (ip->whole && !checksum_ok(ip))
		return SIGHTING_BAD_CHECKSUM;
	if (header_len < TCP_HEADER_LEN)
		return SIGHTING_IRRELEVANT;
	if (header_len > ip->payload_wire_len)
		return SIGHTING_TRUNCATED;

	judge_flags(flags, ip->payload_wire_len > header_len, &s);
	bool out = s.kind == SIGHTING_PROBE;
	s.our_port = out ? source : destination;
	s.their_port = out ? destination : source;
	judge_numbers(flags, seq, ack, &s);

	size_t options_len = header_len - TCP_HEADER_LEN;
	parse_options(wire_over(w.at, options_len < w.left ? options_len : w.left), &s);
	*ret = s;
	return SIGHTING_PARSED;
}
