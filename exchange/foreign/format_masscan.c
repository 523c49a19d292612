/* The lists of masscan: -oL, -oJ and -oD. Who answered and when; nobody else. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "exchange/foreign/format.h"
#include "exchange/foreign/json.h"

struct masscan {
	struct feed *feed;
	bool begun, json, ended;
};

static void *open_masscan(const struct foreign_ask *ask, struct feed *feed)
{
	struct masscan *m = mem_zeroed(1, sizeof(*m));

	(void)ask;
	m->feed = feed;
	return m;
}

/* One port of one host. Of other protocols than ours nothing is kept. */
static bool put(struct masscan *m, struct ip4 address, int64_t time_s, const char *proto,
	int64_t port, const char *status, int ttl, struct foreign_list *out)
{
	bool open = strcmp(status, "open") == 0;
	bool tcp = strcmp(proto, "tcp") == 0;

	if (port < 0 || port > UINT16_MAX || time_s > INT64_C(9000000000) ||
		(!open && strcmp(status, "closed") != 0))
		return false;
	if (!tcp && (strcmp(proto, "icmp") != 0 || !open))
		return true;
	struct observation *o = &foreign_list_add_echo(
		out, feed_at(m->feed), (struct wall){time_s * NS_PER_S}, address)->observation;
	o->method = tcp ? METHOD_TCP : METHOD_ICMP;
	o->port = tcp ? (uint16_t)port : 0;
	o->outcome = !tcp ? OUTCOME_ECHO_REPLY : open ? OUTCOME_SYN_ACK : OUTCOME_RST;
	o->reply_ttl = ttl;
	return true;
}

/* "open tcp 80 198.18.0.11 1593540039" */
static int take_line(struct masscan *m, char *text, struct foreign_list *out, struct diag *why)
{
	char *words[6];
	size_t count = 0;
	char *rest;
	struct ip4 address;
	int64_t port;
	int64_t time_s;
	char copy[128];

	if (m->ended && *text)
		return feed_wrong(m->feed, why, "\"%.60s\" behind \"# end\", expected one list", text);
	m->ended |= strcmp(text, "# end") == 0;
	if (!*text || *text == '#' || strncmp(text, "banner ", 7) == 0)
		return 1;
	strncpy(copy, text, sizeof(copy) - 1);
	copy[sizeof(copy) - 1] = '\0';
	for (char *w = strtok_r(text, " ", &rest); w && count < 6; w = strtok_r(NULL, " ", &rest))
		words[count++] = w;
	if (count == 5) {
		const char *port_text = words[2];
		const char *time_text = words[4];
		if (take_whole(&port_text, &port) && !*port_text && ip4_parse(words[3], &address) &&
			take_whole(&time_text, &time_s) && !*time_text && strlen(words[4]) >= 9 &&
			put(m, address, time_s, words[1], port, words[0], -1, out))
			return 1;
	}
	return feed_wrong(m->feed, why,
		"\"%.60s\", expected STATUS PROTOCOL PORT ADDRESS TIME", copy);
}

/* {"ip": "198.18.0.11", "timestamp": "1727151519", "ports": [{"port": 80, ...}]} */
static int take_object(struct masscan *m, const char *text, size_t len, struct foreign_list *out,
	struct diag *why)
{
	struct diag what;
	struct ip4 address;
	int64_t time_s;
	int64_t port;

	if (strncmp(text, "{finished", 9) == 0) /* no JSON, but so it ended for years */
		return 1;
	struct json *json = json_read(text, len, &what);
	if (!json)
		return feed_wrong(m->feed, why, "%s", what.text);
	const struct json *ports = json_member(json, "ports");
	bool right = json_address(json, "ip", &address) &&
		     json_number(json_member(json, "timestamp"), 0, &time_s) && json_count(ports) > 0;
	for (size_t i = 0; right && i < json_count(ports); i++) {
		const struct json *p = json_item(ports, i);
		const char *proto = json_text(json_member(p, "proto"));
		const char *status = json_text(json_member(p, "status"));
		if (!status && json_member(p, "service")) /* a banner */
			continue;
		right = proto && status && json_number(json_member(p, "port"), 0, &port) &&
			put(m, address, time_s, proto, port, status, json_small(p, "ttl", 255), out);
	}
	json_free(json);
	return right ? 1
		     : feed_wrong(m->feed, why, "expected \"ip\", \"timestamp\" and \"ports\" of masscan");
}

static int next_masscan(void *reader, struct foreign_list *out, struct diag *why)
{
	struct masscan *m = reader;
	char *text;
	size_t len;
	int first = m->begun ? 0 : feed_first(m->feed, why);

	if (first < 0)
		return first;
	if (!m->begun)
		m->json = first == '[' || first == '{';
	m->begun = true;
	int r = m->json ? feed_object(m->feed, &text, &len, why) : feed_line(m->feed, &text, &len, why);
	if (r == 0 && !m->json && !m->ended)
		return feed_wrong(m->feed, why, "the list ends here, expected \"# end\"");
	if (r <= 0)
		return r;
	return m->json ? take_object(m, text, len, out, why) : take_line(m, text, out, why);
}

const struct foreign_format format_masscan = {
	.name = "masscan",
	.what = "masscan -oL, -oJ or -oD",
	.nothing = "nobody who answered by icmp or tcp is in it",
	.scan = true,
	.takes = FOREIGN_ASKED,
	.open = open_masscan,
	.next = next_masscan,
	.close = free,
};
