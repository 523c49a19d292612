/*
 * The output of fping: a line a probe (-l, -c; with -D behind a time), the sums of -C, or
 * "is alive" and "is unreachable".
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "exchange/foreign/format.h"
#include "exchange/foreign/keyed.h"

struct fping {
	const struct foreign_ask *ask;
	struct feed *feed;
	bool by_probe;       /* it has a line a probe: sums say nothing new */
	struct keyed summed; /* addresses that had their line of sums */
};

/* A line in its parts. */
struct parts {
	const char *stamp; /* NULL: none */
	size_t stamp_len;
	struct ip4 address;
	const char *rest;
};

static void *open_fping(const struct foreign_ask *ask, struct feed *feed)
{
	struct fping *f = mem_zeroed(1, sizeof(*f));

	f->ask = ask;
	f->feed = feed;
	return f;
}

static void close_fping(void *reader)
{
	struct fping *f = reader;

	keyed_finish(&f->summed);
	free(f);
}

static int strange(const struct fping *f, const char *text, struct diag *why)
{
	return feed_wrong(f->feed, why, "\"%.60s\" is no line of fping", text);
}

/* "[1767225600.25042] " */
static void take_stamp(const char **at, struct parts *parts)
{
	const char *end = **at == '[' ? strstr(*at, "] ") : NULL;

	if (!end)
		return;
	parts->stamp = *at + 1;
	parts->stamp_len = (size_t)(end - parts->stamp);
	*at = end + 2;
}

/* "198.18.0.1", "name (198.18.0.1)", and blanks that align it. */
static bool take_name(const char **at, const char *end, struct ip4 *ret)
{
	const char *from = *at;

	*at = end;
	while (end > from && end[-1] == ' ')
		end--;
	for (const char *p = from; p < end; p++)
		if (*p == '(')
			from = p + 1;
	if (!take_address(&from, ret))
		return false;
	return from == end || (*from == ')' && from + 1 == end);
}

/* What fping says beside its results. */
static bool is_noise(const char *text)
{
	static const char *const words[] = {"xmt/rcv/%loss", "ICMP ", "duplicate for", "address not found",
		"Name or service not known", "Temporary failure in name resolution", " targets",
		" alive", " unreachable", " unknown addresses", " timeouts (waiting for response)",
		" ICMP Echos sent", " ICMP Echo Replies received", " other ICMP received",
		" ms (min round trip time)", " ms (avg round trip time)", " ms (max round trip time)",
		" sec (elapsed real time)"};

	if (!text[strspn(text, " \t")])
		return true;
	if (*text == '[' && text[strspn(text, "[0123456789:]")] == '\0')
		return true; /* the time of -Q */
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(text, words[i]) && !strstr(text, " is "))
			return true;
	return false;
}

/* When: of its stamp, or of --time and a number of intervals. */
static int time_of(struct fping *f, const struct parts *parts, int64_t number, struct wall *ret,
	struct diag *why)
{
	if (!parts->stamp && f->ask->has_time && (number == 0 || f->ask->interval_ns)) {
		*ret = time_step(f->ask->time, number, f->ask->interval_ns);
		return 0;
	}
	if (!parts->stamp)
		return feed_wrong(f->feed, why,
			"no time before it, expected fping -D, or --time of the first and --interval");
	enum time_word word = time_word(parts->stamp, parts->stamp_len, f->ask->zone_s, ret);
	if (word == TIME_NO_ZONE)
		return feed_wrong(f->feed, why, "a time without a zone, expected --zone UTC or --zone +HH:MM");
	if (word == TIME_STRANGE)
		return feed_wrong(f->feed, why, "\"%.*s\", expected a time with its date",
			(int)(parts->stamp_len < 60 ? parts->stamp_len : 60), parts->stamp);
	return 0;
}

static struct observation *add(struct fping *f, const struct parts *parts, struct wall at,
	int64_t rtt_ns, struct foreign_list *out)
{
	struct foreign_record *r = foreign_list_add_echo(out, feed_at(f->feed),
		time_step(at, -1, parts->stamp && rtt_ns > 0 ? rtt_ns : 0), parts->address);

	r->observation.attempts = 1;
	r->observation.rtt_ns = rtt_ns;
	if (rtt_ns >= 0)
		r->observation.outcome = OUTCOME_ECHO_REPLY;
	return &r->observation;
}

