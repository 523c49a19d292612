#include <math.h>
#include <stdlib.h>

#include "analysis/country/parts.h"
#include "core/mem.h"

/*
 * A part of a block that went while newcomers appeared is a matter of rates. A whole block that
 * went may be lost, and the newcomers others: so more is asked before it is called empty.
 */

/* It was never heard before, and is no newcomer of another block's. */
static bool is_fresh(const struct view *view, uint32_t number, size_t block, int64_t since_ns)
{
	uint32_t from = view->moved_from[number];

	return view->hosts[number].first_reply_ns > since_ns && (!from || from == block + 1);
}

/* Hosts that fell silent while as many new ones appeared have moved. */
static void look_at_part(struct view *view, size_t number, int64_t now_ns)
{
	struct block *block = &view->blocks[number];
	int64_t since_ns = block_out_since(block, view->hosts);
	size_t fresh = 0;

	if (block->out_count < 2 || !since_ns)
		return;
	for (size_t i = 0; i < view->host_count; i++)
		fresh += host_is_known(&view->hosts[i]) && view->hosts[i].first_reply_ns > since_ns;
	if (2 * fresh < block->out_count)
		return;
	for (uint32_t i = 0; i < view->host_count && fresh <= 2 * block->out_count; i++)
		if (is_fresh(view, i, number, since_ns))
			view->moved_from[i] = (uint32_t)number + 1;
	block_moved(block, view->hosts, now_ns, &view->parameters);
}

static int arrival_order(const void *a, const void *b)
{
	const struct arrival *x = a;
	const struct arrival *y = b;

	if (x->high_ns != y->high_ns)
		return x->high_ns < y->high_ns ? -1 : 1;
	return x->host < y->host ? -1 : x->host > y->host;
}

/* By when first heard. Only full sweeps ask who never answered: it came since the last. */
static size_t find_arrivals(
	const struct view *view, size_t block, int64_t since_ns, struct arrival *ret)
{
	int64_t step_ns = view->full_step_ns ? view->full_step_ns : view->parameters.counts_ns / 4;
	size_t count = 0;

	for (uint32_t i = 0; i < view->host_count; i++) {
		const struct host *h = &view->hosts[i];
		if (is_fresh(view, i, block, since_ns) && h->state == HOST_HERE)
			ret[count++] =
				(struct arrival){h->first_reply_ns - step_ns, h->first_reply_ns, i};
	}
	if (count)
		qsort(ret, count, sizeof(*ret), arrival_order);
	return count;
}

/* All who went when the block did, itself and others: any of them may be who came. */
static size_t count_lost(
	const struct view *view, const struct block *block, size_t own, int64_t since_ns)
{
	size_t count = own;

	for (size_t i = 0; i < view->host_count; i++) {
		const struct host *h = &view->hosts[i];
		count += h->state == HOST_OUT && &view->blocks[h->block] != block &&
			 h->run.replied_ns >= since_ns - view->parameters.cluster_gap_ns;
	}
	return count;
}

static size_t count_clocks(const struct view *view, const struct block *block, int64_t since_ns,
	const struct arrival *came, size_t count)
{
	size_t agree = 0;

	for (size_t i = 0; i < block->member_count; i++) {
		const struct host *h = &view->hosts[block_member(block, i)];
		bool found = false;
		for (size_t k = 0; k < count && !found; k++) {
			int64_t clock_ns = view->hosts[came[k].host].clock_ns;
			found = h->clock_ns && h->run.replied_ns >= since_ns && clock_ns &&
				llabs(clock_ns - h->clock_ns) <= HOST_SAME_CLOCK_NS;
		}
		agree += found;
	}
	return agree;
}

/* As many newcomers within count_ns, by how many came in the day before (Poisson). */
static bool is_chance(const struct view *view, size_t count, int64_t since_ns)
{
	const struct parameters *parameters = &view->parameters;
	double before = NEWCOMERS_PRIOR;

	for (size_t i = 0; i < view->host_count; i++) {
		int64_t first_ns = view->hosts[i].first_reply_ns;
		before += first_ns <= since_ns && first_ns > since_ns - parameters->day_ns;
	}
	double mean = before * (double)parameters->counts_ns / (double)parameters->day_ns;
	double term = exp(-mean);
	double below = 0;
	for (size_t i = 0; i < count; i++) {
		below += term;
		term *= mean / (double)(i + 1);
	}
	return 1 - below > NEWCOMERS_CHANCE;
}

/* The first newcomers that came together and are as many as were lost. Returns how many;
 * 0: there are none. */
static size_t match(const struct view *view, const struct block *block, size_t own,
	int64_t since_ns, int64_t now_ns, struct arrival **came, size_t count)
{
	size_t lost = count_lost(view, block, own, since_ns);

	for (size_t i = 0; i < count; i++) {
		int64_t until_ns = (*came)[i].high_ns + view->parameters.counts_ns;
		size_t known = 0;
		size_t n = 0;
		for (; i + n < count && (*came)[i + n].high_ns <= until_ns; n++)
			known += host_is_known(&view->hosts[(*came)[i + n].host]);
		size_t clocks = count_clocks(view, block, since_ns, *came + i, n);
		if ((double)clocks < CLOCKS_SHARE * (double)own &&
			((double)known < CAME_SHARE * (double)lost || known < 2 ||
				is_chance(view, known, since_ns)))
			continue;
		/* Who comes a little later is waited for: the end is when nine in ten came. */
		if (n < lost && now_ns < until_ns + view->parameters.counts_ns)
			return 0;
		*came += i;
		return n;
	}
	return 0;
}

static void look_at_whole(struct view *view, size_t number, int64_t now_ns)
{
	struct block *block = &view->blocks[number];
	int64_t since_ns;
	size_t own = block_lost_whole(block, view->hosts, &view->parameters, &since_ns);

	if (own == 0)
		return;
	struct arrival *all = mem_zeroed(view->host_count + 1, sizeof(*all));
	struct arrival *came = all;
	size_t count = find_arrivals(view, number, since_ns, all);
	count = match(view, block, own, since_ns, now_ns, &came, count);
	for (size_t i = 0; i < count; i++)
		view->moved_from[came[i].host] = (uint32_t)number + 1;
	if (count)
		block_moved_whole(block, view->hosts, came, count, now_ns, &view->parameters);
	mem_free(all);
}

void view_look_for_moves(struct view *view, int64_t now_ns)
{
	if (now_ns - view->moved_ns < view->parameters.counts_ns / 4)
		return;
	view->moved_ns = now_ns;
	for (size_t b = 0; b < view->block_count; b++)
		if (!view->blocks[b].down)
			look_at_part(view, b, now_ns);
	for (size_t b = 0; b < view->block_count; b++)
		if (view->blocks[b].down)
			look_at_whole(view, b, now_ns);
}
