#include "tests/unit/unit.h"

#include <errno.h>

#include "core/mem.h"
#include "store/blob_frame.h"
#include "tests/unit/random_sweep.h"

static const struct wall start = {1631268667123456789};

static struct blob_place place_of(enum method method)
{
	return (struct blob_place){{0xaf2db000}, method, start};
}

/* Rows of one block and method, sorted, each address and port once. */
static size_t random_rows(
	struct random *random, enum method method, struct observation *rows, size_t most)
{
	size_t want = random_below(random, most + 1);
	size_t count = 0;

	for (size_t i = 0; i < want; i++)
		rows[i] = random_observation(random,
			(struct ip4){0xaf2db000 + (uint32_t)random_below(random, 256)}, method,
			start);
	qsort(rows, want, sizeof(*rows), observation_order);
	for (size_t i = 0; i < want; i++)
		if (count == 0 || observation_order(&rows[count - 1], &rows[i]) != 0)
			rows[count++] = rows[i];
	return count;
}

/* Bit by bit, as the polynomial says. */
static uint32_t plain_crc(uint32_t crc, const uint8_t *bytes, size_t len)
{
	crc = ~crc;
	for (size_t i = 0; i < len; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
	}
	return ~crc;
}

static void the_checksum_is_crc_32_at_every_length(void **state)
{
	struct random random = {5};
	uint8_t bytes[400];
	(void)state;

	assert_int_equal(blob_crc(0, "123456789", 9), UINT32_C(0xcbf43926));
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)random_below(&random, 256);
	for (size_t len = 0; len < sizeof(bytes); len++) {
		size_t from = random_below(&random, sizeof(bytes) - len);
		uint32_t crc = (uint32_t)random_below(&random, UINT32_MAX);
		assert_int_equal(
			blob_crc(crc, bytes + from, len), plain_crc(crc, bytes + from, len));
	}
}

static void random_observations_come_back_exactly(void **state)
{
	struct blob_codec *codec = blob_codec_create();
	struct observation rows[300];
	struct random random = {11};
	(void)state;

	for (size_t round = 0; round < 2000; round++) {
		enum method method = (enum method)random_below(&random, 2);
		struct blob_place place = place_of(method);
		size_t count = random_rows(&random, method, rows, round % 300);
		const struct observation *got;
		struct bytes blob;
		size_t got_count;

		assert_int_equal(blob_encode(codec, &place, rows, count, &blob), 0);
		assert_int_equal(
			blob_decode(codec, &place, blob.bytes, blob.len, &got, &got_count), 0);
		assert_int_equal(got_count, count);
		for (size_t i = 0; i < count; i++)
			assert_same_observation(&rows[i], &got[i]);
	}
	blob_codec_destroy(codec);
}

static void spared_fields_are_absent_and_all_others_as_they_were(void **state)
{
	struct blob_codec *codec = blob_codec_create();
	struct blob_codec *sparing = blob_codec_create();
	struct observation rows[300];
	struct random random = {17};
	(void)state;

	blob_spare_packets(sparing);
	for (size_t round = 0; round < 1000; round++) {
		enum method method = (enum method)random_below(&random, 2);
		struct blob_place place = place_of(method);
		size_t count = random_rows(&random, method, rows, round % 300);
		const struct observation *got;
		struct bytes blob;
		size_t got_count;

		assert_int_equal(blob_encode(codec, &place, rows, count, &blob), 0);
		assert_int_equal(
			blob_decode(sparing, &place, blob.bytes, blob.len, &got, &got_count), 0);
		assert_int_equal(got_count, count);
		for (size_t i = 0; i < count; i++) {
			rows[i].icmp_type = -1;
			rows[i].ip_id = -1;
			assert_same_observation(&rows[i], &got[i]);
		}
	}
	blob_codec_destroy(sparing);
	blob_codec_destroy(codec);
}

/* A watch sweep as it is: what it may cost is part of the contract. */
static size_t usual_rows(struct observation *rows)
{
	struct random random = {12};

	for (size_t i = 0; i < 30; i++) {
		rows[i] = observation_blank();
		rows[i].address.host = 0xaf2db000 + (uint32_t)i * 3;
		rows[i].probed_at.ns = start.ns + (int64_t)random_below(&random, 60000000) * 1000;
		rows[i].outcome = OUTCOME_ECHO_REPLY;
		rows[i].rtt_ns = 280000000 + (int64_t)random_below(&random, 1000000);
		rows[i].has_responder = true;
		rows[i].responder = rows[i].address;
		rows[i].reply_ttl = 43;
		rows[i].attempt = 1;
		rows[i].attempts = 1;
	}
	return 30;
}

static void usual_observations_are_small(void **state)
{
	struct blob_codec *codec = blob_codec_create();
	struct blob_place place = place_of(METHOD_ICMP);
	struct observation rows[30];
	struct bytes blob;
	(void)state;

	assert_int_equal(blob_encode(codec, &place, rows, usual_rows(rows), &blob), 0);
	/* 26 bits of time and 20 of RTT each, and at most 40 bytes for all the rest. */
	assert_in_range(blob.len, 1, 30 * (26 + 20) / 8 + 40);
	blob_codec_destroy(codec);
}

