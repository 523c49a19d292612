#include "analysis/outage/outage.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

const char *stage_name(enum stage stage)
{
	static const char *const names[] = {"ongoing", "provisional", "final"};

	return names[stage];
}

void outages_finish(struct outages *outages)
{
	for (size_t i = 0; i < outages->count; i++) {
		mem_free(outages->items[i].disruptions);
		mem_free(outages->items[i].isolated);
		mem_free(outages->items[i].blocks);
	}
	mem_free(outages->items);
}

int64_t disruption_over(const struct disruption *disruption, int64_t now_ns)
{
	if (!disruption->over_ns)
		return now_ns;
	return disruption->over_ns > disruption->end_high_ns ? disruption->over_ns
							     : disruption->end_high_ns;
}

bool disruptions_overlap(const struct disruption *a, const struct disruption *b, int64_t now_ns)
{
	return a->block == b->block && a->start_low_ns < disruption_over(b, now_ns) &&
	       b->start_low_ns < disruption_over(a, now_ns);
}

static int outage_order(const void *a, const void *b)
{
	const struct outage *x = a;
	const struct outage *y = b;

	if (x->start_high_ns != y->start_high_ns)
		return x->start_high_ns < y->start_high_ns ? -1 : 1;
	return strcmp(x->id, y->id);
}

void outages_settle(struct outages *outages, const struct parameters *parameters)
{
	int64_t over_ns = INT64_MIN;

	if (outages->count)
		qsort(outages->items, outages->count, sizeof(*outages->items), outage_order);
	for (size_t i = 0; i < outages->count; i++) {
		struct outage *o = &outages->items[i];
		bool joins = i > 0 && o->start_high_ns - parameters->episode_ns < over_ns;
		strcpy(o->episode, joins ? outages->items[i - 1].episode : o->id);
		int64_t end_ns = o->end_high_ns ? o->end_high_ns : INT64_MAX;
		if (!joins || end_ns > over_ns)
			over_ns = end_ns;
	}
}
