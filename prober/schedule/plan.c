#include "prober/schedule/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "prober/sweep/identity.h"
#include "prober/sweep/order.h"

/* What a scheduled sweep leaves free of its interval, for lateness. */
#define SPARE_SHARE 0.05
/* What the wait is taken for when it follows the RTT. */
#define WAIT_USUAL_NS (2 * NS_PER_S)

uint64_t plan_seed(const struct settings *settings, const struct target_set *set)
{
	if (settings->seed)
		return settings->seed;
	return identity_digest(set->addresses, set->address_count * sizeof(*set->addresses));
}

static struct sweep_task *add(struct plan *plan)
{
	plan->tasks = mem_grow(plan->tasks, &plan->capacity, plan->count + 1, sizeof(*plan->tasks));
	plan->tasks[plan->count] = (struct sweep_task){0};
	return &plan->tasks[plan->count++];
}

static int by_slot(const void *a, const void *b)
{
	const struct sweep_task *x = a;
	const struct sweep_task *y = b;

	if (x->unasked != y->unasked) /* a control that nobody asks as a target is asked */
		return x->unasked - y->unasked;
	if (x->slot_ns != y->slot_ns)
		return x->slot_ns < y->slot_ns ? -1 : 1;
	if (x->target.host != y->target.host)
		return x->target.host < y->target.host ? -1 : 1;
	return x->method != y->method ? (x->method < y->method ? -1 : 1) : x->port - y->port;
}

void plan_sort(struct plan *plan)
{
	if (plan->count)
		qsort(plan->tasks, plan->count, sizeof(*plan->tasks), by_slot);
}

void plan_finish(struct plan *plan)
{
	free(plan->tasks);
	*plan = (struct plan){0};
}

/* The TCP ports this sweep asks of whoever has no settled one. */
static size_t ports_of(const struct plan_input *input, uint16_t ret[SETTINGS_PORTS])
{
	const struct settings *s = input->settings;

	if (!s->tcp || s->tcp_port_count == 0)
		return 0;
	if (input->learn) {
		ret[0] = s->tcp_ports[input->round % s->tcp_port_count];
		return 1;
	}
	memcpy(ret, s->tcp_ports, s->tcp_port_count * sizeof(*ret));
	return s->tcp_port_count;
}

static void name_methods(
	const struct settings *settings, const uint16_t *ports, size_t count, struct plan *plan)
{
	size_t len = 0;

	if (settings->icmp)
		len = (size_t)snprintf(plan->methods, METHODS_SIZE, "icmp");
	for (size_t i = 0; i < count && len + METHOD_TEXT_SIZE < METHODS_SIZE; i++)
		len += (size_t)snprintf(plan->methods + len, METHODS_SIZE - len, "%stcp:%u",
			len ? ";" : "", ports[i]);
}

/* The time that a full sweep has. */
static int64_t span_of(const struct plan_input *input)
{
	const struct settings *s = input->settings;
	int64_t half = s->full_interval_ns / 2;

	if (!input->first)
		return s->full_interval_ns;
	return s->watch_interval_ns < half ? s->watch_interval_ns : half;
}

/* How far apart its slots lie. */
static int64_t gap_of(const struct plan_input *input, size_t tasks)
{
	const struct settings *s = input->settings;
	int64_t least = (int64_t)((double)NS_PER_S / s->rate);
	int64_t wait = s->wait_ns ? s->wait_ns : WAIT_USUAL_NS;
	int64_t last_retry = s->retry_count ? s->retries_ns[s->retry_count - 1] : 0;

	if (!input->learn || tasks == 0)
		return least;
	double room = (1 - SPARE_SHARE) * (double)span_of(input);
	int64_t gap = ((int64_t)room - wait - last_retry) / (int64_t)tasks;
	return gap > least ? gap : least;
}

static enum role role_of(const struct target_set *set, struct ip4 address)
{
	for (size_t i = 0; i < set->row_count; i++)
		if (set->rows[i].role != ROLE_TARGET && prefix_holds(set->rows[i].prefix, address))
			return set->rows[i].role;
	return ROLE_TARGET;
}

/* Controls are spread through a sweep, the first at its start and the last, or
 * the only one, at its end, so that a line that breaks in the middle shows. */
static void add_controls(const struct plan_input *input, int64_t span_ns, struct plan *plan)
{
	const struct target_set *set = input->set;
	int64_t n = (int64_t)set->control_count;

	for (int64_t i = 0; i < n; i++)
		*add(plan) = (struct sweep_task){
			.target = set->controls[i],
			.method = METHOD_ICMP,
			.role = role_of(set, set->controls[i]),
			.way = input->ways[set->address_count + (size_t)i],
			.listed = true,
			.retried = true,
			.slot_ns = n > 1 ? span_ns * i / (n - 1) : span_ns,
		};
}

static void add_target(const struct plan_input *input, size_t index, enum method method,
	uint16_t port, int64_t slot_ns, struct plan *plan)
{
	const struct learn *learn = input->learn;
	bool watched = learn && learn->entries[index].watched[method];

	if (learn && method == METHOD_TCP && learn_port_settled(learn, index))
		port = learn->entries[index].port;
	*add(plan) = (struct sweep_task){
		.target = input->set->addresses[index],
		.method = method,
		.port = port,
		.role = ROLE_TARGET,
		.way = input->ways[index],
		.listed = watched,
		.retried = watched || !learn,
		.slot_ns = slot_ns,
	};
}

