/* RIPE RIS Live: a JSON object a line, as its stream or its WebSocket sends them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "exchange/foreign/format.h"
#include "exchange/foreign/json.h"
#include "exchange/foreign/route_words.h"

struct ris {
	struct feed *feed;
};

static void *open_ris(const struct foreign_ask *ask, struct feed *feed)
{
	struct ris *r = mem_zeroed(1, sizeof(*r));

	(void)ask;
	r->feed = feed;
	return r;
}

/* [64500, [1, 2], 64501]: a set stands as {1,2}. False: it is none, or longer than any. */
static bool take_path(const struct json *path, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < json_count(path); i++) {
		const struct json *item = json_item(path, i);
		size_t members = json_count(item);
		for (size_t k = 0; k < (members ? members : 1); k++) {
			int64_t as;
			if (!json_number(members ? json_item(item, k) : item, 0, &as) ||
				as > UINT32_MAX || size - len < 32)
				return false;
			const char *before = k ? "," : members ? " {" : " ";
			len += (size_t)snprintf(out + len, size - len, "%s%u%s", before,
				(unsigned)as, members && k + 1 == members ? "}" : "");
		}
	}
	return true;
}

struct update {
	struct foreign_list *out;
	unsigned long line;
	struct wall at;
	const char *peer;
};

static bool put_all(const struct update *u, const struct json *prefixes, enum route_event event,
	const char *path)
{
	for (size_t i = 0; i < json_count(prefixes); i++) {
		const char *prefix = json_text(json_item(prefixes, i));
		if (!prefix || !put_route(u->out, u->line, u->at, event, u->peer, prefix, path))
			return false;
	}
	return true;
}

static bool put_update(const struct update *u, const struct json *data)
{
	const struct json *announcements = json_member(data, "announcements");
	char path[4096];

	if (!put_all(u, json_member(data, "withdrawals"), ROUTE_WITHDRAW, ""))
		return false;
	if (!announcements)
		return true;
	if (!take_path(json_member(data, "path"), path, sizeof(path)))
		return false;
	for (size_t i = 0; i < json_count(announcements); i++)
		if (!put_all(u, json_member(json_item(announcements, i), "prefixes"),
			    ROUTE_ANNOUNCE, path))
			return false;
	return true;
}

/* {"type":"ris_message","data":{"timestamp":...,"peer":...,"type":"UPDATE",...}}, or the data alone. */
static bool put_message(struct ris *r, const struct json *json, struct foreign_list *out)
{
	const struct json *data = json_member(json, "data");
	struct update u = {.out = out, .line = feed_at(r->feed)};
	int64_t at_us;

	const char *type = json_text(json_member(json, "type"));
	if (type && (strcmp(type, "pong") == 0 ||
			    (strncmp(type, "ris_", 4) == 0 && strcmp(type, "ris_message") != 0)))
		return true; /* of the connection */
	data = data ? data : json;
	u.peer = json_text(json_member(data, "peer"));
	if (!u.peer || !json_number(json_member(data, "timestamp"), 6, &at_us) ||
		at_us > INT64_C(9000000000000000))
		return false;
	u.at.ns = at_us * NS_PER_US;
	if (json_is(data, "type", "UPDATE"))
		return put_update(&u, data);
	if (json_is(data, "type", "RIS_PEER_STATE"))
		return !json_is(data, "state", "down") ||
		       put_route(out, u.line, u.at, ROUTE_RESET, u.peer, NULL, "");
	return json_text(json_member(data, "type")) != NULL; /* OPEN, KEEPALIVE, NOTIFICATION */
}

static int next_ris(void *reader, struct foreign_list *out, struct diag *why)
{
	struct ris *r = reader;
	struct diag what;
	char *text;
	size_t len;
	int result = feed_object(r->feed, &text, &len, why);

	if (result <= 0)
		return result;
	struct json *json = json_read(text, len, &what);
	if (!json)
		return feed_wrong(r->feed, why, "%s", what.text);
	bool right = put_message(r, json, out);
	json_free(json);
	return right ? 1
		     : feed_wrong(r->feed, why,
			       "expected \"timestamp\", \"peer\" and \"type\" of RIS Live, with prefixes");
}

const struct foreign_format format_ris_live = {
	.name = "ris-live",
	.what = "routes: RIPE RIS Live, JSON lines",
	.routes = true,
	.open = open_ris,
	.next = next_ris,
	.close = free,
};
