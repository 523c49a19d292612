#include "store/blob_frame.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "core/mem.h"

/*
 * The numbers an observation may carry, in the order of the mask's bits. All
 * but the outcome may be absent in a row; a column absent in all rows is not
 * written. Address and time are always there and come first.
 */
enum field {
	FIELD_OUTCOME, /* not written: all silent */
	FIELD_PORT,    /* not written: all 0 */
	FIELD_RTT,
	FIELD_RESPONDER,
	FIELD_ICMP_TYPE,
	FIELD_ICMP_CODE,
	FIELD_REPLY_TTL,
	FIELD_IP_ID,
	FIELD_TCP_TS,
	FIELD_ATTEMPT,
	FIELD_ATTEMPTS,
	FIELD_COUNT
};

static const int64_t field_max[FIELD_COUNT] = {
	[FIELD_OUTCOME] = OUTCOME_COUNT - 1,
	[FIELD_PORT] = UINT16_MAX,
	[FIELD_RTT] = INT64_MAX,
	[FIELD_RESPONDER] = UINT32_MAX,
	[FIELD_ICMP_TYPE] = UINT8_MAX,
	[FIELD_ICMP_CODE] = UINT8_MAX,
	[FIELD_REPLY_TTL] = UINT8_MAX,
	[FIELD_IP_ID] = UINT16_MAX,
	[FIELD_TCP_TS] = UINT32_MAX,
	[FIELD_ATTEMPT] = INT_MAX,
	[FIELD_ATTEMPTS] = INT_MAX,
};

/* The tag of a column: which rows have the field, and, of responders, whether
 * they are kept as the difference to the address probed (RELATIVE). */
enum presence { PRESENT_ALL, PRESENT_LIFE, PRESENT_ANSWERED, PRESENT_LISTED, PRESENT_COUNT };
enum { RELATIVE = 4 };

static bool presence_guess(enum presence presence, enum outcome outcome)
{
	switch (presence) {
	case PRESENT_LIFE:
		return outcome_is_life(outcome);
	case PRESENT_ANSWERED:
		return outcome != OUTCOME_SILENT && outcome != OUTCOME_UNSENT;
	case PRESENT_ALL:
	case PRESENT_LISTED:
	case PRESENT_COUNT:
		break;
	}
	return true;
}

/* The field's number, or -1. */
static int64_t field_get(const struct observation *row, enum field field)
{
	switch (field) {
	case FIELD_OUTCOME:
		return (int64_t)row->outcome;
	case FIELD_PORT:
		return row->port;
	case FIELD_RTT:
		return row->rtt_ns;
	case FIELD_RESPONDER:
		return row->has_responder ? (int64_t)row->responder.host : -1;
	case FIELD_ICMP_TYPE:
		return row->icmp_type;
	case FIELD_ICMP_CODE:
		return row->icmp_code;
	case FIELD_REPLY_TTL:
		return row->reply_ttl;
	case FIELD_IP_ID:
		return row->ip_id;
	case FIELD_TCP_TS:
		return row->has_tcp_ts ? (int64_t)row->tcp_ts : -1;
	case FIELD_ATTEMPT:
		return row->attempt;
	case FIELD_ATTEMPTS:
	case FIELD_COUNT:
		break;
	}
	return row->attempts;
}

static int check_rows(const struct blob_place *place, const struct observation *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct observation *row = &rows[i];
		if (block_of(row->address).base.host != place->block.host ||
			row->method != place->method)
			return -EINVAL;
		if (i > 0 && observation_order(&rows[i - 1], row) >= 0)
			return -EINVAL;
		if ((unsigned)row->outcome >= OUTCOME_COUNT ||
			(row->method == METHOD_ICMP && row->port != 0))
			return -EINVAL;
		for (enum field field = FIELD_RTT; field < FIELD_COUNT; field++) {
			int64_t value = field_get(row, field);
			if (value < -1 || value > field_max[field])
				return -EINVAL;
		}
	}
	return 0;
}

/* The first way of saying it that is true. */
static enum presence presence_of(
	const struct observation *rows, size_t count, enum field field, size_t *ret_present)
{
	bool fits[PRESENT_LISTED] = {true, true, true};

	*ret_present = 0;
	for (size_t i = 0; i < count; i++) {
		bool has = field_get(&rows[i], field) >= 0;
		*ret_present += has;
		for (enum presence p = PRESENT_ALL; p < PRESENT_LISTED; p++)
			fits[p] = fits[p] && presence_guess(p, rows[i].outcome) == has;
	}
	enum presence p = PRESENT_ALL;
	while (p < PRESENT_LISTED && !fits[p])
		p++;
	return p;
}

static void put_listed(
	struct bytes *out, const struct observation *rows, size_t count, enum field field)
{
	for (size_t i = 0; i < count; i += 8) {
		uint8_t bits = 0;
		for (size_t j = i; j < i + 8 && j < count; j++)
			if (field_get(&rows[j], field) >= 0)
				bits |= (uint8_t)(1u << (j - i));
		bytes_put_u8(out, bits);
	}
}

