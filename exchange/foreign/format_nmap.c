/* What nmap writes: -oX, by the reasons it gives, and -oG as far as that goes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "exchange/foreign/format.h"
#include "exchange/foreign/nmap_grep.h"
#include "exchange/foreign/xml.h"

struct nmap {
	const struct foreign_ask *ask;
	struct feed *feed;
	bool begun, ended;
	struct nmap_grep grep;

	struct xml *xml; /* NULL: -oG */
	struct foreign_list *out; /* during a call */
	struct diag *why;
	bool in_run, finished, in_host, in_port, tcp;
	int64_t run_s, host_s;
	struct ip4 address;
	bool has_address;
	struct state {
		char state[16], reason[32];
		int ttl;
		bool has_by;
		struct ip4 by; /* reason_ip */
	} status;
	int64_t srtt_us, uptime_s;
	struct port {
		uint16_t number;
		struct state state;
	} *ports;
	size_t port_count, port_capacity;
};

static bool wrong(struct nmap *n, const char *text, const char *expected)
{
	feed_wrong_at(n->feed, xml_line(n->xml), n->why, "%s, expected %s", text, expected);
	return false;
}

static bool seconds(const char *text, int64_t *ret)
{
	return text_i64(text, ret) && *ret >= 0 && *ret < INT64_C(7000000000);
}

static void take_state(struct state *s, const char *const *attributes)
{
	int64_t ttl;
	const char *at = xml_attribute(attributes, "reason_ttl");

	*s = (struct state){.ttl = -1};
	strncpy(s->state, xml_attribute(attributes, "state"), sizeof(s->state) - 1);
	strncpy(s->reason, xml_attribute(attributes, "reason"), sizeof(s->reason) - 1);
	if (text_i64(at, &ttl) && ttl > 0 && ttl <= 255)
		s->ttl = (int)ttl;
	s->has_by = ip4_parse(xml_attribute(attributes, "reason_ip"), &s->by);
}

static bool begin_run(struct nmap *n, const char *const *attributes)
{
	n->in_run = true;
	if (strcmp(xml_attribute(attributes, "scanner"), "nmap") != 0 ||
		!seconds(xml_attribute(attributes, "start"), &n->run_s))
		return wrong(n, "nmaprun without scanner=\"nmap\" and start", "nmap -oX");
	return true;
}

static void begin_host(struct nmap *n, const char *const *attributes)
{
	n->in_host = true;
	n->has_address = false;
	n->status = (struct state){.ttl = -1};
	n->srtt_us = -1;
	n->uptime_s = -1;
	n->port_count = 0;
	if (!seconds(xml_attribute(attributes, "starttime"), &n->host_s))
		n->host_s = n->run_s;
}

static void begin_port(struct nmap *n, const char *const *attributes)
{
	int64_t number;

	n->tcp = strcmp(xml_attribute(attributes, "protocol"), "tcp") == 0 &&
		 text_i64(xml_attribute(attributes, "portid"), &number) && number >= 0 && number <= UINT16_MAX;
	if (!n->tcp)
		return;
	n->ports = mem_grow(n->ports, &n->port_capacity, n->port_count + 1, sizeof(*n->ports));
	n->ports[n->port_count++] = (struct port){.number = (uint16_t)number};
}

static void begin_in_host(struct nmap *n, const char *name, const char *const *attributes)
{
	if (strcmp(name, "status") == 0)
		take_state(&n->status, attributes);
	else if (strcmp(name, "address") == 0)
		n->has_address |= ip4_parse(xml_attribute(attributes, "addr"), &n->address);
	else if (strcmp(name, "port") == 0)
		begin_port(n, attributes);
	else if (strcmp(name, "state") == 0 && n->tcp && n->port_count)
		take_state(&n->ports[n->port_count - 1].state, attributes);
	else if (strcmp(name, "times") == 0)
		(void)text_i64(xml_attribute(attributes, "srtt"), &n->srtt_us);
	else if (strcmp(name, "uptime") == 0)
		(void)seconds(xml_attribute(attributes, "seconds"), &n->uptime_s);
}

static bool on_begin(void *ctx, const char *name, const char *const *attributes)
{
	struct nmap *n = ctx;

	if (!n->in_run)
		return strcmp(name, "nmaprun") == 0 ? begin_run(n, attributes)
						    : wrong(n, "another document", "nmap -oX");
	if (strcmp(name, "host") == 0)
		begin_host(n, attributes);
	else if (n->in_host)
		begin_in_host(n, name, attributes);
	else if (strcmp(name, "finished") == 0)
		n->finished = strcmp(xml_attribute(attributes, "exit"), "error") != 0;
	return true;
}

