/* What happens: the lines of a scenario that begin with a time. */
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "tests/judgement/history.h"

static void add_change(struct host *host, struct change change)
{
	host->changes = mem_grow(host->changes, &host->change_capacity, host->change_count + 1,
		sizeof(*host->changes));
	size_t i = host->change_count++;
	for (; i > 0 && host->changes[i - 1].at_ns > change.at_ns; i--)
		host->changes[i] = host->changes[i - 1];
	host->changes[i] = change;
}

static void add_restart(struct host *host, struct restart restart)
{
	host->restarts = mem_grow(host->restarts, &host->restart_capacity, host->restart_count + 1,
		sizeof(*host->restarts));
	size_t i = host->restart_count++;
	for (; i > 0 && host->restarts[i - 1].seen_ns > restart.seen_ns; i--)
		host->restarts[i] = host->restarts[i - 1];
	host->restarts[i] = restart;
}

/* What a line says of each host it is about. */
struct happening {
	int64_t at_ns;
	struct who who;
	int64_t over_ns; /* one by one, in order of addresses */
	bool reverse;
	bool restarted;
	int64_t boot_lead_ns; /* it booted so long before it answers */
	struct change change;
	int64_t until_ns;
};

/* The machine's place among those that the line is about, as a time. */
static int64_t turn_ns(const struct happening *h, size_t place)
{
	if (h->who.machines < 2)
		return h->at_ns;
	size_t turn = h->reverse ? h->who.machines - 1 - place : place;
	return h->at_ns + h->over_ns / (int64_t)(h->who.machines - 1) * (int64_t)turn;
}

typedef void apply_fn(struct world *world, size_t host, int64_t at_ns, const void *what);

static void each_host(
	struct world *world, const struct happening *h, apply_fn *apply, const void *what)
{
	size_t last = SIZE_MAX;
	size_t place = SIZE_MAX;
	size_t count = world->host_count; /* a move adds some */

	for (size_t i = 0; i < count; i++) {
		if (!h->who.chosen[i])
			continue;
		place += world->hosts[i].machine != last;
		last = world->hosts[i].machine;
		apply(world, i, turn_ns(h, place), what);
	}
}

/* for VANTAGE or KIND: nobody else notices. */
static void take_for(struct world *world, struct cursor *c, struct happening *h)
{
	const char *word = cursor_word(c);
	size_t vantage = world_vantage(world, word, false);
	enum method method;
	uint16_t port;

	if (vantage != SIZE_MAX) {
		h->change.vantages = UINT64_C(1) << vantage;
		return;
	}
	if (!method_parse(word, &method, &port))
		script_wrong(c->line, "'%s' is no vantage point and no kind of probe", word);
	/* Of all hosts of a line the kinds are alike. */
	for (size_t i = 0; i < world->host_count; i++)
		for (size_t k = 0; h->who.chosen[i] && k < world->hosts[i].kind_count; k++)
			if (world->hosts[i].kinds[k].method == method)
				h->change.kinds = 1u << k;
}

static bool take_manner(struct world *world, struct cursor *c, struct happening *h)
{
	if (cursor_is(c, "one")) {
		if (!cursor_is(c, "by") || !cursor_is(c, "one") || !cursor_is(c, "over"))
			script_wrong(c->line, "expected: one by one over DURATION");
		h->over_ns = words_time(c);
	} else if (cursor_is(c, "reversed")) {
		h->reverse = true;
	} else if (cursor_is(c, "for")) {
		take_for(world, c, h);
	} else if (cursor_is(c, "behind")) {
		h->change.has_behind = true;
		h->change.behind = cursor_address(c);
	} else if (cursor_is(c, "errors") && cursor_is(c, "from")) {
		h->change.has_behind = h->change.errors = true;
		h->change.behind = cursor_address(c);
	} else if (cursor_is(c, "restarted")) {
		h->restarted = true;
		if (!cursor_end(c) && cursor_is(c, "booted"))
			h->boot_lead_ns = words_time(c);
	} else if (cursor_is(c, "until")) {
		h->until_ns = words_time(c);
	} else {
		return false;
	}
	return true;
}

static void take_manners(struct world *world, struct cursor *c, struct happening *h)
{
	while (words_more(c))
		if (!take_manner(world, c, h))
			script_wrong(c->line, "'%s' is no manner of it", cursor_word(c));
}

static void apply_change(struct world *world, size_t host, int64_t at_ns, const void *what)
{
	const struct happening *h = what;
	struct change change = h->change;

	change.at_ns = at_ns;
	add_change(&world->hosts[host], change);
	if (h->restarted)
		add_restart(&world->hosts[host], (struct restart){at_ns, at_ns - h->boot_lead_ns});
}

