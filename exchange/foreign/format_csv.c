/* CSV with a header: a time, an address, and milliseconds, or nothing for no answer. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/csv.h"
#include "core/mem.h"
#include "exchange/foreign/format.h"
#include "store/bounds.h"

enum { TIME, ADDRESS, MS, COLUMNS };

struct csv {
	const struct foreign_ask *ask;
	struct feed *feed;
	struct csv_column columns[COLUMNS];
	struct csv_table *table;
};

static ssize_t read_feed(void *ctx, char *bytes, size_t size)
{
	struct csv *c = ctx;

	return feed_bytes(c->feed, bytes, size);
}

static void *open_csv(const struct foreign_ask *ask, struct feed *feed)
{
	struct csv *c = mem_zeroed(1, sizeof(*c));

	c->ask = ask;
	c->feed = feed;
	for (int i = 0; i < COLUMNS; i++)
		c->columns[i] = (struct csv_column){ask->columns[i], true};
	return c;
}

static void close_csv(void *reader)
{
	struct csv *c = reader;

	csv_table_close(c->table);
	free(c);
}

static int begin(struct csv *c, struct diag *why)
{
	int r = feed_begin(c->feed, why);

	if (r < 0)
		return r;
	struct csv_reader *reader = csv_open(
		feed_name(c->feed), (struct csv_source){.read = read_feed, .ctx = c});
	return csv_table_open(reader, c->columns, COLUMNS, why, &c->table);
}

static int wrong_time(struct csv *c, const char *text, bool zone, struct diag *why)
{
	return zone ? csv_table_wrong(c->table, TIME, why,
			      "\"%.60s\" has no zone, expected --zone UTC or --zone +HH:MM", text)
		    : csv_table_wrong(c->table, TIME, why,
			      "\"%.60s\", expected Unix seconds or RFC 3339", text);
}

static int next_csv(void *reader, struct foreign_list *out, struct diag *why)
{
	struct csv *c = reader;
	const char *fields[COLUMNS];
	unsigned long line;
	struct wall at;
	struct ip4 address;
	int64_t rtt_ns = -1;
	int r = c->table ? 0 : begin(c, why);

	if (r == 0)
		r = csv_table_next(c->table, fields, &line, why);
	if (r <= 0)
		return r;
	enum time_word word = time_word(fields[TIME], strlen(fields[TIME]), c->ask->zone_s, &at);
	if (word != TIME_READ)
		return wrong_time(c, fields[TIME], word == TIME_NO_ZONE, why);
	if (!time_within(at))
		return csv_table_wrong(
			c->table, TIME, why, "\"%.60s\", expected a year of 1970 to 2199", fields[TIME]);
	if (!ip4_parse(fields[ADDRESS], &address))
		return csv_table_wrong(c->table, ADDRESS, why,
			"\"%.60s\", expected an IPv4 address", fields[ADDRESS]);
	if (!text_missing(fields[MS]) && !text_scaled(fields[MS], 6, RTT_MOST_NS, true, &rtt_ns))
		return csv_table_wrong(c->table, MS, why,
			"\"%.60s\", expected milliseconds, or nothing for no answer", fields[MS]);
	struct foreign_record *record = foreign_list_add_echo(out, line, at, address);
	struct observation *o = &record->observation;
	o->method = c->ask->method;
	o->port = c->ask->port;
	o->rtt_ns = rtt_ns;
	o->attempts = 1;
	if (rtt_ns >= 0)
		o->outcome = foreign_answer(o->method);
	return 1;
}

const struct foreign_format format_csv = {
	.name = "csv",
	.what = "a time, an address, milliseconds or nothing",
	.takes = FOREIGN_ZONE | FOREIGN_METHOD | FOREIGN_COLUMNS,
	.open = open_csv,
	.next = next_csv,
	.close = close_csv,
};
