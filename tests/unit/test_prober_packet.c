#include "tests/unit/unit.h"

#include "prober/packet/frame.h"
#include "tests/unit/packets.h"

static const struct ip4 us = {0xc612ff01}, them = {0xc6120001}, other = {0xc6120002};

static enum sighting_verdict parse(const struct packet *p, struct sighting *ret)
{
	return packet_parse(p->bytes, p->len, p->len, ret);
}

static struct sighting parsed(const char *hex)
{
	struct packet p = packet_of(hex);
	struct sighting s = {0};

	assert_int_equal(parse(&p, &s), SIGHTING_PARSED);
	return s;
}

static void an_echo_request_is_a_probe(void **state)
{
	struct sighting s = parsed(PACKET_ECHO);
	(void)state;

	assert_int_equal(s.kind, SIGHTING_PROBE);
	assert_int_equal(s.method, METHOD_ICMP);
	assert_true(ip4_equal(s.from, us) && ip4_equal(s.to, them));
	assert_true(s.has_identity);
	assert_int_equal(s.identity, 0xc0ffee00);
	assert_int_equal(s.ttl, 64);
}

static void an_echo_reply_is_life(void **state)
{
	struct sighting s = parsed(PACKET_ECHO_REPLY);
	(void)state;

	assert_int_equal(s.kind, SIGHTING_REPLY);
	assert_int_equal(s.outcome, OUTCOME_ECHO_REPLY);
	assert_true(ip4_equal(s.from, them) && ip4_equal(s.to, us));
	assert_int_equal(s.identity, 0xc0ffee00);
	assert_int_equal(s.ip_id, 0xe9cc);
}

static void a_syn_is_a_probe_with_ports_and_timestamp(void **state)
{
	struct sighting s = parsed(PACKET_SYN);
	(void)state;

	assert_int_equal(s.kind, SIGHTING_PROBE);
	assert_int_equal(s.method, METHOD_TCP);
	assert_int_equal(s.identity, 0xc0ffee01);
	assert_int_equal(s.our_port, 20007);
	assert_int_equal(s.their_port, 80);
	assert_true(s.has_tcp_ts);
	assert_int_equal(s.tcp_ts, 1);
}

static void a_rst_acknowledges_the_identity(void **state)
{
	struct sighting s = parsed(PACKET_RST);
	(void)state;

	assert_int_equal(s.kind, SIGHTING_REPLY);
	assert_int_equal(s.outcome, OUTCOME_RST);
	assert_true(s.has_identity);
	assert_int_equal(s.identity, 0xc0ffee01);
	assert_int_equal(s.our_port, 20007);
	assert_int_equal(s.their_port, 80);
	assert_false(s.has_tcp_ts);
}

/* A RST of these numbers, each by flags, sequence number and acknowledgement. */
static struct sighting rst_with(uint8_t flags, uint32_t seq, uint32_t ack)
{
	struct packet p = packet_of(PACKET_RST);
	struct sighting s = {0};

	for (int i = 0; i < 4; i++) {
		p.bytes[24 + i] = (uint8_t)(seq >> (24 - 8 * i));
		p.bytes[28 + i] = (uint8_t)(ack >> (24 - 8 * i));
	}
	p.bytes[33] = flags;
	packet_repair(&p);
	assert_int_equal(parse(&p, &s), SIGHTING_PARSED);
	assert_int_equal(s.kind, SIGHTING_REPLY);
	assert_int_equal(s.outcome, OUTCOME_RST);
	return s;
}

static bool names(const struct sighting *s, uint32_t identity)
{
	return s->has_identity &&
	       (s->identity == identity || (s->loose && s->identity + 1 == identity));
}

