#include "analysis/host/alias.h"
#include "analysis/outage/edges.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/disruption/coincidence.h"
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

static bool overlap(int64_t a_low_ns, int64_t a_high_ns, int64_t b_low_ns, int64_t b_high_ns)
{
	return a_low_ns < b_high_ns && b_low_ns < a_high_ns;
}

bool outs_may_be_aliases(const struct host_outage *a, const struct host_outage *b)
{
	const struct silence_run *x = &a->run;
	const struct silence_run *y = &b->run;

	return outs_same_block(a, b) && x->back_ns && y->back_ns &&
	       !not_alias_holds(a->not_alias, b->address) &&
	       overlap(x->replied_ns, x->silent_ns[1], y->replied_ns, y->silent_ns[1]) &&
	       overlap(x->last_ns[0], x->back_ns, y->last_ns[0], y->back_ns);
}

/* Which addresses are one host: what is known; and where nothing speaks against it, of
 * those that came back first or last, so that the end is as late or as early as may be. */
enum guess { AS_KNOWN, FIRST_ARE_ALIASES, LAST_ARE_ALIASES };

static void group(struct returns *returns, enum guess guess, int64_t after_ns)
{
	size_t count = returns->count;
	size_t pairs = guess == AS_KNOWN ? 0 : assumed_aliases(count);
	bool *taken = mem_zeroed(count + 1, sizeof(*taken));

	for (size_t i = 0; i < count; i++) {
		returns->group[i] = i;
		for (size_t k = 0; k < i; k++) {
			if (returns->group[k] != k ||
				!outs_same_block(&returns->outs[i], &returns->outs[k]) ||
				!outs_same_host(&returns->outs[i], &returns->outs[k]))
				continue;
			returns->group[i] = k;
			taken[i] = taken[k] = true;
			break;
		}
	}
	for (size_t at = 0; at < count; at++) {
		size_t i = guess == LAST_ARE_ALIASES ? count - 1 - at : at;
		if (guess == LAST_ARE_ALIASES && returns->addresses[i].high_ns <= after_ns)
			break;
		for (size_t k = 0; k < count && pairs > 0 && !taken[i]; k++) {
			if (k == i || taken[k] ||
				(guess == LAST_ARE_ALIASES &&
					returns->addresses[k].high_ns <= after_ns) ||
				!outs_may_be_aliases(&returns->outs[i], &returns->outs[k]))
				continue;
			returns->group[i > k ? i : k] = i < k ? i : k;
			taken[i] = taken[k] = true;
			pairs--;
		}
	}
	mem_free(taken);
}

/* A host is back when its first address is. Returns how many hosts there are. */
static size_t make_hosts(struct returns *returns)
{
	size_t hosts = 0;

	for (size_t i = 0; i < returns->count; i++) {
		if (returns->group[i] != i)
			continue;
		struct back *all = &returns->hosts[hosts++];
		*all = returns->addresses[i];
		for (size_t k = i + 1; k < returns->count; k++) {
			const struct back *one = &returns->addresses[k];
			if (returns->group[k] != i)
				continue;
			if (one->low_ns > all->low_ns && one->low_ns < all->high_ns)
				all->low_ns = one->low_ns;
			if (one->high_ns < all->high_ns && one->high_ns > all->low_ns)
				all->high_ns = one->high_ns;
		}
	}
	return hosts;
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

/* Within (low, high] the host came that made it nine in ten, `more` of them allowed
 * for. False: none did, or only after long when most were back. */
static bool ninth_tenth(struct back *hosts, size_t count, long more,
	const struct parameters *parameters, struct back *ret)
{
	long need = (long)count - (long)(count / 10) + more;

	if (count == 0 || need > (long)count)
		return false;
	if (need < 1)
		need = 1;
	qsort(hosts, count, sizeof(*hosts), by_low);
	int64_t low_ns = hosts[need - 1].low_ns;
	qsort(hosts, count, sizeof(*hosts), by_high);
	int64_t high_ns = hosts[need - 1].high_ns;
	int64_t most_ns = hosts[(size_t)ceil(MOST_BACK_SHARE * (double)count) - 1].high_ns;
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

static bool hold_all(struct returns *returns, const struct parameters *parameters, struct back *ret)
{
	/* One after the other, not as one: then one host more or less decides. */
	long slack = returns->main.count == 0;
	long late = late_unseen(returns, parameters);
	bool found = true;
	struct back one = {0};

	*ret = (struct back){INT64_MAX, INT64_MIN};
	for (int guess = AS_KNOWN; guess <= LAST_ARE_ALIASES; guess++) {
		group(returns, (enum guess)guess, one.high_ns);
		size_t hosts = make_hosts(returns);
		for (long more = -slack; more <= slack + late; more++) {
			struct back at;
			bool is = ninth_tenth(returns->hosts, hosts, more, parameters, &at);
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
	return found;
}

bool outage_end(struct host_outage *outs, size_t count, const struct parameters *parameters,
	int64_t *ret_low_ns, int64_t *ret_high_ns)
{
	struct returns returns = {.parameters = parameters,
		.outs = outs,
		.count = count,
		.addresses = mem_zeroed(count + 1, sizeof(*returns.addresses)),
		.hosts = mem_zeroed(count + 1, sizeof(*returns.hosts)),
		.group = mem_zeroed(count + 1, sizeof(*returns.group))};
	struct back end;

	if (count)
		qsort(outs, count, sizeof(*outs), by_return);
	doubt_losses(outs, count);
	returns_measure(&returns);
	bool found = hold_all(&returns, parameters, &end);
	if (found) {
		*ret_low_ns = end.low_ns;
		*ret_high_ns = end.high_ns;
	}
	mem_free(returns.addresses);
	mem_free(returns.hosts);
	mem_free(returns.group);
	return found;
}