/* What a reason means. False: it is no observation of ours. */
static bool outcome_of(const struct state *s, enum method *method, enum outcome *ret)
{
	static const struct {
		const char *reason;
		enum method method;
		enum outcome outcome;
	} reasons[] = {
		{"echo-reply", METHOD_ICMP, OUTCOME_ECHO_REPLY},
		{"timestamp-reply", METHOD_ICMP, OUTCOME_ECHO_REPLY},
		{"addressmask-reply", METHOD_ICMP, OUTCOME_ECHO_REPLY},
		{"syn-ack", METHOD_TCP, OUTCOME_SYN_ACK},
		{"reset", METHOD_TCP, OUTCOME_RST},
		{"conn-refused", METHOD_TCP, OUTCOME_RST},
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (strcmp(s->reason, reasons[i].reason) != 0)
			continue;
		*method = reasons[i].method;
		*ret = reasons[i].outcome;
		return true;
	}
	if (strcmp(s->reason, "no-response") == 0)
		*ret = OUTCOME_SILENT;
	else if (strstr(s->reason, "-unreach") || strstr(s->reason, "-prohibited"))
		*ret = OUTCOME_UNREACHABLE;
	else if (strcmp(s->reason, "time-exceeded") == 0)
		*ret = OUTCOME_TTL_EXCEEDED;
	else
		return false;
	return strcmp(s->state, "up") != 0; /* up by an error to UDP: of no kind of ours */
}

static struct observation *put(struct nmap *n, const struct state *s, enum method method, uint16_t port)
{
	struct wall at = {n->host_s * NS_PER_S};
	enum outcome outcome;

	if (!outcome_of(s, &method, &outcome))
		return NULL;
	struct observation *o =
		&foreign_list_add_echo(n->out, xml_line(n->xml), at, n->address)->observation;
	o->method = method;
	o->port = method == METHOD_TCP ? port : 0;
	o->outcome = outcome;
	o->reply_ttl = s->ttl;
	o->has_responder = s->has_by;
	o->responder = s->by;
	return o;
}

static bool end_host(struct nmap *n)
{
	n->in_host = false;
	if (!n->has_address) /* IPv6, or a machine known by its MAC alone */
		return true;
	if (strcmp(n->status.reason, "user-set") == 0)
		return wrong(n, "a host is up by user-set (-Pn): nobody asked whether it is there",
			"a scan without -Pn");
	struct observation *o = put(n, &n->status, n->ask->method, n->ask->port);
	if (o && observation_is_life(o) && n->srtt_us > 0 && n->srtt_us < 3600 * INT64_C(1000000))
		o->rtt_ns = n->srtt_us * NS_PER_US;
	for (size_t i = 0; i < n->port_count; i++)
		put(n, &n->ports[i].state, METHOD_TCP, n->ports[i].number);
	if (n->uptime_s > 0 && n->uptime_s < n->host_s) {
		struct foreign_record *r = foreign_list_add(n->out, FOREIGN_BOOT, xml_line(n->xml));
		r->at.ns = n->host_s * NS_PER_S;
		r->boot.address = n->address;
		r->boot.boot_at.ns = (n->host_s - n->uptime_s) * NS_PER_S;
	}
	return true;
}

static bool on_end(void *ctx, const char *name)
{
	struct nmap *n = ctx;

	return strcmp(name, "host") == 0 && n->in_host ? end_host(n) : true;
}

static void *open_nmap(const struct foreign_ask *ask, struct feed *feed)
{
	struct nmap *n = mem_zeroed(1, sizeof(*n));

	n->ask = ask;
	n->feed = feed;
	n->grep = (struct nmap_grep){.ask = ask, .feed = feed};
	return n;
}

static void close_nmap(void *reader)
{
	struct nmap *n = reader;

	xml_close(n->xml);
	free(n->ports);
	free(n);
}

static int begin(struct nmap *n, struct diag *why)
{
	int first = feed_first(n->feed, why);

	n->begun = true;
	if (first != '<')
		return first < 0 ? first : 1;
	n->xml = xml_open((struct xml_events){.begin = on_begin, .end = on_end, .ctx = n});
	return n->xml ? 1
		      : feed_wrong(n->feed, why, "this lightsout was built without expat and reads no XML");
}

static int next_xml(struct nmap *n, struct foreign_list *out, struct diag *why)
{
	char bytes[8192];
	struct diag what = {.line = 0};
	ssize_t len = feed_bytes(n->feed, bytes, sizeof(bytes));

	if (len < 0)
		return (int)len;
	n->out = out;
	n->why = why;
	n->ended = len == 0;
	if (xml_feed(n->xml, bytes, (size_t)len, len == 0, &what) < 0)
		return *what.text ? feed_wrong_at(n->feed, xml_line(n->xml), why, "%s", what.text) : -EINVAL;
	if (n->ended && !n->finished)
		return feed_wrong_at(n->feed, xml_line(n->xml), why, "the scan did not end, expected \"finished\"");
	return n->ended ? 0 : 1;
}

static int next_nmap(void *reader, struct foreign_list *out, struct diag *why)
{
	struct nmap *n = reader;
	int r = n->begun ? 1 : begin(n, why);

	if (r < 0)
		return r;
	return n->xml ? next_xml(n, out, why) : nmap_grep_next(&n->grep, out, why);
}

const struct foreign_format format_nmap = {
	.name = "nmap",
	.what = "nmap -oX or -oG, without -Pn",
	.nothing = "hosts that are up by localhost-response or arp-response were not asked by icmp or tcp",
	.scan = true,
	.takes = FOREIGN_TIME | FOREIGN_ZONE | FOREIGN_METHOD | FOREIGN_ASKED,
	.asked_once = true,
	.open = open_nmap,
	.next = next_nmap,
	.close = close_nmap,
};
