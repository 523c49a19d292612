/* The CSV of zmap: addresses that answered, and what else its fields were told to be. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/csv.h"
#include "core/mem.h"
#include "exchange/foreign/format.h"
#include "store/bounds.h"

enum { SADDR, SUCCESS, REPEAT, CLASSIFICATION, SPORT, TTL, IPID, TIME_TS, TIME_US, TIME_STR, COLUMNS };

static const char *const names[COLUMNS] = {"saddr", "success", "repeat", "classification", "sport",
	"ttl", "ipid", "timestamp_ts", "timestamp_us", "timestamp_str"};

struct zmap {
	const struct foreign_ask *ask;
	struct feed *feed;
	struct csv_reader *csv;
	size_t width;
	bool headless;       /* one field has no header in some versions */
	size_t at[COLUMNS];  /* SIZE_MAX: it is not there */
};

static ssize_t read_feed(void *ctx, char *bytes, size_t size)
{
	struct zmap *z = ctx;

	return feed_bytes(z->feed, bytes, size);
}

static void *open_zmap(const struct foreign_ask *ask, struct feed *feed)
{
	struct zmap *z = mem_zeroed(1, sizeof(*z));

	z->ask = ask;
	z->feed = feed;
	return z;
}

static void close_zmap(void *reader)
{
	struct zmap *z = reader;

	csv_close(z->csv);
	free(z);
}

/* Older versions write "timestamp-ts". */
static bool is_name(const char *text, const char *name)
{
	for (; *text && *name; text++, name++)
		if (*text != *name && !(*text == '-' && *name == '_'))
			return false;
	return *text == *name;
}

static int take_header(struct zmap *z, const struct csv_row *row, struct diag *why)
{
	for (int c = 0; c < COLUMNS; c++) {
		z->at[c] = SIZE_MAX;
		for (size_t i = 0; i < row->count && !z->headless; i++)
			if (is_name(row->fields[i], names[c]))
				z->at[c] = i;
	}
	z->width = row->count;
	if (z->headless)
		z->at[SADDR] = 0;
	if (z->at[SADDR] == SIZE_MAX)
		return feed_wrong_at(z->feed, row->line, why, "no column saddr, expected the CSV of zmap");
	if (z->at[TIME_TS] == SIZE_MAX && z->at[TIME_STR] == SIZE_MAX && !z->ask->has_time)
		return feed_wrong_at(z->feed, row->line, why,
			"no column timestamp_ts or timestamp_str, expected --time");
	return 0;
}

static const char *field(const struct zmap *z, const struct csv_row *row, int column)
{
	return z->at[column] == SIZE_MAX ? "" : row->fields[z->at[column]];
}

static bool time_of(const struct zmap *z, const struct csv_row *row, struct wall *ret)
{
	const char *stamp = field(z, row, TIME_TS);
	int64_t us = 0;

	if (!*stamp)
		stamp = field(z, row, TIME_STR);
	if (!*stamp) {
		*ret = z->ask->time;
		return z->ask->has_time;
	}
	if (!wall_parse(stamp, ret) || !time_within(*ret))
		return false;
	if (*field(z, row, TIME_US) && text_i64(field(z, row, TIME_US), &us) && us >= 0 && us < 1000000)
		*ret = wall_after(*ret, us * NS_PER_US);
	return true;
}

static int number(const struct zmap *z, const struct csv_row *row, int column, int most)
{
	int64_t value;

	return text_i64(field(z, row, column), &value) && value >= 0 && value <= most ? (int)value : -1;
}

/* What the answer was. False: it names nobody who was asked. */
static bool classify(const struct zmap *z, const struct csv_row *row, struct observation *o)
{
	const char *class = field(z, row, CLASSIFICATION);
	bool failed = strcmp(field(z, row, SUCCESS), "0") == 0 || strcmp(field(z, row, SUCCESS), "false") == 0;

	o->method = z->ask->method;
	o->port = z->ask->port;
	if (strcmp(class, "synack") == 0 || strcmp(class, "rst") == 0) {
		int port = number(z, row, SPORT, UINT16_MAX);
		if (o->method != METHOD_TCP || port > 0)
			o->port = port > 0 ? (uint16_t)port : 0;
		o->method = METHOD_TCP;
		o->outcome = *class == 'r' ? OUTCOME_RST : OUTCOME_SYN_ACK;
		return true;
	}
	if (strcmp(class, "echoreply") == 0) {
		o->method = METHOD_ICMP;
		o->port = 0;
	}
	o->outcome = foreign_answer(o->method);
	/* Of an error zmap has the router, not always whom it asked. */
	return !failed && (!*class || strcmp(class, "echoreply") == 0);
}

static int take_row(struct zmap *z, const struct csv_row *row, struct foreign_list *out, struct diag *why)
{
	struct ip4 address;
	struct wall at;
	const char *repeat = field(z, row, REPEAT);

	if (row->count != z->width)
		return feed_wrong_at(z->feed, row->line, why, "%zu fields, expected %zu", row->count, z->width);
	if (!ip4_parse(field(z, row, SADDR), &address))
		return feed_wrong_at(z->feed, row->line, why, "saddr \"%.60s\", expected an IPv4 address",
			field(z, row, SADDR));
	if (!time_of(z, row, &at))
		return feed_wrong_at(z->feed, row->line, why,
			"expected a time as Unix seconds or RFC 3339 with its zone");
	struct observation o = observation_blank();
	if (strcmp(repeat, "1") == 0 || strcmp(repeat, "true") == 0 || !classify(z, row, &o))
		return 1;
	o.address = address;
	o.probed_at = at;
	o.reply_ttl = number(z, row, TTL, UINT8_MAX);
	o.ip_id = number(z, row, IPID, UINT16_MAX);
	foreign_list_add_echo(out, row->line, at, address)->observation = o;
	return 1;
}

static int next_zmap(void *reader, struct foreign_list *out, struct diag *why)
{
	struct zmap *z = reader;
	struct csv_row row;
	struct ip4 address;
	bool first = !z->csv;
	int r = first ? feed_begin(z->feed, why) : 0;

	if (r < 0)
		return r;
	if (first)
		z->csv = csv_open(feed_name(z->feed), (struct csv_source){.read = read_feed, .ctx = z});
	r = csv_next(z->csv, &row, why);
	if (r <= 0)
		return r;
	if (!first)
		return take_row(z, &row, out, why);
	z->headless = row.count == 1 && ip4_parse(row.fields[0], &address);
	r = take_header(z, &row, why);
	if (r < 0)
		return r;
	return z->headless ? take_row(z, &row, out, why) : 1;
}

const struct foreign_format format_zmap = {
	.name = "zmap",
	.what = "the CSV of zmap, with a column saddr",
	.nothing = "nobody who answered is in it",
	.scan = true,
	.takes = FOREIGN_TIME | FOREIGN_METHOD | FOREIGN_ASKED,
	.open = open_zmap,
	.next = next_zmap,
	.close = close_zmap,
};
