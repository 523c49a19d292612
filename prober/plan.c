#include "prober/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "prober/identity.h"
#include "prober/order.h"

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

size_t plan_ports(const struct settings *settings, bool scheduled, uint64_t round,
	uint16_t ret[SETTINGS_PORTS])
{
	if (!settings->tcp || settings->tcp_port_count == 0)
		return 0;
	if (scheduled) {
		ret[0] = settings->tcp_ports[round % settings->tcp_port_count];
		return 1;
	}
	memcpy(ret, settings->tcp_ports, settings->tcp_port_count * sizeof(*ret));
	return settings->tcp_port_count;
}

void plan_methods(const struct settings *settings, const uint16_t *ports, size_t port_count,
	char ret[METHODS_SIZE])
{
	size_t len = 0;

	ret[0] = '\0';
	if (settings->icmp)
		len = (size_t)snprintf(ret, METHODS_SIZE, "icmp");
	for (size_t i = 0; i < port_count && len + METHOD_TEXT_SIZE < METHODS_SIZE; i++)
		len += (size_t)snprintf(
			ret + len, METHODS_SIZE - len, "%stcp:%u", len ? ";" : "", ports[i]);
}

int64_t plan_gap_ns(const struct settings *settings, bool scheduled, size_t tasks)
{
	int64_t least = (int64_t)((double)NS_PER_S / settings->rate);
	int64_t wait = settings->wait_ns ? settings->wait_ns : WAIT_USUAL_NS;
	int64_t last_retry =
		settings->retry_count ? settings->retries_ns[settings->retry_count - 1] : 0;

	if (!scheduled || tasks == 0)
		return least;
	double room = (1 - SPARE_SHARE) * (double)settings->full_interval_ns;
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

static void add_controls(const struct target_set *set, const struct ip4 *sources, struct plan *plan)
{
	for (size_t i = 0; i < set->control_count; i++)
		plan->tasks[plan->count++] = (struct sweep_task){
			.target = set->controls[i],
			.method = METHOD_ICMP,
			.role = role_of(set, set->controls[i]),
			.source = sources[set->address_count + i],
			.listed = true,
			.retried = true,
		};
}

static int by_slot(const void *a, const void *b)
{
	const struct sweep_task *x = a;
	const struct sweep_task *y = b;

	if (x->slot_ns != y->slot_ns)
		return x->slot_ns < y->slot_ns ? -1 : 1;
	return ip4_order(&x->target, &y->target);
}

void plan_full(const struct settings *settings, const struct target_set *set,
	const struct ip4 *sources, const uint16_t *ports, size_t port_count, bool scheduled,
	struct plan *ret)
{
	size_t n = set->address_count;
	size_t kinds = settings->icmp + port_count;
	size_t total = n * kinds + set->control_count;
	uint32_t *order = mem_zeroed(n, sizeof(*order));
	int64_t gap = plan_gap_ns(settings, scheduled, total);

	*ret = (struct plan){.tasks = mem_zeroed(total, sizeof(*ret->tasks))};
	order_make(set->addresses, n, plan_seed(settings, set), order);
	for (size_t i = 0; i < n; i++) {
		for (size_t kind = 0; kind < kinds; kind++) {
			size_t index = order[(i + kind * n / kinds) % n];
			bool icmp = settings->icmp && kind == 0;
			ret->tasks[ret->count] = (struct sweep_task){
				.target = set->addresses[index],
				.method = icmp ? METHOD_ICMP : METHOD_TCP,
				.port = icmp ? 0 : ports[kind - settings->icmp],
				.role = ROLE_TARGET,
				.source = sources[index],
				.retried = true,
				.slot_ns = (int64_t)ret->count * gap,
			};
			ret->count++;
		}
	}
	/* Controls are spread through the sweep, the first at its start and the last
	 * at its end, so that a line that breaks in the middle shows. */
	size_t first = ret->count;
	int64_t span = (int64_t)first * gap;
	add_controls(set, sources, ret);
	for (size_t i = 0; i < set->control_count; i++)
		ret->tasks[first + i].slot_ns =
			set->control_count > 1
				? span * (int64_t)i / (int64_t)(set->control_count - 1)
				: span / 2;
	qsort(ret->tasks, ret->count, sizeof(*ret->tasks), by_slot);
	free(order);
}

void plan_finish(struct plan *plan)
{
	free(plan->tasks);
	*plan = (struct plan){0};
}