/* Responders that mostly are the address asked are kept as the difference. */
static bool prefers_relative(const struct observation *rows, size_t count)
{
	size_t same = 0;
	size_t other = 0;

	for (size_t i = 0; i < count; i++) {
		if (!rows[i].has_responder)
			continue;
		if (ip4_equal(rows[i].responder, rows[i].address))
			same++;
		else
			other++;
	}
	return same > other;
}

static void put_field(struct blob_codec *codec, const struct observation *rows, size_t count,
	enum field field, enum presence presence)
{
	struct bytes *out = &codec->payload;
	bool relative = field == FIELD_RESPONDER && prefers_relative(rows, count);
	size_t present = 0;

	for (size_t i = 0; i < count; i++) {
		int64_t value = field_get(&rows[i], field);
		if (value >= 0)
			codec->values[present++] = value - (relative ? rows[i].address.host : 0);
	}
	unsigned tag = (unsigned)presence | (relative ? RELATIVE : 0);
	uint8_t mode = column_prepare(codec->values, present);
	bytes_put_u8(out, (uint8_t)(mode | tag << COLUMN_TAG_SHIFT));
	if (presence == PRESENT_LISTED)
		put_listed(out, rows, count, field);
	column_put_body(out, mode, codec->values, present);
}

/* Outcome and port have a default that lets a column be left out. */
static bool field_wanted(
	const struct observation *rows, size_t count, enum field field, enum presence *ret)
{
	size_t present;

	*ret = PRESENT_ALL;
	if (field > FIELD_PORT) {
		*ret = presence_of(rows, count, field, &present);
		return present > 0;
	}
	for (size_t i = 0; i < count; i++)
		if (field_get(&rows[i], field) != 0)
			return true;
	return false;
}

int blob_encode(struct blob_codec *codec, const struct blob_place *place,
	const struct observation *rows, size_t count, struct bytes *ret)
{
	struct bytes *out = &codec->payload;
	enum presence presence[FIELD_COUNT];
	uint32_t mask = 0;

	if (count > BLOB_ROWS_MAX)
		return -E2BIG;
	if (check_rows(place, rows, count) < 0)
		return -EINVAL;
	blob_room(codec, count);
	for (enum field field = 0; field < FIELD_COUNT; field++)
		if (field_wanted(rows, count, field, &presence[field]))
			mask |= 1u << field;

	out->len = 0;
	bytes_put_varint(out, count);
	bytes_put_varint(out, mask);
	for (size_t i = 0; i < count; i++)
		codec->values[i] = (int64_t)(rows[i].address.host - place->block.host);
	column_put(out, codec->values, count);
	for (size_t i = 0; i < count; i++)
		codec->values[i] =
			(int64_t)((uint64_t)rows[i].probed_at.ns - (uint64_t)place->base.ns);
	column_put(out, codec->values, count);
	for (enum field field = 0; field < FIELD_COUNT; field++)
		if (mask & 1u << field)
			put_field(codec, rows, count, field, presence[field]);
	blob_seal(codec, BLOB_OBSERVATIONS, place, ret);
	return 0;
}

static void list_listed(struct row_list *list, struct cursor *c, size_t count)
{
	const uint8_t *bits = cursor_take(c, (count + 7) / 8);

	list->count = 0;
	for (size_t i = 0; bits && i < count; i++) {
		list->rows[list->count] = i;
		list->count += bits[i / 8] >> i % 8 & 1;
	}
}

static void list_guessed(
	struct row_list *list, enum presence presence, const struct observation *rows, size_t count)
{
	unsigned outcomes = 0;
	size_t found = 0;

	for (unsigned o = 0; o < OUTCOME_COUNT; o++)
		outcomes |= (unsigned)presence_guess(presence, (enum outcome)o) << o;
	for (size_t i = 0; i < count; i++) {
		list->rows[found] = i;
		found += outcomes >> rows[i].outcome & 1;
	}
	list->count = found;
}

/* Which rows have the field. */
static struct row_list get_presence(
	struct blob_codec *codec, struct cursor *c, enum presence presence, size_t count)
{
	if (presence == PRESENT_ALL)
		return (struct row_list){codec->every.rows, count, count};
	if (presence == PRESENT_LISTED) {
		list_listed(&codec->listed, c, count);
		return codec->listed;
	}
	if (codec->guess != presence)
		list_guessed(&codec->guessed, presence, codec->rows, count);
	codec->guess = presence;
	return codec->guessed;
}

/* Give a field to all rows that have it: one loop a field, none of them a call. */
#define EACH(statement)                                                                            \
	for (size_t i = 0; i < list->count; i++) {                                                 \
		struct observation *row = &rows[list->rows[i]];                                    \
		uint64_t value = (uint64_t)values[i];                                              \
		most = value > most ? value : most;                                                \
		statement;                                                                         \
	}                                                                                          \
	break

