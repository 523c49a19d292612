#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "store/bounds.h"
#include "store/internal.h"

static int hop_order(const void *a, const void *b)
{
	const struct hop *x = a;
	const struct hop *y = b;
	int by_address = ip4_order(&x->address, &y->address);

	if (by_address)
		return by_address;
	if (x->ttl != y->ttl)
		return x->ttl < y->ttl ? -1 : 1;
	return (x->probed_at.ns > y->probed_at.ns) - (x->probed_at.ns < y->probed_at.ns);
}

static int boot_order(const void *a, const void *b)
{
	const struct boot *x = a;
	const struct boot *y = b;
	int by_address = ip4_order(&x->address, &y->address);

	if (by_address)
		return by_address;
	return (x->boot_at.ns > y->boot_at.ns) - (x->boot_at.ns < y->boot_at.ns);
}

struct sweep sweep_sorted(struct store *store, const struct sweep *given)
{
	struct sweep s = *given;

	store->sorted = mem_grow(store->sorted, &store->sorted_capacity, s.observation_count,
		sizeof(*store->sorted));
	store->sorted_hops = mem_grow(store->sorted_hops, &store->sorted_hop_capacity, s.hop_count,
		sizeof(*store->sorted_hops));
	store->sorted_boots = mem_grow(store->sorted_boots, &store->sorted_boot_capacity,
		s.boot_count, sizeof(*store->sorted_boots));
	s.observations = store->sorted;
	s.hops = store->sorted_hops;
	s.boots = store->sorted_boots;
	if (s.observation_count) {
		memcpy(s.observations, given->observations,
			s.observation_count * sizeof(*s.observations));
		qsort(s.observations, s.observation_count, sizeof(*s.observations),
			observation_order);
	}
	if (s.hop_count) {
		memcpy(s.hops, given->hops, s.hop_count * sizeof(*s.hops));
		qsort(s.hops, s.hop_count, sizeof(*s.hops), hop_order);
	}
	if (s.boot_count) {
		memcpy(s.boots, given->boots, s.boot_count * sizeof(*s.boots));
		qsort(s.boots, s.boot_count, sizeof(*s.boots), boot_order);
	}
	return s;
}

static bool same_info(const struct sweep_info *a, const struct sweep_info *b)
{
	return a->sweep == b->sweep && a->tier == b->tier && a->start.ns == b->start.ns &&
	       a->end.ns == b->end.ns && a->interval_ns == b->interval_ns &&
	       strcmp(a->methods, b->methods) == 0 && a->has_source == b->has_source &&
	       (!a->has_source || ip4_equal(a->source, b->source)) && a->probed == b->probed &&
	       a->sent == b->sent && a->received == b->received &&
	       a->capture_dropped == b->capture_dropped && a->send_errors == b->send_errors &&
	       a->anchors_probed == b->anchors_probed && a->anchors_up == b->anchors_up &&
	       a->clock_error_us == b->clock_error_us && a->flags == b->flags &&
	       strcmp(a->counts, b->counts) == 0;
}

static bool same_observation(const struct observation *a, const struct observation *b)
{
	return observation_order(a, b) == 0 && a->probed_at.ns == b->probed_at.ns &&
	       a->outcome == b->outcome && a->rtt_ns == b->rtt_ns &&
	       a->has_responder == b->has_responder &&
	       (!a->has_responder || ip4_equal(a->responder, b->responder)) &&
	       a->icmp_type == b->icmp_type && a->icmp_code == b->icmp_code &&
	       a->reply_ttl == b->reply_ttl && a->ip_id == b->ip_id &&
	       a->has_tcp_ts == b->has_tcp_ts && (!a->has_tcp_ts || a->tcp_ts == b->tcp_ts) &&
	       a->attempt == b->attempt && a->attempts == b->attempts;
}

static bool same_hop(const struct hop *a, const struct hop *b)
{
	return hop_order(a, b) == 0 && a->outcome == b->outcome && a->rtt_ns == b->rtt_ns &&
	       a->has_responder == b->has_responder &&
	       (!a->has_responder || ip4_equal(a->responder, b->responder));
}

bool sweep_same(const struct sweep *a, const struct sweep *b)
{
	if (!same_info(&a->info, &b->info) || a->observation_count != b->observation_count ||
		a->hop_count != b->hop_count || a->boot_count != b->boot_count)
		return false;
	for (size_t i = 0; i < a->observation_count; i++)
		if (!same_observation(&a->observations[i], &b->observations[i]))
			return false;
	for (size_t i = 0; i < a->hop_count; i++)
		if (!same_hop(&a->hops[i], &b->hops[i]))
			return false;
	for (size_t i = 0; i < a->boot_count; i++)
		if (boot_order(&a->boots[i], &b->boots[i]) != 0)
			return false;
	return true;
}

int sweep_check(const struct sweep *s, struct diag *why)
{
	const struct observation *rows = s->observations;

	if (bounds_sweep(s, why) < 0)
		return -EINVAL;
	for (size_t i = 1; i < s->observation_count; i++) {
		if (observation_order(&rows[i - 1], &rows[i]) != 0)
			continue;
		char address[ADDRESS_TEXT_SIZE];
		char method[METHOD_TEXT_SIZE];
		ip4_format(rows[i].address, address);
		method_format(rows[i].method, rows[i].port, method);
		return diag_set(why, "sweep %llu has two observations of %s by %s",
			(unsigned long long)s->info.sweep, address, method);
	}
	return 0;
}
