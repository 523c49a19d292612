/*
 * Bytes as a blob of a cell, of hops and of boots, with the checksum put
 * right: whatever decodes, encodes and decodes to the same again.
 */
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "store/blob.h"
#include "tests/fuzz/fuzz.h"

static void cell(
	struct blob_codec *codec, const struct blob_place *place, const uint8_t *blob, size_t len)
{
	const struct observation *rows;
	const struct observation *back;
	size_t count;
	size_t back_count;
	struct bytes again;

	if (blob_decode(codec, place, blob, len, &rows, &count) < 0)
		return;
	struct observation *copy = mem_copy(rows, count * sizeof(*rows));
	if (blob_encode(codec, place, copy, count, &again) < 0 ||
		blob_decode(codec, place, again.bytes, again.len, &back, &back_count) < 0 ||
		back_count != count)
		abort();
	for (size_t i = 0; i < count; i++)
		if (observation_order(&copy[i], &back[i]) != 0 ||
			copy[i].probed_at.ns != back[i].probed_at.ns ||
			copy[i].rtt_ns != back[i].rtt_ns || copy[i].tcp_ts != back[i].tcp_ts ||
			copy[i].responder.host != back[i].responder.host)
			abort();
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct blob_codec *codec;
	struct blob_place place = {{0xaf2db000}, METHOD_ICMP, {1631268667000000000}};
	struct blob_place whole = {.base = place.base};
	const struct hop *hops;
	const struct boot *boots;
	size_t count;

	if (!codec)
		codec = blob_codec_create();
	uint8_t *blob = mem_copy(bytes, len);
	for (enum method m = METHOD_ICMP; m <= METHOD_TCP; m++) {
		place.method = m;
		blob_repair(&place, blob, len);
		cell(codec, &place, blob, len);
	}
	blob_repair(&whole, blob, len);
	blob_decode_hops(codec, whole.base, blob, len, &hops, &count);
	blob_decode_boots(codec, whole.base, blob, len, &boots, &count);
	free(blob);
	return 0;
}