/* False where a number is none that the field may have; a negative one counts as huge. */
static bool set_field(struct observation *rows, enum field field, const int64_t *values,
	const struct row_list *list)
{
	uint64_t most = 0;

	switch (field) {
	case FIELD_OUTCOME:
		EACH(row->outcome = (enum outcome)value);
	case FIELD_PORT:
		EACH(row->port = (uint16_t)value);
	case FIELD_RTT:
		EACH(row->rtt_ns = (int64_t)value);
	case FIELD_RESPONDER:
		EACH(row->has_responder = true; row->responder.host = (uint32_t)value);
	case FIELD_ICMP_TYPE:
		EACH(row->icmp_type = (int)value);
	case FIELD_ICMP_CODE:
		EACH(row->icmp_code = (int)value);
	case FIELD_REPLY_TTL:
		EACH(row->reply_ttl = (int)value);
	case FIELD_IP_ID:
		EACH(row->ip_id = (int)value);
	case FIELD_TCP_TS:
		EACH(row->has_tcp_ts = true; row->tcp_ts = (uint32_t)value);
	case FIELD_ATTEMPT:
		EACH(row->attempt = (int)value);
	case FIELD_ATTEMPTS:
		EACH(row->attempts = (int)value);
	case FIELD_COUNT:
		break;
	}
	return most <= (uint64_t)field_max[field];
}

static bool is_spared(enum field field)
{
	return field == FIELD_ICMP_TYPE || field == FIELD_IP_ID;
}

static void get_field(struct blob_codec *codec, struct cursor *c, enum field field, size_t count)
{
	uint8_t mode = cursor_u8(c);
	unsigned tag = mode >> COLUMN_TAG_SHIFT;
	bool relative = tag & RELATIVE;
	unsigned presence = tag & ~(unsigned)RELATIVE;

	if (presence >= PRESENT_COUNT || (relative && field != FIELD_RESPONDER) ||
		(presence != PRESENT_ALL && field <= FIELD_PORT)) {
		c->failed = true;
		return;
	}
	struct row_list list = get_presence(codec, c, (enum presence)presence, count);
	if (codec->spare && is_spared(field)) {
		column_skip_body(c, mode, list.count);
		return;
	}
	column_get_body(c, mode, codec->values, list.count);
	if (c->failed)
		return;
	if (relative)
		for (size_t i = 0; i < list.count; i++)
			codec->values[i] = (int64_t)((uint64_t)codec->values[i] +
						     codec->rows[list.rows[i]].address.host);
	c->failed = !set_field(codec->rows, field, codec->values, &list);
}

/* Addresses and times, and everything else blank. */
static void get_rows(
	struct blob_codec *codec, struct cursor *c, const struct blob_place *place, size_t count)
{
	struct observation blank = observation_blank();

	blank.method = place->method;
	column_get(c, codec->values, count);
	column_get(c, codec->present, count);
	if (c->failed)
		return;
	for (size_t i = 0; i < count; i++) {
		uint64_t offset = (uint64_t)codec->values[i];
		if (offset > 255) {
			c->failed = true;
			return;
		}
		codec->rows[i] = blank;
		codec->rows[i].address.host = place->block.host + (uint32_t)offset;
		codec->rows[i].probed_at.ns =
			(int64_t)((uint64_t)codec->present[i] + (uint64_t)place->base.ns);
	}
}

static bool rows_ordered(const struct observation *rows, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const struct observation *a = &rows[i - 1];
		const struct observation *b = &rows[i];
		if (a->address.host > b->address.host ||
			(a->address.host == b->address.host && a->port >= b->port))
			return false;
	}
	return true;
}

void blob_spare_packets(struct blob_codec *codec)
{
	codec->spare = true;
}

int blob_decode(struct blob_codec *codec, const struct blob_place *place, const uint8_t *blob,
	size_t len, const struct observation **ret_rows, size_t *ret_count)
{
	struct cursor c;
	size_t count;

	int r = blob_unseal(codec, BLOB_OBSERVATIONS, place, blob, len, &c);
	if (r < 0)
		return r;
	if (!blob_get_count(&c, &count))
		return -EBADMSG;
	blob_room(codec, count);
	codec->rows = mem_grow(codec->rows, &codec->row_capacity, count, sizeof(*codec->rows));
	codec->guess = 0;
	uint64_t mask = cursor_varint(&c);
	get_rows(codec, &c, place, count);
	if (c.failed || mask >> FIELD_COUNT ||
		(place->method == METHOD_ICMP && mask & 1u << FIELD_PORT))
		return -EBADMSG;
	for (enum field field = 0; field < FIELD_COUNT && !c.failed; field++)
		if (mask & 1u << field)
			get_field(codec, &c, field, count);
	if (c.failed || c.left > 0 || !rows_ordered(codec->rows, count))
		return -EBADMSG;
	*ret_rows = codec->rows;
	*ret_count = count;
	return 0;
}
