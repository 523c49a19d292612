#include "analysis/evidence/gather.h"

#include <math.h>

#include "analysis/evidence/parts.h"

int64_t outage_scaled(const struct outage_context *context, double seconds)
{
	return (int64_t)(seconds * 1e9 / context->view->parameters.scale);
}

int64_t outage_until(const struct outage *outage, const struct outage_context *context)
{
	return outage->end_low_ns ? outage->end_low_ns : context->now_ns;
}

bool outage_has_block(const struct outage *outage, const struct view *view, uint32_t block)
{
	for (size_t i = 0; i < outage->disruption_count; i++)
		if (view->disruptions.items[outage->disruptions[i]].block == block)
			return true;
	return false;
}

/* In this outage, sooner or later, no host of the block answered. */
static bool goes_down(const struct outage *outage, const struct view *view, uint32_t block)
{
	for (size_t i = 0; i < outage->disruption_count; i++) {
		const struct disruption *l = &view->disruptions.items[outage->disruptions[i]];
		if (l->block == block && (l->down || l->saturated))
			return true;
	}
	return false;
}

/* Who was in this block and stayed. While the outage lasts, those silent by now may be out
 * too, and not told yet: only who answers has stayed. */
static size_t count_left(
	const struct outage *outage, const struct view *view, const struct disruption *l)
{
	const struct block *block = &view->blocks[l->block];
	size_t left = l->hosts_all > l->out_count ? l->hosts_all - l->out_count : 0;
	size_t routers = 0;
	size_t answering = 0;

	for (size_t i = 0; i < block->member_count; i++) {
		uint32_t number = block_member(block, i);
		const struct host *h = &view->hosts[number];
		bool router = h->router && view_border_at(view, number, outage->start_low_ns);
		routers += router;
		answering += !router && h->state == HOST_HERE && h->run.count == 0;
	}
	left = left > routers ? left - routers : 0;
	return outage->end_high_ns || left < answering ? left : answering;
}

static void read_extent(struct outage *outage, const struct view *view)
{
	for (size_t i = 0; i < outage->disruption_count; i++) {
		const struct disruption *l = &view->disruptions.items[outage->disruptions[i]];
		outage->facts.saturated |= l->saturated;
		outage->facts.part_of_block |= !goes_down(outage, view, l->block) &&
					       l->out_count >= 3 &&
					       count_left(outage, view, l) >= 2;
		struct facts *f = &outage->facts;
		if (!isnan(l->buildup.bins) && !(l->buildup.bins <= f->buildup)) {
			f->buildup = l->buildup.bins;
			f->buildup_step = l->buildup.step;
		}
	}
}

void outage_facts(struct outage *outage, const struct outage_context *context)
{
	struct facts *f = &outage->facts;

	*f = (struct facts){.lost = outage->hosts_affected,
		.over = outage->end_high_ns != 0,
		.buildup = (double)NAN,
		.buildup_step = 1,
		.prior = &context->view->parameters.prior};
	outage_clocks(outage, context);
	outage_shape(outage, context->view);
	outage_path(outage, context);
	outage_border(outage, context);
	read_extent(outage, context->view);
	outage_sites(outage, context);
	outage_routes(outage, context);
	outage_flaps(outage, context->view);
	outage_vantages(outage, context);
}
