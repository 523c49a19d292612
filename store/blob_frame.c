#include "store/blob_frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "core/mem.h"

/* A frame costs zstd some ten bytes: below this it is not worth asking. */
enum { ZSTD_LEVEL = 3, ZSTD_WORTH = 96, PLAIN_MAX = BLOB_ROWS_MAX * 128 };

struct blob_codec *blob_codec_create(void)
{
	struct blob_codec *codec = mem_zeroed(1, sizeof(*codec));

	codec->compressor = mem_checked(ZSTD_createCCtx());
	codec->decompressor = mem_checked(ZSTD_createDCtx());
	return codec;
}

void blob_codec_destroy(struct blob_codec *codec)
{
	if (!codec)
		return;
	ZSTD_freeCCtx(codec->compressor);
	ZSTD_freeDCtx(codec->decompressor);
	free(codec->payload.bytes);
	free(codec->sealed.bytes);
	free(codec->plain.bytes);
	free(codec->values);
	free(codec->present);
	free(codec->every.rows);
	free(codec->guessed.rows);
	free(codec->listed.rows);
	free(codec->rows);
	free(codec->hops);
	free(codec->boots);
	free(codec);
}

static void list_room(struct row_list *list, size_t count)
{
	list->rows = mem_grow(list->rows, &list->capacity, count, sizeof(*list->rows));
}

void blob_room(struct blob_codec *codec, size_t count)
{
	if (count <= codec->every.count)
		return;
	codec->values =
		mem_grow(codec->values, &codec->value_capacity, count, sizeof(*codec->values));
	codec->present =
		mem_grow(codec->present, &codec->present_capacity, count, sizeof(*codec->present));
	list_room(&codec->guessed, count);
	list_room(&codec->listed, count);
	list_room(&codec->every, count);
	for (struct row_list *every = &codec->every; every->count < every->capacity;) {
		every->rows[every->count] = every->count;
		every->count++;
	}
}

static void put_be(uint8_t *at, uint64_t value, size_t len)
{
	for (size_t i = 0; i < len; i++)
		at[i] = (uint8_t)(value >> 8 * (len - 1 - i));
}

static uint32_t checksum(const struct blob_place *place, const uint8_t *blob, size_t len)
{
	uint8_t head[4 + 1 + 8 + 2];

	put_be(head, place->block.host, 4);
	head[4] = (uint8_t)place->method;
	put_be(head + 5, (uint64_t)place->base.ns, 8);
	memcpy(head + 13, blob, 2);
	uint32_t crc = blob_crc(0, head, sizeof(head));
	return blob_crc(crc, blob + BLOB_HEADER_LEN, len - BLOB_HEADER_LEN);
}

void blob_repair(const struct blob_place *place, uint8_t *blob, size_t len)
{
	if (len >= BLOB_HEADER_LEN)
		put_be(blob + 2, checksum(place, blob, len), 4);
}

/* Compress the payload behind the header, if that is shorter by a useful bit. */
static bool put_compressed(struct blob_codec *codec)
{
	const struct bytes *payload = &codec->payload;
	struct bytes *out = &codec->sealed;

	if (payload->len < ZSTD_WORTH)
		return false;
	size_t room = BLOB_HEADER_LEN + ZSTD_compressBound(payload->len);
	out->bytes = mem_grow(out->bytes, &out->capacity, room, 1);
	size_t len = ZSTD_compressCCtx(codec->compressor, out->bytes + BLOB_HEADER_LEN,
		room - BLOB_HEADER_LEN, payload->bytes, payload->len, ZSTD_LEVEL);
	if (ZSTD_isError(len) || len + len / 8 >= payload->len)
		return false;
	out->len = BLOB_HEADER_LEN + len;
	return true;
}

void blob_seal(struct blob_codec *codec, enum blob_magic magic, const struct blob_place *place,
	struct bytes *ret)
{
	struct bytes *out = &codec->sealed;
	bool compressed = put_compressed(codec);

	if (!compressed) {
		out->len = 0;
		bytes_put(out, (uint8_t[BLOB_HEADER_LEN]){0}, BLOB_HEADER_LEN);
		bytes_put(out, codec->payload.bytes, codec->payload.len);
	}
	out->bytes[0] = (uint8_t)magic;
	out->bytes[1] = (uint8_t)(BLOB_VERSION | (compressed ? BLOB_ZSTD : 0));
	blob_repair(place, out->bytes, out->len);
	*ret = *out;
}

static int decompress(struct blob_codec *codec, struct cursor *c)
{
	unsigned long long size = ZSTD_getFrameContentSize(c->at, c->left);
	struct bytes *plain = &codec->plain;

	if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > PLAIN_MAX)
		return -EBADMSG;
	plain->bytes = mem_grow(plain->bytes, &plain->capacity, (size_t)size + 1, 1);
	plain->len = ZSTD_decompressDCtx(
		codec->decompressor, plain->bytes, (size_t)size, c->at, c->left);
	if (ZSTD_isError(plain->len) || plain->len != size)
		return -EBADMSG;
	*c = (struct cursor){.at = plain->bytes, .left = plain->len};
	return 0;
}

int blob_unseal(struct blob_codec *codec, enum blob_magic magic, const struct blob_place *place,
	const uint8_t *blob, size_t len, struct cursor *ret)
{
	uint8_t stored[4];

	if (len < BLOB_HEADER_LEN || len > PLAIN_MAX || blob[0] != magic)
		return -EBADMSG;
	put_be(stored, checksum(place, blob, len), sizeof(stored));
	if (memcmp(stored, blob + 2, sizeof(stored)) != 0)
		return -EBADMSG;
	if ((blob[1] & ~BLOB_ZSTD) != BLOB_VERSION)
		return -EPROTONOSUPPORT;
	*ret = (struct cursor){.at = blob + BLOB_HEADER_LEN, .left = len - BLOB_HEADER_LEN};
	return blob[1] & BLOB_ZSTD ? decompress(codec, ret) : 0;
}

bool blob_get_count(struct cursor *c, size_t *ret)
{
	uint64_t count = cursor_varint(c);

	if (count > BLOB_ROWS_MAX)
		c->failed = true;
	*ret = c->failed ? 0 : (size_t)count;
	return !c->failed;
}
