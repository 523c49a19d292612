
#include "analysis/evidence/parts.h"
#include "core/mem.h"

/* How those of one block returned that did so because it was over, not because their day
 * began. */
struct block_return {
	size_t instants, machines;
	double spread_s, most;
};

static struct block_return measure_return(const struct loss *loss, const struct constants *constants)
{
	struct out *outs = mem_zeroed(loss->out_count + 1, sizeof(*outs));
	struct bracket *brackets = mem_zeroed(loss->out_count + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(loss->out_count + 1, sizeof(*instants));
	struct block_return ret = {0};
	int64_t low_ns, high_ns;
	size_t count = 0;
	size_t have;

	for (size_t i = 0; i < loss->out_count; i++) {
		if (loss->outs[i].slept)
			continue;
		outs[count++] = loss->outs[i];
		ret.machines += loss->outs[i].spell.back_ns != 0;
	}
	ret.instants = outs_pierce(outs, count, STAGGER_RETURN, brackets, &have, instants);
	ret.most = stagger_largest(instants, ret.instants);
	if (outs_end(outs, count, instants, ret.instants, constants, &low_ns, &high_ns))
		ret.spread_s =
			(double)(high_ns - instants[0].high_ns) / (double)NS_PER_S * constants->scale;
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
	double scale = view->constants.scale;

	for (size_t i = 0; i < outage->loss_count; i++) {
		const struct loss *l = &view->losses.items[outage->losses[i]];
		struct block_return back = measure_return(l, &view->constants);
		if (l->out_count >= 3 && (f->going_of < 3 || l->going > f->going)) {
			f->going = l->going;
			f->going_of = l->out_count;
			f->going_s = l->going_s * scale;
		}
		if (back.machines >= 3 && (f->coming_of < 3 || back.instants > f->coming)) {
			f->coming = back.instants;
			f->coming_of = back.machines;
			f->coming_s = back.spread_s;
			f->coming_most = back.most;
		}
	}
}
