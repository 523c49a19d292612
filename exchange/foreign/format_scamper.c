/* The JSON lines of scamper: ping and trace. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "exchange/foreign/format.h"
#include "exchange/foreign/json.h"

enum { PINGS_MOST = 65536, HOPS_MOST = 255 };

struct scamper {
	struct feed *feed;
};

static void *open_scamper(const struct foreign_ask *ask, struct feed *feed)
{
	struct scamper *s = mem_zeroed(1, sizeof(*s));

	(void)ask;
	s->feed = feed;
	return s;
}

/* {"sec":1795958284, "usec":397550} */
static bool time_of(const struct json *object, const char *name, struct wall *ret)
{
	const struct json *t = json_member(object, name);
	int64_t sec;
	int64_t usec;

	if (!json_number(json_member(t, "sec"), 0, &sec) || sec > INT64_C(9000000000) ||
		!json_number(json_member(t, "usec"), 0, &usec) || usec > 999999)
		return false;
	ret->ns = sec * NS_PER_S + usec * NS_PER_US;
	return true;
}

static enum outcome error_of(int type)
{
	return type == 11 ? OUTCOME_TTL_EXCEEDED : OUTCOME_UNREACHABLE;
}

/* One answer: the machine's, or an error on the way. */
static void take_answer(const struct json *answer, struct observation *o)
{
	int type = json_small(answer, "icmp_type", 255);
	int64_t rtt_ns;
	struct ip4 from;

	if (json_number(json_member(answer, "rtt"), 6, &rtt_ns))
		o->rtt_ns = rtt_ns;
	o->reply_ttl = json_small(answer, "reply_ttl", 255);
	o->ip_id = json_small(answer, "reply_ipid", 65535);
	if (json_is(answer, "reply_proto", "tcp")) {
		o->outcome = json_small(answer, "tcp_flags", 255) & 4 ? OUTCOME_RST : OUTCOME_SYN_ACK;
		return;
	}
	if (type == 0 || (type < 0 && o->method == METHOD_ICMP)) {
		o->outcome = OUTCOME_ECHO_REPLY;
		return;
	}
	o->icmp_type = type;
	o->icmp_code = json_small(answer, "icmp_code", 255);
	o->outcome = error_of(type);
	if (json_address(answer, "from", &from)) {
		o->has_responder = true;
		o->responder = from;
	}
}

/* Whose answer is it? Of another address only an error counts. */
static bool is_answer(const struct json *answer, struct ip4 asked)
{
	struct ip4 from;
	int type = json_small(answer, "icmp_type", 255);

	return json_address(answer, "from", &from) &&
	       (ip4_equal(from, asked) || type == 3 || type == 11);
}

static const struct json *answer_of(const struct json *answers, int64_t seq)
{
	for (size_t i = 0; i < json_count(answers); i++)
		if (json_small(json_item(answers, i), "seq", PINGS_MOST) == seq)
			return json_item(answers, i);
	return NULL;
}

static int take_ping(struct scamper *s, const struct json *json, struct foreign_list *out, struct diag *why)
{
	const struct json *answers = json_member(json, "responses");
	const char *method = json_text(json_member(json, "method"));
	int sent = json_small(json, "ping_sent", PINGS_MOST);
	int64_t wait_ns = 0;
	struct ip4 asked;
	struct wall start;

	if (sent < 0 || !method || !json_address(json, "dst", &asked) || !time_of(json, "start", &start))
		return feed_wrong(s->feed, why, "expected dst, start, method and ping_sent of a ping");
	bool tcp = strncmp(method, "tcp", 3) == 0;
	if (!tcp && strncmp(method, "icmp-echo", 9) != 0)
		return 1;
	if (json_number(json_member(json, "wait"), 9, &wait_ns) && wait_ns > 3600 * NS_PER_S)
		wait_ns = 0;
	int port = json_small(json, "dport", UINT16_MAX);
	for (int seq = 0; seq < sent; seq++) {
		const struct json *answer = json_count(answers) ? answer_of(answers, seq) : NULL;
		struct wall at = wall_after(start, seq * wait_ns);
		if (answer)
			(void)time_of(answer, "tx", &at);
		struct observation *o =
			&foreign_list_add_echo(out, feed_at(s->feed), at, asked)->observation;
		o->method = tcp ? METHOD_TCP : METHOD_ICMP;
		o->port = tcp && port > 0 ? (uint16_t)port : 0;
		o->attempts = 1;
		if (answer && is_answer(answer, asked))
			take_answer(answer, o);
	}
	return 1;
}

static int take_trace(struct scamper *s, const struct json *json, struct foreign_list *out, struct diag *why)
{
	const struct json *hops = json_member(json, "hops");
	const char *method = json_text(json_member(json, "method"));
	uint8_t seen[HOPS_MOST + 1] = {0};
	struct ip4 asked;
	struct wall start;
	int64_t rtt_ns;

	if (!method || !json_address(json, "dst", &asked) || !time_of(json, "start", &start))
		return feed_wrong(s->feed, why, "expected dst, start and method of a trace");
	for (size_t i = 0; i < json_count(hops); i++) {
		const struct json *answer = json_item(hops, i);
		int ttl = json_small(answer, "probe_ttl", HOPS_MOST);
		struct ip4 from;
		struct wall at = start;
		if (ttl < 1 || !json_address(answer, "addr", &from) ||
			!json_number(json_member(answer, "rtt"), 6, &rtt_ns))
			return feed_wrong(s->feed, why, "expected addr, probe_ttl and rtt of a hop");
		if (seen[ttl]++)
			continue;
		(void)time_of(answer, "tx", &at);
		int type = json_small(answer, "icmp_type", 255);
		bool reached = ip4_equal(from, asked) && (type == 0 || type < 0);
		foreign_list_add_hop(out, feed_at(s->feed), at, asked, (uint8_t)ttl,
			reached ? OUTCOME_ECHO_REPLY : error_of(type), from, rtt_ns);
		if (!reached || strncmp(method, "icmp", 4) != 0)
			continue;
		struct observation *o =
			&foreign_list_add_echo(out, feed_at(s->feed), at, asked)->observation;
		o->outcome = OUTCOME_ECHO_REPLY;
		o->rtt_ns = rtt_ns;
		o->reply_ttl = json_small(answer, "reply_ttl", 255);
	}
	int count = json_small(json, "hop_count", HOPS_MOST);
	for (int ttl = 1; ttl <= count; ttl++)
		if (!seen[ttl])
			foreign_list_add_silent_hop(out, feed_at(s->feed), start, asked, (uint8_t)ttl);
	return 1;
}

static int next_scamper(void *reader, struct foreign_list *out, struct diag *why)
{
	struct scamper *s = reader;
	struct diag what;
	char *text;
	size_t len;
	int r = feed_object(s->feed, &text, &len, why);

	if (r <= 0)
		return r;
	struct json *json = json_read(text, len, &what);
	if (!json)
		return feed_wrong(s->feed, why, "%s", what.text);
	if (json_is(json, "type", "ping"))
		r = take_ping(s, json, out, why);
	else if (json_is(json, "type", "trace"))
		r = take_trace(s, json, out, why);
	else if (!json_text(json_member(json, "type")) || json_member(json, "msm_id"))
		r = feed_wrong(s->feed, why, "an object without the \"type\" of scamper");
	json_free(json);
	return r;
}

const struct foreign_format format_scamper = {
	.name = "scamper",
	.what = "the JSON of scamper (sc_warts2json): ping and trace",
	.open = open_scamper,
	.next = next_scamper,
	.close = free,
};
