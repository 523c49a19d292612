#include "tests/unit/unit.h"

#include <errno.h>

#include "prober/io/transmit.h"
#include "prober/packet/frame.h"
#include "tests/unit/packets.h"

static int open_dry(void **state)
{
	struct diag why;
	struct transmit *t;

	if (transmit_open_dry(&why, &t) < 0)
		return -1;
	*state = t;
	return 0;
}

static int close_dry(void **state)
{
	transmit_close(*state);
	return 0;
}

static uint32_t random_u32(uint32_t *x)
{
	*x = *x * 1664525 + 1013904223;
	uint32_t high = *x & 0xffff0000;
	*x = *x * 1664525 + 1013904223;
	return high | *x >> 16;
}

static void what_it_composes_is_parsed_back_to_the_same(void **state)
{
	uint32_t x = 20141222;

	for (int round = 0; round < 5000; round++) {
		struct probe probe = {
			.method = random_u32(&x) & 1 ? METHOD_TCP : METHOD_ICMP,
			.source = {random_u32(&x)},
			.target = {random_u32(&x)},
			.ttl = (uint8_t)(random_u32(&x) | 1),
			.ip_id = (uint16_t)random_u32(&x),
			.identity = random_u32(&x),
			.source_port = (uint16_t)random_u32(&x),
			.port = (uint16_t)random_u32(&x),
			.tcp_ts = random_u32(&x),
		};
		uint8_t bytes[TRANSMIT_PACKET_SIZE];
		struct sighting s = {0};

		int len = transmit_compose(*state, &probe, bytes);
		assert_int_equal(len, probe.method == METHOD_ICMP ? 84 : 60);
		assert_int_equal(
			packet_parse(bytes, (size_t)len, (size_t)len, &s), SIGHTING_PARSED);
		assert_int_equal(s.kind, SIGHTING_PROBE);
		assert_int_equal(s.method, probe.method);
		assert_true(ip4_equal(s.from, probe.source));
		assert_true(ip4_equal(s.to, probe.target));
		assert_int_equal(s.ttl, probe.ttl);
		assert_int_equal(s.ip_id, probe.ip_id);
		assert_int_equal(s.identity, probe.identity);
		if (probe.method == METHOD_ICMP)
			continue;
		assert_int_equal(s.our_port, probe.source_port);
		assert_int_equal(s.their_port, probe.port);
		assert_true(s.has_tcp_ts);
		assert_int_equal(s.tcp_ts, probe.tcp_ts);
	}
}

static void what_left_in_the_lab_is_what_it_composes(void **state)
{
	struct probe probe = {
		.method = METHOD_ICMP,
		.source = {0xc612ff01},
		.target = {0xc6120001},
		.ttl = PROBE_TTL,
		.identity = 0xc0ffee00,
		.source_port = 20007,
		.port = 80,
		.tcp_ts = 1,
	};
	uint8_t bytes[TRANSMIT_PACKET_SIZE];
	struct packet left = packet_of(PACKET_ECHO);

	transmit_set_contact(*state, "lightsout: tests/lab");
	assert_int_equal(transmit_compose(*state, &probe, bytes), left.len);
	assert_memory_equal(bytes, left.bytes, left.len);

	left = packet_of(PACKET_SYN);
	probe.method = METHOD_TCP;
	probe.identity++;
	assert_int_equal(transmit_compose(*state, &probe, bytes), left.len);
	assert_memory_equal(bytes, left.bytes, left.len);
}

static void a_long_contact_is_cut_and_a_short_one_leaves_nothing_of_it(void **state)
{
	struct probe probe = {.method = METHOD_ICMP, .ttl = 1};
	uint8_t bytes[TRANSMIT_PACKET_SIZE];
	char text[2 * TRANSMIT_ECHO_PAYLOAD];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	transmit_set_contact(*state, text);
	assert_int_equal(transmit_compose(*state, &probe, bytes), 28 + TRANSMIT_ECHO_PAYLOAD);
	assert_memory_equal(bytes + 28, text, TRANSMIT_ECHO_PAYLOAD);

	transmit_set_contact(*state, "a");
	assert_int_equal(transmit_compose(*state, &probe, bytes), 28 + TRANSMIT_ECHO_PAYLOAD);
	assert_int_equal(bytes[28], 'a');
	for (size_t i = 29; i < 28 + TRANSMIT_ECHO_PAYLOAD; i++)
		assert_int_equal(bytes[i], 0);
}

static void a_dry_one_sends_nothing(void **state)
{
	struct probe probe = {.method = METHOD_ICMP, .ttl = 1};

	assert_int_equal(transmit_send(*state, &probe), -EBADF);
	assert_int_equal(transmit_fd(*state), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_it_composes_is_parsed_back_to_the_same, open_dry, close_dry),
		cmocka_unit_test_setup_teardown(
			what_left_in_the_lab_is_what_it_composes, open_dry, close_dry),
		cmocka_unit_test_setup_teardown(
			a_long_contact_is_cut_and_a_short_one_leaves_nothing_of_it, open_dry,
			close_dry),
		cmocka_unit_test_setup_teardown(a_dry_one_sends_nothing, open_dry, close_dry),
	};
	return cmocka_run_group_tests_name("transmit", tests, NULL, NULL);
}
