#ifndef TARGETS_GZIP_H
#define TARGETS_GZIP_H

#include <stdbool.h>
#include <stddef.h>

/* Files as gzip makes them, of one member or several (RFC 1952). Pure. */
bool gzip_is(const char *bytes, size_t len);

/*
 * Unpack all of it, to `most` bytes: 0 and *ret, owned by the caller, with a NUL
 * behind the last byte; -EBADMSG when it is damaged, ends early or something
 * else follows; -EFBIG beyond `most`.
 */
int gzip_unpack(const char *bytes, size_t len, size_t most, char **ret, size_t *ret_len);

#endif
