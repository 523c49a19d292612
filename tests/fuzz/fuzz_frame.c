/*
 * A captured frame: the first byte chooses the link type, the second how much
 * the capture cut off. Whatever is read from a cut frame is what the whole one
 * says, and every error quotes somebody.
 */
#include <stdlib.h>
#include <string.h>

#include "prober/packet/frame.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/repair.h"

enum { FRAME_MAX = 512 };

static const int link_types[] = {
	LINK_RAW, LINK_ETHERNET, LINK_SLL, LINK_SLL2, LINK_NULL, LINK_LOOP};
static const size_t link_lens[] = {0, 14, 16, 20, 4, 4};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct sighting whole, cut;

	if (len < 2 || len > FRAME_MAX)
		return 0;
	size_t which = bytes[0] % (sizeof(link_types) / sizeof(link_types[0]));
	size_t frame_len = len - 2;
	size_t cut_len = frame_len * bytes[1] / 255;
	uint8_t *frame = malloc(frame_len ? frame_len : 1);
	uint8_t *short_frame = malloc(cut_len ? cut_len : 1);
	if (!frame || !short_frame)
		abort();
	memcpy(frame, bytes + 2, frame_len);
	if (frame_len > link_lens[which])
		repair_packet(frame + link_lens[which], frame_len - link_lens[which]);
	memcpy(short_frame, frame, cut_len);

	enum sighting_verdict verdict =
		frame_parse(link_types[which], frame, frame_len, frame_len, &whole);
	if (verdict == SIGHTING_PARSED && whole.kind == SIGHTING_ERROR && !whole.has_identity)
		abort();
	if (frame_parse(link_types[which], short_frame, cut_len, frame_len, &cut) ==
			SIGHTING_PARSED &&
		verdict == SIGHTING_PARSED &&
		(cut.kind != whole.kind || cut.identity != whole.identity ||
			!ip4_equal(cut.from, whole.from)))
		abort();
	free(frame);
	free(short_frame);
	return 0;
}
