#include "store/column.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

/* Mode byte: bits 0-1 how, bits 2-3 log1000 of the scale, bits 4-7 the tag. */
enum column_how {
	HOW_PACKED, /* value - reference, in bits */
	HOW_DELTA,  /* difference to the one before, less the least, in bits */
	HOW_VARINT, /* zigzag of value - reference, as varints */
	HOW_CONST,  /* all are the reference */
};
enum { HOW_MASK = 3, SCALE_SHIFT = 2, SCALE_MASK = 3 };
enum { SCALE_COUNT = SCALE_MASK + 1 };

static const int64_t scales[SCALE_COUNT] = {1, 1000, 1000000, 1000000000};

/* Wide enough that no body of at most 2^16 values overflows the arithmetic. */
enum { WIDTH_MAX = 64, VARINT_MAX = 10 };

void bytes_put(struct bytes *out, const void *from, size_t len)
{
	if (len == 0)
		return;
	out->bytes = mem_grow(out->bytes, &out->capacity, out->len + len, 1);
	memcpy(out->bytes + out->len, from, len);
	out->len += len;
}

void bytes_put_u8(struct bytes *out, uint8_t value)
{
	bytes_put(out, &value, 1);
}

static size_t varint_len(uint64_t value)
{
	size_t len = 1;

	while (value >>= 7)
		len++;
	return len;
}

void bytes_put_varint(struct bytes *out, uint64_t value)
{
	uint8_t text[VARINT_MAX];
	size_t len = 0;

	for (; value >= 0x80; value >>= 7)
		text[len++] = (uint8_t)(value | 0x80);
	text[len++] = (uint8_t)value;
	bytes_put(out, text, len);
}

uint64_t cursor_long_varint(struct cursor *c)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t b = cursor_u8(c);
		if (shift == 63 && b > 1)
			break;
		value |= (uint64_t)(b & 0x7f) << shift;
		if (!(b & 0x80))
			return value;
	}
	c->failed = true;
	return 0;
}

static uint64_t zigzag(uint64_t value)
{
	return value << 1 ^ (value >> 63 ? UINT64_MAX : 0);
}

static uint64_t unzigzag(uint64_t value)
{
	return value >> 1 ^ (value & 1 ? UINT64_MAX : 0);
}

static unsigned width_of(uint64_t range)
{
	return range ? 64 - (unsigned)__builtin_clzll(range) : 0;
}

static size_t packed_len(size_t count, unsigned width)
{
	return (count * width + 7) / 8;
}

/* One way to write a column, and what it would take. */
struct plan {
	enum column_how how;
	uint64_t reference;
	unsigned width;
	size_t len;
};

static struct plan plan_packed(const int64_t *v, size_t count)
{
	int64_t least = v[0];
	int64_t most = v[0];

	for (size_t i = 1; i < count; i++) {
		least = v[i] < least ? v[i] : least;
		most = v[i] > most ? v[i] : most;
	}
	unsigned width = width_of((uint64_t)most - (uint64_t)least);
	return (struct plan){HOW_PACKED, (uint64_t)least, width,
		varint_len(zigzag((uint64_t)least)) + 1 + packed_len(count, width)};
}

static int64_t step_to(const int64_t *v, size_t i)
{
	return (int64_t)((uint64_t)v[i] - (uint64_t)v[i - 1]);
}

static struct plan plan_delta(const int64_t *v, size_t count)
{
	int64_t least = step_to(v, 1);
	int64_t most = least;

	for (size_t i = 2; i < count; i++) {
		int64_t step = step_to(v, i);
		least = step < least ? step : least;
		most = step > most ? step : most;
	}
	unsigned width = width_of((uint64_t)most - (uint64_t)least);
	return (struct plan){HOW_DELTA, (uint64_t)least, width,
		varint_len(zigzag((uint64_t)v[0])) + varint_len(zigzag((uint64_t)least)) + 1 +
			packed_len(count - 1, width)};
}

static struct plan plan_varint(const int64_t *v, size_t count)
{
	struct plan plan = {HOW_VARINT, (uint64_t)v[0], 0, varint_len(zigzag((uint64_t)v[0]))};

	for (size_t i = 0; i < count; i++)
		plan.len += varint_len(zigzag((uint64_t)v[i] - plan.reference));
	return plan;
}