/* Whom a full sweep would be taken to have asked and found silent, and may not
 * ask: they are told as unsent. They have no slot and no source, and stand last. */
static void add_unasked(const struct plan_input *input, uint16_t port, struct plan *plan)
{
	for (size_t i = 0; i < input->set->unasked_count; i++) {
		struct sweep_task task = {
			.target = input->set->unasked[i], .listed = true, .unasked = true};
		if (input->settings->icmp)
			*add(plan) = task;
		task.method = METHOD_TCP;
		task.port = port;
		if (port)
			*add(plan) = task;
	}
}

void plan_full(const struct plan_input *input, struct plan *ret)
{
	const struct settings *settings = input->settings;
	size_t n = input->set->address_count;
	uint16_t ports[SETTINGS_PORTS];
	size_t port_count = ports_of(input, ports);
	size_t kinds = settings->icmp + port_count;
	uint32_t *order = mem_zeroed(n, sizeof(*order));
	int64_t gap = gap_of(input, n * kinds + input->set->control_count);

	*ret = (struct plan){0};
	name_methods(settings, ports, port_count, ret);
	order_make(input->set->addresses, n, plan_seed(settings, input->set), order);
	for (size_t i = 0; i < n; i++) {
		for (size_t kind = 0; kind < kinds; kind++) {
			bool icmp = settings->icmp && kind == 0;
			add_target(input, order[(i + kind * n / kinds) % n],
				icmp ? METHOD_ICMP : METHOD_TCP,
				icmp ? 0 : ports[kind - settings->icmp], (int64_t)ret->count * gap,
				ret);
		}
	}
	add_controls(input, (int64_t)ret->count * gap, ret);
	add_unasked(input, port_count ? ports[0] : 0, ret);
	plan_sort(ret);
	free(order);
}

/* Who is in the watch tier, in the order of their phases. */
struct watcher {
	uint64_t hash;
	size_t index;
};

static int by_hash(const void *a, const void *b)
{
	const struct watcher *x = a;
	const struct watcher *y = b;

	return (x->hash > y->hash) - (x->hash < y->hash);
}

static size_t find_watchers(
	const struct plan_input *input, const struct prefix *block, struct watcher **ret)
{
	uint64_t seed = plan_seed(input->settings, input->set);
	struct watcher *watchers = mem_zeroed(input->set->address_count, sizeof(*watchers));
	size_t count = 0;

	for (size_t i = 0; i < input->set->address_count; i++) {
		const struct learned *entry = &input->learn->entries[i];
		struct ip4 address = input->set->addresses[i];
		if ((entry->watched[METHOD_ICMP] || entry->watched[METHOD_TCP]) &&
			(!block || prefix_holds(*block, address)))
			watchers[count++] =
				(struct watcher){order_mix(seed ^ order_mix(address.host)), i};
	}
	if (count)
		qsort(watchers, count, sizeof(*watchers), by_hash);
	*ret = watchers;
	return count;
}

/* Phases: n addresses lie span/n apart; the second kind half a span later, where
 * it falls between two others: by itself when n is odd, else half a step aside. */
static void add_watchers(const struct plan_input *input, const struct prefix *block,
	int64_t span_ns, struct plan *plan)
{
	struct watcher *watchers;
	int64_t n = (int64_t)find_watchers(input, block, &watchers);

	for (int64_t i = 0; i < n; i++) {
		const struct learned *entry = &input->learn->entries[watchers[i].index];
		int64_t phase = span_ns / n * i;
		int64_t aside = n % 2 == 0 ? span_ns / (2 * n) : 0;
		int64_t other = (phase + span_ns / 2 + aside) % span_ns;
		if (entry->watched[METHOD_ICMP])
			add_target(input, watchers[i].index, METHOD_ICMP, 0, phase, plan);
		if (entry->watched[METHOD_TCP])
			add_target(input, watchers[i].index, METHOD_TCP, entry->port,
				entry->watched[METHOD_ICMP] ? other : phase, plan);
	}
	free(watchers);
}

void plan_watch(const struct plan_input *input, struct plan *ret)
{
	int64_t span = input->settings->watch_interval_ns;

	*ret = (struct plan){0};
	add_watchers(input, NULL, span, ret);
	add_controls(input, span - span / 16, ret);
	plan_sort(ret);
}

void plan_burst(
	const struct plan_input *input, struct prefix block, int64_t span_ns, struct plan *ret)
{
	*ret = (struct plan){0};
	add_watchers(input, &block, span_ns, ret);
	add_controls(input, span_ns, ret);
	plan_sort(ret);
}

void plan_add_path(struct plan *plan, struct ip4 target, const struct way *way,
	uint8_t ttl_max, int64_t slot_ns, int64_t gap_ns)
{
	for (uint8_t ttl = 1; ttl <= ttl_max && ttl < PROBE_TTL; ttl++)
		*add(plan) = (struct sweep_task){
			.target = target,
			.method = METHOD_ICMP,
			.ttl = ttl,
			.role = ROLE_TARGET,
			.way = *way,
			.slot_ns = slot_ns + (ttl - 1) * gap_ns,
		};
}
