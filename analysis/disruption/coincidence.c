#include "analysis/disruption/coincidence.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/host/alias.h"
#include "analysis/method/sorted.h"
#include "core/mem.h"

bool outs_same_host(const struct host_outage *a, const struct host_outage *b)
{
	return a->host == b->host ||
	       (a->clock_ns && b->clock_ns && !not_alias_holds(a->not_alias, b->address) &&
		       llabs(a->clock_ns - b->clock_ns) <= HOST_SAME_CLOCK_NS);
}

/* Those each of which is known to be another host than all the others. */
struct proven_hosts {
	const struct host_outage **members;
	size_t count;
	size_t strangers; /* of them, other hosts than all that were lost */
};

static void gather_proven(
	const struct host_outage **outs, size_t count, struct proven_hosts *proven)
{
	for (size_t i = 0; i < count; i++) {
		size_t not_alias = 0;
		size_t from_members = 0;
		for (size_t k = 0; k < count; k++)
			not_alias += not_alias_holds(outs[i]->not_alias, outs[k]->address);
		for (size_t k = 0; k < proven->count; k++)
			from_members +=
				not_alias_holds(outs[i]->not_alias, proven->members[k]->address);
		if (from_members == proven->count)
			proven->members[proven->count++] = outs[i];
		proven->strangers += not_alias + 1 == count;
	}
}

size_t outs_hosts(const struct host_outage *outs, size_t count)
{
	const struct host_outage **kept = mem_zeroed(count + 1, sizeof(*kept));
	struct proven_hosts proven = {.members = mem_zeroed(count + 1, sizeof(*kept))};
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		bool repeated = false;
		for (size_t k = 0; k < i; k++)
			repeated |= outs_same_host(&outs[k], &outs[i]);
		if (!repeated)
			kept[n++] = &outs[i];
	}
	gather_proven(kept, n, &proven);
	size_t by_count =
		proven.strangers + (n - proven.strangers + ADDRESSES_MOST - 1) / ADDRESSES_MOST;
	mem_free(kept);
	mem_free(proven.members);
	return proven.count > by_count ? proven.count : by_count;
}

static double apart_s(double lost, const struct parameters *parameters)
{
	double minute_s = (double)parameters->minute_ns / (double)NS_PER_S;

	return lost <= LOSS_RARE ? minute_s : 2 * minute_s;
}

size_t disruption_hosts(const struct disruption *disruption, const struct parameters *parameters)
{
	size_t hosts = outs_hosts(disruption->outs, disruption->out_count);
	double departure_lost = 0;
	double return_lost = 0;

	for (size_t i = 0; i < disruption->out_count; i++) {
		departure_lost = fmax(departure_lost, run_first_lost(&disruption->outs[i].run));
		return_lost = fmax(return_lost, run_last_lost(&disruption->outs[i].run));
	}
	/* One host goes at once, and is back at once. */
	if (disruption->return_instants > hosts &&
		disruption->return_spread_s >= apart_s(return_lost, parameters))
		hosts = disruption->return_instants;
	if (disruption->departure_instants > hosts &&
		disruption->departure_spread_s >= apart_s(departure_lost, parameters))
		hosts = disruption->departure_instants;
	return hosts;
}

static double years(const struct parameters *parameters)
{
	return COINCIDENCE_YEARS * 365.25 * (double)parameters->day_ns;
}

/* How often hosts that fail each by itself do so `hosts` at a time. */
static double tail(double per_ns, size_t hosts, int64_t spread_ns)
{
	double often = per_ns;

	for (size_t k = 1; k < hosts; k++)
		often *= per_ns * (double)spread_ns / (double)k;
	return often;
}

/* Two that come back together after long, too, would have to do that by chance. */
static double return_chance(
	const struct disruption *disruption, const struct parameters *parameters)
{
	int64_t first_ns = INT64_MAX;
	int64_t last_ns = 0;
	int64_t gone_ns = INT64_MAX;

	for (size_t i = 0; i < disruption->out_count; i++) {
		const struct silence_run *s = &disruption->outs[i].run;
		if (!s->back_ns)
			return 1;
		first_ns = s->back_ns < first_ns ? s->back_ns : first_ns;
		last_ns = s->back_ns > last_ns ? s->back_ns : last_ns;
		int64_t lasted_ns = s->back_ns - s->silent_ns[0];
		gone_ns = lasted_ns < gone_ns ? lasted_ns : gone_ns;
	}
	double spread = (double)(last_ns - first_ns + parameters->flap_ns / 3);
	return fmin(1, 2 * spread / (double)gone_ns);
}

/* Of those in order of departure, is there a run of them, none longer than its hosts
 * explain, that is no chance? Sizes grow by half, which is near enough. */