static void put_bits(struct bytes *out, uint64_t value, unsigned width, size_t at)
{
	for (unsigned done = 0; done < width;) {
		size_t bit = at + done;
		unsigned room = 8 - (unsigned)(bit & 7);
		unsigned take = width - done < room ? width - done : room;
		uint64_t part = value >> done & ((UINT64_C(1) << take) - 1);
		out->bytes[bit >> 3] |= (uint8_t)(part << (bit & 7));
		done += take;
	}
}

static size_t put_room(struct bytes *out, size_t len)
{
	size_t at = out->len;

	out->bytes = mem_grow(out->bytes, &out->capacity, at + len, 1);
	memset(out->bytes + at, 0, len);
	out->len += len;
	return at;
}

static struct plan plan_const(const int64_t *v, size_t count)
{
	struct plan plan = {HOW_CONST, (uint64_t)v[0], 0, varint_len(zigzag((uint64_t)v[0]))};

	for (size_t i = 1; i < count; i++)
		if (v[i] != v[0])
			plan.len = SIZE_MAX;
	return plan;
}

static struct plan plan_of(enum column_how how, const int64_t *v, size_t count)
{
	switch (how) {
	case HOW_PACKED:
		return plan_packed(v, count);
	case HOW_DELTA:
		return plan_delta(v, count);
	case HOW_VARINT:
		return plan_varint(v, count);
	case HOW_CONST:
		break;
	}
	return plan_const(v, count);
}

/* The largest scale that divides all. */
static unsigned scale_of(const int64_t *v, size_t count)
{
	unsigned scale = SCALE_COUNT - 1;

	for (size_t i = 0; i < count && scale > 0; i++)
		while (v[i] % scales[scale] != 0)
			scale--;
	return scale;
}

uint8_t column_prepare(int64_t *values, size_t count)
{
	unsigned scale = scale_of(values, count);
	struct plan best = {.len = SIZE_MAX};

	for (size_t i = 0; i < count && scale > 0; i++)
		values[i] /= scales[scale];
	for (int how = HOW_CONST; how >= HOW_PACKED; how--) {
		if (how == HOW_DELTA && count < 2)
			continue;
		struct plan plan = plan_of((enum column_how)how, values, count);
		if (plan.len < best.len)
			best = plan;
	}
	return (uint8_t)(best.how | scale << SCALE_SHIFT);
}

void column_put_body(struct bytes *out, uint8_t mode, const int64_t *v, size_t count)
{
	enum column_how how = (enum column_how)(mode & HOW_MASK);
	struct plan plan = plan_of(how, v, count);
	size_t first = how == HOW_DELTA ? 1 : 0;

	if (how == HOW_DELTA)
		bytes_put_varint(out, zigzag((uint64_t)v[0]));
	bytes_put_varint(out, zigzag(plan.reference));
	if (how == HOW_VARINT)
		for (size_t i = 0; i < count; i++)
			bytes_put_varint(out, zigzag((uint64_t)v[i] - plan.reference));
	if (how == HOW_VARINT || how == HOW_CONST)
		return;
	bytes_put_u8(out, (uint8_t)plan.width);
	size_t bit = 8 * put_room(out, packed_len(count - first, plan.width));
	for (size_t i = first; i < count; i++, bit += plan.width) {
		uint64_t value = first ? (uint64_t)step_to(v, i) : (uint64_t)v[i];
		put_bits(out, value - plan.reference, plan.width, bit);
	}
}

void column_put(struct bytes *out, int64_t *values, size_t count)
{
	if (count == 0)
		return;
	uint8_t mode = column_prepare(values, count);
	bytes_put_u8(out, mode);
	column_put_body(out, mode, values, count);
}

static uint64_t load64(const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	value = __builtin_bswap64(value);
#endif
	return value;
}

static uint64_t get_bits(const uint8_t *bytes, size_t at, unsigned width)
{
	uint64_t value = 0;

	for (unsigned done = 0; done < width;) {
		size_t bit = at + done;
		unsigned room = 8 - (unsigned)(bit & 7);
		unsigned take = width - done < room ? width - done : room;
		uint64_t part = (uint64_t)bytes[bit >> 3] >> (bit & 7) & ((1u << take) - 1);
		value |= part << done;
		done += take;
	}
	return value;
}

