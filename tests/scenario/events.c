#include "tests/scenario/events.h"

#include <stdio.h>
#include <string.h>

/* The probe that a line speaks of: the last one of this kind to this address,
 * unless it says which. */
struct subject {
	enum method method;
	uint16_t port;
	struct ip4 target;
	uint64_t sweep, attempt; /* 0: any */
	bool oldest;
};

static const struct sent *find_sent(
	const struct play *play, const struct subject *what, const struct line *line)
{
	const struct sent *found = NULL;

	for (size_t i = 0; i < play->world.sent_count; i++) {
		const struct sent *sent = &play->world.sent[i];
		if (sent->probe.method != what->method || sent->probe.port != what->port ||
			!ip4_equal(sent->probe.target, what->target) ||
			(what->sweep && sent->sweep != what->sweep) ||
			(what->attempt && sent->attempt != what->attempt))
			continue;
		if (!found || !what->oldest)
			found = sent;
	}
	if (!found)
		script_wrong(line, "no such probe has been sent");
	return found;
}

static struct subject read_subject(struct cursor *c)
{
	struct subject what = {0};

	cursor_method(c, &what.method, &what.port);
	what.target = cursor_address(c);
	return what;
}

static bool read_which(struct cursor *c, struct subject *what)
{
	if (cursor_is(c, "attempt"))
		what->attempt = cursor_number(c);
	else if (cursor_is(c, "sweep"))
		what->sweep = cursor_number(c);
	else if (cursor_is(c, "older"))
		what->oldest = true;
	else
		return false;
	return true;
}

/* reply METHOD ADDRESS [synack|rst|ack] [short] [attempt N] [sweep N] [older] [from ADDRESS]
 * [to ADDRESS] [port N] [on INTERFACE] [id N] [forged] [ts N] [ttl N] [times N] */
static void event_reply(struct play *play, struct cursor *c)
{
	struct subject what = read_subject(c);
	enum outcome outcome = what.method == METHOD_ICMP ? OUTCOME_ECHO_REPLY : OUTCOME_SYN_ACK;
	struct sighting extra = {.ttl = 60};
	struct ip4 from = what.target;
	uint32_t forged = 0;
	uint64_t times = 1;

	while (!cursor_end(c)) {
		if (read_which(c, &what))
			continue;
		if (cursor_is(c, "rst"))
			outcome = OUTCOME_RST;
		else if (cursor_is(c, "ack"))
			extra.bare_ack = true;
		else if (cursor_is(c, "short"))
			extra.identity = 1;
		else if (cursor_is(c, "from"))
			from = cursor_address(c);
		else if (cursor_is(c, "to"))
			extra.to = cursor_address(c);
		else if (cursor_is(c, "port"))
			extra.our_port = (uint16_t)cursor_number(c);
		else if (cursor_is(c, "on"))
			extra.interface = (int)cursor_number(c);
		else if (cursor_is(c, "id"))
			extra.ip_id = (uint16_t)cursor_number(c);
		else if (cursor_is(c, "forged"))
			forged = 0x5a5a5a5a;
		else if (cursor_is(c, "ttl"))
			extra.ttl = (uint8_t)cursor_number(c);
		else if (cursor_is(c, "times"))
			times = cursor_number(c);
		else if (cursor_is(c, "ts")) {
			extra.has_tcp_ts = true;
			extra.tcp_ts = (uint32_t)cursor_number(c);
		} else if (!cursor_is(c, "synack"))
			script_wrong(c->line, "'%s' is nothing to a reply", cursor_word(c));
	}
	struct sighting s = world_reply(find_sent(play, &what, c->line), outcome);
	s.from = from;
	s.bare_ack = extra.bare_ack;
	s.loose &= !s.bare_ack;
	s.identity -= extra.identity;
	s.interface = extra.interface;
	if (extra.to.host)
		s.to = extra.to;
	if (extra.our_port)
		s.our_port = extra.our_port;
	if (extra.ip_id)
		s.ip_id = extra.ip_id;
	s.ttl = extra.ttl;
	s.has_tcp_ts = extra.has_tcp_ts;
	s.tcp_ts = extra.tcp_ts;
	for (uint64_t i = 0; i < times; i++, forged += forged ? 0x9e3779b9 : 0) {
		s.identity ^= forged;
		world_later(&play->world, 0, &s);
	}
}

