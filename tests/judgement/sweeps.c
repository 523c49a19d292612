#include "tests/judgement/sweeps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

/* One sweep that is being made. */
struct making {
	struct sweeps *sweeps;
	const struct world *world;
	const struct schedule *schedule;
	const struct vantage *vantage;
	uint64_t number;
	int64_t start_ns;
	struct span span; /* what holds of the vantage point */
};

static const uint64_t loss_draws = 0x1055;

static struct wall wall_of(const struct making *m, int64_t at_ns)
{
	double ahead_ns = ramps_at(&m->vantage->clock, at_ns, 0);

	return (struct wall){HISTORY_START_NS + at_ns + (int64_t)ahead_ns};
}

/* Which kinds there are, as a sweep names them. */
static void name_methods(struct sweeps *sweeps)
{
	const struct world *world = sweeps->world;
	char text[METHOD_TEXT_SIZE];

	for (size_t i = 0; i < world->host_count; i++)
		for (size_t k = 0; k < world->hosts[i].kind_count; k++) {
			struct kind kind = world->hosts[i].kinds[k];
			method_format(kind.method, kind.port, text);
			if (strstr(sweeps->methods, text) ||
				strlen(sweeps->methods) + strlen(text) + 2 > METHODS_SIZE)
				continue;
			if (sweeps->methods[0])
				strcat(sweeps->methods, ";");
			strcat(sweeps->methods, text);
		}
}

void sweeps_begin(struct sweeps *sweeps, const struct world *world)
{
	*sweeps = (struct sweeps){.world = world,
		.next_ns = mem_zeroed(world->schedule_count + 1, sizeof(int64_t)),
		.made = mem_zeroed(world->schedule_count + 1, sizeof(uint64_t))};
	for (size_t i = 0; i < world->schedule_count; i++)
		sweeps->next_ns[i] = world->schedules[i].from_ns;
	size_t hops = 0;
	for (size_t i = 0; i < world->path_count; i++)
		hops += world->host_count * (world->paths[i].router_count + 1);
	sweeps->sweep.observations =
		mem_zeroed(world->host_count * KINDS_MOST + 1, sizeof(struct observation));
	sweeps->sweep.hops = mem_zeroed(hops + 1, sizeof(struct hop));
	name_methods(sweeps);
}

void sweeps_finish(struct sweeps *sweeps)
{
	free(sweeps->next_ns);
	free(sweeps->made);
	free(sweeps->sweep.observations);
	free(sweeps->sweep.hops);
}

/* When in its sweep an address is asked: spread evenly, each time alike, anchors first and last. */
static int64_t place_ns(const struct making *m, size_t host, size_t kind)
{
	const struct host *h = &m->world->hosts[host];
	double place = (double)(host + 1) * 0.6180339887 + (double)kind * 0.5;

	if (h->role == ROLE_ANCHOR)
		place = (h->address.host - 0xc6336401) % 2 ? 0.99 : 0;
	else if (m->schedule->shuffled)
		place = chance(h->address.host, kind, m->number);
	place -= (double)(int64_t)place;
	return (int64_t)(place * (double)m->schedule->span_ns);
}

/* Is everything lost that was sent then? */
static bool is_lost(const struct making *m, const struct host *host, size_t kind, int64_t at_ns)
{
	double line = ramps_at(&m->vantage->loss, at_ns, 0);
	double path = ramps_at(&host->loss, at_ns, 0);
	double lost = 1 - (1 - line) * (1 - path);

	if (lost <= 0)
		return false;
	for (int a = 0; a < m->schedule->attempts; a++)
		if (chance(host->address.host * 4 + kind, (uint64_t)at_ns + (uint64_t)a,
			    loss_draws + m->schedule->vantage) >= lost)
			return false;
	return true;
}

static void answer(const struct making *m, const struct host *host, size_t kind, int64_t at_ns,
	struct observation *o)
{
	double late_ns = ramps_at(&host->delay, at_ns, 0);
	double wavers = chance(host->address.host, (uint64_t)at_ns, 0x277) * 2e6;