static void a_rst_names_our_syn_by_any_of_its_numbers(void **state)
{
	static const struct {
		uint8_t flags;
		uint32_t seq, ack;
		bool ours;
	} rsts[] = {
		{0x14, 0, 0xc0ffee02, true},
		{0x14, 0, 0xc0ffee01, true},  /* the SYN's own number */
		{0x04, 0, 0xc0ffee02, true},  /* without the ACK flag */
		{0x04, 0, 0xc0ffee01, true},
		{0x04, 0xc0ffee01, 0, true},  /* nothing but the number it had from us */
		{0x14, 0xc0ffee02, 0, true},
		{0x14, 0xc0ffee02, 7, false}, /* it acknowledges somebody else's */
		{0x14, 0, 0xc0ffee03, false},
		{0x14, 0, 0xc0ffee00, false},
		{0x04, 0, 0, false},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(rsts) / sizeof(rsts[0]); i++) {
		struct sighting s = rst_with(rsts[i].flags, rsts[i].seq, rsts[i].ack);
		assert_int_equal(names(&s, 0xc0ffee01), rsts[i].ours);
	}
	assert_false(rst_with(0x04, 0, 0).has_identity);
}

static void a_syn_ack_from_a_kernel_next_door_is_whole(void **state)
{
	struct sighting s = parsed(PACKET_SYN_ACK);
	(void)state;

	assert_int_equal(s.kind, SIGHTING_REPLY);
	assert_int_equal(s.outcome, OUTCOME_SYN_ACK);
	assert_false(s.bare_ack);
	assert_true(ip4_equal(s.from, other));
	assert_int_equal(s.identity, 0xc0ffee01);
	assert_true(s.has_tcp_ts);
	assert_int_equal(s.tcp_ts, 0xe8ee2db9);

	/* And so it is with the sum finished. */
	struct packet p = packet_of(PACKET_SYN_ACK);
	packet_repair(&p);
	assert_memory_not_equal(p.bytes + 36, packet_of(PACKET_SYN_ACK).bytes + 36, 2);
	assert_int_equal(parse(&p, &s), SIGHTING_PARSED);
}

/* The flags at offset 33, with checksums made right again. */
static struct sighting with_flags(uint8_t flags)
{
	struct packet p = packet_of(PACKET_SYN_ACK);
	struct sighting s = {0};

	p.bytes[33] = flags;
	packet_repair(&p);
	assert_int_equal(parse(&p, &s), SIGHTING_PARSED);
	return s;
}

static void a_bare_ack_is_the_life_of_a_half_open_peer(void **state)
{
	struct sighting s = with_flags(0x10);
	(void)state;

	assert_int_equal(s.kind, SIGHTING_REPLY);
	assert_int_equal(s.outcome, OUTCOME_SYN_ACK);
	assert_true(s.bare_ack);
	assert_int_equal(s.identity, 0xc0ffee01);
}

/* It is no half-open peer's; but who acknowledges our SYN has seen it. */
static void an_ack_that_brings_data_is_not_bare(void **state)
{
	struct packet p = packet_of(PACKET_SYN_ACK);
	struct sighting s = {0};
	(void)state;

	p.bytes[33] = 0x10;
	p.bytes[3]++; /* one byte of it */
	p.len++;
	packet_repair(&p);
	assert_int_equal(parse(&p, &s), SIGHTING_PARSED);
	assert_int_equal(s.kind, SIGHTING_REPLY);
	assert_false(s.bare_ack);
	assert_false(s.loose);
	assert_int_equal(s.identity, 0xc0ffee01);
}

static void what_acknowledges_our_syn_answers_it_whatever_its_other_flags(void **state)
{
	(void)state;
	assert_int_equal(with_flags(0x11).outcome, OUTCOME_SYN_ACK); /* FIN, ACK */
	assert_false(with_flags(0x11).bare_ack);
	assert_int_equal(with_flags(0x52).outcome, OUTCOME_SYN_ACK); /* SYN, ACK, ECN-echo */
	assert_false(with_flags(0x52).bare_ack);
	assert_true(with_flags(0x52).loose);
	assert_int_equal(with_flags(0x06).outcome, OUTCOME_RST); /* SYN, RST */
}

