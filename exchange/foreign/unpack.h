#ifndef EXCHANGE_FOREIGN_UNPACK_H
#define EXCHANGE_FOREIGN_UNPACK_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Bytes as they were before gzip (RFC 1952) or zstd (RFC 8878) compressed them, told
 * by how they begin. What neither has made comes through as it is. Memory is constant.
 */

/* Where bytes come from: up to `size` of them, 0 at the end, or -errno. */
struct feed_source {
	ssize_t (*read)(void *ctx, char *bytes, size_t size);
	void *ctx;
};

/* The source is borrowed. */
struct unpack;
struct unpack *unpack_create(struct feed_source source);
void unpack_destroy(struct unpack *unpack); /* NULL is fine */

/* As a feed_source. -EBADMSG: what is compressed is damaged or ends early, as unpack_trouble says.
 */
ssize_t unpack_read(struct unpack *unpack, char *bytes, size_t size);
const char *unpack_trouble(const struct unpack *unpack);

/* Which program made such bytes: "gzip", "zstd", "bzip2", "xz", "zip"; NULL: none of these. */
const char *unpack_packed_by(const char *bytes, size_t len);

#endif
