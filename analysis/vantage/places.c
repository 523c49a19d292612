#include "analysis/vantage/places.h"

#include <math.h>

#include "core/clock.h"
#include "core/mem.h"

/* What is new counts for so much of what is known. */
#define NEW_SHARE 0.25
/* The average stray is a quarter of the sweep where there is no order; an address of which
 * one row is known may be as one of those. */
#define STRAY_SHARE 0.25
/* As many average strays hold nearly all of them. */
#define STRAYS 4.0
/* More addresses elsewhere than in their places: the order is another one. */
#define LEFT_SHARE 0.1

void places_finish(struct places *places)
{
	mem_free(places->items);
	*places = (struct places){0};
}

void places_begin(struct places *places, const struct sweep_info *info)
{
	places->start = info->start;
	places->end = info->end;
	places->kept = places->left = 0;
}

static double lasts_s(const struct places *places)
{
	return (double)(places->end.ns - places->start.ns) / (double)NS_PER_S;
}

/* So far from its place it may be: five seconds, for a clock or a pace that wavers, and what
 * it strayed. */
static double reach_s(const struct place *place, const struct constants *constants)
{
	return STRAYS * (double)place->off_s + (double)constants->flap_ns / 36 / (double)NS_PER_S;
}

static struct place *place_at(struct places *places, size_t i)
{
	places->items = mem_grow(places->items, &places->capacity, i + 1, sizeof(*places->items));
	while (places->count <= i)
		places->items[places->count++] = (struct place){0};
	return &places->items[i];
}

void places_see(struct places *places, uint32_t machine, enum channel channel,
	const struct observation *o, const struct constants *constants)
{
	struct place *place = place_at(places, (size_t)machine * CHANNEL_COUNT + channel);
	double after_s = (double)(o->probed_at.ns - places->start.ns) / (double)NS_PER_S;
	double off_s = fabs(after_s - (double)place->after_s);

	/* The time of a second attempt says less of when it was asked first. */
	if (observation_is_life(o) && o->attempt > 1)
		return;
	if (!(place->off_s > 0)) {
		*place = (struct place){(float)after_s, (float)(STRAY_SHARE * lasts_s(places))};
		return;
	}
	if (reach_s(place, constants) < STRAY_SHARE * lasts_s(places)) {
		places->left += off_s > reach_s(place, constants);
		places->kept += off_s <= reach_s(place, constants);
	}
	place->after_s += (float)(NEW_SHARE * (after_s - (double)place->after_s));
	place->off_s += (float)(NEW_SHARE * (off_s - (double)place->off_s));
}

static int64_t within(const struct places *places, double after_s)
{
	double most_s = lasts_s(places);

	if (!(after_s > 0))
		return places->start.ns;
	return after_s < most_s ? places->start.ns + (int64_t)(after_s * (double)NS_PER_S)
				: places->end.ns;
}

struct stay places_find(const struct places *places, uint32_t machine, enum channel channel,
	const struct constants *constants)
{
	size_t i = (size_t)machine * CHANNEL_COUNT + channel;
	const struct place *place = i < places->count ? &places->items[i] : NULL;

	if (!place || !(place->off_s > 0) ||
		(double)places->left > LEFT_SHARE * (double)(places->left + places->kept))
		return (struct stay){places->start.ns, places->end.ns};
	double reach = reach_s(place, constants);
	return (struct stay){within(places, (double)place->after_s - reach),
		within(places, (double)place->after_s + reach)};
}