	o->outcome = host->kinds[kind].method == METHOD_ICMP ? OUTCOME_ECHO_REPLY : OUTCOME_SYN_ACK;
	if (late_ns > 0) /* a queue is never even */
		late_ns *= 0.6 + 0.8 * chance(host->address.host, (uint64_t)at_ns, 0x278);
	o->rtt_ns = host->rtt_ns < 0 ? -1 : host->rtt_ns + (int64_t)(late_ns + wavers);
	o->reply_ttl = host->ttl;
	o->attempt = 1;
	if (host->clocks && host->kinds[kind].method == METHOD_TCP) {
		o->has_tcp_ts = true;
		int64_t half_ns = o->rtt_ns > 0 ? o->rtt_ns / 2 : 0;
		o->tcp_ts = host_clock(host, m->schedule->vantage, at_ns + half_ns);
	}
}

static struct observation observe(
	const struct making *m, const struct host *host, size_t kind, int64_t at_ns)
{
	struct observation o = observation_blank();
	const struct change *down = host_down(host, kind, m->schedule->vantage, at_ns);

	o.address = host->address;
	o.probed_at = wall_of(m, at_ns);
	o.method = host->kinds[kind].method;
	o.port = host->kinds[kind].port;
	o.attempts = m->schedule->attempts;
	if (m->span.unsent) {
		o.outcome = OUTCOME_UNSENT;
	} else if (is_lost(m, host, kind, at_ns) || (down && !down->errors)) {
		o.outcome = OUTCOME_SILENT;
	} else if (down) {
		o.outcome = OUTCOME_UNREACHABLE;
		o.has_responder = true;
		o.responder = down->behind;
		o.icmp_type = 3;
		o.icmp_code = 1;
	} else {
		answer(m, host, kind, at_ns, &o);
	}
	return o;
}

/* One host's probes. */
static void ask(struct making *m, size_t host)
{
	const struct host *h = &m->world->hosts[host];
	struct sweep *sweep = &m->sweeps->sweep;
	struct sweep_info *info = &sweep->info;
	bool any = false;

	if (m->schedule->has_only && h->role == ROLE_TARGET &&
		!prefix_holds(m->schedule->only, h->address))
		return;
	for (size_t k = 0; k < h->kind_count; k++) {
		int64_t at_ns = m->start_ns + place_ns(m, host, k);
		if (at_ns < h->born_ns)
			continue;
		struct observation o = observe(m, h, k, at_ns);
		bool answered = o.outcome != OUTCOME_SILENT && o.outcome != OUTCOME_UNSENT;
		info->probed++;
		info->sent += !m->span.unsent;
		info->received += answered;
		any |= answered;
		if (m->schedule->tier == TIER_WATCH || o.outcome != OUTCOME_SILENT)
			sweep->observations[sweep->observation_count++] = o;
	}
	if (h->role == ROLE_ANCHOR) {
		info->anchors_probed++;
		info->anchors_up += any;
	}
}

/* The way to one host, router by router. */
static void trace(struct making *m, const struct path *path, size_t host)
{
	const struct host *h = &m->world->hosts[host];
	int64_t at_ns = m->start_ns + place_ns(m, host, 0);
	const struct change *down = host_down(h, 0, m->schedule->vantage, at_ns);
	struct sweep *sweep = &m->sweeps->sweep;
	bool lost = ramps_at(&m->vantage->loss, at_ns, 0) >= 1;

	for (size_t i = 0; i <= path->router_count; i++) {
		struct hop hop = {.address = h->address,
			.ttl = (uint8_t)(i + 1),
			.probed_at = wall_of(m, at_ns),
			.outcome = OUTCOME_SILENT,
			.rtt_ns = -1};
		bool last = i == path->router_count;
		const struct host *router = last ? NULL : world_host(m->world, path->routers[i]);
		bool dead = last ? down != NULL
				 : router && host_down(router, 0, m->schedule->vantage, at_ns);
		if (!lost && !dead) {
			hop.outcome = last ? OUTCOME_ECHO_REPLY : OUTCOME_TTL_EXCEEDED;
			hop.has_responder = true;
			hop.responder = last ? h->address : path->routers[i];
			hop.rtt_ns = last ? h->rtt_ns : router ? router->rtt_ns : 20 * NS_PER_MS;
		}
		sweep->hops[sweep->hop_count++] = hop;
		if (down && down->has_behind && !last && ip4_equal(down->behind, path->routers[i]))
			lost = true;
	}
}

