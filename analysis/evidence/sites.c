
#include "analysis/evidence/parts.h"
#include "analysis/outage/site.h"
#include "core/mem.h"

/* Of a site, and of what was lost. */
#define SITE_SHARE 0.8

/* Is what was lost nearly all of some sites, and nearly only they? */
static bool is_by_site(const struct outage *outage, const struct view *view, const bool *lost,
	const uint32_t *sites, uint32_t site_count)
{
	size_t *members = mem_zeroed(site_count + 1, sizeof(*members));
	size_t *gone = mem_zeroed(site_count + 1, sizeof(*gone));
	size_t all = 0;
	size_t whole = 0;
	size_t stayed = 0; /* in the blocks where some were lost */

	for (uint32_t m = 0; m < view->machine_count; m++) {
		const struct machine *machine = &view->machines[m];
		bool here = lost[m] || machine->spell.replied_ns > outage->start_low_ns ||
			    machine->state == MACHINE_HERE;
		bool router = machine->router && view_border_at(view, m, outage->start_low_ns);
		if (!here || router || machine->first_reply_ns > outage->start_low_ns)
			continue;
		members[sites[m]]++;
		gone[sites[m]] += lost[m];
		all += lost[m];
		stayed += !lost[m] && outage_has_block(outage, view, machine->block);
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
	uint32_t *sites = mem_zeroed(view->machine_count + 1, sizeof(*sites));
	bool *lost = mem_zeroed(view->machine_count + 1, sizeof(*lost));
	uint32_t count = sites_learn(view->losses.items, view->losses.count, view->machines,
		view->machine_count, outage->start_low_ns, &view->constants, sites);

	for (size_t i = 0; count && i < outage->loss_count; i++) {
		const struct loss *l = &view->losses.items[outage->losses[i]];
		for (size_t k = 0; k < l->out_count; k++)
			lost[l->outs[k].machine] = true;
	}
	outage->facts.by_site = count && is_by_site(outage, view, lost, sites, count);
	mem_free(lost);
	mem_free(sites);
}