static void read_type_code(struct cursor *c, int *ret_type, int *ret_code)
{
	const char *word = cursor_word(c);
	char end;

	if (sscanf(word, "%d/%d%c", ret_type, ret_code, &end) != 2)
		script_wrong(c->line, "'%s', expected TYPE/CODE", word);
}

/* error TYPE/CODE from ADDRESS about METHOD ADDRESS [attempt N] [sweep N] [forged] */
static void event_error(struct play *play, struct cursor *c)
{
	struct ip4 from = play->world.us;
	bool forged = false;
	int type, code;

	read_type_code(c, &type, &code);
	if (!cursor_is(c, "from"))
		script_wrong(c->line, "expected: from ADDRESS, or from self");
	if (!cursor_is(c, "self"))
		from = cursor_address(c);
	if (!cursor_is(c, "about"))
		script_wrong(c->line, "expected: about METHOD ADDRESS");
	struct subject what = read_subject(c);
	while (!cursor_end(c)) {
		if (cursor_is(c, "forged"))
			forged = true;
		else if (!read_which(c, &what))
			script_wrong(c->line, "'%s' is nothing to an error", cursor_word(c));
	}
	struct sighting s =
		world_error(&play->world, find_sent(play, &what, c->line), from, type, code);
	s.identity ^= forged ? 0x5a5a5a5a : 0;
	world_later(&play->world, 0, &s);
}

/* host PREFIX [METHOD] echo|synack|rst|half-open|silent|unreachable T/C from ADDRESS
 * [rtt DURATION] [loss SHARE] [ts N] [ttl N] */
static void event_host(struct play *play, struct cursor *c)
{
	struct world *world = &play->world;
	const char *to = cursor_word(c);
	struct rule rule = {.any_method = true, .rtt_ns = 40 * NS_PER_MS};

	if (!prefix_parse(to, &rule.to)) {
		rule.to.len = 32;
		if (!ip4_parse(to, &rule.to.base))
			script_wrong(c->line, "'%s', expected an address or prefix", to);
	}
	if (world->rule_count == WORLD_RULES)
		script_wrong(c->line, "more than %d rules", WORLD_RULES);
	const char *next = cursor_end(c) ? "" : c->line->words[c->at];
	if (method_parse(next, &rule.method, &rule.port)) {
		rule.any_method = false;
		c->at++;
	}
	if (cursor_is(c, "echo")) {
		rule.answer = ANSWER_ECHO;
		rule.any_method = false;
		rule.method = METHOD_ICMP;
	} else if (cursor_is(c, "synack"))
		rule.answer = ANSWER_SYN_ACK;
	else if (cursor_is(c, "rst"))
		rule.answer = ANSWER_RST;
	else if (cursor_is(c, "half-open"))
		rule.answer = ANSWER_HALF_OPEN;
	else if (cursor_is(c, "unreachable")) {
		int type, code;
		read_type_code(c, &type, &code);
		rule.unreachable = true;
		rule.type = (uint8_t)type;
		rule.code = (uint8_t)code;
		if (!cursor_is(c, "from"))
			script_wrong(c->line, "expected: from ADDRESS");
		rule.router = cursor_address(c);
	} else if (!cursor_is(c, "silent"))
		script_wrong(c->line, "what does the host do?");
	while (!cursor_end(c)) {
		if (cursor_is(c, "rtt"))
			rule.rtt_ns = cursor_duration(c);
		else if (cursor_is(c, "loss"))
			rule.loss = cursor_share(c);
		else if (cursor_is(c, "ttl"))
			rule.ttl = (uint8_t)cursor_number(c);
		else if (cursor_is(c, "ts")) {
			rule.has_ts = true;
			rule.ts = (uint32_t)cursor_number(c);
		} else
			script_wrong(c->line, "'%s' is nothing to a host", cursor_word(c));
	}
	world->rules[world->rule_count++] = rule;
}

/* path PREFIX via ROUTER..., path PREFIX cut after N, path PREFIX healed */
static void event_path(struct play *play, struct cursor *c)
{
	struct world *world = &play->world;
	struct prefix to;
	size_t i = 0;

	if (!prefix_parse(cursor_word(c), &to))
		script_wrong(c->line, "expected a prefix");
	while (i < world->way_count && prefix_order(&world->ways[i].to, &to) != 0)
		i++;
	if (i == WORLD_WAYS)
		script_wrong(c->line, "more than %d paths", WORLD_WAYS);
	struct world_way *way = &world->ways[i];
	if (i == world->way_count)
		world->ways[world->way_count++] = (struct world_way){.to = to};
	if (cursor_is(c, "cut")) {
		if (!cursor_is(c, "after"))
			script_wrong(c->line, "expected: after N");
		way->cut = true;
		way->cut_after = cursor_number(c);
	} else if (cursor_is(c, "via")) {
		way->count = 0;
		while (!cursor_end(c) && way->count < WORLD_HOPS)
			way->routers[way->count++] = cursor_address(c);
	} else if (cursor_is(c, "healed")) {
		way->cut = false;
	}
}