/* Its clock began anew, and it was away for as long as that takes. */
static void apply_restart(struct world *world, size_t host, int64_t at_ns, const void *what)
{
	const struct happening *h = what;
	struct change change = h->change;

	change.at_ns = at_ns;
	change.down = true;
	add_change(&world->hosts[host], change);
	change.at_ns = at_ns + h->boot_lead_ns + 20 * NS_PER_S;
	change.down = false;
	add_change(&world->hosts[host], change);
	add_restart(&world->hosts[host],
		(struct restart){change.at_ns, change.at_ns - h->boot_lead_ns});
}

static void apply_habit(struct world *world, size_t host, int64_t at_ns, const void *what)
{
	struct habit habit = *(const struct habit *)what;
	struct host *h = &world->hosts[host];

	habit.from_ns = at_ns;
	h->habits = mem_grow(h->habits, &h->habit_capacity, h->habit_count + 1, sizeof(*h->habits));
	h->habits[h->habit_count++] = habit;
}

/* sleep D in every D[, stray D][, at any time][, by turns][, MANNER]... */
static void happens_sleep(struct world *world, struct cursor *c, struct happening *h)
{
	struct habit habit = {.length_ns = words_time(c)};

	if (!cursor_is(c, "in") || !cursor_is(c, "every"))
		script_wrong(c->line, "expected: sleep DURATION in every DURATION");
	habit.period_ns = words_time(c);
	while (words_more(c)) {
		if (cursor_is(c, "stray"))
			habit.stray_ns = words_time(c);
		else if (cursor_is(c, "at") && cursor_is(c, "any") && cursor_is(c, "time"))
			habit.random = true;
		else if (cursor_is(c, "by") && cursor_is(c, "turns"))
			h->over_ns = habit.length_ns * (int64_t)(h->who.machines - 1);
		else if (!take_manner(world, c, h))
			script_wrong(c->line, "'%s' is no manner of it", cursor_word(c));
	}
	habit.until_ns = h->until_ns;
	each_host(world, h, apply_habit, &habit);
}

static void apply_loss(struct world *world, size_t host, int64_t at_ns, const void *what)
{
	struct ramp ramp = *(const struct ramp *)what;

	ramp.at_ns = at_ns;
	ramps_add(&world->hosts[host].loss, ramp);
}

static void apply_delay(struct world *world, size_t host, int64_t at_ns, const void *what)
{
	struct ramp ramp = *(const struct ramp *)what;

	ramp.at_ns = at_ns;
	ramps_add(&world->hosts[host].delay, ramp);
}

/* The rest of: lose SHARE [within D]; are D late [within D] */
static void take_within(struct cursor *c, struct ramp *ramp)
{
	if (cursor_is(c, "within"))
		ramp->over_ns = words_time(c);
}

/* move to PREFIX: the same hosts, at the same place of another prefix. */
static void happens_move(struct world *world, struct cursor *c, struct happening *h)
{
	if (!cursor_is(c, "to"))
		script_wrong(c->line, "expected: move to PREFIX");
	struct prefix to = words_prefix(c);
	take_manners(world, c, h);
	size_t count = world->host_count;
	size_t place = 0;
	for (size_t i = 0; i < count; i++) {
		if (!h->who.chosen[i])
			continue;
		int64_t at_ns = turn_ns(h, place++);
		struct host *old = &world->hosts[i];
		struct host moved = *old;
		moved.changes = NULL;
		moved.change_count = moved.change_capacity = 0;
		moved.habits = NULL;
		moved.habit_count = moved.habit_capacity = 0;
		moved.restarts = NULL;
		moved.restart_count = moved.restart_capacity = 0;
		moved.loss = moved.delay = (struct ramps){0};
		moved.born_ns = at_ns;
		moved.address.host = to.base.host + (old->address.host & 255u);
		if (world_host(world, moved.address))
			script_wrong(c->line, "somebody is there already");
		for (size_t k = 0; k < old->restart_count; k++)
			add_restart(&moved, old->restarts[k]);
		add_change(old, (struct change){.at_ns = at_ns,
					.down = true,
					.vantages = ALL_VANTAGES,
					.kinds = ALL_KINDS});
		world->hosts = mem_grow(world->hosts, &world->host_capacity, world->host_count + 1,
			sizeof(*world->hosts));
		world->hosts[world->host_count++] = moved;
	}
}

