/* The one-line output of bgpdump -m, or -M: tables (TABLE_DUMP2) and updates (BGP4MP). */
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "exchange/foreign/format.h"
#include "exchange/foreign/route_words.h"

enum { FIELDS = 7 };
enum field { KIND, TIME, WHAT, PEER, PEER_AS, PREFIX, PATH };

struct bgpdump {
	struct feed *feed;
};

static void *open_bgpdump(const struct foreign_ask *ask, struct feed *feed)
{
	struct bgpdump *b = mem_zeroed(1, sizeof(*b));

	(void)ask;
	b->feed = feed;
	return b;
}

/* The first fields between "|"; "" for those that are not there. How many are. */
static size_t split(char *text, const char *fields[FIELDS])
{
	size_t count = 0;

	for (char *field; count < FIELDS && (field = strsep(&text, "|"));)
		fields[count++] = field;
	for (size_t i = count; i < FIELDS; i++)
		fields[i] = "";
	return count;
}

/* "BGP4MP|1418860800|STATE|192.0.2.1|64500|6|1": from one state of RFC 4271 to another; 6 is the
 * session that stands. */
static bool put_state(struct bgpdump *b, const char *fields[FIELDS], struct wall at,
	struct foreign_list *out)
{
	bool lost = strcmp(fields[PREFIX], "6") == 0 && strcmp(fields[PATH], "6") != 0;

	return !lost || put_route(out, feed_at(b->feed), at, ROUTE_RESET, fields[PEER], NULL, "");
}

static bool put_line(struct bgpdump *b, const char *fields[FIELDS], size_t count,
	struct foreign_list *out)
{
	bool table = strncmp(fields[KIND], "TABLE_DUMP", 10) == 0;
	bool update = strncmp(fields[KIND], "BGP4MP", 6) == 0;
	const char *at_text = fields[TIME];
	const char *what = fields[WHAT];
	unsigned long line = feed_at(b->feed);
	int64_t at_us;

	if ((!table && !update) || !take_decimal(&at_text, 6, &at_us) || *at_text ||
		at_us > INT64_C(9000000000000000))
		return false;
	struct wall at = {at_us * NS_PER_US};
	if (update && strcmp(what, "STATE") == 0)
		return count >= 7 && put_state(b, fields, at, out);
	if (update && strcmp(what, "W") == 0)
		return count >= 6 &&
		       put_route(out, line, at, ROUTE_WITHDRAW, fields[PEER], fields[PREFIX], "");
	if (strcmp(what, update ? "A" : "B") == 0)
		return count >= 7 && put_route(out, line, at, ROUTE_ANNOUNCE, fields[PEER],
					     fields[PREFIX], fields[PATH]);
	return false;
}

static int next_bgpdump(void *reader, struct foreign_list *out, struct diag *why)
{
	struct bgpdump *b = reader;
	const char *fields[FIELDS];
	char *text;
	size_t len;
	int r = feed_line(b->feed, &text, &len, why);

	if (r <= 0)
		return r;
	char begin[64];
	strncpy(begin, text, sizeof(begin) - 1);
	begin[sizeof(begin) - 1] = '\0';
	size_t count = split(text, fields);
	if (put_line(b, fields, count, out))
		return 1;
	return feed_wrong(b->feed, why,
		"\"%s\", expected KIND|TIME|A, B or W|PEER|AS|PREFIX|PATH of bgpdump -m", begin);
}

const struct foreign_format format_bgpdump = {
	.name = "bgpdump",
	.what = "routes: bgpdump -m of a table or of updates",
	.routes = true,
	.open = open_bgpdump,
	.next = next_bgpdump,
	.close = free,
};