/* ": [0], 64 bytes, 0.020 ms (0.020 avg, 0% loss)", ": [0], timed out (NaN avg, 100% loss)" */
static int take_probe(struct fping *f, const struct parts *parts, struct foreign_list *out,
	const char *text, struct diag *why)
{
	const char *at = parts->rest;
	int64_t number;
	int64_t bytes;
	int64_t rtt_ns = -1;
	struct wall when;

	if (!take_text(&at, "[") || !take_whole(&at, &number) || number > INT32_MAX ||
		!take_text(&at, "], "))
		return strange(f, text, why);
	if (!take_text(&at, "timed out")) {
		if (!take_whole(&at, &bytes) || !take_text(&at, " bytes, ") ||
			!take_decimal(&at, 6, &rtt_ns) || !take_text(&at, " ms"))
			return strange(f, text, why);
	}
	/* A line that is whole ends with its sums, or who answered. */
	size_t len = strlen(at);
	if (*at != ' ' || !strchr(")]", at[len - 1]))
		return strange(f, text, why);
	if (time_of(f, parts, number, &when, why) < 0)
		return -1;
	f->by_probe = true;
	if (!strstr(at, "[<- ")) /* somebody else answered */
		add(f, parts, when, rtt_ns, out);
	return 1;
}

/* ": 0.017 - 0.041" of -C: as many probes, one after the other. */
static int take_sums(struct fping *f, const struct parts *parts, struct foreign_list *out,
	const char *text, struct diag *why)
{
	const char *at = parts->rest;
	int attempts = 0, answered = 0, first = 0;
	int64_t first_ns = -1;
	struct wall when;

	while (*at) {
		int64_t rtt_ns = -1;
		if (!take_text(&at, "-") && !take_decimal(&at, 6, &rtt_ns))
			return strange(f, text, why);
		attempts++;
		answered += rtt_ns >= 0;
		if (rtt_ns >= 0 && !first) {
			first = attempts;
			first_ns = rtt_ns;
		}
		if (*at && !take_text(&at, " "))
			return strange(f, text, why);
	}
	if (attempts == 0)
		return strange(f, text, why);
	if (f->by_probe)
		return 1;
	if (keyed_find(&f->summed, parts->address.host))
		return feed_wrong(f->feed, why, "this address again, expected one run of fping -C a file");
	*keyed_put(&f->summed, parts->address.host) = 1;
	if (time_of(f, parts, 0, &when, why) < 0)
		return -1;
	struct observation *o = add(f, parts, when, first_ns, out);
	o->attempts = attempts;
	o->attempt = first ? first : -1;
	out->records[out->count - 1].answered = answered;
	return 1;
}

/* " is alive (0.02 ms)", " is unreachable" */
static int take_verdict(struct fping *f, const struct parts *parts, struct foreign_list *out,
	const char *text, struct diag *why)
{
	const char *at = parts->rest;
	int64_t rtt_ns = -1;
	struct wall when;
	bool alive = take_text(&at, "alive");

	if (!alive && !take_text(&at, "unreachable"))
		return strange(f, text, why);
	if (alive && take_text(&at, " ("))
		if (!take_decimal(&at, 6, &rtt_ns) || !take_text(&at, " ms)"))
			return strange(f, text, why);
	if (*at)
		return strange(f, text, why);
	if (time_of(f, parts, 0, &when, why) < 0)
		return -1;
	struct observation *o = add(f, parts, when, rtt_ns, out);
	o->outcome = alive ? OUTCOME_ECHO_REPLY : OUTCOME_SILENT;
	o->attempts = -1;
	return 1;
}

static int take_line(struct fping *f, const char *text, struct foreign_list *out, struct diag *why)
{
	struct parts parts = {.stamp = NULL};
	const char *at = text;
	struct ip4 alone;

	take_stamp(&at, &parts);
	const char *colon = strstr(at, " : ");
	const char *is = strstr(at, " is ");
	if (is_noise(text))
		return 1;
	if (colon && take_name(&at, colon, &parts.address)) {
		parts.rest = colon + 3;
		return *parts.rest == '[' ? take_probe(f, &parts, out, text, why)
					  : take_sums(f, &parts, out, text, why);
	}
	if (is && take_name(&at, is, &parts.address)) {
		parts.rest = is + 4;
		return take_verdict(f, &parts, out, text, why);
	}
	if (take_address(&at, &alone) && !*at)
		return feed_wrong(f->feed, why, "an address alone, as of fping -a: expected --from alive");
	return strange(f, text, why);
}

static int next_fping(void *reader, struct foreign_list *out, struct diag *why)
{
	struct fping *f = reader;
	char *text;
	size_t len;
	int r = feed_line(f->feed, &text, &len, why);

	if (r <= 0)
		return r;
	while (len > 0 && text[len - 1] == ' ')
		text[--len] = '\0';
	r = take_line(f, text, out, why);
	return r < 0 ? -EINVAL : r;
}

const struct foreign_format format_fping = {
	.name = "fping",
	.what = "fping -D with -l or -c; the lines of -C; \"is alive\"",
	.nothing = "sums alone (xmt/rcv) are none",
	.takes = FOREIGN_ZONE | FOREIGN_TIME,
	.open = open_fping,
	.next = next_fping,
	.close = close_fping,
};
