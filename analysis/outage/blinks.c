#include "analysis/outage/bracket.h"

enum side { BEFORE, AFTER };

static bool is_near(
	const struct blink *blink, const struct outage *outage, enum side side, int64_t flap_ns)
{
	if (side == BEFORE)
		return blink->high_ns <= outage->start_low_ns &&
		       blink->end_low_ns < outage->start_high_ns &&
		       outage->start_low_ns - blink->end_high_ns < flap_ns;
	return blink->high_ns > outage->end_low_ns && blink->end_low_ns >= outage->end_high_ns &&
	       blink->low_ns - outage->end_high_ns < flap_ns;
}

static bool is_further(const struct blink *blink, const struct blink *other, enum side side)
{
	return side == BEFORE ? blink->high_ns < other->high_ns
			      : blink->end_high_ns > other->end_high_ns;
}

/* Two blocks saw one blink: then each tells the other's ends. */
static void meet(struct blink *blink, const struct blink *other)
{
	if (other->low_ns >= blink->high_ns || blink->low_ns >= other->high_ns ||
		other->end_low_ns >= blink->end_high_ns || blink->end_low_ns >= other->end_high_ns)
		return;
	if (other->low_ns > blink->low_ns)
		blink->low_ns = other->low_ns;
	if (other->high_ns < blink->high_ns)
		blink->high_ns = other->high_ns;
	if (other->end_low_ns > blink->end_low_ns)
		blink->end_low_ns = other->end_low_ns;
	if (other->end_high_ns < blink->end_high_ns)
		blink->end_high_ns = other->end_high_ns;
}

/* The blink of its blocks on that side of it that is furthest from it. */
static bool find(
	const struct outage *outage, const struct view *view, enum side side, struct blink *ret)
{
	bool found = false;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < outage->loss_count; i++) {
			size_t number = view->losses.items[outage->losses[i]].block;
			const struct block *block = &view->blocks[number];
			for (size_t k = 0; k < block->blink_count; k++) {
				const struct blink *blink = &block->blinks[k];
				if (!is_near(blink, outage, side, view->constants.flap_ns))
					continue;
				if (pass == 1)
					meet(ret, blink);
				else if (!found || is_further(blink, ret, side))
					*ret = *blink;
				found = true;
			}
		}
	return found;
}

void outage_join_blinks(struct outage *outage, const struct view *view)
{
	struct blink blink;

	while (find(outage, view, BEFORE, &blink)) {
		outage->start_low_ns = blink.low_ns;
		outage->start_high_ns = blink.high_ns;
	}
	while (outage->end_high_ns && find(outage, view, AFTER, &blink)) {
		outage->end_low_ns = blink.end_low_ns;
		outage->end_high_ns = blink.end_high_ns;
	}
}
