#include "exchange/foreign/unpack.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>
#include <zstd.h>

#include "core/mem.h"

enum { GZIP_WINDOW = 15 + 16, PACKED = 1 << 16, MAGIC_MOST = 6 };

struct unpack {
	struct feed_source source;
	enum { NOT_LOOKED, PLAIN, GZIP, ZSTD } kind;
	char bytes[PACKED]; /* of the source */
	size_t at, end;
	bool source_over;
	bool between; /* two members or frames, or before the first */
	z_stream z;
	ZSTD_DStream *zstd;
	char trouble[96]; /* empty: none */
};

static const struct {
	const char *program, *magic;
	size_t len;
} kinds[] = {
	{"gzip", "\x1f\x8b", 2},
	{"zstd", "\x28\xb5\x2f\xfd", 4},
	{"bzip2", "BZh", 3},
	{"xz",
		"\xfd"
		"7zXZ\0",
		6},
	{"zip", "PK\x03\x04", 4},
};

const char *unpack_packed_by(const char *bytes, size_t len)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (len >= kinds[i].len && memcmp(bytes, kinds[i].magic, kinds[i].len) == 0)
			return kinds[i].program;
	return NULL;
}

struct unpack *unpack_create(struct feed_source source)
{
	struct unpack *u = mem_zeroed(1, sizeof(*u));

	u->source = source;
	u->between = true;
	return u;
}

void unpack_destroy(struct unpack *u)
{
	if (!u)
		return;
	if (u->kind == GZIP)
		inflateEnd(&u->z);
	ZSTD_freeDStream(u->zstd);
	free(u);
}

const char *unpack_trouble(const struct unpack *u)
{
	return *u->trouble ? u->trouble : NULL;
}

static ssize_t damaged(struct unpack *u, const char *program, const char *what)
{
	snprintf(u->trouble, sizeof(u->trouble), "damaged %s (%s)", program, what);
	return -EBADMSG;
}

static ssize_t ends_early(struct unpack *u)
{
	snprintf(u->trouble, sizeof(u->trouble), "%s that ends early",
		u->kind == GZIP ? "gzip" : "zstd");
	return -EBADMSG;
}

/* More of the source, until there are `least` bytes: 0, or -errno. */
static int fill(struct unpack *u, size_t least)
{
	if (u->at == u->end)
		u->at = u->end = 0;
	while (u->end - u->at < least && !u->source_over) {
		ssize_t got = u->source.read(u->source.ctx, u->bytes + u->end, PACKED - u->end);
		if (got < 0)
			return (int)got;
		u->end += (size_t)got;
		u->source_over = got == 0;
	}
	return 0;
}

static int look(struct unpack *u)
{
	int r = fill(u, MAGIC_MOST);

	if (r < 0)
		return r;
	const char *program = unpack_packed_by(u->bytes, u->end);
	u->kind = PLAIN;
	if (program && strcmp(program, "gzip") == 0) {
		if (inflateInit2(&u->z, GZIP_WINDOW) != Z_OK)
			return -ENOMEM;
		u->kind = GZIP;
	} else if (program && strcmp(program, "zstd") == 0) {
		u->zstd = ZSTD_createDStream();
		if (!u->zstd)
			return -ENOMEM;
		u->kind = ZSTD;
	}
	return 0;
}

static ssize_t read_plain(struct unpack *u, char *bytes, size_t size)
{
	size_t take = u->end - u->at;

	if (take == 0)
		return u->source_over ? 0 : u->source.read(u->source.ctx, bytes, size);
	if (take > size)
		take = size;
	memcpy(bytes, u->bytes + u->at, take);
	u->at += take;
	return (ssize_t)take;
}

/* One call of zlib: how much it wrote, or -EBADMSG. */
static ssize_t step_gzip(struct unpack *u, char *bytes, size_t size)
{
	if (u->between)
		inflateReset(&u->z);
	u->z.next_in = (unsigned char *)u->bytes + u->at;
	u->z.avail_in = (unsigned int)(u->end - u->at);
	u->z.next_out = (unsigned char *)bytes;
	u->z.avail_out = (unsigned int)(size < PACKED ? size : PACKED);
	unsigned int room = u->z.avail_out;
	int r = inflate(&u->z, Z_NO_FLUSH);
	if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR)
		return damaged(u, "gzip", u->z.msg ? u->z.msg : "no gzip");
	u->at = u->end - u->z.avail_in;
	u->between = r == Z_STREAM_END;
	return (ssize_t)(room - u->z.avail_out);
}

static ssize_t step_zstd(struct unpack *u, char *bytes, size_t size)
{
	ZSTD_inBuffer in = {u->bytes, u->end, u->at};
	ZSTD_outBuffer out = {bytes, size, 0};
	size_t r = ZSTD_decompressStream(u->zstd, &out, &in);

	if (ZSTD_isError(r))
		return damaged(u, "zstd", ZSTD_getErrorName(r));
	u->at = in.pos;
	u->between = r == 0;
	return (ssize_t)out.pos;
}

ssize_t unpack_read(struct unpack *u, char *bytes, size_t size)
{
	int r = u->kind == NOT_LOOKED ? look(u) : 0;
	ssize_t n = 0;

	if (r < 0)
		return r;
	if (u->kind == PLAIN)
		return read_plain(u, bytes, size);
	while (n == 0 && !*u->trouble && size > 0) {
		r = fill(u, 1);
		if (r < 0)
			return r;
		if (u->at == u->end && u->between)
			return 0;
		size_t before = u->at;
		n = u->kind == GZIP ? step_gzip(u, bytes, size) : step_zstd(u, bytes, size);
		if (n == 0 && u->at == before && u->at == u->end)
			return ends_early(u);
	}
	return *u->trouble ? -EBADMSG : n;
}