/* Eight bytes are read for each value, wherever in them it ends. */
static void unpack(const uint8_t *bytes, size_t bit, unsigned width, uint64_t reference,
	int64_t *values, size_t count)
{
	uint64_t mask = (UINT64_C(1) << width) - 1;

	for (size_t i = 0; i < count; i++, bit += width)
		values[i] = (int64_t)((load64(bytes + bit / 8) >> bit % 8 & mask) + reference);
}

/* Unpack count values of one width and add the reference to each. */
static void get_packed(struct cursor *c, uint64_t reference, int64_t *values, size_t count)
{
	unsigned width = cursor_u8(c);

	if (width > WIDTH_MAX) {
		c->failed = true;
		return;
	}
	size_t len = packed_len(count, width);
	const uint8_t *bytes = cursor_take(c, len);
	if (!bytes)
		return;
	if (width == 0 || width > 56) { /* no bits to read, or more than one reading has */
		for (size_t i = 0; i < count; i++)
			values[i] = (int64_t)(get_bits(bytes, i * width, width) + reference);
		return;
	}
	/* What follows the column may be read with its last values. Of the whole blob's
	 * last seven bytes a copy is read, with room behind. */
	size_t whole = count;
	if (c->left < 8)
		whole = len < 8 ? 0 : (len - 8) * 8 / width + 1;
	size_t done = whole * width;
	uint8_t last[16] = {0};
	unpack(bytes, 0, width, reference, values, whole);
	if (whole == count)
		return;
	memcpy(last, bytes + done / 8, len - done / 8);
	unpack(last, done % 8, width, reference, values + whole, count - whole);
}

static void get_delta(struct cursor *c, int64_t *values, size_t count)
{
	values[0] = (int64_t)unzigzag(cursor_varint(c));
	uint64_t reference = unzigzag(cursor_varint(c));

	get_packed(c, reference, values + 1, count - 1);
	if (c->failed)
		return;
	for (size_t i = 1; i < count; i++)
		values[i] = (int64_t)((uint64_t)values[i] + (uint64_t)values[i - 1]);
}

static void get_varints(struct cursor *c, int64_t *values, size_t count)
{
	uint64_t reference = unzigzag(cursor_varint(c));

	for (size_t i = 0; i < count && !c->failed; i++)
		values[i] = (int64_t)(unzigzag(cursor_varint(c)) + reference);
}

static void get_const(struct cursor *c, int64_t *values, size_t count)
{
	int64_t reference = (int64_t)unzigzag(cursor_varint(c));

	for (size_t i = 0; i < count; i++)
		values[i] = reference;
}

void column_get_body(struct cursor *c, uint8_t mode, int64_t *values, size_t count)
{
	unsigned scale = mode >> SCALE_SHIFT & SCALE_MASK;

	if (count == 0) {
		c->failed = true;
		return;
	}
	switch ((enum column_how)(mode & HOW_MASK)) {
	case HOW_PACKED:
		get_packed(c, unzigzag(cursor_varint(c)), values, count);
		break;
	case HOW_DELTA:
		get_delta(c, values, count);
		break;
	case HOW_VARINT:
		get_varints(c, values, count);
		break;
	case HOW_CONST:
		get_const(c, values, count);
		break;
	}
	if (c->failed || scale == 0)
		return;
	for (size_t i = 0; i < count; i++)
		values[i] = (int64_t)((uint64_t)values[i] * (uint64_t)scales[scale]);
}

static void skip_packed(struct cursor *c, size_t count)
{
	unsigned width = cursor_u8(c);

	if (width > WIDTH_MAX)
		c->failed = true;
	else
		cursor_take(c, packed_len(count, width));
}

void column_skip_body(struct cursor *c, uint8_t mode, size_t count)
{
	enum column_how how = (enum column_how)(mode & HOW_MASK);

	if (count == 0) {
		c->failed = true;
		return;
	}
	cursor_varint(c);
	if (how == HOW_DELTA) {
		cursor_varint(c);
		skip_packed(c, count - 1);
	} else if (how == HOW_PACKED) {
		skip_packed(c, count);
	} else if (how == HOW_VARINT) {
		for (size_t i = 0; i < count && !c->failed; i++)
			cursor_varint(c);
	}
}

void column_get(struct cursor *c, int64_t *values, size_t count)
{
	if (count == 0)
		return;
	uint8_t mode = cursor_u8(c);
	if (mode >> COLUMN_TAG_SHIFT)
		c->failed = true;
	column_get_body(c, mode, values, count);
}
