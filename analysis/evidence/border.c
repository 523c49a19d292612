#include "analysis/evidence/parts.h"

/* Long enough for two replies, so that not to have missed one means something. */
static bool was_asked(float every_s, int64_t span_ns)
{
	return every_s > 0 && (double)span_ns >= 2e9 * (double)every_s;
}

static bool answered_throughout(
	const struct view *view, uint32_t host, int64_t from_ns, int64_t to_ns)
{
	const struct block *block = &view->blocks[view->hosts[host].block];
	int64_t reply_gap_ns = 0;

	for (size_t i = block->reply_gap_count; i-- > 0 && block->reply_gaps[i].to_ns > from_ns;) {
		const struct reply_gap *l = &block->reply_gaps[i];
		int64_t low_ns = l->from_ns > from_ns ? l->from_ns : from_ns;
		int64_t high_ns = l->to_ns < to_ns ? l->to_ns : to_ns;
		if (l->host == host && high_ns > low_ns)
			reply_gap_ns += high_ns - low_ns;
	}
	/* Since its last reply, if it has not been heard again. */
	int64_t replied_ns = view->hosts[host].run.replied_ns;
	if (replied_ns < to_ns)
		reply_gap_ns += to_ns - (replied_ns > from_ns ? replied_ns : from_ns);
	return (double)reply_gap_ns < REPLY_GAP_SHARE * (double)(to_ns - from_ns);
}

static bool is_behind_all(const struct outage *outage)
{
	return outage->whole_country || !outage->whole_blocks;
}

/* Was it among those that were lost? */
static bool was_out(const struct outage *outage, const struct view *view, uint32_t host)
{
	for (size_t i = 0; i < outage->disruption_count; i++) {
		const struct disruption *l = &view->disruptions.items[outage->disruptions[i]];
		for (size_t k = 0; k < l->out_count; k++)
			if (l->outs[k].host == host)
				return true;
	}
	return false;
}

/* It answered, or did not, while the others were gone. */
static void tell(struct facts *f, bool proven, bool up)
{
	f->border_up |= proven && up;
	f->learned_up |= !proven && up;
}

/* Inside the country: asked like a host. */
static void ask_borders(
	struct outage *outage, const struct view *view, int64_t in_ns, int64_t to_ns)
{
	int64_t from_ns = outage->start_low_ns;

	for (size_t i = 0; i < view->border_count; i++) {
		uint32_t m = view->borders[i].host;
		const struct border *border = view_border_at(view, m, from_ns);
		const struct host *host = &view->hosts[m];
		/* One behind another line tells nothing of this one. */
		if (!border || !outage_has_block(outage, view, host->block) || !host_is_known(host))
			continue;
		tell(&outage->facts, border_is_proven(border->named, border->went_ns, from_ns),
			!was_out(outage, view, m) && host->first_reply_ns < from_ns &&
				was_asked(host->every_s, to_ns - in_ns) &&
				answered_throughout(view, m, outage->start_high_ns, to_ns));
	}
}

/* Outside all blocks: asked by itself. */
static void ask_routers(
	struct outage *outage, const struct view *view, int64_t in_ns, int64_t to_ns)
{
	int64_t from_ns = outage->start_low_ns;

	for (size_t r = 0; r < view->router_count; r++) {
		const struct router *router = &view->routers[r];
		bool out = router->silences >= 2 && router->silent_ns < to_ns;
		if (router->role != ROLE_BORDER || router->first_ns > from_ns)
			continue;
		for (size_t i = 0; i < router->out_count; i++)
			out |= router->outs[i].start_ns < to_ns &&
			       router->outs[i].end_ns > outage->start_high_ns;
		tell(&outage->facts, border_is_proven(!router->learned, router->went_ns, from_ns),
			!out && router->reply_ns >= in_ns &&
				was_asked(router->every_s, to_ns - in_ns));
	}
}

void outage_border(struct outage *outage, const struct outage_context *context)
{
	const struct view *view = context->view;
	int64_t to_ns = outage_until(outage, context);
	int64_t in_ns = outage->start_high_ns + view->parameters.flap_ns / 2;

	ask_borders(outage, view, in_ns, to_ns);
	/* Where some blocks are gone as a whole and others stay, one outside all may be reached by
	 * the line of those. */
	if (is_behind_all(outage))
		ask_routers(outage, view, in_ns, to_ns);
}