static void happens_to_hosts(struct world *world, struct cursor *c, struct happening *h)
{
	struct ramp ramp = {0};

	if (cursor_is(c, "go") || cursor_is(c, "goes")) {
		h->change.down = true;
		take_manners(world, c, h);
		each_host(world, h, apply_change, h);
	} else if (cursor_is(c, "return") || cursor_is(c, "returns")) {
		take_manners(world, c, h);
		each_host(world, h, apply_change, h);
	} else if (cursor_is(c, "restart") || cursor_is(c, "restarts")) {
		take_manners(world, c, h);
		each_host(world, h, apply_restart, h);
	} else if (cursor_is(c, "sleep") || cursor_is(c, "sleeps")) {
		happens_sleep(world, c, h);
	} else if (cursor_is(c, "lose") || cursor_is(c, "loses")) {
		ramp.value = words_share(c);
		take_within(c, &ramp);
		take_manners(world, c, h);
		each_host(world, h, apply_loss, &ramp);
	} else if (cursor_is(c, "late")) {
		ramp.value = (double)cursor_duration(c);
		take_within(c, &ramp);
		take_manners(world, c, h);
		each_host(world, h, apply_delay, &ramp);
	} else if (cursor_is(c, "move") || cursor_is(c, "moves")) {
		happens_move(world, c, h);
	} else {
		script_wrong(c->line, "'%s': what do they do?", cursor_word(c));
	}
}

static struct vantage *take_vantage(struct world *world, struct cursor *c)
{
	const char *name = cursor_is(c, "of") ? cursor_word(c) : "vp1";
	size_t vantage = world_vantage(world, name, false);

	if (vantage == SIZE_MAX)
		script_wrong(c->line, "'%s' asks nobody", name);
	return &world->vantages[vantage];
}

/* uplink [of NAME] fails|heals|loses SHARE [within D] */
static void happens_to_uplink(struct world *world, struct cursor *c, int64_t at_ns)
{
	struct vantage *v = take_vantage(world, c);
	struct ramp ramp = {.at_ns = at_ns};

	if (cursor_is(c, "fails"))
		ramp.value = 1;
	else if (cursor_is(c, "loses")) {
		ramp.value = words_share(c);
		take_within(c, &ramp);
	} else if (!cursor_is(c, "heals"))
		script_wrong(c->line, "expected: fails, heals or loses SHARE");
	ramps_add(&v->loss, ramp);
}

/* sweeps [of NAME] stop|go on|are unsent|say FLAG... */
static void happens_to_sweeps(struct world *world, struct cursor *c, int64_t at_ns)
{
	struct vantage *v = take_vantage(world, c);
	struct span span = {.at_ns = at_ns};

	if (cursor_is(c, "stop"))
		span.stopped = true;
	else if (cursor_is(c, "are") && cursor_is(c, "unsent"))
		span.unsent = true;
	else if (cursor_is(c, "say")) {
		if (!flags_parse(cursor_word(c), &span.flags))
			script_wrong(c->line, "expected flags, a;b");
	} else if (!(cursor_is(c, "go") && cursor_is(c, "on")))
		script_wrong(c->line, "expected: stop, go on, are unsent, or say FLAG");
	v->spans = mem_grow(v->spans, &v->span_capacity, v->span_count + 1, sizeof(*v->spans));
	size_t i = v->span_count++;
	for (; i > 0 && v->spans[i - 1].at_ns > at_ns; i--)
		v->spans[i] = v->spans[i - 1];
	v->spans[i] = span;
}

/* clock [of NAME] is D ahead */
static void happens_to_clock(struct world *world, struct cursor *c, int64_t at_ns)
{
	struct vantage *v = take_vantage(world, c);

	if (!cursor_is(c, "is"))
		script_wrong(c->line, "expected: clock is DURATION ahead");
	ramps_add(&v->clock, (struct ramp){.at_ns = at_ns, .value = (double)cursor_duration(c)});
	if (!cursor_is(c, "ahead"))
		script_wrong(c->line, "expected: clock is DURATION ahead");
}

void history_happens(struct world *world, struct cursor *c)
{
	struct happening h = {.at_ns = words_time(c),
		.boot_lead_ns = 40 * NS_PER_S,
		.until_ns = NEVER_NS,
		.change = {.vantages = ALL_VANTAGES, .kinds = ALL_KINDS}};

	if (cursor_is(c, "uplink")) {
		happens_to_uplink(world, c, h.at_ns);
	} else if (cursor_is(c, "sweeps")) {
		happens_to_sweeps(world, c, h.at_ns);
	} else if (cursor_is(c, "clock")) {
		happens_to_clock(world, c, h.at_ns);
	} else if (cursor_is(c, "routes")) {
		happens_to_routes(world, c, h.at_ns);
	} else {
		h.who = words_who(c, world);
		happens_to_hosts(world, c, &h);
		free(h.who.chosen);
	}
	if (!cursor_end(c))
		script_wrong(c->line, "'%s' is too much", cursor_word(c));
}
