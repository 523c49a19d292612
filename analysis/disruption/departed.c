#include "analysis/disruption/departed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/method/sorted.h"
#include "core/mem.h"

static int out_order(const void *a, const void *b)
{
	const struct host_outage *x = a;
	const struct host_outage *y = b;

	if (x->run.silent_ns[0] != y->run.silent_ns[0])
		return x->run.silent_ns[0] < y->run.silent_ns[0] ? -1 : 1;
	return x->host < y->host ? -1 : x->host > y->host;
}

/* Of one instant the worst first. */
static int by_at(const void *a, const void *b)
{
	const struct buildup *x = a;
	const struct buildup *y = b;

	if (x->at_ns != y->at_ns)
		return x->at_ns < y->at_ns ? -1 : 1;
	return (x->read.bins < y->read.bins) - (x->read.bins > y->read.bins);
}

void departed_init(struct departed *departed, const struct incident *incident)
{
	size_t count = incident->out_count;
	int64_t until_ns = INT64_MIN;

	*departed = (struct departed){.outs = mem_zeroed(count + 1, sizeof(*departed->outs)),
		.until_ns = mem_zeroed(count + 1, sizeof(*departed->until_ns)),
		.count = count,
		.buildups = mem_zeroed(incident->buildup_count + 1, sizeof(*departed->buildups)),
		.buildup_count = incident->buildup_count};
	if (incident->buildup_count)
		memcpy(departed->buildups, incident->buildups,
			incident->buildup_count * sizeof(*departed->buildups));
	qsort(departed->buildups, departed->buildup_count, sizeof(*departed->buildups), by_at);
	if (count) {
		memcpy(departed->outs, incident->outs, count * sizeof(*departed->outs));
		qsort(departed->outs, count, sizeof(*departed->outs), out_order);
	}
	for (size_t i = 0; i < count; i++) {
		int64_t back_ns = departed->outs[i].run.back_ns;
		if (back_ns == 0)
			back_ns = INT64_MAX;
		until_ns = back_ns > until_ns ? back_ns : until_ns;
		departed->until_ns[i] = until_ns;
	}
}

void departed_finish(struct departed *departed)
{
	mem_free(departed->outs);
	mem_free(departed->until_ns);
	mem_free(departed->buildups);
}

size_t departed_still_out(const struct departed *departed, int64_t at_ns)
{
	return sorted_before(
		departed->until_ns, departed->count, sizeof(*departed->until_ns), 0, at_ns + 1);
}

static size_t first_buildup(const struct departed *departed, int64_t from_ns)
{
	return sorted_before(departed->buildups, departed->buildup_count,
		sizeof(*departed->buildups), offsetof(struct buildup, at_ns), from_ns);
}

struct buildup_reading departed_buildup(
	const struct departed *departed, int64_t from_ns, int64_t to_ns)
{
	struct buildup_reading worst = {(double)NAN, (double)NAN};

	for (size_t i = first_buildup(departed, from_ns);
		i < departed->buildup_count && departed->buildups[i].at_ns <= to_ns; i++) {
		const struct buildup *buildup = &departed->buildups[i];
		if (isnan(worst.bins) || buildup->read.bins > worst.bins)
			worst = buildup->read;
	}
	return worst;
}
