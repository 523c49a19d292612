#include "tests/scenario/expect.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "prober/sweep/counters.h"

static bool __attribute__((format(printf, 3, 4)))
verdict(const struct cursor *c, bool kept, const char *format, ...)
{
	va_list args;

	if (!cursor_end(c))
		script_wrong(c->line, "'%s' is too much", c->line->words[c->at]);
	if (kept)
		return true;
	fprintf(stderr, "%s:%lu:", c->line->file, c->line->number);
	for (size_t i = 0; i < c->line->count; i++)
		fprintf(stderr, " %s", c->line->words[i]);
	fputs(": got ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return false;
}

static double seconds(int64_t ns)
{
	return (double)ns / (double)NS_PER_S;
}

static const struct ended *find_ended(const struct play *play, struct cursor *c)
{
	uint64_t number = cursor_is(c, "sweep") ? cursor_number(c) : 1;

	for (size_t i = 0; i < play->ended_count; i++)
		if (play->ended[i].sweep.info.sweep == number)
			return &play->ended[i];
	script_wrong(c->line, "sweep %" PRIu64 " did not end", number);
}

/* --- one address --- */

static bool planned(
	const struct ended *ended, struct ip4 address, enum method method, uint16_t port)
{
	for (size_t i = 0; i < ended->asked_count; i++)
		if (ip4_equal(ended->asked[i].target, address) &&
			ended->asked[i].method == method && ended->asked[i].port == port)
			return true;
	return false;
}

static const struct observation *find_row(
	const struct ended *ended, struct ip4 address, enum method method, uint16_t port)
{
	for (size_t i = 0; i < ended->sweep.observation_count; i++) {
		const struct observation *o = &ended->sweep.observations[i];
		if (ip4_equal(o->address, address) && o->method == method && o->port == port)
			return o;
	}
	return NULL;
}

/* One property of a row after its name; a wrong one is told and ends the walk. */
static bool property(struct cursor *c, const struct observation *o)
{
	char text[ADDRESS_TEXT_SIZE] = "none";
	const char *name = cursor_word(c);
	int64_t got, wanted;

	if (strcmp(name, "responder") == 0) {
		const char *who = cursor_word(c);
		if (o->has_responder)
			ip4_format(o->responder, text);
		if (strcmp(who, text) == 0)
			return true;
		c->at = c->line->count;
		return verdict(c, false, "responder %s", text);
	}
	if (strcmp(name, "rtt") == 0)
		got = o->rtt_ns;
	else if (strcmp(name, "attempt") == 0)
		got = o->attempt;
	else if (strcmp(name, "attempts") == 0)
		got = o->attempts;
	else if (strcmp(name, "type") == 0)
		got = o->icmp_type;
	else if (strcmp(name, "code") == 0)
		got = o->icmp_code;
	else if (strcmp(name, "ttl") == 0)
		got = o->reply_ttl;
	else if (strcmp(name, "ts") == 0)
		got = o->has_tcp_ts ? (int64_t)o->tcp_ts : -1;
	else
		script_wrong(c->line, "'%s' is no property of an observation", name);
	if (cursor_is(c, "none"))
		wanted = -1;
	else if (strcmp(name, "rtt") == 0)
		wanted = cursor_duration(c);
	else
		wanted = (int64_t)cursor_number(c);
	if (got == wanted)
		return true;
	c->at = c->line->count;
	return verdict(
		c, false, "%s %" PRId64 "%s", name, got, strcmp(name, "rtt") == 0 ? " ns" : "");
}

/* expect [sweep N] ADDRESS METHOD OUTCOME|no row [PROPERTY VALUE]... */
static bool expect_address(const struct ended *ended, struct cursor *c)
{
	struct ip4 address = cursor_address(c);
	enum method method;
	enum outcome outcome;
	uint16_t port;

	cursor_method(c, &method, &port);
	const struct observation *o = find_row(ended, address, method, port);
	if (cursor_is(c, "no") && cursor_is(c, "row"))
		return verdict(c, !o, "%s", o ? outcome_name(o->outcome) : "");
	const char *name = cursor_word(c);
	if (!outcome_parse(name, &outcome))
		script_wrong(c->line, "'%s' is no outcome", name);
	if (!o) {
		bool silent = outcome == OUTCOME_SILENT && planned(ended, address, method, port);
		c->at = silent ? c->at : c->line->count;
		return verdict(c, silent, "no row");
	}
	if (o->outcome != outcome) {
		c->at = c->line->count;
		return verdict(c, false, "%s", outcome_name(o->outcome));
	}
	while (!cursor_end(c))
		if (!property(c, o))
			return false;
	return true;
}

/* expect [sweep N] all OUTCOME: every task that was planned */
static bool expect_all(const struct ended *ended, struct cursor *c)
{
	const char *name = cursor_word(c);
	char text[ADDRESS_TEXT_SIZE];
	enum outcome outcome;

	if (!outcome_parse(name, &outcome))
		script_wrong(c->line, "'%s' is no outcome", name);
	for (size_t i = 0; i < ended->asked_count; i++) {
		const struct asked *task = &ended->asked[i];
		const struct observation *o =
			find_row(ended, task->target, task->method, task->port);
		enum outcome got = o ? o->outcome : OUTCOME_SILENT;
		if (got == outcome)
			continue;
		ip4_format(task->target, text);
		return verdict(c, false, "%s of %s", outcome_name(got), text);
	}
	return verdict(c, true, " ");
}

/* --- a sweep's own words --- */

/* expect [sweep N] count NAME NUMBER [at most] */
static bool expect_count(const struct ended *ended, struct cursor *c)
{
	const char *name = cursor_word(c);

	for (size_t i = 0; i < COUNTER_COUNT; i++) {
		if (strcmp(counter_name(i), name) != 0)
			continue;
		uint64_t got = counter_value(&ended->counts, i);
		bool least = cursor_is(c, "above");
		uint64_t wanted = cursor_number(c);
		return verdict(c, least ? got > wanted : got == wanted, "%" PRIu64, got);
	}
	script_wrong(c->line, "'%s' is no counter", name);
}

static bool expect_flags(const struct ended *ended, struct cursor *c)
{
	const char *names = cursor_word(c);
	char text[FLAGS_TEXT_SIZE];
	uint32_t wanted = 0;

	if (strcmp(names, "none") != 0 && !flags_parse(names, &wanted))
		script_wrong(c->line, "'%s' are no flags", names);
	flags_format(ended->sweep.info.flags, text);
	return verdict(c, ended->sweep.info.flags == wanted, "%s", text[0] ? text : "none");
}

/* expect [sweep N] done|begins|lasts by|after|at TIME: since the script began, or
 * (lasts, took) since the sweep did, by the clock that steps */
static bool expect_time(struct cursor *c, int64_t got)
{
	bool by = cursor_is(c, "by");
	bool after = !by && cursor_is(c, "after");

	if (!by && !after && !cursor_is(c, "at"))
		script_wrong(c->line, "expected by, after or at");
	int64_t wanted = cursor_duration(c);
	bool kept = by ? got <= wanted : after ? got > wanted : got == wanted;
	return verdict(c, kept, "%.6fs", seconds(got));
}

/* --- what was sent --- */

static bool same_kind(const struct probe *a, enum method method, uint16_t port)
{
	return a->method == method && a->port == port;
}

static const struct sent *first_sent(const struct play *play, const struct ended *ended,
	struct ip4 target, enum method method, uint16_t port)
{
	for (size_t i = 0; i < play->world.sent_count; i++) {
		const struct sent *sent = &play->world.sent[i];
		if (sent->sweep == ended->sweep.info.sweep &&
			ip4_equal(sent->probe.target, target) &&
			same_kind(&sent->probe, method, port))
			return sent;
	}
	return NULL;
}

/* expect [sweep N] sent ADDRESS METHOD NUMBER */
static bool expect_sent(const struct play *play, const struct ended *ended, struct cursor *c)
{
	struct ip4 target = cursor_address(c);
	enum method method;
	uint16_t port;
	uint64_t got = 0;

	cursor_method(c, &method, &port);
	for (size_t i = 0; i < play->world.sent_count; i++)
		got += play->world.sent[i].sweep == ended->sweep.info.sweep &&
		       ip4_equal(play->world.sent[i].probe.target, target) &&
		       same_kind(&play->world.sent[i].probe, method, port);
	uint64_t wanted = cursor_number(c);
	return verdict(c, got == wanted, "%" PRIu64, got);
}

/* expect total ADDRESS|PREFIX NUMBER after TIME: of any kind, over all sweeps */
static bool expect_total(const struct play *play, struct cursor *c)
{
	const char *to = cursor_word(c);
	struct prefix prefix = {{0}, 32};
	uint64_t got = 0;

	if (!prefix_parse(to, &prefix) && !ip4_parse(to, &prefix.base))
		script_wrong(c->line, "'%s', expected an address or prefix", to);
	uint64_t wanted = cursor_number(c);
	if (!cursor_is(c, "after"))
		script_wrong(c->line, "expected: after TIME");
	int64_t after = cursor_duration(c);
	for (size_t i = 0; i < play->world.sent_count; i++)
		got += mono_since(play->world.sent[i].at, play->start) > after &&
		       prefix_holds(prefix, play->world.sent[i].probe.target);
	return verdict(c, got == wanted, "%" PRIu64, got);
}

/* expect [sweep N] apart ADDRESS METHOD METHOD by|after|at TIME */
static bool expect_apart(const struct play *play, const struct ended *ended, struct cursor *c)
{
	struct ip4 target = cursor_address(c);
	const struct sent *sent[2];

	for (int i = 0; i < 2; i++) {
		enum method method;
		uint16_t port;
		cursor_method(c, &method, &port);
		sent[i] = first_sent(play, ended, target, method, port);
		if (!sent[i])
			script_wrong(c->line, "it was not asked so");
	}
	int64_t apart = mono_since(sent[1]->at, sent[0]->at);
	return expect_time(c, apart < 0 ? -apart : apart);
}

/* expect most NUMBER in DURATION [into PREFIX METHOD]: in any such window, over all sweeps */
static bool expect_most(const struct play *play, struct cursor *c)
{
	uint64_t wanted = cursor_number(c);
	if (!cursor_is(c, "in"))
		script_wrong(c->line, "expected: in DURATION");
	int64_t window = cursor_duration(c);
	struct prefix into = {{0}, 0};
	enum method method = METHOD_ICMP;
	uint16_t port = 0;
	bool kind = cursor_is(c, "into");
	size_t first = 0;
	uint64_t inside = 0;
	uint64_t got = 0;

	if (kind) {
		const char *text = cursor_word(c);
		if (!prefix_parse(text, &into))
			script_wrong(c->line, "'%s', expected a prefix", text);
		cursor_method(c, &method, &port);
	}
	for (size_t i = 0; i < play->world.sent_count; i++) {
		const struct sent *sent = play->world.sent;
		if (kind && !(prefix_holds(into, sent[i].probe.target) &&
				    same_kind(&sent[i].probe, method, port)))
			continue;
		for (; mono_since(sent[i].at, sent[first].at) >= window; first++)
			inside -= !kind || (prefix_holds(into, sent[first].probe.target) &&
						   same_kind(&sent[first].probe, method, port));
		inside++;
		got = inside > got ? inside : got;
	}
	return verdict(c, got <= wanted, "%" PRIu64, got);
}

/* --- tiers --- */

static const char *const what_names[] = {
	[LAUNCH_NOTHING] = "nothing",
	[LAUNCH_FULL] = "full",
	[LAUNCH_WATCH] = "watch",
	[LAUNCH_BURST] = "zoom",
};

/* expect sweeps [full|watch|zoom] [above] N */
static bool expect_sweeps(const struct play *play, struct cursor *c)
{
	size_t got = play->ended_count;

	for (size_t what = LAUNCH_FULL; what <= LAUNCH_BURST; what++) {
		if (!cursor_is(c, what_names[what]))
			continue;
		got = 0;
		for (size_t i = 0; i < play->ended_count; i++)
			got += play->ended[i].what == what;
	}
	bool above = cursor_is(c, "above");
	uint64_t wanted = cursor_number(c);
	return verdict(c, above ? got > wanted : got == wanted, "%zu", got);
}

/* expect watched ADDRESS METHOD yes|no; expect port ADDRESS N|none */
static bool expect_learned(const struct play *play, struct cursor *c, bool port)
{
	const struct learn *learn = &play->runs.scheduler.learn;
	size_t index = learn_index(learn, cursor_address(c));
	enum method method;
	uint16_t unused;

	if (index == SIZE_MAX)
		script_wrong(c->line, "that is no target");
	if (port) {
		uint64_t got = learn->entries[index].port;
		uint64_t wanted = cursor_is(c, "none") ? 0 : cursor_number(c);
		return verdict(c, got == wanted, "%" PRIu64, got);
	}
	cursor_method(c, &method, &unused);
	bool got = learn->entries[index].watched[method];
	bool wanted = cursor_is(c, "yes");
	if (!wanted && !cursor_is(c, "no"))
		script_wrong(c->line, "expected yes or no");
	return verdict(c, got == wanted, "%s", got ? "yes" : "no");
}

/* expect router ADDRESS learned|tried|unknown */
static bool expect_router(const struct play *play, struct cursor *c)
{
	const struct trial *trial = &play->runs.trial;
	struct ip4 address = cursor_address(c);
	const char *got = "unknown";

	for (size_t i = 0; i < trial->count; i++)
		if (ip4_equal(trial->routers[i].address, address))
			got = trial->routers[i].learned ? "learned" : "tried";
	return verdict(c, strcmp(cursor_word(c), got) == 0, "%s", got);
}

/* expect [sweep N] path ADDRESS TTL OUTCOME [ROUTER] */
static bool expect_path(const struct ended *ended, struct cursor *c)
{
	struct ip4 address = cursor_address(c);
	uint64_t ttl = cursor_number(c);
	const char *name = cursor_word(c);
	const char *router = cursor_end(c) ? NULL : cursor_word(c);

	for (size_t i = 0; i < ended->sweep.hop_count; i++) {
		const struct hop *hop = &ended->sweep.hops[i];
		char text[ADDRESS_TEXT_SIZE] = "nobody";
		if (!ip4_equal(hop->address, address) || hop->ttl != ttl)
			continue;
		if (hop->has_responder)
			ip4_format(hop->responder, text);
		return verdict(c,
			strcmp(outcome_name(hop->outcome), name) == 0 &&
				(!router || strcmp(router, text) == 0),
			"%s of %s", outcome_name(hop->outcome), text);
	}
	return verdict(c, false, "no such hop");
}

/* expect period ADDRESS METHOD DURATION: from each watch sweep that ended to the next */
static bool expect_period(const struct play *play, struct cursor *c)
{
	struct ip4 target = cursor_address(c);
	const struct sent *last = NULL;
	enum method method;
	uint16_t port;

	cursor_method(c, &method, &port);
	int64_t wanted = cursor_duration(c);
	for (size_t i = 0; i < play->ended_count; i++) {
		if (play->ended[i].what != LAUNCH_WATCH)
			continue;
		const struct sent *next = first_sent(play, &play->ended[i], target, method, port);
		if (next && last && mono_since(next->at, last->at) != wanted)
			return verdict(c, false, "%.6fs at sweep %" PRIu64,
				seconds(mono_since(next->at, last->at)), next->sweep);
		last = next ? next : last;
	}
	return verdict(c, last != NULL, "never asked");
}

bool expect_check(const struct play *play, struct cursor *c)
{
	if (cursor_is(c, "sweeps"))
		return expect_sweeps(play, c);
	if (cursor_is(c, "watched"))
		return expect_learned(play, c, false);
	if (cursor_is(c, "port"))
		return expect_learned(play, c, true);
	if (cursor_is(c, "router"))
		return expect_router(play, c);
	if (cursor_is(c, "period"))
		return expect_period(play, c);
	if (cursor_is(c, "most"))
		return expect_most(play, c);
	if (cursor_is(c, "total"))
		return expect_total(play, c);

	const struct ended *ended = find_ended(play, c);
	const struct sweep_info *info = &ended->sweep.info;
	if (cursor_is(c, "is")) {
		const char *name = cursor_word(c);
		return verdict(c, strcmp(name, what_names[ended->what]) == 0, "%s",
			what_names[ended->what]);
	}
	if (cursor_is(c, "path"))
		return expect_path(ended, c);
	if (cursor_is(c, "all"))
		return expect_all(ended, c);
	if (cursor_is(c, "count"))
		return expect_count(ended, c);
	if (cursor_is(c, "flags"))
		return expect_flags(ended, c);
	if (cursor_is(c, "done"))
		return expect_time(c, mono_since(ended->ended, play->start));
	if (cursor_is(c, "begins"))
		return expect_time(c, mono_since(ended->began, play->start));
	if (cursor_is(c, "lasts"))
		return expect_time(c, wall_since(info->end, info->start));
	if (cursor_is(c, "sent"))
		return expect_sent(play, ended, c);
	if (cursor_is(c, "apart"))
		return expect_apart(play, ended, c);
	if (cursor_is(c, "rows")) {
		uint64_t wanted = cursor_number(c);
		return verdict(c, ended->sweep.observation_count == wanted, "%zu",
			ended->sweep.observation_count);
	}
	return expect_address(ended, c);
}
