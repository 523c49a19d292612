#ifndef LIVE_HTTP_GZIP_H
#define LIVE_HTTP_GZIP_H

#include <stdbool.h>
#include <stddef.h>

/* Does an Accept-Encoding header take gzip? NULL: no. Pure. */
bool gzip_accepted(const char *header);

/* The bytes as gzip, owned by the caller; NULL: it would not be shorter. */
char *gzip_pack(const char *bytes, size_t len, size_t *ret_len);

#endif
