#include "tests/lab/packet.h"

#include <string.h>

enum { IP_LEN = 20, ICMP_LEN = 8, TCP_LEN = 20, PROTO_ICMP = 1, PROTO_TCP = 6 };
enum { QUOTE_MOST = 128 };

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)get16(at) << 16 | get16(at + 2);
}

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

/* RFC 1071, carried on from `sum`. */
static uint32_t sum16(const uint8_t *bytes, size_t len, uint32_t sum)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += get16(bytes + i);
	if (len % 2)
		sum += (uint32_t)bytes[len - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static uint32_t pseudo_sum(struct ip4 source, struct ip4 target, size_t len)
{
	return (source.host >> 16) + (source.host & 0xffff) + (target.host >> 16) +
	       (target.host & 0xffff) + PROTO_TCP + (uint32_t)len;
}

static void options_read(const uint8_t *at, size_t len, struct asked *ret)
{
	while (len > 0 && at[0] != 0) {
		size_t step = at[0] == 1 ? 1 : len > 1 ? at[1] : 0;
		if (step == 0 || step > len || (at[0] != 1 && step < 2))
			return;
		if (at[0] == 8 && step == 10) {
			ret->has_ts = true;
			ret->ts = get32(at + 2);
		}
		at += step;
		len -= step;
	}
}

static bool tcp_read(const uint8_t *at, size_t len, struct asked *ret)
{
	if (len < TCP_LEN)
		return false;
	size_t header = (size_t)(at[12] >> 4) * 4;
	if (header < TCP_LEN || header > len ||
		sum16(at, len, pseudo_sum(ret->source, ret->target, len)) != 0xffff)
		return false;
	ret->their_port = get16(at);
	ret->our_port = get16(at + 2);
	ret->tcp_seq = get32(at + 4);
	ret->tcp_ack = get32(at + 8);
	int flags = at[13] & (FLAG_SYN | FLAG_RST | FLAG_ACK);
	ret->kind = flags & FLAG_RST    ? ASKED_RST
		    : flags == FLAG_SYN ? ASKED_SYN
		    : flags == FLAG_ACK ? ASKED_ACK
					: ASKED_OTHER;
	options_read(at + TCP_LEN, header - TCP_LEN, ret);
	return true;
}

static bool icmp_read(const uint8_t *at, size_t len, struct asked *ret)
{
	if (len < ICMP_LEN || sum16(at, len, 0) != 0xffff)
		return false;
	ret->kind = at[0] == 8 && at[1] == 0 ? ASKED_ECHO : ASKED_OTHER;
	ret->id = get16(at + 4);
	ret->seq = get16(at + 6);
	ret->payload = at + ICMP_LEN;
	ret->payload_len = len - ICMP_LEN;
	return true;
}

bool packet_read(const uint8_t *bytes, size_t len, struct asked *ret)
{
	struct asked asked = {.kind = ASKED_OTHER, .bytes = bytes, .len = len};

	if (len < IP_LEN || bytes[0] >> 4 != 4)
		return false;
	size_t header = (size_t)(bytes[0] & 15) * 4;
	size_t total = get16(bytes + 2);
	if (header < IP_LEN || header > total || total > len || sum16(bytes, header, 0) != 0xffff)
		return false;
	asked.len = total;
	asked.ttl = bytes[8];
	asked.source.host = get32(bytes + 12);
	asked.target.host = get32(bytes + 16);
	bool fragment = get16(bytes + 6) & 0x3fff;
	if (!fragment && bytes[9] == PROTO_ICMP &&
		!icmp_read(bytes + header, total - header, &asked))
		return false;
	if (!fragment && bytes[9] == PROTO_TCP && !tcp_read(bytes + header, total - header, &asked))
		return false;
	*ret = asked;
	return true;
}

static size_t outer_write(uint8_t *out, const struct outer *outer, uint8_t proto, size_t body_len)
{
	memset(out, 0, IP_LEN);
	out[0] = 0x45;
	put16(out + 2, (uint32_t)(IP_LEN + body_len));
	put16(out + 4, outer->ip_id);
	out[6] = outer->ip_id ? 0 : 0x40; /* zero goes with "don't fragment", as in Linux */
	out[8] = outer->ttl;
	out[9] = proto;
	put32(out + 12, outer->source.host);
	put32(out + 16, outer->target.host);
	put16(out + 10, ~sum16(out, IP_LEN, 0));
	return IP_LEN + body_len;
}

static size_t icmp_finish(uint8_t *out, const struct outer *outer, size_t body_len)
{
	uint8_t *body = out + IP_LEN;

	/* Bad is one bit: one more than 0xffff would be 0, which is as good. */
	put16(body + 2, ~sum16(body, body_len, 0) ^ outer->bad_checksum);
	return outer_write(out, outer, PROTO_ICMP, body_len);
}

size_t packet_echo_reply(uint8_t *out, const struct outer *outer, uint16_t id, uint16_t seq,
	const uint8_t *payload, size_t payload_len)
{
	uint8_t *body = out + IP_LEN;

	if (payload_len > PACKET_SIZE - IP_LEN - ICMP_LEN)
		payload_len = PACKET_SIZE - IP_LEN - ICMP_LEN;
	memset(body, 0, ICMP_LEN);
	put16(body + 4, id);
	put16(body + 6, seq);
	if (payload_len)
		memcpy(body + ICMP_LEN, payload, payload_len);
	return icmp_finish(out, outer, ICMP_LEN + payload_len);
}

size_t packet_error(uint8_t *out, const struct outer *outer, uint8_t type, uint8_t code,
	const uint8_t *quoted, size_t quoted_len)
{
	uint8_t *body = out + IP_LEN;

	if (quoted_len > QUOTE_MOST)
		quoted_len = QUOTE_MOST;
	memset(body, 0, ICMP_LEN);
	body[0] = type;
	body[1] = code;
	memcpy(body + ICMP_LEN, quoted, quoted_len);
	return icmp_finish(out, outer, ICMP_LEN + quoted_len);
}

/* MSS 1460; and with time stamps: SACK permitted, time stamps, window scale 7. */
static size_t options_write(uint8_t *at, const struct segment *segment)
{
	static const uint8_t plain[] = {2, 4, 1460 >> 8, 1460 & 0xff};
	static const uint8_t stamped[] = {
		2, 4, 1460 >> 8, 1460 & 0xff, 4, 2, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 3, 7};
	static const uint8_t stamp_only[] = {1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0};

	if (!(segment->flags & FLAG_SYN)) {
		if (!segment->has_ts)
			return 0;
		memcpy(at, stamp_only, sizeof(stamp_only));
		put32(at + 4, segment->ts);
		put32(at + 8, segment->ts_echo);
		return sizeof(stamp_only);
	}
	if (!segment->has_ts) {
		memcpy(at, plain, sizeof(plain));
		return sizeof(plain);
	}
	memcpy(at, stamped, sizeof(stamped));
	put32(at + 8, segment->ts);
	put32(at + 12, segment->ts_echo);
	return sizeof(stamped);
}

size_t packet_segment(uint8_t *out, const struct outer *outer, const struct segment *segment)
{
	uint8_t *body = out + IP_LEN;
	size_t len = TCP_LEN + options_write(body + TCP_LEN, segment);

	memset(body, 0, TCP_LEN);
	put16(body, segment->source_port);
	put16(body + 2, segment->target_port);
	put32(body + 4, segment->seq);
	put32(body + 8, segment->ack);
	body[12] = (uint8_t)(len / 4 << 4);
	body[13] = segment->flags;
	put16(body + 14, segment->flags & FLAG_RST ? 0 : 65160);
	put16(body + 16, ~sum16(body, len, pseudo_sum(outer->source, outer->target, len)) ^
				 outer->bad_checksum);
	return outer_write(out, outer, PROTO_TCP, len);
}
