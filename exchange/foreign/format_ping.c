/*
 * The output of ping: what is missing between two numbers was lost. Lines come
 * late and in another order, so the last few are held back.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "exchange/foreign/format.h"
#include "exchange/foreign/ping_line.h"
#include "exchange/foreign/ping_numbers.h"

enum { WINDOW = 16, GAP_STEP = 256, GAP_MOST = 4000000 };

struct ping {
	const struct foreign_ask *ask;
	struct feed *feed;
	bool has_address, begun; /* its PING line was seen */
	struct ip4 address;
	unsigned long runs;

	struct ping_numbers numbers;
	bool untold;       /* what was lost before the first: until the period is known */
	int64_t unsent;    /* probes that the kernel said it did not send */

	/* Lost ones that are being told: from, to, the time of the first, the step. */
	int64_t gap_next, gap_end;
	struct wall gap_at;
	int64_t gap_step_ns;

	struct held {
		int64_t seq;
		struct foreign_record record;
	} held[WINDOW];
	size_t held_count;
	bool has_next; /* one that waits until the gap before it is told */
	struct held next;
};

static void *open_ping(const struct foreign_ask *ask, struct feed *feed)
{
	struct ping *p = mem_zeroed(1, sizeof(*p));

	p->ask = ask;
	p->feed = feed;
	p->numbers.period_ns = ask->interval_ns;
	return p;
}

static void flush(struct ping *p, size_t keep, struct foreign_list *out)
{
	size_t gone = p->held_count > keep ? p->held_count - keep : 0;

	for (size_t i = 0; i < gone; i++)
		*foreign_list_add(out, FOREIGN_OBSERVATION, 0) = p->held[i].record;
	p->held_count -= gone;
	memmove(p->held, p->held + gone, p->held_count * sizeof(*p->held));
}

static void hold(struct ping *p, const struct held *held, struct foreign_list *out)
{
	flush(p, WINDOW - 1, out);
	p->held[p->held_count++] = *held;
}

static struct held blank(const struct ping *p, int64_t seq, struct wall at, unsigned long line)
{
	struct foreign_record r = {.kind = FOREIGN_OBSERVATION,
		.at = at,
		.line = line,
		.probe = -1,
		.answered = -1,
		.observation = observation_blank(),
		.hop = {.rtt_ns = -1}};

	r.observation.address = p->address;
	r.observation.probed_at = at;
	r.observation.method = METHOD_ICMP;
	r.observation.outcome = OUTCOME_SILENT;
	r.observation.attempts = 1;
	return (struct held){seq, r};
}

/* A part of a gap, and what waits behind it. */
static void tell_gap(struct ping *p, struct foreign_list *out)
{
	for (int i = 0; i < GAP_STEP && p->gap_next < p->gap_end; i++) {
		struct held lost = blank(p, p->gap_next++, p->gap_at, feed_at(p->feed));
		if (p->unsent > 0) {
			p->unsent--;
			lost.record.observation.outcome = OUTCOME_UNSENT;
		}
		p->gap_at = time_step(p->gap_at, 1, p->gap_step_ns);
		hold(p, &lost, out);
	}
	if (p->gap_next == p->gap_end && p->has_next) {
		p->has_next = false;
		hold(p, &p->next, out);
	}
}

static int begin_gap(struct ping *p, int64_t from, int64_t end, struct wall at, int64_t step_ns,
	struct diag *why)
{
	if (end - from > GAP_MOST)
		return feed_wrong(p->feed, why, "%lld probes missing, expected at most %d",
			(long long)(end - from), GAP_MOST);
	p->gap_next = from;
	p->gap_end = end > from ? end : from;
	p->gap_at = at;
	p->gap_step_ns = step_ns;
	return 1;
}

/* A later word about one that is held: a reply after "no answer yet". */
static void correct(struct ping *p, const struct held *late, struct foreign_list *out)
{
	for (size_t i = 0; i < p->held_count; i++) {
		struct observation *old = &p->held[i].record.observation;
		if (p->held[i].seq != late->seq)
			continue;
		if (!observation_is_life(old) && late->record.observation.outcome != OUTCOME_SILENT)
			p->held[i].record = late->record;
		return;
	}
	if (observation_is_life(&late->record.observation))
		*foreign_list_add(out, FOREIGN_OBSERVATION, 0) = late->record;
}

/* When was it sent? TIME_READ, or the line is wrong: -EINVAL. */
static int time_of(struct ping *p, const struct ping_line *line, struct wall *ret, struct diag *why)
{
	if (line->stamp_len == 0 && p->ask->has_time && p->ask->interval_ns) {
		if (p->runs > 1)
			return feed_wrong(p->feed, why, "a second run without times, expected one");
		int64_t n = p->numbers.any ? ping_count_on(&p->numbers, line->seq, p->numbers.last_at) : line->seq;
		*ret = time_step(p->ask->time, n - p->numbers.first, p->ask->interval_ns);
		if (!p->numbers.any)
			*ret = p->ask->time;
		return 0;
	}
	if (line->stamp_len == 0)
		return feed_wrong(p->feed, why,
			"no time before it, expected ping -D, or --time of the first and --interval");
	enum time_word word = time_word(line->stamp, line->stamp_len, p->ask->zone_s, ret);
	if (word == TIME_NO_ZONE)
		return feed_wrong(p->feed, why,
			"\"%.*s\" has no zone, expected --zone UTC or --zone +HH:MM",
			(int)line->stamp_len, line->stamp);
	if (word == TIME_STRANGE)
		return feed_wrong(p->feed, why, "\"%.*s\", expected a time with its date",
			(int)(line->stamp_len < 60 ? line->stamp_len : 60), line->stamp);
	/* It was printed when the answer came, or when the next one was sent. */
	int64_t ago_ns = line->kind == PING_SILENT ? p->numbers.period_ns : line->rtt_ns > 0 ? line->rtt_ns : 0;
	*ret = time_step(*ret, -1, ago_ns);
	return 0;
}

