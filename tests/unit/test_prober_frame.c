#include "tests/unit/unit.h"

#include "prober/io/transmit.h"
#include "prober/packet/cksum.h"
#include "prober/packet/frame.h"
#include "tests/unit/packets.h"

static const char *const golden[] = {
	PACKET_ECHO,
	PACKET_ECHO_REPLY,
	PACKET_SYN,
	PACKET_RST,
	PACKET_SYN_ACK,
	PACKET_OWN_RST,
	PACKET_UNREACHABLE_ECHO,
	PACKET_UNREACHABLE_SYN,
};
enum { GOLDEN_COUNT = sizeof(golden) / sizeof(golden[0]) };

/* An exact-size heap copy lets AddressSanitizer see one byte too far. */
static enum sighting_verdict parse_exact(
	const uint8_t *bytes, size_t len, size_t wire_len, struct sighting *ret)
{
	uint8_t *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	enum sighting_verdict verdict = packet_parse(copy, len, wire_len, ret);
	free(copy);
	return verdict;
}

static void every_packet_cut_on_its_way_is_rejected_and_leaves_the_result_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < GOLDEN_COUNT; i++) {
		struct packet p = packet_of(golden[i]);
		for (size_t len = 0; len < p.len; len++) {
			struct sighting s = {.identity = 99};
			assert_int_equal(parse_exact(p.bytes, len, len, &s), SIGHTING_TRUNCATED);
			assert_int_equal(s.identity, 99);
		}
	}
}

static void every_packet_cut_by_the_capture_says_the_same_or_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < GOLDEN_COUNT; i++) {
		struct packet p = packet_of(golden[i]);
		struct sighting whole = {0};
		size_t parsed_count = 0;

		assert_int_equal(parse_exact(p.bytes, p.len, p.len, &whole), SIGHTING_PARSED);
		for (size_t len = 0; len < p.len; len++) {
			struct sighting s = {.identity = 99};
			enum sighting_verdict verdict = parse_exact(p.bytes, len, p.len, &s);
			if (verdict == SIGHTING_PARSED) {
				parsed_count++;
				assert_int_equal(s.kind, whole.kind);
				assert_int_equal(s.identity, whole.identity);
				assert_int_equal(s.their_port, whole.their_port);
			} else {
				assert_int_equal(verdict, SIGHTING_TRUNCATED);
				assert_int_equal(s.identity, 99);
			}
		}
		/* 20 of IP and 8 of ICMP or 20 of TCP suffice; quotes need 28 more. */
		size_t need = whole.kind == SIGHTING_ERROR  ? 56
			      : whole.method == METHOD_ICMP ? 28
							    : 40;
		assert_int_equal(parsed_count, p.len - need);
	}
}

static void every_flipped_bit_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < GOLDEN_COUNT; i++) {
		struct packet p = packet_of(golden[i]);
		for (size_t bit = 0; bit < 8 * p.len; bit++) {
			struct sighting s = {.identity = 99};
			p.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
			enum sighting_verdict verdict = parse_exact(p.bytes, p.len, p.len, &s);
			p.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
			/* A version or header length that is none, or too long, is seen
			 * before the checksum is. A sum left to the card (the SYN-ACK)
			 * covers no more than the pseudo header. */
			bool unfinished = strcmp(golden[i], PACKET_SYN_ACK) == 0;
			if (bit < 8)
				assert_int_not_equal(verdict, SIGHTING_PARSED);
			else if (!unfinished || bit < 160 || bit / 16 == 18)
				assert_int_equal(verdict, SIGHTING_BAD_CHECKSUM);
			if (verdict != SIGHTING_PARSED)
				assert_int_equal(s.identity, 99);
		}
	}
}

static void random_bytes_are_survived(void **state)
{
	uint32_t x = 20141222;
	(void)state;

	for (int round = 0; round < 20000; round++) {
		struct packet p = packet_of(golden[round % GOLDEN_COUNT]);
		struct sighting s;
		for (int i = 0; i < 3; i++) {
			x = x * 1664525 + 1013904223;
			p.bytes[(x >> 16) % p.len] = (uint8_t)(x >> 8);
		}
		if ((p.bytes[0] & 15) >= 5 && p.len >= (size_t)(p.bytes[0] & 15) * 4 + 20)
			packet_repair(&p);
		x = x * 1664525 + 1013904223;
		parse_exact(p.bytes, (x >> 16) % (p.len + 1), p.len, &s);
	}
}

static void ip_options_are_stepped_over(void **state)
{
	struct packet p = packet_of(PACKET_SYN);
	struct sighting s = {0};
	(void)state;

	memmove(p.bytes + 24, p.bytes + 20, p.len - 20);
	memcpy(p.bytes + 20, (const uint8_t[]){0x94, 4, 0, 0}, 4); /* router alert */
	p.len += 4;
	p.bytes[0] = 0x46;
	packet_repair(&p);
	assert_int_equal(parse_exact(p.bytes, p.len, p.len, &s), SIGHTING_PARSED);
	assert_int_equal(s.identity, 0xc0ffee01);
}

