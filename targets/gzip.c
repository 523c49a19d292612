#include "targets/gzip.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

#include <zlib.h>

#include "core/mem.h"

enum { GZIP_WINDOW = 15 + 16, STEP = 1 << 18 };

bool gzip_is(const char *bytes, size_t len)
{
	return len >= 2 && (unsigned char)bytes[0] == 0x1f && (unsigned char)bytes[1] == 0x8b;
}

struct unpacked {
	char *bytes;
	size_t len, capacity, most;
};

/* One step of a member: 1 at its end, 0 to go on. */
static int step(z_stream *z, struct unpacked *to)
{
	to->bytes = mem_grow(to->bytes, &to->capacity, to->len + STEP + 1, 1);
	z->next_out = (unsigned char *)to->bytes + to->len;
	z->avail_out = STEP;
	int r = inflate(z, Z_NO_FLUSH);
	to->len += STEP - z->avail_out;
	if (to->len > to->most)
		return -EFBIG;
	if (r == Z_STREAM_END)
		return 1;
	/* No room left is no trouble; no progress with room left is an early end. */
	return r == Z_OK ? 0 : -EBADMSG;
}

static int unpack_members(z_stream *z, struct unpacked *to)
{
	int r = 0;

	do {
		do
			r = step(z, to);
		while (r == 0);
		if (r == 1 && z->avail_in > 0 && inflateReset(z) != Z_OK)
			r = -EBADMSG;
	} while (r == 1 && z->avail_in > 0);
	return r == 1 ? 0 : r;
}

int gzip_unpack(const char *bytes, size_t len, size_t most, char **ret, size_t *ret_len)
{
	struct unpacked to = {.most = most};
	z_stream z = {.avail_in = 0};

	if (len > UINT_MAX)
		return -EFBIG;
	if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
		return -ENOMEM;
	z.next_in = (unsigned char *)(uintptr_t)bytes; /* it is not written to */
	z.avail_in = (unsigned int)len;
	int r = unpack_members(&z, &to);
	inflateEnd(&z);
	if (r < 0) {
		free(to.bytes);
		return r;
	}
	to.bytes[to.len] = '\0';
	*ret = to.bytes;
	*ret_len = to.len;
	return 0;
}
