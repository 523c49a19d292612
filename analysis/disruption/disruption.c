#include "analysis/disruption/disruption.h"

#include <math.h>

#include "core/mem.h"

void disruptions_finish(struct disruptions *disruptions)
{
	for (size_t i = 0; i < disruptions->count; i++)
		mem_free(disruptions->items[i].outs);
	mem_free(disruptions->items);
	mem_free(disruptions->isolated);
}

size_t outs_pierce(const struct host_outage *outs, size_t count, enum stabbing_kind kind,
	struct bracket *brackets, size_t *ret_brackets, struct instant *instants)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const struct silence_run *s = &outs[i].run;
		if (kind == STABBING_RETURN && s->back_ns == 0)
			continue;
		brackets[n++] = kind == STABBING_DEPARTURE
					? (struct bracket){s->replied_ns, s->silent_ns[0],
						  s->silent_ns[1], outs[i].weight, i, 0}
					: (struct bracket){s->last_ns[0], s->back_ns, s->last_ns[1],
						  outs[i].weight, i, 0};
	}
	*ret_brackets = n;
	return stabbing_pierce(brackets, n, kind, stabbing_spares(n), instants);
}

bool outs_end(const struct host_outage *outs, size_t count, const struct instant *instants,
	size_t instant_count, const struct parameters *parameters, int64_t *ret_low_ns,
	int64_t *ret_high_ns)
{
	double weight = 0;
	double back = 0;
	bool low = false;
	bool high = false;

	for (size_t i = 0; i < count; i++)
		weight += outs[i].weight;
	double one = count ? weight * fmax(BACK_SLACK / (double)count, BACK_SLACK_LEAST) : 0;
	double need = BACK_SHARE * weight;
	int64_t most_ns = 0; /* most were back, and then nothing for long */
	for (size_t i = 0; i < instant_count; i++) {
		const struct instant *at = &instants[i];
		back += at->weight;
		if (most_ns && !high && at->high_ns - most_ns > parameters->episode_ns)
			break;
		if (back >= MOST_BACK_SHARE * weight && !most_ns)
			most_ns = at->high_ns;
		if (!low && back >= need - one) {
			*ret_low_ns = at->low_ns;
			low = true;
		}
		if (high && (back - at->weight >= need + one ||
				    at->high_ns - *ret_high_ns > parameters->episode_ns / 32))
			break;
		if (back >= need || (low && most_ns)) {
			*ret_high_ns = at->high_ns;
			high = back >= need;
		}
	}
	/* All within a minute: those that came first may have lost fewer probes. */
	if (high && *ret_high_ns - instants[0].high_ns <= parameters->minute_ns &&
		instants[0].low_ns < *ret_low_ns)
		*ret_low_ns = instants[0].low_ns;
	if (most_ns && !high) { /* stragglers do not hold it open */
		for (size_t i = 0; i < instant_count && !low; i++)
			if (instants[i].high_ns == most_ns)
				*ret_low_ns = instants[i].low_ns;
		if (!low)
			*ret_high_ns = most_ns;
		high = true;
	}
	return high;
}
