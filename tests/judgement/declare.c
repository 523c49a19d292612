/* Who is there, and who asks: the lines of a scenario without a time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/text.h"
#include "tests/judgement/history.h"

static struct host *add_host(struct world *world, struct ip4 address, enum role role)
{
	world->hosts = mem_grow(
		world->hosts, &world->host_capacity, world->host_count + 1, sizeof(*world->hosts));
	struct host *h = &world->hosts[world->host_count++];
	*h = (struct host){.address = address, .role = role, .ttl = 50, .rtt_ns = 200 * NS_PER_MS};
	return h;
}

static void add_target(struct world *world, struct prefix prefix, enum role role, const char *label)
{
	for (size_t i = 0; i < world->target_count; i++)
		if (world->targets[i].prefix.base.host == prefix.base.host &&
			world->targets[i].prefix.len == prefix.len)
			return;
	world->targets = mem_grow(world->targets, &world->target_capacity, world->target_count + 1,
		sizeof(*world->targets));
	struct target_row *row = &world->targets[world->target_count++];
	*row = (struct target_row){.prefix = prefix, .role = role};
	snprintf(row->label, sizeof(row->label), "%s", label);
}

static void add_kind(struct cursor *c, struct host *host, struct kind kind)
{
	size_t i = host->kind_count;

	if (i == KINDS_MOST)
		script_wrong(c->line, "more than %d kinds of probe", KINDS_MOST);
	for (; i > 0 && (host->kinds[i - 1].method > kind.method ||
				(host->kinds[i - 1].method == kind.method &&
					host->kinds[i - 1].port > kind.port));
		i--)
		host->kinds[i] = host->kinds[i - 1];
	host->kinds[i] = kind;
	host->kind_count++;
}

/* What one host is like, after commas. Not every modifier is one host's. */
static bool take_trait(struct cursor *c, struct host *host)
{
	struct kind kind;

	if (cursor_is(c, "clocks")) {
		host->clocks = true;
		if (cursor_is(c, "per")) {
			cursor_word(c);
			host->pair_ns = 1;
		}
	} else if (cursor_is(c, "rtt")) {
		host->rtt_ns = cursor_is(c, "unknown") ? -1 : cursor_duration(c);
	} else if (cursor_is(c, "ttl")) {
		host->ttl = cursor_is(c, "unknown") ? -1 : (int)cursor_number(c);
	} else if (cursor_is(c, "from")) {
		host->born_ns = words_time(c);
	} else if (!cursor_end(c) &&
		   method_parse(c->line->words[c->at], &kind.method, &kind.port)) {
		c->at++;
		add_kind(c, host, kind);
	} else {
		return false;
	}
	return true;
}

/* What was left open: asked by ICMP, and where there are clocks by TCP. */
static void complete(struct cursor *c, struct host *host)
{
	if (host->clocks) {
		bool tcp = false;
		for (size_t i = 0; i < host->kind_count; i++)
			tcp |= host->kinds[i].method == METHOD_TCP;
		if (!tcp)
			add_kind(c, host, (struct kind){METHOD_TCP, 80});
	}
	if (host->kind_count == 0 ||
		(host->clocks && host->kind_count == 1 && host->kinds[0].port == 80))
		add_kind(c, host, (struct kind){METHOD_ICMP, 0});
}

static void start_clock(struct host *host)
{
	double days = 1 + 40 * chance(host->machine, 0, 0xb007);

	host->restarts =
		mem_grow(host->restarts, &host->restart_capacity, 1, sizeof(*host->restarts));
	host->restarts[0].seen_ns = INT64_MIN;
	host->restarts[0].boot_ns = -(int64_t)(days * 86400e3) * NS_PER_MS;
	host->restart_count = 1;
}

/* hosts N in PREFIX[, first N][, addresses N][, over TIME][, TRAIT]... */
static void declare_hosts(struct world *world, struct cursor *c)
{
	uint64_t count = cursor_number(c);
	struct host like = {.ttl = 50, .rtt_ns = 200 * NS_PER_MS};
	uint64_t each = 1;
	uint64_t first = 1;
	int64_t over_ns = 0;

	if (!cursor_is(c, "in"))
		script_wrong(c->line, "expected: hosts N in PREFIX");
	struct prefix prefix = words_prefix(c);
	while (words_more(c)) {
		if (cursor_is(c, "first"))
			first = cursor_number(c);
		else if (cursor_is(c, "addresses"))
			each = cursor_number(c);
		else if (cursor_is(c, "over"))
			over_ns = words_time(c);
		else if (!take_trait(c, &like))
			script_wrong(c->line, "'%s' is no trait of a host", cursor_word(c));
	}
	complete(c, &like);
	add_target(world, prefix, ROLE_TARGET, "test");
	for (uint64_t i = 0; i < count * each; i++) {
		struct ip4 address = {prefix.base.host + (uint32_t)(first + i)};
		if (!prefix_holds(prefix, address) || world_host(world, address))
			script_wrong(c->line, "there is no room for so many, or twice the same");
		struct host *h = add_host(world, address, ROLE_TARGET);
		*h = like;
		h->address = address;
		h->machine = world->machine_count + (i % each == each - 1);
		if (i % each == each - 1)
			h->machine = world->machine_count++;
		h->born_ns += over_ns / (int64_t)count * (int64_t)(i / each);
		start_clock(h);
	}
}

