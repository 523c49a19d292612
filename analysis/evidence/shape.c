
#include "analysis/evidence/parts.h"
#include "core/mem.h"

/* How those of one block returned that did so because it was over, not because their day
 * began. */
struct block_return {
	size_t instants, hosts;
	double spread_s, most;
};

static struct block_return measure_return(
	const struct disruption *disruption, const struct parameters *parameters)
{
	struct host_outage *outs = mem_zeroed(disruption->out_count + 1, sizeof(*outs));
	struct bracket *brackets = mem_zeroed(disruption->out_count + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(disruption->out_count + 1, sizeof(*instants));
	struct block_return ret = {0};
	int64_t low_ns, high_ns;
	size_t count = 0;
	size_t have;

	for (size_t i = 0; i < disruption->out_count; i++) {
		if (disruption->outs[i].slept)
			continue;
		outs[count++] = disruption->outs[i];
		ret.hosts += disruption->outs[i].run.back_ns != 0;
	}
	ret.instants = outs_pierce(outs, count, STABBING_RETURN, brackets, &have, instants);
	ret.most = stabbing_largest(instants, ret.instants);
	if (outs_end(outs, count, instants, ret.instants, parameters, &low_ns, &high_ns))
		ret.spread_s = (double)(high_ns - instants[0].high_ns) / (double)NS_PER_S *
			       parameters->scale;
	mem_free(outs);
	mem_free(brackets);
	mem_free(instants);
	return ret;
}

/* Prefixes return one by one after a routing change: what is staggered within
 * one is what counts, in the block that shows it best. */
void outage_shape(struct outage *outage, const struct view *view)
{
	struct facts *f = &outage->facts;
	double scale = view->parameters.scale;

	for (size_t i = 0; i < outage->disruption_count; i++) {
		const struct disruption *l = &view->disruptions.items[outage->disruptions[i]];
		struct block_return back = measure_return(l, &view->parameters);
		if (l->out_count >= 3 &&
			(f->departure_hosts < 3 || l->departure_instants > f->departure_instants)) {
			f->departure_instants = l->departure_instants;
			f->departure_hosts = l->out_count;
			f->departure_spread_s = l->departure_spread_s * scale;
		}
		if (back.hosts >= 3 &&
			(f->return_hosts < 3 || back.instants > f->return_instants)) {
			f->return_instants = back.instants;
			f->return_hosts = back.hosts;
			f->return_spread_s = back.spread_s;
			f->return_largest_share = back.most;
		}
	}
}
