#include "analysis/evidence/gather.h"

#include <math.h>
#include <stdlib.h>

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

static bool was_lost(const struct outage *outage, const struct view *view, uint32_t host)
{
	for (size_t i = 0; i < outage->disruption_count; i++) {
		const struct disruption *l = &view->disruptions.items[outage->disruptions[i]];
		for (size_t k = 0; k < l->out_count; k++)
			if (l->outs[k].host == host)
				return true;
	}
	for (size_t i = 0; i < outage->isolated_count; i++)
		if (view->disruptions.isolated[outage->isolated[i]].out.host == host)
			return true;
	return false;
}

/* The same of the same host, earlier in this outage. */
static bool told_before(
	const struct outage *outage, const struct view *view, size_t error, int64_t to_ns)
{
	const struct path_error *e = &view->errors[error];

	for (size_t i = error; i-- > 0;) {
		const struct path_error *f = &view->errors[i];
		if (f->host == e->host && f->from == e->from &&
			f->first_ns > outage->start_low_ns && f->first_ns < to_ns)
			return true;
		if (f->last_ns < outage->start_low_ns - view->parameters.day_ns)
			break;
	}
	return false;
}

/* Errors for hosts that were lost, and that began with it: those that were
 * there before tell of something else. */
static void read_path(struct outage *outage, const struct outage_context *context)
{
	const struct view *view = context->view;
	struct facts *f = &outage->facts;
	int64_t to_ns = outage_until(outage, context);

	f->errors_heard = view->errors_heard_ns && view->errors_heard_ns <= to_ns;
	for (size_t i = 0; i < view->error_count; i++) {
		const struct path_error *e = &view->errors[i];
		if (e->first_ns <= outage->start_low_ns || e->first_ns >= to_ns ||
			!was_lost(outage, view, e->host) || told_before(outage, view, i, to_ns))
			continue;
		f->errors_upstream += e->from == ERROR_UPSTREAM;
		f->errors_border += e->from == ERROR_BORDER;
		f->errors_transit += e->from == ERROR_TRANSIT;
	}
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

/* Of an attack before, which silenced for moments before and after it did for long. */
static bool is_spoken_for(
	const struct outage *outage, const struct view *view, uint32_t block, int64_t flap_ns)
{
	int64_t room_ns = view->parameters.hour_ns;

	for (size_t i = view->disruptions.count; i-- > 0;) {
		const struct disruption *l = &view->disruptions.items[i];
		/* They are in order of when their incidents were over, nearly. */
		if (l->over_ns && l->over_ns < flap_ns - view->parameters.retired_ns)
			break;
		if ((l->saturated || l->buildup.bins >= 10) && l->block == block && l->over_ns &&
			l->over_ns <= outage->start_low_ns &&
			flap_ns >= l->start_low_ns - room_ns && flap_ns <= l->over_ns + room_ns)
			return true;
	}
	return false;
}

static void count_flaps(struct outage *outage, const struct view *view)
{
	const struct parameters *parameters = &view->parameters;
	int64_t day_ns = outage->start_low_ns - parameters->day_ns;
	double flaps = 0;
	double unrest = 0;
	double before = 0;
	double blocks = 0;
	double days = 0;
	uint32_t hours = 0;

	for (size_t i = 0; i < view->block_count; i++) {
		const struct block *b = &view->blocks[i];
		if (!outage_has_block(outage, view, (uint32_t)i))
			continue;
		blocks++;
		days += (double)(day_ns - b->first_reply_ns) / (double)parameters->day_ns;
		for (size_t k = 0; k < b->flap_count && b->flaps_ns[k] < outage->start_low_ns;
			k++) {
			before += b->flaps_ns[k] < day_ns;
			flaps += b->flaps_ns[k] >= day_ns;
			if (b->flaps_ns[k] < day_ns ||
				is_spoken_for(outage, view, (uint32_t)i, b->flaps_ns[k]))
				continue;
			unrest++;
			hours |= 1u << (24 * (b->flaps_ns[k] - day_ns) / parameters->day_ns);
		}
	}
	outage->facts.unstable_hours = __builtin_popcount(hours);
	outage->facts.flaps = blocks > 0 ? flaps / blocks : 0;
	outage->facts.unrest = blocks > 0 ? unrest / blocks : 0;
	outage->facts.usual_flaps = days > 0.5 ? before / days : (double)NAN;
}

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
static void ask_others(struct outage *outage, const struct outage_context *context)
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
	read_path(outage, context);
	outage_border(outage, context);
	read_extent(outage, context->view);
	outage_sites(outage, context);
	count_flaps(outage, context->view);
	ask_others(outage, context);
}
