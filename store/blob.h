#ifndef STORE_BLOB_H
#define STORE_BLOB_H

#include <stddef.h>
#include <stdint.h>

#include "store/column.h"
#include "store/observation.h"

/*
 * Rows of a sweep as one small checksummed byte string, and back, exactly.
 *
 *     u8 magic, u8 version (bit 7: the payload is a zstd frame), u32 crc,
 *     payload: varint row count, varint mask of columns present, columns
 *
 * The checksum (CRC-32) covers the payload, the first two bytes and the place
 * the blob belongs to: a blob moved to another block or sweep does not decode.
 * Pure but for memory; what is decoded is not trusted. No memory is allocated
 * per row, and none at all once a codec is warm.
 */
struct blob_codec;

struct blob_codec *blob_codec_create(void);
void blob_codec_destroy(struct blob_codec *codec); /* NULL is fine */

/* Where a blob belongs: not written into it, but needed to read it. */
struct blob_place {
	struct ip4 block;   /* of hops and boots: 0 */
	enum method method; /* of hops and boots: METHOD_ICMP */
	struct wall base;   /* the sweep's start; times are kept relative to it */
};

/* More rows than any block has addresses and ports worth asking. */
enum { BLOB_ROWS_MAX = 1 << 16 };

/*
 * Encode rows of one /24 and one method, ascending by address and port, each
 * pair once. *ret is the codec's, valid until its next use. 0, -EINVAL (a
 * number out of its range, or rows out of order), -E2BIG (too many rows).
 */
int blob_encode(struct blob_codec *codec, const struct blob_place *place,
	const struct observation *rows, size_t count, struct bytes *ret);

/* From now on decode rows without icmp_type and ip_id. */
void blob_spare_packets(struct blob_codec *codec);

/*
 * Decode. *ret_rows is the codec's, valid until its next decode of
 * observations. 0, -EBADMSG (damaged), -EPROTONOSUPPORT (a newer version).
 */
int blob_decode(struct blob_codec *codec, const struct blob_place *place, const uint8_t *blob,
	size_t len, const struct observation **ret_rows, size_t *ret_count);

/* Likewise for the hops and boots of a whole sweep (store/blob_path.c). */
int blob_encode_hops(struct blob_codec *codec, struct wall base, const struct hop *rows,
	size_t count, struct bytes *ret);
int blob_decode_hops(struct blob_codec *codec, struct wall base, const uint8_t *blob, size_t len,
	const struct hop **ret_rows, size_t *ret_count);
int blob_encode_boots(struct blob_codec *codec, struct wall base, const struct boot *rows,
	size_t count, struct bytes *ret);
int blob_decode_boots(struct blob_codec *codec, struct wall base, const uint8_t *blob, size_t len,
	const struct boot **ret_rows, size_t *ret_count);

/* Put the checksum right, for tests and fuzzing that go past it. */
void blob_repair(const struct blob_place *place, uint8_t *blob, size_t len);

#endif
