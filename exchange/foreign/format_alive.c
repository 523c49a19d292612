/* A list of who answered: an address a line. */
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "exchange/foreign/format.h"

struct alive {
	const struct foreign_ask *ask;
	struct feed *feed;
};

static void *open_alive(const struct foreign_ask *ask, struct feed *feed)
{
	struct alive *a = mem_zeroed(1, sizeof(*a));

	a->ask = ask;
	a->feed = feed;
	return a;
}

static int next_alive(void *reader, struct foreign_list *out, struct diag *why)
{
	struct alive *a = reader;
	char *text;
	size_t len;
	struct ip4 address;
	int r = feed_line(a->feed, &text, &len, why);

	if (r <= 0)
		return r;
	const char *at = text + strspn(text, " \t");
	if (!*at || *at == '#')
		return 1;
	if (!take_address(&at, &address) || at[strspn(at, " \t")])
		return feed_wrong(a->feed, why, "\"%.60s\", expected an IPv4 address alone", text);
	struct observation *o =
		&foreign_list_add_echo(out, feed_at(a->feed), a->ask->time, address)->observation;
	o->method = a->ask->method;
	o->port = a->ask->port;
	o->outcome = foreign_answer(o->method);
	return 1;
}

const struct foreign_format format_alive = {
	.name = "alive",
	.what = "who answered, an address a line (fping -a)",
	.nothing = "of a list that is empty nobody knows whether anybody was asked",
	.scan = true,
	.takes = FOREIGN_TIME | FOREIGN_METHOD | FOREIGN_ASKED,
	.needs = FOREIGN_TIME | FOREIGN_ASKED,
	.open = open_alive,
	.next = next_alive,
	.close = free,
};
