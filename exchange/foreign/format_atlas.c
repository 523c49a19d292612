/* The results of RIPE Atlas, as JSON: ping and traceroute. Each probe is a vantage point. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "exchange/foreign/format.h"
#include "exchange/foreign/json.h"

enum { HOPS_MOST = 255 };

struct atlas {
	struct feed *feed;
};

static void *open_atlas(const struct foreign_ask *ask, struct feed *feed)
{
	struct atlas *a = mem_zeroed(1, sizeof(*a));

	(void)ask;
	a->feed = feed;
	return a;
}

/* What all results have. */
struct result {
	struct ip4 asked;
	struct wall at;
	int64_t probe;
	const struct json *results;
};

/* 1; 0: it is of nobody we could name (IPv6, a name that was not resolved). */
static int take_common(struct atlas *a, const struct json *json, struct result *ret, struct diag *why)
{
	int64_t sec;

	if (!json_number(json_member(json, "timestamp"), 0, &sec) || sec > INT64_C(9000000000) ||
		!json_number(json_member(json, "prb_id"), 0, &ret->probe) || !json_member(json, "msm_id"))
		return feed_wrong(a->feed, why, "expected msm_id, prb_id and timestamp of RIPE Atlas");
	ret->at.ns = sec * NS_PER_S;
	ret->results = json_member(json, "result");
	return json_small(json, "af", 6) != 6 && json_address(json, "dst_addr", &ret->asked);
}

/* One of several probes. */
static bool rtt_of(const struct json *probe, int64_t *ret_ns)
{
	return json_number(json_member(probe, "rtt"), 6, ret_ns);
}

static void take_ping(
	struct atlas *a, const struct json *json, const struct result *result, struct foreign_list *out)
{
	int attempts = 0, answered = 0, first = 0, errors = 0;
	int64_t first_ns = -1;

	for (size_t i = 0; i < json_count(result->results); i++) {
		const struct json *probe = json_item(result->results, i);
		int64_t rtt_ns;
		errors += json_member(probe, "error") != NULL;
		if (json_member(probe, "error") || json_member(probe, "dup"))
			continue;
		attempts++;
		if (!rtt_of(probe, &rtt_ns))
			continue;
		if (answered++ == 0) {
			first = attempts;
			first_ns = rtt_ns;
		}
	}
	if (attempts == 0 && errors == 0)
		return;
	struct foreign_record *r =
		foreign_list_add_echo(out, feed_at(a->feed), result->at, result->asked);
	struct observation *o = &r->observation;
	r->probe = result->probe;
	r->answered = answered;
	o->attempts = attempts ? attempts : errors;
	/* "error": the probe itself could not send. */
	o->outcome = answered ? OUTCOME_ECHO_REPLY : attempts ? OUTCOME_SILENT : OUTCOME_UNSENT;
	if (!answered)
		return;
	o->attempt = first;
	o->rtt_ns = first_ns;
	o->reply_ttl = json_small(json, "ttl", 255);
}

/* The first answer of a hop; NULL: none. */
static const struct json *answer_of(const struct json *hop, struct ip4 *ret_from, int64_t *ret_ns)
{
	const struct json *probes = json_member(hop, "result");

	for (size_t i = 0; i < json_count(probes); i++) {
		const struct json *probe = json_item(probes, i);
		if (json_address(probe, "from", ret_from) && rtt_of(probe, ret_ns))
			return probe;
	}
	return NULL;
}

static void take_trace(
	struct atlas *a, const struct json *json, const struct result *result, struct foreign_list *out)
{
	bool icmp = json_is(json, "proto", "ICMP");

	for (size_t i = 0; i < json_count(result->results); i++) {
		const struct json *hop = json_item(result->results, i);
		int ttl = json_small(hop, "hop", HOPS_MOST);
		struct ip4 from;
		int64_t rtt_ns;
		if (ttl < 1 || !json_count(json_member(hop, "result")))
			continue;
		const struct json *answer = answer_of(hop, &from, &rtt_ns);
		if (!answer) {
			foreign_list_add_silent_hop(
				out, feed_at(a->feed), result->at, result->asked, (uint8_t)ttl)
				->probe = result->probe;
			continue;
		}
		/* "err" is an ICMP error other than that hops ran out. */
		bool own = ip4_equal(from, result->asked);
		enum outcome outcome = json_member(answer, "err") ? OUTCOME_UNREACHABLE
				       : own			  ? OUTCOME_ECHO_REPLY
								  : OUTCOME_TTL_EXCEEDED;
		foreign_list_add_hop(out, feed_at(a->feed), result->at, result->asked, (uint8_t)ttl,
			outcome, from, rtt_ns)
			->probe = result->probe;
		if (outcome != OUTCOME_ECHO_REPLY || !icmp)
			continue;
		struct foreign_record *r =
			foreign_list_add_echo(out, feed_at(a->feed), result->at, result->asked);
		r->probe = result->probe;
		r->observation.outcome = OUTCOME_ECHO_REPLY;
		r->observation.rtt_ns = rtt_ns;
		r->observation.reply_ttl = json_small(answer, "ttl", 255);
	}
}

static int next_atlas(void *reader, struct foreign_list *out, struct diag *why)
{
	struct atlas *a = reader;
	struct diag what;
	struct result result;
	char *text;
	size_t len;
	int r = feed_object(a->feed, &text, &len, why);

	if (r <= 0)
		return r;
	struct json *json = json_read(text, len, &what);
	if (!json)
		return feed_wrong(a->feed, why, "%s", what.text);
	r = take_common(a, json, &result, why);
	if (r == 1 && json_is(json, "type", "ping"))
		take_ping(a, json, &result, out);
	else if (r == 1 && json_is(json, "type", "traceroute"))
		take_trace(a, json, &result, out);
	json_free(json);
	return r < 0 ? r : 1;
}

const struct foreign_format format_atlas = {
	.name = "atlas",
	.what = "JSON of RIPE Atlas: ping and traceroute by IPv4",
	.open = open_atlas,
	.next = next_atlas,
	.close = free,
};
