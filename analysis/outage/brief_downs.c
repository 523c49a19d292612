#include "analysis/outage/bracket.h"

enum side { BEFORE, AFTER };

static bool is_near(const struct brief_down *brief_down, const struct outage *outage,
	enum side side, int64_t flap_ns)
{
	if (side == BEFORE)
		return brief_down->high_ns <= outage->start_low_ns &&
		       brief_down->end_low_ns < outage->start_high_ns &&
		       outage->start_low_ns - brief_down->end_high_ns < flap_ns;
	return brief_down->high_ns > outage->end_low_ns &&
	       brief_down->end_low_ns >= outage->end_high_ns &&
	       brief_down->low_ns - outage->end_high_ns < flap_ns;
}

static bool is_further(
	const struct brief_down *brief_down, const struct brief_down *other, enum side side)
{
	return side == BEFORE ? brief_down->high_ns < other->high_ns
			      : brief_down->end_high_ns > other->end_high_ns;
}

/* Two blocks saw one brief down: then each tells the other's ends. */
static void meet(struct brief_down *brief_down, const struct brief_down *other)
{
	if (other->low_ns >= brief_down->high_ns || brief_down->low_ns >= other->high_ns ||
		other->end_low_ns >= brief_down->end_high_ns ||
		brief_down->end_low_ns >= other->end_high_ns)
		return;
	if (other->low_ns > brief_down->low_ns)
		brief_down->low_ns = other->low_ns;
	if (other->high_ns < brief_down->high_ns)
		brief_down->high_ns = other->high_ns;
	if (other->end_low_ns > brief_down->end_low_ns)
		brief_down->end_low_ns = other->end_low_ns;
	if (other->end_high_ns < brief_down->end_high_ns)
		brief_down->end_high_ns = other->end_high_ns;
}

/* The brief down of its blocks on that side of it that is furthest from it. */
static bool find(const struct outage *outage, const struct view *view, enum side side,
	struct brief_down *ret)
{
	bool found = false;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < outage->disruption_count; i++) {
			size_t number = view->disruptions.items[outage->disruptions[i]].block;
			const struct block *block = &view->blocks[number];
			for (size_t k = 0; k < block->brief_down_count; k++) {
				const struct brief_down *brief_down = &block->brief_downs[k];
				if (!is_near(brief_down, outage, side, view->parameters.flap_ns))
					continue;
				if (pass == 1)
					meet(ret, brief_down);
				else if (!found || is_further(brief_down, ret, side))
					*ret = *brief_down;
				found = true;
			}
		}
	return found;
}

void outage_join_brief_downs(struct outage *outage, const struct view *view)
{
	struct brief_down brief_down;

	while (find(outage, view, BEFORE, &brief_down)) {
		outage->start_low_ns = brief_down.low_ns;
		outage->start_high_ns = brief_down.high_ns;
	}
	while (outage->end_high_ns && find(outage, view, AFTER, &brief_down)) {
		outage->end_low_ns = brief_down.end_low_ns;
		outage->end_high_ns = brief_down.end_high_ns;
	}
}