static void flags_that_answer_no_syn_are_nothing(void **state)
{
	(void)state;
	assert_int_equal(with_flags(0x00).kind, SIGHTING_NONE);
	assert_int_equal(with_flags(0x01).kind, SIGHTING_NONE); /* FIN */
	assert_int_equal(with_flags(0x03).kind, SIGHTING_NONE); /* SYN, FIN */
	assert_int_equal(with_flags(0x08).kind, SIGHTING_NONE); /* PSH */
}

static void an_unreachable_names_the_probe_it_quotes(void **state)
{
	struct sighting s = parsed(PACKET_UNREACHABLE_ECHO);
	(void)state;

	assert_int_equal(s.kind, SIGHTING_ERROR);
	assert_int_equal(s.outcome, OUTCOME_UNREACHABLE);
	assert_int_equal(s.icmp_type, 3);
	assert_int_equal(s.icmp_code, 1);
	assert_int_equal(s.from.host, 0xc612ff02);
	assert_int_equal(s.method, METHOD_ICMP);
	assert_true(ip4_equal(s.quoted_from, us));
	assert_int_equal(s.quoted_to.host, 0xc6120801);
	assert_int_equal(s.identity, 0xc0ffee00);

	s = parsed(PACKET_UNREACHABLE_SYN);
	assert_int_equal(s.kind, SIGHTING_ERROR);
	assert_int_equal(s.method, METHOD_TCP);
	assert_int_equal(s.identity, 0xc0ffee01);
	assert_int_equal(s.our_port, 20007);
	assert_int_equal(s.their_port, 80);
}

static void eight_quoted_bytes_are_enough_and_seven_are_not(void **state)
{
	struct packet p = packet_of(PACKET_UNREACHABLE_SYN);
	struct sighting s = {0};
	(void)state;

	p.len = 28 + 20 + 8;
	packet_repair(&p);
	assert_int_equal(parse(&p, &s), SIGHTING_PARSED);
	assert_int_equal(s.identity, 0xc0ffee01);
	p.len--;
	packet_repair(&p);
	assert_int_equal(parse(&p, &s), SIGHTING_TRUNCATED);
}

static void a_quote_may_come_back_rewritten(void **state)
{
	struct packet p = packet_of(PACKET_UNREACHABLE_ECHO);
	struct sighting s = {0};
	(void)state;

	p.bytes[0 + 20] = 11; /* time exceeded */
	p.bytes[1 + 20] = 0;
	p.bytes[5 + 20] = 21;   /* RFC 4884: length of the quote in words */
	p.bytes[1 + 28] = 0x28; /* type of service */
	p.bytes[2 + 28] = 0x54; /* total length, in the wrong order */
	p.bytes[3 + 28] = 0x00;
	p.bytes[8 + 28] = 1; /* TTL; and so the checksum is wrong */
	packet_repair(&p);
	assert_int_equal(parse(&p, &s), SIGHTING_PARSED);
	assert_int_equal(s.kind, SIGHTING_ERROR);
	assert_int_equal(s.outcome, OUTCOME_TTL_EXCEEDED);
	assert_int_equal(s.identity, 0xc0ffee00);
}

static void a_quote_of_what_is_no_probe_is_nothing(void **state)
{
	struct packet p = packet_of(PACKET_UNREACHABLE_ECHO);
	struct sighting s = {0};
	(void)state;

	p.bytes[28 + 9] = 17; /* UDP */
	packet_repair(&p);
	assert_int_equal(parse(&p, &s), SIGHTING_PARSED);
	assert_int_equal(s.kind, SIGHTING_NONE);

	p = packet_of(PACKET_UNREACHABLE_ECHO);
	p.bytes[28 + 20] = 0; /* an echo reply */
	packet_repair(&p);
	assert_int_equal(parse(&p, &s), SIGHTING_PARSED);
	assert_int_equal(s.kind, SIGHTING_NONE);

	p = packet_of(PACKET_UNREACHABLE_ECHO);
	p.bytes[28 + 7] = 3; /* a later fragment */
	packet_repair(&p);
	assert_int_equal(parse(&p, &s), SIGHTING_IRRELEVANT);
}