static void every_flipped_bit_and_every_cut_is_seen(void **state)
{
	struct blob_codec *codec = blob_codec_create();
	struct blob_place place = place_of(METHOD_ICMP);
	struct observation rows[30];
	const struct observation *got = NULL;
	struct bytes blob;
	size_t count;
	(void)state;

	assert_int_equal(blob_encode(codec, &place, rows, usual_rows(rows), &blob), 0);
	for (size_t bit = 0; bit < 8 * blob.len; bit++) {
		uint8_t *copy = mem_copy(blob.bytes, blob.len);
		copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(
			blob_decode(codec, &place, copy, blob.len, &got, &count), -EBADMSG);
		free(copy);
	}
	for (size_t len = 0; len < blob.len; len++) {
		uint8_t *copy = mem_copy(blob.bytes, len);
		assert_int_equal(blob_decode(codec, &place, copy, len, &got, &count), -EBADMSG);
		blob_repair(&place, copy, len);
		assert_int_equal(blob_decode(codec, &place, copy, len, &got, &count), -EBADMSG);
		free(copy);
	}
	assert_null(got);
	blob_codec_destroy(codec);
}

static void a_blob_of_another_place_does_not_decode(void **state)
{
	struct blob_codec *codec = blob_codec_create();
	struct blob_place place = place_of(METHOD_ICMP);
	struct observation rows[30];
	const struct observation *got;
	struct bytes blob;
	size_t count;
	(void)state;

	assert_int_equal(blob_encode(codec, &place, rows, usual_rows(rows), &blob), 0);
	struct blob_place others[] = {place, place, place};
	others[0].block.host += 256;
	others[1].method = METHOD_TCP;
	others[2].base.ns++;
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(blob_decode(codec, &others[i], blob.bytes, blob.len, &got, &count),
			-EBADMSG);
	blob_codec_destroy(codec);
}

static void a_newer_version_is_told_from_damage(void **state)
{
	struct blob_codec *codec = blob_codec_create();
	struct blob_place place = place_of(METHOD_ICMP);
	struct observation rows[30];
	const struct observation *got;
	struct bytes blob;
	size_t count;
	(void)state;

	assert_int_equal(blob_encode(codec, &place, rows, usual_rows(rows), &blob), 0);
	blob.bytes[1]++;
	blob_repair(&place, blob.bytes, blob.len);
	assert_int_equal(
		blob_decode(codec, &place, blob.bytes, blob.len, &got, &count), -EPROTONOSUPPORT);
	blob_codec_destroy(codec);
}

static void rows_out_of_place_or_range_are_refused(void **state)
{
	struct blob_codec *codec = blob_codec_create();
	struct blob_place place = place_of(METHOD_ICMP);
	struct observation rows[30];
	struct bytes blob;
	(void)state;

	usual_rows(rows);
	rows[5].address = rows[4].address;
	assert_int_equal(blob_encode(codec, &place, rows, 30, &blob), -EINVAL);
	usual_rows(rows);
	rows[29].address.host += 256;
	assert_int_equal(blob_encode(codec, &place, rows, 30, &blob), -EINVAL);
	usual_rows(rows);
	rows[3].ip_id = 65536;
	assert_int_equal(blob_encode(codec, &place, rows, 30, &blob), -EINVAL);
	usual_rows(rows);
	rows[3].rtt_ns = -2;
	assert_int_equal(blob_encode(codec, &place, rows, 30, &blob), -EINVAL);
	blob_codec_destroy(codec);
}

/* All shapes that a mode is made for, and the ends of the range. */
static void columns_of_any_shape_come_back(void **state)
{
	struct random random = {13};
	struct bytes out = {.len = 0};
	(void)state;

	for (int round = 0; round < 4000; round++) {
		int64_t in[70] = {0};
		int64_t back[70];
		size_t count = random_below(&random, 70);
		int64_t scale = (int64_t[]){1, 1000, 1000000, 7}[random_below(&random, 4)];
		unsigned bits = 1 + (unsigned)random_below(&random, 50);
		int64_t sum = 0;

		for (size_t i = 0; i < count; i++) {
			int64_t value =
				(int64_t)(random_u64(&random) & ((UINT64_C(1) << bits) - 1));
			sum += value / 70;
			in[i] = round % 3 == 0 ? sum * (scale > 7 ? 1 : scale)
				: bits < 40    ? (value - 5) * scale
					       : value;
			if (round % 7 == 0 && random_below(&random, 30) == 0)
				in[i] = random_below(&random, 2) ? INT64_MAX : INT64_MIN;
		}
		int64_t scratch[70];
		memcpy(scratch, in, sizeof(in));
		out.len = 0;
		column_put(&out, scratch, count);
		uint8_t *exact = mem_copy(out.bytes, out.len);
		struct cursor c = {.at = exact, .left = out.len};
		column_get(&c, back, count);
		assert_false(c.failed);
		assert_int_equal(c.left, 0);
		if (count)
			assert_memory_equal(in, back, count * sizeof(in[0]));
		free(exact);
	}
	free(out.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_checksum_is_crc_32_at_every_length),
		cmocka_unit_test(random_observations_come_back_exactly),
		cmocka_unit_test(spared_fields_are_absent_and_all_others_as_they_were),
		cmocka_unit_test(usual_observations_are_small),
		cmocka_unit_test(every_flipped_bit_and_every_cut_is_seen),
		cmocka_unit_test(a_blob_of_another_place_does_not_decode),
		cmocka_unit_test(a_newer_version_is_told_from_damage),
		cmocka_unit_test(rows_out_of_place_or_range_are_refused),
		cmocka_unit_test(columns_of_any_shape_come_back),
	};
	return cmocka_run_group_tests_name("store_blob", tests, NULL, NULL);
}