static bool has_cluster(
	double per_ns, const struct disruption *disruption, const struct parameters *parameters)
{
	for (size_t size = 2; size <= disruption->out_count; size += 1 + size / 2)
		for (size_t i = 0; i + size <= disruption->out_count; i++) {
			const struct host_outage *first = &disruption->outs[i];
			const struct host_outage *last = &disruption->outs[i + size - 1];
			int64_t spread_ns = last->run.silent_ns[0] - first->run.silent_ns[0] +
					    parameters->flap_ns / 3;
			size_t hosts = outs_hosts(first, size);
			if (hosts >= 2 && tail(per_ns, hosts, spread_ns) * years(parameters) <= 1)
				return true;
		}
	return false;
}

bool disruption_coincides(double per_ns, size_t hosts, const struct disruption *disruption,
	const struct parameters *parameters)
{
	int64_t spread_ns =
		(int64_t)(disruption->departure_spread_s * 1e9) + parameters->flap_ns / 3;
	double often = tail(per_ns, hosts, spread_ns);

	return often * return_chance(disruption, parameters) * years(parameters) > 1 &&
	       !has_cluster(per_ns, disruption, parameters);
}

void disruptions_note(
	struct disruptions *disruptions, const struct incident *incident, uint32_t block)
{
	for (size_t i = 0; i < incident->out_count; i++) {
		if (incident->outs[i].availability < HOST_STABLE)
			continue;
		disruptions->isolated =
			mem_grow(disruptions->isolated, &disruptions->isolated_capacity,
				disruptions->isolated_count + 1, sizeof(*disruptions->isolated));
		disruptions->isolated[disruptions->isolated_count++] =
			(struct isolated_outage){block, incident->outs[i]};
	}
}

static int isolated_order(const void *a, const void *b)
{
	const struct isolated_outage *x = a;
	const struct isolated_outage *y = b;

	if (x->out.run.silent_ns[0] != y->out.run.silent_ns[0])
		return x->out.run.silent_ns[0] < y->out.run.silent_ns[0] ? -1 : 1;
	return ip4_order(&x->out.address, &y->out.address);
}

void disruptions_settle(struct disruptions *disruptions)
{
	if (disruptions->isolated_count)
		qsort(disruptions->isolated, disruptions->isolated_count,
			sizeof(*disruptions->isolated), isolated_order);
}

size_t disruptions_first_isolated(const struct disruptions *disruptions, int64_t at_ns)
{
	return sorted_before(disruptions->isolated, disruptions->isolated_count,
		sizeof(*disruptions->isolated), offsetof(struct isolated_outage, out.run.silent_ns),
		at_ns);
}

static int block_order(const void *a, const void *b)
{
	const struct isolated_outage *x = a;
	const struct isolated_outage *y = b;

	return x->block != y->block ? (x->block < y->block ? -1 : 1) : isolated_order(a, b);
}

/* Of all blocks, each by itself. */
static size_t count_hosts(const struct isolated_outage *isolated, size_t count)
{
	struct isolated_outage *sorted = mem_zeroed(count + 1, sizeof(*sorted));
	struct host_outage *outs = mem_zeroed(count + 1, sizeof(*outs));
	size_t hosts = 0;

	for (size_t i = 0; i < count; i++)
		sorted[i] = isolated[i];
	qsort(sorted, count, sizeof(*sorted), block_order);
	for (size_t i = 0, n; i < count; i += n) {
		for (n = 0; i + n < count && sorted[i + n].block == sorted[i].block; n++)
			outs[n] = sorted[i + n].out;
		hosts += outs_hosts(outs, n);
	}
	mem_free(outs);
	mem_free(sorted);
	return hosts;
}

bool disruptions_coincide(const struct disruptions *disruptions,
	const struct disruption *disruption, double per_ns, size_t blocks,
	const struct parameters *parameters)
{
	int64_t widths_ns[] = {parameters->flap_ns / 3, parameters->flap_ns,
		parameters->cluster_gap_ns / 2, parameters->cluster_gap_ns};
	double most = (double)blocks / (years(parameters) * COUNTRY_SHARE);

	for (size_t i = 0; i < disruption->out_count; i++)
		for (size_t k = 0; k < sizeof(widths_ns) / sizeof(widths_ns[0]); k++) {
			int64_t from_ns = disruption->outs[i].run.silent_ns[0] - widths_ns[k] / 2;
			size_t first = disruptions_first_isolated(disruptions, from_ns);
			size_t count =
				disruptions_first_isolated(disruptions, from_ns + widths_ns[k] + 1);
			size_t hosts = count_hosts(disruptions->isolated + first, count - first);
			if (hosts >= 3 && tail(per_ns, hosts, widths_ns[k]) <= most)
				return false;
		}
	return true;
}
