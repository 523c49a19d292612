
#include "analysis/evidence/parts.h"
#include "analysis/outage/site.h"
#include "core/mem.h"

/* Is what was lost nearly all of some sites, and nearly only they? */
static bool is_by_site(const struct outage *outage, const struct view *view, const bool *lost,
	const uint32_t *sites, uint32_t site_count)
{
	size_t *members = mem_zeroed(site_count + 1, sizeof(*members));
	size_t *gone = mem_zeroed(site_count + 1, sizeof(*gone));
	size_t all = 0;
	size_t whole = 0;
	size_t stayed = 0; /* in the blocks where some were lost */

	for (uint32_t m = 0; m < view->host_count; m++) {
		const struct host *host = &view->hosts[m];
		bool here = lost[m] || host->run.replied_ns > outage->start_low_ns ||
			    host->state == HOST_HERE;
		bool router = host->router && view_border_at(view, m, outage->start_low_ns);
		if (!here || router || host->first_reply_ns > outage->start_low_ns)
			continue;
		members[sites[m]]++;
		gone[sites[m]] += lost[m];
		all += lost[m];
		stayed += !lost[m] && outage_has_block(outage, view, host->block);
	}
	for (uint32_t s = 1; s <= site_count; s++)
		if ((double)gone[s] >= SITE_SHARE * (double)members[s])
			whole += gone[s];
	mem_free(members);
	mem_free(gone);
	return whole >= 2 && stayed >= 2 && (double)whole >= SITE_SHARE * (double)all;
}

void outage_sites(struct outage *outage, const struct outage_context *context)
{
	const struct view *view = context->view;
	uint32_t *sites = mem_zeroed(view->host_count + 1, sizeof(*sites));
	bool *lost = mem_zeroed(view->host_count + 1, sizeof(*lost));
	uint32_t count = sites_learn(view->disruptions.items, view->disruptions.count, view->hosts,
		view->host_count, outage->start_low_ns, &view->parameters, sites);

	for (size_t i = 0; count && i < outage->disruption_count; i++) {
		const struct disruption *l = &view->disruptions.items[outage->disruptions[i]];
		for (size_t k = 0; k < l->out_count; k++)
			lost[l->outs[k].host] = true;
	}
	outage->facts.by_site = count && is_by_site(outage, view, lost, sites, count);
	mem_free(lost);
	mem_free(sites);
}
