#include "store/blob_frame.h"

#include <errno.h>

#include "core/mem.h"

/*
 * Hops and boots of a whole sweep: few, so plain columns in a fixed order.
 * What a hop may lack (responder, RTT) is kept one higher, 0 for none.
 */
static const struct blob_place no_block = {0};

static struct blob_place whole_sweep(struct wall base)
{
	struct blob_place place = no_block;

	place.base = base;
	return place;
}

enum hop_column {
	HOP_ADDRESS,
	HOP_TTL,
	HOP_PROBED_AT,
	HOP_OUTCOME,
	HOP_RESPONDER,
	HOP_RTT,
	HOP_COLUMNS
};

static int64_t hop_get(const struct hop *hop, enum hop_column column, struct wall base)
{
	switch (column) {
	case HOP_ADDRESS:
		return hop->address.host;
	case HOP_TTL:
		return hop->ttl;
	case HOP_PROBED_AT:
		return (int64_t)((uint64_t)hop->probed_at.ns - (uint64_t)base.ns);
	case HOP_OUTCOME:
		return (int64_t)hop->outcome;
	case HOP_RESPONDER:
		return hop->has_responder ? (int64_t)hop->responder.host + 1 : 0;
	case HOP_RTT:
	case HOP_COLUMNS:
		break;
	}
	return hop->rtt_ns + 1;
}

/* False when the number is none the field can have. */
static bool hop_set(struct hop *hop, enum hop_column column, struct wall base, int64_t value)
{
	uint64_t size = (uint64_t)value;

	switch (column) {
	case HOP_ADDRESS:
		hop->address.host = (uint32_t)value;
		return size <= UINT32_MAX;
	case HOP_TTL:
		hop->ttl = (uint8_t)value;
		return size <= UINT8_MAX;
	case HOP_PROBED_AT:
		hop->probed_at.ns = (int64_t)(size + (uint64_t)base.ns);
		return true;
	case HOP_OUTCOME:
		hop->outcome = (enum outcome)value;
		return size < OUTCOME_COUNT;
	case HOP_RESPONDER:
		hop->has_responder = value != 0;
		hop->responder.host = value != 0 ? (uint32_t)(size - 1) : 0;
		return size <= (uint64_t)UINT32_MAX + 1;
	case HOP_RTT:
	case HOP_COLUMNS:
		break;
	}
	hop->rtt_ns = (int64_t)(size - 1);
	return size <= INT64_MAX;
}

int blob_encode_hops(struct blob_codec *codec, struct wall base, const struct hop *rows,
	size_t count, struct bytes *ret)
{
	struct blob_place place = whole_sweep(base);

	if (count > BLOB_ROWS_MAX)
		return -E2BIG;
	for (size_t i = 0; i < count; i++)
		if ((unsigned)rows[i].outcome >= OUTCOME_COUNT || rows[i].rtt_ns < -1 ||
			rows[i].rtt_ns == INT64_MAX)
			return -EINVAL;
	blob_room(codec, count);
	codec->payload.len = 0;
	bytes_put_varint(&codec->payload, count);
	for (enum hop_column column = 0; column < HOP_COLUMNS; column++) {
		for (size_t i = 0; i < count; i++)
			codec->values[i] = hop_get(&rows[i], column, base);
		column_put(&codec->payload, codec->values, count);
	}
	blob_seal(codec, BLOB_HOPS, &place, ret);
	return 0;
}

int blob_decode_hops(struct blob_codec *codec, struct wall base, const uint8_t *blob, size_t len,
	const struct hop **ret_rows, size_t *ret_count)
{
	struct blob_place place = whole_sweep(base);
	struct cursor c;
	size_t count;

	int r = blob_unseal(codec, BLOB_HOPS, &place, blob, len, &c);
	if (r < 0)
		return r;
	if (!blob_get_count(&c, &count))
		return -EBADMSG;
	blob_room(codec, count);
	codec->hops = mem_grow(codec->hops, &codec->hop_capacity, count, sizeof(*codec->hops));
	for (enum hop_column column = 0; column < HOP_COLUMNS; column++) {
		column_get(&c, codec->values, count);
		for (size_t i = 0; i < count && !c.failed; i++)
			c.failed = !hop_set(&codec->hops[i], column, base, codec->values[i]);
	}
	if (c.failed || c.left > 0)
		return -EBADMSG;
	*ret_rows = codec->hops;
	*ret_count = count;
	return 0;
}

int blob_encode_boots(struct blob_codec *codec, struct wall base, const struct boot *rows,
	size_t count, struct bytes *ret)
{
	struct blob_place place = whole_sweep(base);

	if (count > BLOB_ROWS_MAX)
		return -E2BIG;
	blob_room(codec, count);
	codec->payload.len = 0;
	bytes_put_varint(&codec->payload, count);
	for (size_t i = 0; i < count; i++)
		codec->values[i] = rows[i].address.host;
	column_put(&codec->payload, codec->values, count);
	/* Not relative to the sweep: whole seconds stay whole, and so short. */
	for (size_t i = 0; i < count; i++)
		codec->values[i] = rows[i].boot_at.ns;
	column_put(&codec->payload, codec->values, count);
	blob_seal(codec, BLOB_BOOTS, &place, ret);
	return 0;
}

int blob_decode_boots(struct blob_codec *codec, struct wall base, const uint8_t *blob, size_t len,
	const struct boot **ret_rows, size_t *ret_count)
{
	struct blob_place place = whole_sweep(base);
	struct cursor c;
	size_t count;

	int r = blob_unseal(codec, BLOB_BOOTS, &place, blob, len, &c);
	if (r < 0)
		return r;
	if (!blob_get_count(&c, &count))
		return -EBADMSG;
	blob_room(codec, count);
	codec->boots = mem_grow(codec->boots, &codec->boot_capacity, count, sizeof(*codec->boots));
	column_get(&c, codec->values, count);
	column_get(&c, codec->present, count);
	for (size_t i = 0; i < count && !c.failed; i++) {
		c.failed = (uint64_t)codec->values[i] > UINT32_MAX;
		codec->boots[i].address.host = (uint32_t)codec->values[i];
		codec->boots[i].boot_at.ns = codec->present[i];
	}
	if (c.failed || c.left > 0)
		return -EBADMSG;
	*ret_rows = codec->boots;
	*ret_count = count;
	return 0;
}