static int start_run(struct ping *p, const struct held *held, struct foreign_list *out)
{
	ping_start(&p->numbers, held->seq, held->record.at);
	p->untold = p->begun && held->seq > 1;
	hold(p, held, out);
	return 1;
}

/* Those before the first that was heard of: the numbers begin with 1, or 0. */
static int tell_beginning(struct ping *p, struct diag *why)
{
	p->untold = false;
	return begin_gap(p, 1, p->numbers.first,
		time_step(p->numbers.first_at, 1 - p->numbers.first, p->numbers.period_ns),
		p->numbers.period_ns, why);
}

static int take_probe(struct ping *p, const struct ping_line *line, struct foreign_list *out,
	struct diag *why)
{
	struct wall at;

	if (line->kind == PING_ANSWER && p->has_address && !ip4_equal(p->address, line->address))
		return p->begun ? 1 : feed_wrong(p->feed, why, "another address, expected one ping a file");
	if (!p->has_address && line->kind != PING_ANSWER)
		return feed_wrong(p->feed, why, "nobody was named yet, expected the line PING NAME (ADDRESS)");
	if (!p->has_address)
		p->address = line->address;
	p->has_address = true;
	if (time_of(p, line, &at, why) < 0)
		return -EINVAL;
	int64_t seq = p->numbers.any ? ping_count_on(&p->numbers, line->seq, at) : line->seq;
	struct held held = blank(p, seq, at, feed_at(p->feed));
	struct observation *o = &held.record.observation;
	if (line->kind == PING_SILENT && p->unsent > 0) {
		p->unsent--;
		o->outcome = OUTCOME_UNSENT;
	} else if (line->kind != PING_SILENT) {
		o->outcome = line->kind == PING_ANSWER ? OUTCOME_ECHO_REPLY
			     : line->icmp_type == 3    ? OUTCOME_UNREACHABLE
						       : OUTCOME_TTL_EXCEEDED;
		o->rtt_ns = line->rtt_ns;
		o->reply_ttl = line->ttl;
		o->icmp_type = line->icmp_type;
		o->icmp_code = line->icmp_code;
		o->has_responder = line->kind == PING_ERROR;
		o->responder = line->responder;
	}
	if (!p->numbers.any)
		return start_run(p, &held, out);
	if (seq <= p->numbers.last) {
		correct(p, &held, out);
		return 1;
	}
	int64_t before = p->numbers.last;
	struct wall from = p->numbers.last_at;
	int64_t step_ns = wall_since(at, from) / (seq - before);
	int r = begin_gap(p, before + 1, seq, time_step(from, 1, step_ns), step_ns, why);
	p->next = held;
	p->has_next = true;
	ping_go_on(&p->numbers, seq, at);
	return r;
}

/* How many were sent in all says who was lost at the end; but for the last one nobody waited. */
static int take_sum(struct ping *p, const struct ping_line *line, struct diag *why)
{
	if (!p->begun || !p->has_address || (!p->numbers.any && !(p->ask->has_time && p->ask->interval_ns)))
		return 1;
	if (!p->numbers.any) {
		p->numbers.any = true;
		return begin_gap(p, 0, line->seq - 1, p->ask->time, p->ask->interval_ns, why);
	}
	int64_t end = (p->numbers.first > 1 ? 1 : p->numbers.first) + line->seq - 1;
	if (end <= p->numbers.last + 1 || p->numbers.period_ns == 0 || line->seq > PING_NUMBERS)
		return 1;
	return begin_gap(p, p->numbers.last + 1, end,
		time_step(p->numbers.last_at, 1, p->numbers.period_ns), p->numbers.period_ns, why);
}

static void take_begin(struct ping *p, const struct ping_line *line, struct foreign_list *out)
{
	flush(p, 0, out);
	p->runs++;
	p->begun = true;
	p->has_address = true;
	p->address = line->address;
	p->numbers.any = false;
	p->numbers.first = 0;
	p->unsent = 0;
	p->untold = false;
}

static int next_ping(void *reader, struct foreign_list *out, struct diag *why)
{
	struct ping *p = reader;
	char *text;
	size_t len;

	if (p->gap_next < p->gap_end || p->has_next) {
		tell_gap(p, out);
		return 1;
	}
	if (p->untold && p->numbers.period_ns > 0)
		return tell_beginning(p, why);
	int r = feed_line(p->feed, &text, &len, why);
	if (r == 0)
		flush(p, 0, out);
	if (r <= 0)
		return r;
	struct ping_line line = ping_line_read(text);
	if (line.kind == PING_STRANGE)
		return feed_wrong(p->feed, why, "\"%.60s\" is no line of ping", text);
	if (line.kind == PING_BEGIN)
		take_begin(p, &line, out);
	p->unsent += line.kind == PING_UNSENT;
	if (line.kind == PING_SUM)
		return take_sum(p, &line, why);
	if (line.kind == PING_ANSWER || line.kind == PING_ERROR || line.kind == PING_SILENT)
		return take_probe(p, &line, out, why);
	return 1;
}

const struct foreign_format format_ping = {
	.name = "ping",
	.what = "ping -D of Linux, with or without -O; of macOS; or behind a date",
	.nothing = "ping prints nothing of those it lost, but with -O",
	.takes = FOREIGN_ZONE | FOREIGN_TIME,
	.open = open_ping,
	.next = next_ping,
	.close = free,
};