/* anchors N[, TRAIT]... */
static void declare_anchors(struct world *world, struct cursor *c)
{
	uint64_t count = cursor_number(c);
	struct host like = {.ttl = 55, .rtt_ns = 40 * NS_PER_MS};

	while (words_more(c))
		if (!take_trait(c, &like))
			script_wrong(c->line, "'%s' is no trait of a host", cursor_word(c));
	complete(c, &like);
	for (uint64_t i = 0; i < count; i++) {
		struct ip4 address = {0xc6336401 + (uint32_t)i}; /* 198.51.100.1 */
		struct host *h = add_host(world, address, ROLE_ANCHOR);
		*h = like;
		h->address = address;
		h->role = ROLE_ANCHOR;
		h->machine = world->machine_count++;
		start_clock(h);
		add_target(world, (struct prefix){address, 32}, ROLE_ANCHOR, "anchor");
	}
}

/* router ADDRESS upstream|border|unnamed[, learned][, TRAIT]...; unnamed: known to nobody */
static void declare_router(struct world *world, struct cursor *c)
{
	struct ip4 address = cursor_address(c);
	bool named = !cursor_is(c, "unnamed");
	const char *label = "router";
	enum role role = ROLE_UPSTREAM;
	struct host like = {.ttl = 60, .rtt_ns = 150 * NS_PER_MS};

	if (named && !role_parse(cursor_word(c), &role))
		script_wrong(c->line, "expected upstream, border or unnamed");
	while (words_more(c)) {
		if (cursor_is(c, "learned"))
			label = LABEL_LEARNED;
		else if (!take_trait(c, &like))
			script_wrong(c->line, "'%s' is no trait of a router", cursor_word(c));
	}
	if (named)
		complete(c, &like);
	struct host *h = add_host(world, address, role);
	*h = like;
	h->address = address;
	h->role = role;
	h->machine = world->machine_count++;
	start_clock(h);
	if (named)
		add_target(world, (struct prefix){address, 32}, role, label);
}

/* asked every D [to D][, in full][, by NAME][, from T][, only PREFIX][, N attempts]... */
static void declare_asked(struct world *world, struct cursor *c)
{
	struct schedule s = {.tier = TIER_WATCH, .promised = true, .attempts = 1};
	const char *name = "vp1";

	if (!cursor_is(c, "every"))
		script_wrong(c->line, "expected: asked every DURATION");
	s.every_ns = s.until_most_ns = words_time(c);
	if (cursor_is(c, "to")) {
		s.until_most_ns = words_time(c);
		s.promised = false;
	}
	s.span_ns = s.every_ns / 10 * 9 < 600 * NS_PER_S ? s.every_ns / 10 * 9 : 600 * NS_PER_S;
	while (words_more(c)) {
		if (cursor_is(c, "in") && cursor_is(c, "full"))
			s.tier = TIER_FULL;
		else if (cursor_is(c, "by"))
			name = cursor_word(c);
		else if (cursor_is(c, "from"))
			s.from_ns = words_time(c);
		else if (cursor_is(c, "within"))
			s.span_ns = words_time(c);
		else if (cursor_is(c, "only")) {
			s.has_only = true;
			s.only = words_prefix(c);
		} else if (cursor_is(c, "attempts"))
			s.attempts = (int)cursor_number(c);
		else if (cursor_is(c, "shuffled"))
			s.shuffled = true;
		else if (cursor_is(c, "unpromised"))
			s.promised = false;
		else
			script_wrong(c->line, "'%s' is nothing of a schedule", cursor_word(c));
	}
	s.vantage = world_vantage(world, name, true);
	if (s.vantage == SIZE_MAX)
		script_wrong(c->line, "more than %d vantage points", VANTAGES_ROOM);
	world->schedules = mem_grow(world->schedules, &world->schedule_capacity,
		world->schedule_count + 1, sizeof(*world->schedules));
	world->schedules[world->schedule_count++] = s;
}

/* path to PREFIX via ROUTER...[, every D] */
static void declare_path(struct world *world, struct cursor *c)
{
	struct path path = {.every_ns = 660 * NS_PER_S};

	if (!cursor_is(c, "to"))
		script_wrong(c->line, "expected: path to PREFIX via ROUTER...");
	path.to = words_prefix(c);
	if (!cursor_is(c, "via"))
		script_wrong(c->line, "expected: path to PREFIX via ROUTER...");
	while (!cursor_end(c) && strcmp(c->line->words[c->at], ",") != 0) {
		if (path.router_count == sizeof(path.routers) / sizeof(path.routers[0]))
			script_wrong(c->line, "the path is too long");
		path.routers[path.router_count++] = cursor_address(c);
	}
	if (words_more(c)) {
		if (!cursor_is(c, "every"))
			script_wrong(c->line, "expected: every DURATION");
		path.every_ns = words_time(c);
	}
	world->paths = mem_grow(
		world->paths, &world->path_capacity, world->path_count + 1, sizeof(*world->paths));
	world->paths[world->path_count++] = path;
}

bool history_declare(struct world *world, struct cursor *c)
{
	if (cursor_is(c, "hosts"))
		declare_hosts(world, c);
	else if (cursor_is(c, "anchors"))
		declare_anchors(world, c);
	else if (cursor_is(c, "router"))
		declare_router(world, c);
	else if (cursor_is(c, "asked"))
		declare_asked(world, c);
	else if (cursor_is(c, "path"))
		declare_path(world, c);
	else if (cursor_is(c, "routes"))
		declare_routes(world, c);
	else if (cursor_is(c, "until"))
		world->end_ns = words_time(c);
	else
		return false;
	if (!cursor_end(c))
		script_wrong(c->line, "'%s' is too much", cursor_word(c));
	return true;
}

static int host_order(const void *a, const void *b)
{
	uint32_t x = ((const struct host *)a)->address.host;
	uint32_t y = ((const struct host *)b)->address.host;

	return x < y ? -1 : x > y;
}

void history_settle(struct world *world)
{
	qsort(world->hosts, world->host_count, sizeof(*world->hosts), host_order);
}
