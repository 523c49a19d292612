/* Our own CSV of routes: time, prefix, peer, event, and perhaps the path. */
#include <stdlib.h>
#include <string.h>

#include "core/csv.h"
#include "core/mem.h"
#include "exchange/foreign/format.h"
#include "exchange/foreign/route_words.h"

enum { TIME, PREFIX, PEER, EVENT, PATH, UNTIL, COLUMNS };
static const struct csv_column columns[COLUMNS] = {{"time", true}, {"prefix", true},
	{"peer", true}, {"event", true}, {"as_path", false}, {"until", false}};

struct routes {
	struct feed *feed;
	struct csv_table *table;
};

static ssize_t read_feed(void *ctx, char *bytes, size_t size)
{
	struct routes *s = ctx;

	return feed_bytes(s->feed, bytes, size);
}

static void *open_routes(const struct foreign_ask *ask, struct feed *feed)
{
	struct routes *s = mem_zeroed(1, sizeof(*s));

	(void)ask;
	s->feed = feed;
	return s;
}

static void close_routes(void *reader)
{
	struct routes *s = reader;

	csv_table_close(s->table);
	free(s);
}

static int begin(struct routes *s, struct diag *why)
{
	int r = feed_begin(s->feed, why);

	if (r < 0)
		return r;
	struct csv_reader *reader = csv_open(
		feed_name(s->feed), (struct csv_source){.read = read_feed, .ctx = s});
	return csv_table_open(reader, columns, COLUMNS, why, &s->table);
}

static int wrong(struct routes *s, int column, const char *text, const char *expected,
	struct diag *why)
{
	return csv_table_wrong(
		s->table, (size_t)column, why, "\"%.60s\", expected %s", text, expected);
}

static int take(struct routes *s, const char *fields[COLUMNS], unsigned long line,
	struct foreign_list *out, struct diag *why)
{
	struct prefix all;
	enum route_event event;
	struct wall at;
	struct wall until;

	if (!wall_parse(fields[TIME], &at))
		return wrong(s, TIME, fields[TIME], "Unix seconds, or RFC 3339 with its zone", why);
	if (strcmp(fields[EVENT], "heard") == 0) {
		if (!wall_parse(fields[UNTIL], &until) || until.ns < at.ns)
			return wrong(s, UNTIL, fields[UNTIL], "a time that is not before the first", why);
		struct foreign_record *record = foreign_list_add(out, FOREIGN_HEARD, line);
		record->at = at;
		record->heard = (struct heard){at, until};
		return 1;
	}
	if (!route_event_parse(fields[EVENT], &event))
		return wrong(s, EVENT, fields[EVENT], "announce, withdraw, reset or heard", why);
	bool reset = event == ROUTE_RESET;
	if (reset && *fields[PREFIX])
		return wrong(s, PREFIX, fields[PREFIX], "none of a reset", why);
	if (!path_known(fields[PATH]) || (event != ROUTE_ANNOUNCE && *fields[PATH]))
		return wrong(s, PATH, fields[PATH], "AS numbers, where it is announced", why);
	if (put_route(out, line, at, event, fields[PEER], reset ? NULL : fields[PREFIX], fields[PATH]))
		return 1;
	if (!reset && !prefix_parse(fields[PREFIX], &all))
		return wrong(s, PREFIX, fields[PREFIX], "a prefix ADDRESS/LENGTH", why);
	return wrong(s, PEER, fields[PEER], "an address or AS number, at most 47 bytes", why);
}

static int next_routes(void *reader, struct foreign_list *out, struct diag *why)
{
	struct routes *s = reader;
	const char *fields[COLUMNS];
	unsigned long line;
	int r = s->table ? 0 : begin(s, why);

	if (r == 0)
		r = csv_table_next(s->table, fields, &line, why);
	return r <= 0 ? r : take(s, fields, line, out, why);
}

const struct foreign_format format_routes = {
	.name = "routes",
	.what = "routes: a time, a prefix, a peer, announce or withdraw",
	.routes = true,
	.may_be_empty = true,
	.open = open_routes,
	.next = next_routes,
	.close = close_routes,
};