static void an_answer_of_zeroes_only_is_whole_with_either_zero(void **state)
{
	struct packet p = packet_of(PACKET_ECHO_REPLY);
	struct sighting s = {0};
	(void)state;

	memset(p.bytes + 20, 0, p.len - 20);
	packet_repair(&p);
	assert_int_equal(p.bytes[22], 0xff);
	assert_int_equal(parse(&p, &s), SIGHTING_PARSED);
	p.bytes[22] = p.bytes[23] = 0;
	assert_int_equal(parse(&p, &s), SIGHTING_PARSED);
	assert_int_equal(s.kind, SIGHTING_REPLY);
	assert_int_equal(s.identity, 0);
}

/* A router's source quench or parameter problem says nothing of the host. */
static void a_complaint_counts_only_from_the_very_address_asked(void **state)
{
	(void)state;
	for (int type = 4; type <= 12; type += 8)
		for (int own = 0; own < 2; own++) {
			struct packet p = packet_of(PACKET_UNREACHABLE_ECHO);
			struct sighting s = {0};
			p.bytes[20] = (uint8_t)type;
			if (own)
				memcpy(p.bytes + 12, p.bytes + 28 + 16, 4);
			packet_repair(&p);
			assert_int_equal(parse(&p, &s), SIGHTING_PARSED);
			assert_int_equal(s.kind, own ? SIGHTING_ERROR : SIGHTING_NONE);
			if (!own)
				continue;
			assert_int_equal(s.outcome, OUTCOME_UNREACHABLE);
			assert_int_equal(s.icmp_type, type);
			assert_true(ip4_equal(s.from, s.quoted_to));
		}
}

static void other_icmp_is_nothing(void **state)
{
	(void)state;
	for (unsigned type = 0; type < 256; type++) {
		struct packet p = packet_of(PACKET_ECHO);
		struct sighting s = {0};

		if (type == 0 || type == 3 || type == 4 || type == 8 || type == 11 || type == 12)
			continue;
		p.bytes[20] = (uint8_t)type;
		packet_repair(&p);
		assert_int_equal(parse(&p, &s), SIGHTING_PARSED);
		assert_int_equal(s.kind, SIGHTING_NONE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_echo_request_is_a_probe),
		cmocka_unit_test(an_echo_reply_is_life),
		cmocka_unit_test(a_syn_is_a_probe_with_ports_and_timestamp),
		cmocka_unit_test(a_rst_acknowledges_the_identity),
		cmocka_unit_test(a_rst_names_our_syn_by_any_of_its_numbers),
		cmocka_unit_test(a_syn_ack_from_a_kernel_next_door_is_whole),
		cmocka_unit_test(a_bare_ack_is_the_life_of_a_half_open_peer),
		cmocka_unit_test(an_ack_that_brings_data_is_not_bare),
		cmocka_unit_test(what_acknowledges_our_syn_answers_it_whatever_its_other_flags),
		cmocka_unit_test(flags_that_answer_no_syn_are_nothing),
		cmocka_unit_test(an_unreachable_names_the_probe_it_quotes),
		cmocka_unit_test(eight_quoted_bytes_are_enough_and_seven_are_not),
		cmocka_unit_test(a_quote_may_come_back_rewritten),
		cmocka_unit_test(a_quote_of_what_is_no_probe_is_nothing),
		cmocka_unit_test(an_answer_of_zeroes_only_is_whole_with_either_zero),
		cmocka_unit_test(a_complaint_counts_only_from_the_very_address_asked),
		cmocka_unit_test(other_icmp_is_nothing),
	};
	return cmocka_run_group_tests_name("packet", tests, NULL, NULL);
}