static void of_a_fragmented_answer_the_first_piece_says_whose_it_is(void **state)
{
	struct packet p = packet_of(PACKET_ECHO_REPLY);
	struct sighting s = {0};
	(void)state;

	p.bytes[6] = 0x20; /* more fragments */
	packet_repair(&p);
	p.bytes[22] ^= 1; /* the sum of all the pieces, which nobody has */
	assert_int_equal(parse_exact(p.bytes, p.len, p.len, &s), SIGHTING_PARSED);
	assert_int_equal(s.kind, SIGHTING_REPLY);
	assert_int_equal(s.identity, 0xc0ffee00);

	for (int more = 0; more < 2; more++) {
		p.bytes[6] = more ? 0x20 : 0x00;
		p.bytes[7] = 0x01;
		packet_repair(&p);
		assert_int_equal(parse_exact(p.bytes, p.len, p.len, &s), SIGHTING_IRRELEVANT);
	}
}

static void padding_behind_the_packet_is_not_part_of_it(void **state)
{
	struct packet p = packet_of(PACKET_RST);
	struct sighting s = {0};
	(void)state;

	memset(p.bytes + p.len, 0xee, 6);
	assert_int_equal(parse_exact(p.bytes, p.len + 6, p.len + 6, &s), SIGHTING_PARSED);
	assert_int_equal(s.outcome, OUTCOME_RST);

	p.bytes[30] ^= 1; /* nor does it hide damage */
	assert_int_equal(parse_exact(p.bytes, p.len + 6, p.len + 6, &s), SIGHTING_BAD_CHECKSUM);
}

static void an_odd_last_byte_is_part_of_the_checksum(void **state)
{
	struct packet p = packet_of(PACKET_ECHO_REPLY);
	struct sighting s;
	(void)state;

	p.len--;
	p.bytes[p.len - 1] = 0x5a;
	packet_repair(&p);
	assert_int_equal(parse_exact(p.bytes, p.len, p.len, &s), SIGHTING_PARSED);
	/* By hand: what the byte adds is its place in the high half of a word. */
	uint16_t with = (uint16_t)(p.bytes[22] << 8 | p.bytes[23]);
	assert_int_equal(with, 0x99e0 - 0x5a00);
}

static void lengths_that_contradict_each_other_are_told(void **state)
{
	struct packet p = packet_of(PACKET_RST);
	struct sighting s;
	(void)state;

	p.bytes[32] = 0xf0; /* sixty bytes of TCP header */
	packet_repair(&p);
	assert_int_equal(parse_exact(p.bytes, p.len, p.len, &s), SIGHTING_TRUNCATED);
	p.bytes[32] = 0x40; /* sixteen */
	packet_repair(&p);
	assert_int_equal(parse_exact(p.bytes, p.len, p.len, &s), SIGHTING_IRRELEVANT);

	p = packet_of(PACKET_RST);
	p.bytes[3] -= 0x20; /* total length eight, and the checksum knows */
	p.bytes[11] += 0x20;
	assert_int_equal(parse_exact(p.bytes, p.len, p.len, &s), SIGHTING_IRRELEVANT);

	/* The link header is no part of what the packet may fill. */
	struct packet frame = packet_of("0200000000010200000000020800");
	p = packet_of(PACKET_ECHO);
	memcpy(frame.bytes + frame.len, p.bytes, p.len);
	size_t len = frame.len + p.len;
	assert_int_equal(
		frame_parse(LINK_ETHERNET, frame.bytes, len, len, &s), SIGHTING_PARSED);
	assert_int_equal(frame_parse(LINK_ETHERNET, frame.bytes, len - 1, len - 1, &s),
		SIGHTING_TRUNCATED);
}

static void nonsense_options_of_tcp_end_the_reading_only(void **state)
{
	static const uint8_t nonsense[][4] = {
		{8, 0, 0, 0}, {8, 1, 0, 0}, {1, 1, 1, 8}, {2, 255, 0, 0}, {8, 4, 0, 0}};
	(void)state;

	for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++) {
		struct packet p = packet_of(PACKET_SYN_ACK);
		struct sighting s = {0};
		memcpy(p.bytes + 40, nonsense[i], 4);
		p.bytes[32] = 0x60; /* four bytes of options */
		packet_repair(&p);
		assert_int_equal(parse_exact(p.bytes, p.len, p.len, &s), SIGHTING_PARSED);
		assert_int_equal(s.outcome, OUTCOME_SYN_ACK);
		assert_false(s.has_tcp_ts);
	}
}

struct link {
	int type;
	const char *header;
	int interface;
};

