#include <math.h>

#include "analysis/evidence/parts.h"

/* Hosts that were silent for so long. */
static size_t silent_for(const struct outage *outage, const struct view *view, int64_t least_ns)
{
	size_t count = 0;

	for (size_t i = 0; i < outage->disruption_count; i++) {
		const struct disruption *disruption =
			&view->disruptions.items[outage->disruptions[i]];
		for (size_t k = 0; k < disruption->out_count; k++) {
			const struct silence_run *s = &disruption->outs[k].run;
			count += s->last_ns[0] - s->silent_ns[0] >= least_ns;
		}
	}
	return count;
}

static bool is_known_elsewhere(
	const struct outage_context *context, uint32_t block, struct ip4 address)
{
	for (size_t v = 0; v < context->other_count; v++) {
		/* All views have the same blocks. */
		const struct view *theirs = context->others[v];
		uint32_t number = theirs->blocks[block].hosts[address.host & 255];
		if (theirs != context->view && number && host_is_known(&theirs->hosts[number - 1]))
			return true;
	}
	return false;
}

/* Did others hear the hosts while they were silent here? Of those that others know, half:
 * a probe of ours lost just before an outage of all makes it seem so of one or two. */
static bool is_reached_elsewhere(const struct outage *outage, const struct outage_context *context)
{
	size_t known = 0;
	size_t heard = 0;

	for (size_t i = 0; i < outage->disruption_count; i++) {
		const struct disruption *l =
			&context->view->disruptions.items[outage->disruptions[i]];
		for (size_t k = 0; k < l->out_count; k++) {
			known += is_known_elsewhere(context, l->block, l->outs[k].address);
			heard += l->outs[k].run.heard_elsewhere;
		}
	}
	return heard > 0 && 2 * heard >= known;
}

/* Had another one looked before and after only, not in the meantime? Its schedule tells, or
 * the rhythm it has. */
static bool is_missed_elsewhere(const struct outage *outage, const struct outage_context *context)
{
	const struct view *view = context->view;
	uint32_t block = view->disruptions.items[outage->disruptions[0]].block;
	size_t all = silent_for(outage, view, INT64_MIN);

	for (size_t v = 0; v < context->other_count; v++) {
		/* These have one vantage point each. */
		const struct coverage *coverage = &context->others[v]->blocks[block].coverage;
		if (context->others[v] == view || coverage->vantage_count == 0)
			continue;
		int64_t interval_ns = coverage_interval(&coverage->vantages[0]);
		if (!interval_ns ||
			2 * silent_for(outage, view, interval_ns - interval_ns / 10) < all)
			return true;
	}
	return false;
}

/* The worst build-up before what this vantage point lost of it. agrees: it lost any. */
static struct buildup_reading buildup_at(const struct outage *outage,
	const struct outage_context *context, const struct disruptions *theirs, bool *ret_agrees)
{
	struct buildup_reading worst = {.bins = (double)NAN};

	*ret_agrees = false;
	for (size_t i = 0; i < outage->disruption_count; i++)
		for (size_t k = 0; k < theirs->count; k++) {
			const struct disruption *l = &theirs->items[k];
			if (!disruptions_overlap(
				    &context->view->disruptions.items[outage->disruptions[i]], l,
				    context->now_ns))
				continue;
			*ret_agrees = true;
			if (!isnan(l->buildup.bins) && !(l->buildup.bins <= worst.bins))
				worst = l->buildup;
		}
	return worst;
}

/* Congestion of the country is met from everywhere; a build-up that one vantage point did not
 * see was on the way to another, or is one that answers while the other does not. */
void outage_vantages(struct outage *outage, const struct outage_context *context)
{
	struct facts *f = &outage->facts;
	size_t agree = 0;

	for (size_t v = 0; v < context->other_count; v++) {
		bool agrees;
		struct buildup_reading buildup =
			buildup_at(outage, context, &context->others[v]->disruptions, &agrees);
		agree += agrees;
		if (agrees && buildup.bins < f->buildup) {
			f->buildup = buildup.bins;
			f->buildup_step = buildup.step;
		}
	}
	f->vantages = agree > 1 ? agree : 1;
	if (!context->only_vantage)
		return;
	f->vantages = 2;
	f->reached_elsewhere = is_reached_elsewhere(outage, context);
	f->missed_elsewhere = !f->reached_elsewhere && is_missed_elsewhere(outage, context);
}
