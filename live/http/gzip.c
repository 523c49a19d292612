#include "live/http/gzip.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <zlib.h>

#include "core/mem.h"

/* "gzip;q=0" and "gzip;q=0.000" refuse it. */
static bool refused(const char *parameters, size_t len)
{
	const char *q = memmem(parameters, len, "q=", 2);

	if (!q)
		return false;
	q += 2;
	size_t digits = strspn(q, "0.");
	return digits > 0 && !(q[digits] >= '1' && q[digits] <= '9');
}

bool gzip_accepted(const char *header)
{
	while (header && *header) {
		header += strspn(header, " \t,");
		size_t len = strcspn(header, ",");
		size_t name = strcspn(header, " \t;,");
		if (name == 4 && strncasecmp(header, "gzip", 4) == 0)
			return !refused(header + name, len - name);
		header += len;
	}
	return false;
}

char *gzip_pack(const char *bytes, size_t len, size_t *ret_len)
{
	enum { WINDOW = 15, AS_GZIP = 16, MEMORY = 8, LEVEL = 5 };
	z_stream z = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)len};

	if (len == 0 || len > (1u << 30) ||
		deflateInit2(&z, LEVEL, Z_DEFLATED, WINDOW + AS_GZIP, MEMORY, Z_DEFAULT_STRATEGY) !=
			Z_OK)
		return NULL;
	char *out = mem_zeroed(len, 1);
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)len;
	int done = deflate(&z, Z_FINISH);
	*ret_len = (size_t)z.total_out;
	deflateEnd(&z);
	if (done == Z_STREAM_END)
		return out;
	free(out);
	return NULL;
}
