#ifndef STORE_COLUMN_H
#define STORE_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Columns of integers as few bytes: what blobs are made of. Pure.
 *
 * A column is a mode byte and a body. The mode says how values are predicted
 * (one reference for all, or each by the one before) and written (packed in
 * bits of one width, or as varints where a few outliers would widen all), and
 * whether all are whole thousands, millions or thousand millions, so that a
 * time kept in nanoseconds but known to the microsecond costs no more than a
 * microsecond. The writer tries all and keeps the shortest.
 */

/* A growing byte string. `bytes` is owned; reuse by setting len to 0. */
struct bytes {
	uint8_t *bytes;
	size_t len, capacity;
};

void bytes_put(struct bytes *out, const void *from, size_t len);
void bytes_put_u8(struct bytes *out, uint8_t value);
void bytes_put_varint(struct bytes *out, uint64_t value); /* LEB128 */

/* A cursor over bytes that may lie. A read past the end yields 0 and marks it
 * as failed, as does every read after; ask once at the end. */
struct cursor {
	const uint8_t *at;
	size_t left;
	bool failed;
};

uint8_t cursor_u8(struct cursor *c);
uint64_t cursor_varint(struct cursor *c);
/* The next len bytes, or NULL. */
const uint8_t *cursor_take(struct cursor *c, size_t len);

void column_put(struct bytes *out, const int64_t *values, size_t count);

/* Fills all `count` values; on failure the cursor is marked and they are
 * unspecified. */
void column_get(struct cursor *c, int64_t *values, size_t count);

#endif
