#ifndef PROBER_PACKET_WIRE_H
#define PROBER_PACKET_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A bounds-checked cursor over received bytes.
 *
 * A read past the end yields 0 and marks the cursor as overrun, as does every
 * read after it. Read a whole header first, then ask once with wire_ok().
 * Multi-byte reads are big-endian and make no alignment demand.
 */
struct wire {
	const uint8_t *at;
	size_t left;
	bool overrun;
};

static inline struct wire wire_over(const uint8_t *bytes, size_t len)
{
	return (struct wire){.at = bytes, .left = len};
}

static inline bool wire_ok(const struct wire *w)
{
	return !w->overrun;
}

/* The next len bytes, or NULL; the bytes stay the caller's. */
static inline const uint8_t *wire_take(struct wire *w, size_t len)
{
	if (w->overrun || len > w->left) {
		w->overrun = true;
		return NULL;
	}
	const uint8_t *taken = w->at;
	w->at += len;
	w->left -= len;
	return taken;
}

static inline uint8_t wire_u8(struct wire *w)
{
	const uint8_t *b = wire_take(w, 1);
	return b ? b[0] : 0;
}

static inline uint16_t wire_u16(struct wire *w)
{
	const uint8_t *b = wire_take(w, 2);
	if (!b)
		return 0;
	return (uint16_t)(b[0] << 8 | b[1]);
}

static inline uint32_t wire_u32(struct wire *w)
{
	const uint8_t *b = wire_take(w, 4);
	if (!b)
		return 0;
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

#endif