static void every_link_type_leads_to_the_packet(void **state)
{
	static const struct link links[] = {
		{LINK_RAW, "", 0},
		{LINK_RAW_FILE, "", 0},
		{LINK_IPV4, "", 0},
		{LINK_ETHERNET, "0200000000010200000000020800", 0},
		{LINK_ETHERNET,
			"02000000000102000000000281000007"
			"0800",
			0},
		{LINK_ETHERNET,
			"02000000000102000000000288a8000781000009"
			"0800",
			0},
		{LINK_SLL, "00000001000602000000000200000800", 0},
		{LINK_SLL2, "0800000000000007000100060200000000020000", 7},
		{LINK_NULL, "02000000", 0},
		{LINK_LOOP, "00000002", 0},
	};
	struct packet p = packet_of(PACKET_ECHO_REPLY);
	(void)state;

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		struct packet frame = packet_of(links[i].header);
		memcpy(frame.bytes + frame.len, p.bytes, p.len);
		frame.len += p.len;
		for (size_t len = 0; len <= frame.len; len++) {
			struct sighting s = {.interface = 99};
			uint8_t *copy = malloc(len ? len : 1);
			assert_non_null(copy);
			memcpy(copy, frame.bytes, len);
			enum sighting_verdict verdict =
				frame_parse(links[i].type, copy, len, frame.len, &s);
			free(copy);
			if (len < frame.len - p.len + 28) { /* of IP and ICMP */
				assert_int_equal(verdict, SIGHTING_TRUNCATED);
				assert_int_equal(s.interface, 99);
				continue;
			}
			assert_int_equal(verdict, SIGHTING_PARSED);
			assert_int_equal(s.identity, 0xc0ffee00);
			assert_int_equal(s.interface, links[i].interface);
		}
	}
}

/* Of a cooked frame: for us, to all, to a group, for another host, from us. */
static void what_was_meant_for_another_host_is_irrelevant(void **state)
{
	static const struct link links[] = {
		{LINK_SLL, "00000001000602000000000200000800", 1},
		{LINK_SLL2, "0800000000000007000100060200000000020000", 10},
	};
	struct packet p = packet_of(PACKET_ECHO_REPLY);
	(void)state;

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		for (uint8_t to = 0; to <= 4; to++) {
			struct packet frame = packet_of(links[i].header);
			struct sighting s = {.identity = 99};
			memcpy(frame.bytes + frame.len, p.bytes, p.len);
			frame.len += p.len;
			frame.bytes[links[i].interface] = to;
			assert_int_equal(frame_parse(links[i].type, frame.bytes, frame.len,
						 frame.len, &s),
				to == 3 ? SIGHTING_IRRELEVANT : SIGHTING_PARSED);
			assert_int_equal(s.identity, to == 3 ? 99 : 0xc0ffee00);
		}
}

static void an_answer_longer_than_what_is_captured_counts_by_its_identity(void **state)
{
	struct packet p = packet_of(PACKET_ECHO_REPLY);
	struct sighting s = {0};
	(void)state;

	assert_int_equal(p.len, 20 + 8 + TRANSMIT_ECHO_PAYLOAD);
	p.bytes[3] += 100;  /* as if the payload went on for a hundred bytes, */
	p.bytes[11] -= 100; /* and the header's checksum knew */
	p.bytes[22] ^= 1;   /* the payload's is over all of it */
	assert_int_equal(parse_exact(p.bytes, p.len, p.len + 100, &s), SIGHTING_PARSED);
	assert_int_equal(s.kind, SIGHTING_REPLY);
	assert_int_equal(s.identity, 0xc0ffee00);
	assert_int_equal(parse_exact(p.bytes, 27, p.len + 100, &s), SIGHTING_TRUNCATED);
	/* What never was on the wire is another matter. */
	assert_int_equal(parse_exact(p.bytes, p.len, p.len, &s), SIGHTING_TRUNCATED);
}

static void what_is_not_ipv4_is_irrelevant(void **state)
{
	static const struct link links[] = {
		{LINK_ETHERNET, "02000000000102000000000286dd60000000", 0},
		{LINK_ETHERNET,
			"0200000000010200000000020806"
			"0001",
			0},
		{LINK_SLL2, "86dd000000000007000100060200000000020000", 0},
		{LINK_NULL, "1e000000", 0},
		{LINK_RAW, "6000000000000000", 0},
		{9999, "4500000000000000", 0},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		struct packet frame = packet_of(links[i].header);
		struct sighting s;
		assert_int_equal(frame_parse(links[i].type, frame.bytes, frame.len, frame.len, &s),
			SIGHTING_IRRELEVANT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_packet_cut_on_its_way_is_rejected_and_leaves_the_result_alone),
		cmocka_unit_test(every_packet_cut_by_the_capture_says_the_same_or_nothing),
		cmocka_unit_test(every_flipped_bit_is_told),
		cmocka_unit_test(random_bytes_are_survived),
		cmocka_unit_test(ip_options_are_stepped_over),
		cmocka_unit_test(of_a_fragmented_answer_the_first_piece_says_whose_it_is),
		cmocka_unit_test(padding_behind_the_packet_is_not_part_of_it),
		cmocka_unit_test(an_odd_last_byte_is_part_of_the_checksum),
		cmocka_unit_test(lengths_that_contradict_each_other_are_told),
		cmocka_unit_test(nonsense_options_of_tcp_end_the_reading_only),
		cmocka_unit_test(every_link_type_leads_to_the_packet),
		cmocka_unit_test(what_was_meant_for_another_host_is_irrelevant),
		cmocka_unit_test(an_answer_longer_than_what_is_captured_counts_by_its_identity),
		cmocka_unit_test(what_is_not_ipv4_is_irrelevant),
	};
	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