static void trace_all(struct making *m)
{
	const struct world *world = m->world;

	for (size_t host = 0; host < world->host_count; host++)
		for (size_t i = 0; i < world->path_count; i++) {
			const struct path *path = &world->paths[i];
			bool due = m->start_ns / path->every_ns !=
					   (m->start_ns - m->schedule->every_ns) / path->every_ns ||
				   m->start_ns == 0;
			if (due && world->hosts[host].role == ROLE_TARGET &&
				world->hosts[host].born_ns <= m->start_ns &&
				prefix_holds(path->to, world->hosts[host].address))
				trace(m, path, host);
		}
}

/* What our own prober says against such a sweep. */
static uint32_t find_flags(const struct making *m)
{
	const struct sweep_info *info = &m->sweeps->sweep.info;
	uint32_t flags = m->span.flags;

	if (m->span.unsent)
		flags |= SWEEP_INTERFACE_DOWN;
	if (info->anchors_probed > 0 && info->anchors_up * 2 < info->anchors_probed)
		flags |= SWEEP_ANCHORS_DOWN;
	if (info->anchors_probed == 0 && info->received == 0)
		flags |= SWEEP_UNPROVEN;
	int64_t end_ns = m->start_ns + m->schedule->span_ns;
	if (ramps_at(&m->vantage->clock, m->start_ns, 0) != ramps_at(&m->vantage->clock, end_ns, 0))
		flags |= SWEEP_CLOCK_STEP;
	return flags;
}

static void make(struct making *m)
{
	struct sweep *sweep = &m->sweeps->sweep;

	sweep->observation_count = sweep->hop_count = 0;
	sweep->info = (struct sweep_info){.sweep = m->number,
		.epoch = "e",
		.tier = m->schedule->tier,
		.start = wall_of(m, m->start_ns),
		.end = wall_of(m, m->start_ns + m->schedule->span_ns),
		.interval_ns = m->schedule->promised ? m->schedule->every_ns : 0,
		.has_source = true,
		.source = m->vantage->source,
		.capture_dropped = -1,
		.send_errors = -1,
		.clock_error_us = -1};
	strcpy(sweep->info.vantage, m->vantage->name);
	strcpy(sweep->info.methods, m->sweeps->methods);
	for (size_t i = 0; i < m->world->host_count; i++)
		ask(m, i);
	trace_all(m);
	sweep->info.flags = find_flags(m);
}

/* From this sweep's start to the next one's. */
static int64_t pause_ns(const struct schedule *s, size_t number, uint64_t made)
{
	double room = (double)(s->until_most_ns - s->every_ns);

	return s->every_ns + (int64_t)(room * chance(number, made, 0x9a5e));
}

const struct sweep *sweeps_next(struct sweeps *sweeps)
{
	const struct world *world = sweeps->world;

	for (;;) {
		size_t first = SIZE_MAX;
		for (size_t i = 0; i < world->schedule_count; i++)
			if (sweeps->next_ns[i] < world->end_ns &&
				(first == SIZE_MAX || sweeps->next_ns[i] < sweeps->next_ns[first]))
				first = i;
		if (first == SIZE_MAX)
			return NULL;
		const struct schedule *s = &world->schedules[first];
		struct making m = {.sweeps = sweeps,
			.world = world,
			.schedule = s,
			.vantage = &world->vantages[s->vantage],
			.start_ns = sweeps->next_ns[first]};
		m.span = vantage_span(m.vantage, m.start_ns);
		sweeps->next_ns[first] += pause_ns(s, first, sweeps->made[first]++);
		if (m.span.stopped)
			continue;
		m.number = ++sweeps->numbers[s->vantage];
		make(&m);
		return &sweeps->sweep;
	}
}
