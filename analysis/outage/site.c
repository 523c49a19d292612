#include "analysis/outage/site.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/mem.h"

/* One that takes more than that is the country's, not a site's. */
enum { LOSSES_READ = 16 * SITE_FAILURES };

static int by_start(const void *a, const void *b)
{
	const struct disruption *x = *(const struct disruption *const *)a;
	const struct disruption *y = *(const struct disruption *const *)b;

	if (x->start_high_ns != y->start_high_ns)
		return x->start_high_ns < y->start_high_ns ? -1 : 1;
	return x->block < y->block ? -1 : x->block > y->block;
}

static uint32_t root_of(uint32_t *parent, uint32_t i)
{
	while (parent[i] != i)
		i = parent[i] = parent[parent[i]];
	return i;
}

static bool together(uint64_t a, uint64_t b, const double *share, double hosts)
{
	uint64_t both = a & b;
	int count = __builtin_popcountll(both);
	double nats = 0;

	if (count < SITE_TOGETHER ||
		(double)count <= SITE_TOGETHER_SHARE * __builtin_popcountll(a | b))
		return false;
	for (; both; both &= both - 1)
		nats -= log(share[__builtin_ctzll(both)]);
	return nats >= log(SITE_CHANCE * hosts);
}

uint32_t sites_of_masks(
	const uint64_t *masks, size_t host_count, const double *share, uint32_t *ret_sites)
{
	uint32_t *parent = mem_zeroed(host_count + 1, sizeof(*parent));
	size_t *size = mem_zeroed(host_count + 1, sizeof(*size));
	uint32_t sites = 0;

	for (uint32_t i = 0; i < host_count; i++)
		parent[i] = i;
	for (uint32_t i = 0; i < host_count; i++)
		for (uint32_t k = 0; masks[i] && k < i; k++)
			if (together(masks[i], masks[k], share, (double)host_count))
				parent[root_of(parent, i)] = root_of(parent, k);
	for (uint32_t i = 0; i < host_count; i++)
		size[root_of(parent, i)]++;
	/* Numbered by their first host. */
	for (uint32_t i = 0; i < host_count; i++)
		ret_sites[i] = 0;
	for (uint32_t i = 0; i < host_count; i++) {
		uint32_t root = root_of(parent, i);
		if (size[root] < 2)
			continue;
		if (!ret_sites[i])
			for (uint32_t k = i, number = ++sites; k < host_count; k++)
				if (root_of(parent, k) == root)
					ret_sites[k] = number;
	}
	mem_free(parent);
	mem_free(size);
	return sites;
}

/* How many had been answering for long enough. */
static double known_at(
	const struct host *hosts, size_t count, int64_t at_ns, const struct parameters *parameters)
{
	double known = 0;

	for (size_t i = 0; i < count; i++)
		known += hosts[i].first_reply_ns &&
			 hosts[i].first_reply_ns < at_ns - parameters->counts_ns;
	return known;
}

uint32_t sites_learn(const struct disruption *disruptions, size_t count, const struct host *hosts,
	size_t host_count, int64_t before_ns, const struct parameters *parameters,
	uint32_t *ret_sites)
{
	const struct disruption **past = mem_zeroed(LOSSES_READ + 1, sizeof(*past));
	uint64_t *masks = mem_zeroed(host_count + 1, sizeof(*masks));
	double share[SITE_FAILURES] = {0};
	size_t n = 0;
	size_t failures = 0;

	/* They come in order of when they were over, nearly: the latest are enough. */
	for (size_t i = count; i-- > 0 && n < LOSSES_READ;)
		if (disruptions[i].over_ns && disruptions[i].over_ns <= before_ns)
			past[n++] = &disruptions[i];
	qsort(past, n, sizeof(*past), by_start);
	/* The latest first; those that began within minutes are one. */
	for (size_t end = n, from; end > 0 && failures < SITE_FAILURES; end = from) {
		uint64_t bit = UINT64_C(1) << failures;
		bool some = false;
		double lost = 0;
		for (from = end - 1;
			from > 0 && past[from]->start_high_ns - past[from - 1]->start_high_ns <=
					    2 * parameters->flap_ns;)
			from--;
		for (size_t i = from; i < end; i++)
			some |= !past[i]->down && !past[i]->saturated;
		double known = known_at(hosts, host_count, past[from]->start_low_ns, parameters);
		for (size_t i = from; some && i < end; i++)
			lost += (double)past[i]->out_count;
		if (lost < 2 || lost > SITE_MOST_SHARE * known)
			continue;
		for (size_t i = from; i < end; i++)
			for (size_t k = 0; k < past[i]->out_count; k++)
				if (past[i]->outs[k].run.silent_ns[0] < before_ns)
					masks[past[i]->outs[k].host] |= bit;
		share[failures++] = lost / known;
	}
	uint32_t sites = sites_of_masks(masks, host_count, share, ret_sites);
	mem_free(masks);
	mem_free(past);
	return sites;
}
