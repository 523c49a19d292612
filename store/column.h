#ifndef STORE_COLUMN_H
#define STORE_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Columns of integers as few bytes: what blobs are made of. Pure.
 *
 * A column is a mode byte and a body. The mode says how values are predicted
 * (one reference for all, or each by the one before) and written (not at all
 * where all are alike, packed in bits of one width, or as varints where a few
 * outliers would widen all), and
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

/* The next len bytes, or NULL. */
static inline const uint8_t *cursor_take(struct cursor *c, size_t len)
{
	if (c->failed || len > c->left) {
		c->failed = true;
		return NULL;
	}
	const uint8_t *taken = c->at;
	c->at += len;
	c->left -= len;
	return taken;
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	const uint8_t *b = cursor_take(c, 1);
	return b ? *b : 0;
}

uint64_t cursor_long_varint(struct cursor *c);
static inline uint64_t cursor_varint(struct cursor *c)
{
	bool is_short = !c->failed && c->left > 0 && c->at[0] < 0x80;
	return is_short ? cursor_u8(c) : cursor_long_varint(c);
}

/*
 * In two steps, because something may stand between mode and body, and the
 * upper four bits of the mode byte (COLUMN_TAG) are the caller's. prepare
 * chooses the mode and scales the values in place; there must be at least one.
 */
enum { COLUMN_TAG_SHIFT = 4 };
uint8_t column_prepare(int64_t *values, size_t count);
void column_put_body(struct bytes *out, uint8_t mode, const int64_t *values, size_t count);

/* Fills all `count` values; on failure the cursor is marked and they are
 * unspecified. The mode's tag bits are ignored. */
void column_get_body(struct cursor *c, uint8_t mode, int64_t *values, size_t count);

/* Past a body that is not wanted. */
void column_skip_body(struct cursor *c, uint8_t mode, size_t count);

/* Mode and body at once; of no values: nothing at all. The values are scratch. */
void column_put(struct bytes *out, int64_t *values, size_t count);
void column_get(struct cursor *c, int64_t *values, size_t count);

#endif