/* One of two words. */
static bool either(struct cursor *c, const char *yes, const char *no)
{
	if (cursor_is(c, yes))
		return true;
	if (!cursor_is(c, no))
		script_wrong(c->line, "expected %s or %s", yes, no);
	return false;
}

/* no way to PREFIX: the kernel has no route there. */
static void event_no_way(struct world *world, struct cursor *c)
{
	if (!cursor_is(c, "way") || !cursor_is(c, "to") ||
		!prefix_parse(cursor_word(c), &world->no_way))
		script_wrong(c->line, "expected: no way to PREFIX");
}

void event_blocked(struct play *play, struct cursor *c)
{
	while (!cursor_end(c)) {
		size_t len = strlen(play->blocked);
		snprintf(play->blocked + len, sizeof(play->blocked) - len, "%s\n", cursor_word(c));
	}
}

static void event_address(struct world *world, struct cursor *c)
{
	if (cursor_is(c, "gone")) {
		world->no_address = true;
	} else {
		world->no_address = false;
		if (!cursor_is(c, "back"))
			world->us = cursor_address(c);
	}
}

/* "set NAME VALUE...", as in a config; "none" is the empty list. */
void event_set(struct play *play, const char *name, struct cursor *c)
{
	char value[1024] = "";
	struct diag why = {0};

	while (!cursor_end(c) && !cursor_is(c, "none")) {
		size_t len = strlen(value);
		snprintf(value + len, sizeof(value) - len, "%s%s", len ? "," : "", cursor_word(c));
	}
	if (settings_set(&play->settings, name, value, &why) < 0)
		script_wrong(c->line, "%s", why.text);
}

/* set NAME VALUE..., targets, anchors, blocked: while it runs, a reload. */
static bool event_reload(struct play *play, struct cursor *c)
{
	if (cursor_is(c, "set"))
		event_set(play, cursor_word(c), c);
	else if (cursor_is(c, "targets"))
		event_set(play, "targets", c);
	else if (cursor_is(c, "anchors"))
		event_set(play, "anchors", c);
	else if (cursor_is(c, "blocked"))
		event_blocked(play, c);
	else
		return false;
	play_reload(play);
	return true;
}

void event_apply(struct play *play, struct cursor *c)
{
	struct world *world = &play->world;

	if (event_reload(play, c))
		return;
	if (cursor_is(c, "reply"))
		event_reply(play, c);
	else if (cursor_is(c, "error"))
		event_error(play, c);
	else if (cursor_is(c, "host"))
		event_host(play, c);
	else if (cursor_is(c, "path"))
		event_path(play, c);
	else if (cursor_is(c, "no"))
		event_no_way(world, c);
	else if (cursor_is(c, "drop"))
		world->dropped += cursor_number(c);
	else if (cursor_is(c, "link"))
		world->link_down = either(c, "down", "up");
	else if (cursor_is(c, "kernel"))
		world->refusing = either(c, "refuses", "accepts");
	else if (cursor_is(c, "address"))
		event_address(world, c);
	else if (cursor_is(c, "leaving"))
		world->not_leaving = either(c, "off", "on");
	else if (cursor_is(c, "line")) {
		world->cut = either(c, "cut", "healed");
		world->wire.count = 0;
	} else if (cursor_is(c, "clock") && cursor_is(c, "step"))
		world->wall_base = wall_after(world->wall_base, cursor_duration(c));
	else if (cursor_is(c, "sleep"))
		world_sleep(world, cursor_duration(c));
	else if (cursor_is(c, "stop"))
		play->stopped_until = mono_after(world->now, cursor_duration(c));
	else if (cursor_is(c, "truncated"))
		world_unparsed(world, SIGHTING_TRUNCATED);
	else if (cursor_is(c, "garbled"))
		world_unparsed(world, SIGHTING_BAD_CHECKSUM);
	else if (cursor_is(c, "sweep"))
		play_begin(play);
	else
		script_wrong(c->line, "what happens?");
	if (!cursor_end(c))
		script_wrong(c->line, "'%s' is too much", cursor_word(c));
}
