#ifndef STORE_BLOB_FRAME_H
#define STORE_BLOB_FRAME_H

#include "store/blob.h"

/*
 * What all blobs share, inside store/ only: the frame around a payload
 * (magic, version, checksum, compression where it helps) and the codec's
 * buffers. See store/blob.h for the layout.
 */
enum blob_magic { BLOB_OBSERVATIONS = 'o', BLOB_HOPS = 'h', BLOB_BOOTS = 'b' };

enum { BLOB_VERSION = 1, BLOB_ZSTD = 0x80, BLOB_HEADER_LEN = 6 };

struct blob_codec {
	struct ZSTD_CCtx_s *compressor;
	struct ZSTD_DCtx_s *decompressor;
	struct bytes payload; /* being written */
	struct bytes sealed;  /* being handed out */
	struct bytes plain;   /* decompressed */

	int64_t *values, *present; /* one column */
	size_t value_capacity, present_capacity;

	/* Numbers of the rows that have a field: of all, by their outcomes, or as listed. */
	struct row_list {
		size_t *rows;
		size_t count, capacity;
	} every, guessed, listed;
	unsigned guess; /* what guessed is of: enum presence; 0: nothing yet */

	bool spare; /* fields of the packet are not wanted */
	struct observation *rows;
	struct hop *hops;
	struct boot *boots;
	size_t row_capacity, hop_capacity, boot_capacity;
};

/* Make room for one column of so many values. */
void blob_room(struct blob_codec *codec, size_t count);

/* Frame codec->payload; *ret is valid until the next seal. */
void blob_seal(struct blob_codec *codec, enum blob_magic magic, const struct blob_place *place,
	struct bytes *ret);

/* Check a frame and give its payload, valid until the next unseal. 0, -EBADMSG,
 * -EPROTONOSUPPORT. */
int blob_unseal(struct blob_codec *codec, enum blob_magic magic, const struct blob_place *place,
	const uint8_t *blob, size_t len, struct cursor *ret);

/* zlib's CRC-32, carried on; 0 to begin with. */
uint32_t blob_crc(uint32_t crc, const void *bytes, size_t len);

/* Read a row count; false, and the cursor failed, when it cannot be one. */
bool blob_get_count(struct cursor *c, size_t *ret);

#endif
