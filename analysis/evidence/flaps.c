#include <math.h>

#include "analysis/evidence/parts.h"
#include "core/mem.h"

/* Attacks before, which silenced for moments before and after they did for long. */
struct attacks {
	const struct disruption **items; /* owned */
	size_t count, capacity;
};

/* Those that were over since then, and before the outage. */
static struct attacks attacks_since(
	const struct outage *outage, const struct view *view, int64_t since_ns)
{
	struct attacks attacks = {0};

	for (size_t i = view->disruptions.count; i-- > 0;) {
		const struct disruption *l = &view->disruptions.items[i];
		/* They are in order of when their incidents were over, nearly. */
		if (l->over_ns && l->over_ns < since_ns - view->parameters.retired_ns)
			break;
		if (!l->over_ns || l->over_ns > outage->start_low_ns ||
			(!l->saturated && !(l->buildup.bins >= BUILDUP_ATTACK)))
			continue;
		attacks.items = mem_grow(attacks.items, &attacks.capacity, attacks.count + 1,
			sizeof(*attacks.items));
		attacks.items[attacks.count++] = l;
	}
	return attacks;
}

static bool is_spoken_for(
	const struct attacks *attacks, const struct view *view, uint32_t block, int64_t flap_ns)
{
	int64_t room_ns = view->parameters.hour_ns;

	for (size_t i = 0; i < attacks->count; i++) {
		const struct disruption *l = attacks->items[i];
		if (l->block == block && flap_ns >= l->start_low_ns - room_ns &&
			flap_ns <= l->over_ns + room_ns)
			return true;
	}
	return false;
}

void outage_flaps(struct outage *outage, const struct view *view)
{
	const struct parameters *parameters = &view->parameters;
	int64_t day_ns = outage->start_low_ns - parameters->day_ns;
	double flaps = 0;
	double unrest = 0;
	double before = 0;
	double blocks = 0;
	double days = 0;
	uint32_t hours = 0;
	struct attacks attacks = attacks_since(outage, view, day_ns);

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
				is_spoken_for(&attacks, view, (uint32_t)i, b->flaps_ns[k]))
				continue;
			unrest++;
			hours |= 1u << (24 * (b->flaps_ns[k] - day_ns) / parameters->day_ns);
		}
	}
	mem_free(attacks.items);
	outage->facts.unstable_hours = __builtin_popcount(hours);
	outage->facts.flaps = blocks > 0 ? flaps / blocks : 0;
	outage->facts.unrest = blocks > 0 ? unrest / blocks : 0;
	outage->facts.usual_flaps = days > 0.5 ? before / days : (double)NAN;
}
