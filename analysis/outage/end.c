#include "analysis/outage/edges.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/disruption/disruption.h"
#include "analysis/outage/returns.h"
#include "core/mem.h"

static int by_return(const void *a, const void *b)
{
	const struct host_outage *x = a;
	const struct host_outage *y = b;

	if (x->run.back_ns != y->run.back_ns)
		return x->run.back_ns < y->run.back_ns ? -1 : 1;
	return ip4_order(&x->address, &y->address);
}

/* Who came back after the others may have lost one probe, where so many may have; where
 * they answer nearly always they came later. */
static void doubt_losses(struct host_outage *outs, size_t count)
{
	double lost = returns_lost(outs, count);
	size_t plausible = (size_t)(lost + 2 * sqrt(lost) + 0.5);

	if (plausible > 0 && plausible >= count / 10)
		return;
	for (size_t i = 0; i < count; i++)
		outs[i].run.last_ns[1] = 0;
}

static int by_low(const void *a, const void *b)
{
	const struct back *x = a;
	const struct back *y = b;

	return (x->low_ns > y->low_ns) - (x->low_ns < y->low_ns);
}

static int by_high(const void *a, const void *b)
{
	const struct back *x = a;
	const struct back *y = b;

	return (x->high_ns > y->high_ns) - (x->high_ns < y->high_ns);
}

/* Each host by when it came at the earliest, and by when at the latest. */
struct sorted {
	struct back *by_low, *by_high;
	size_t count;
};

/* Within (low, high] the host came that made it nine in ten, `more` of them allowed
 * for. False: none did, or only after long when most were back. */
static bool ninth_tenth(const struct sorted *hosts, long more, const struct parameters *parameters,
	struct back *ret)
{
	size_t count = hosts->count;
	long need = (long)count - (long)(count / 10) + more;

	if (count == 0 || need > (long)count)
		return false;
	if (need < 1)
		need = 1;
	int64_t low_ns = hosts->by_low[need - 1].low_ns;
	int64_t high_ns = hosts->by_high[need - 1].high_ns;
	int64_t most_ns = hosts->by_high[(size_t)ceil(MOST_BACK_SHARE * (double)count) - 1].high_ns;
	if (high_ns == INT64_MAX || high_ns - most_ns > parameters->episode_ns)
		return false;
	*ret = (struct back){low_ns, high_ns};
	return true;
}

/* Of those that seem to have come with all others some came later, unseen between two
 * probes: as many as are seen to have come in the minute after, less what lost probes are. */
static long late_unseen(const struct returns *returns, const struct parameters *parameters)
{
	double lost = returns_lost(returns->outs, returns->count);
	double late = -lost - 2 * sqrt(lost);

	if (!returns->main.count)
		return 0;
	for (size_t i = 0; i < returns->count; i++) {
		const struct back *b = &returns->addresses[i];
		late += b->low_ns >= returns->main.high_ns &&
			b->high_ns <= returns->main.high_ns + parameters->minute_ns;
	}
	return late > 0 ? (long)ceil(late) : 0;
}

static void sort_hosts(struct sorted *hosts, size_t count)
{
	hosts->count = count;
	if (count)
		memcpy(hosts->by_high, hosts->by_low, count * sizeof(*hosts->by_high));
	qsort(hosts->by_low, count, sizeof(*hosts->by_low), by_low);
	qsort(hosts->by_high, count, sizeof(*hosts->by_high), by_high);
}

static bool hold_all(const struct returns *returns, struct aliases *aliases, struct back *ret)
{
	const struct parameters *parameters = returns->parameters;
	struct sorted hosts = {.by_low = mem_zeroed(returns->count + 1, sizeof(*hosts.by_low)),
		.by_high = mem_zeroed(returns->count + 1, sizeof(*hosts.by_high))};
	/* One after the other, not as one: then one host more or less decides. */
	long slack = returns->main.count == 0;
	long late = late_unseen(returns, parameters);
	bool found = true;
	struct back one = {0};

	*ret = (struct back){INT64_MAX, INT64_MIN};
	for (int guess = AS_KNOWN; guess <= LAST_ARE_ALIASES; guess++) {
		size_t n = aliases_group(aliases, (enum alias_guess)guess, returns->addresses,
			one.high_ns, hosts.by_low);
		sort_hosts(&hosts, n);
		for (long more = -slack; more <= slack + late; more++) {
			struct back at;
			bool is = ninth_tenth(&hosts, more, parameters, &at);
			found = found && (is || more > 0);
			if (!is)
				continue;
			if (guess == AS_KNOWN && more == 0)
				one = at;
			if (at.low_ns < ret->low_ns)
				ret->low_ns = at.low_ns;
			if (at.high_ns > ret->high_ns)
				ret->high_ns = at.high_ns;
		}
	}
	/* All within a minute: those that came first may have lost fewer probes. */
	if (found && ret->high_ns - returns->first_high_ns <= parameters->minute_ns &&
		returns->first_low_ns < ret->low_ns)
		ret->low_ns = returns->first_low_ns;
	if (returns->most_ns > ret->low_ns && returns->most_ns < ret->high_ns)
		ret->high_ns = returns->most_ns;
	mem_free(hosts.by_low);
	mem_free(hosts.by_high);
	return found;
}

bool outage_end(struct host_outage *outs, size_t count, const struct parameters *parameters,
	int64_t *ret_low_ns, int64_t *ret_high_ns)
{
	struct returns returns = {.parameters = parameters,
		.outs = outs,
		.count = count,
		.addresses = mem_zeroed(count + 1, sizeof(*returns.addresses))};
	struct aliases aliases;
	struct back end;

	if (count)
		qsort(outs, count, sizeof(*outs), by_return);
	doubt_losses(outs, count);
	aliases_init(&aliases, outs, count);
	returns_measure(&returns, &aliases);
	bool found = hold_all(&returns, &aliases, &end);
	if (found) {
		*ret_low_ns = end.low_ns;
		*ret_high_ns = end.high_ns;
	}
	aliases_finish(&aliases);
	mem_free(returns.addresses);
	return found;
}
