#include "analysis/outage/returns.h"

#include <math.h>

#include "analysis/disruption/disruption.h"
#include "core/mem.h"

double returns_lost(const struct host_outage *outs, size_t count)
{
	double lost = 0;

	for (size_t i = 0; i < count; i++)
		lost += run_last_lost(&outs[i].run);
	return lost;
}

/* From a silence to the reply, on average, of those that have this instant in common. */
static double length_of(
	const struct returns *returns, const struct bracket *brackets, size_t count, size_t batch)
{
	double all_ns = 0;
	double n = 0;

	for (size_t k = 0; k < count; k++) {
		const struct silence_run *s = &returns->outs[brackets[k].owner].run;
		if (brackets[k].batch != batch)
			continue;
		all_ns += (double)(s->back_ns - s->last_ns[0]);
		n++;
	}
	return n > 0 ? all_ns / n : 0;
}

/* Up to two minutes. Hosts asked each eleven minutes have an instant in common though they
 * came one by one. */
static bool is_short(const struct returns *returns, double length_ns)
{
	return length_ns <= (double)returns->parameters->flap_ns * 2 / 3;
}

/* Long brackets met in this instant. Nine in ten came later than it only if as many as that
 * takes did, and none of these was asked from the instant until it came. */
static void bound(
	struct returns *returns, const struct instant *instant, size_t all, double length_ns)
{
	size_t later = all - instant->count;
	size_t takes = all / 10 + 1 > later ? all / 10 + 1 - later : 1;

	returns->most_ns =
		instant->high_ns + (int64_t)(length_ns * (1 - pow(LOSS_LIKELY, 1 / (double)takes)));
}

/* Those that came as one tell each other's times. */
static void sharpen(struct returns *returns, const struct bracket *brackets, size_t count,
	const struct instant *instant, size_t batch)
{
	for (size_t k = 0; k < count; k++)
		if (brackets[k].batch == batch)
			returns->addresses[brackets[k].owner] =
				(struct back){instant->low_ns, instant->high_ns};
}

/* The largest of some instants. */
static size_t largest(const struct instant *instants, size_t count)
{
	size_t most = 0;

	for (size_t i = 1; i < count; i++)
		if (instants[i].count > instants[most].count)
			most = i;
	return most;
}

/* Outs from..to, of one block, in an array of their own. */
static void sharpen_block(struct returns *returns, const size_t *members, size_t count,
	struct bracket *brackets, struct instant *instants)
{
	struct host_outage *outs = mem_zeroed(count + 1, sizeof(*outs));
	size_t have;

	for (size_t i = 0; i < count; i++)
		outs[i] = returns->outs[members[i]];
	size_t n = outs_pierce(outs, count, STABBING_RETURN, brackets, &have, instants);
	size_t most = largest(instants, n);
	if (n && instants[most].count >= TOGETHER_LEAST &&
		(double)instants[most].count >= BACK_SHARE * (double)count) {
		for (size_t k = 0; k < have; k++)
			brackets[k].owner = members[brackets[k].owner];
		if (is_short(returns, length_of(returns, brackets, have, most)))
			sharpen(returns, brackets, have, &instants[most], most);
	}
	mem_free(outs);
}

void returns_measure(struct returns *returns, const struct aliases *aliases)
{
	size_t count = returns->count;
	struct bracket *brackets = mem_zeroed(count + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(count + 1, sizeof(*instants));
	size_t have;

	for (size_t i = 0; i < count; i++) {
		const struct silence_run *s = &returns->outs[i].run;
		returns->addresses[i] = s->back_ns ? (struct back){s->last_ns[0], s->back_ns}
						   : (struct back){INT64_MIN, INT64_MAX};
	}
	size_t n = outs_pierce(returns->outs, count, STABBING_RETURN, brackets, &have, instants);
	size_t most = largest(instants, n);
	if (n) {
		returns->first_low_ns = instants[0].low_ns;
		returns->first_high_ns = instants[0].high_ns;
	}
	if (n && stabbing_largest(instants, n) >= BACK_SHARE) {
		double length_ns = length_of(returns, brackets, have, most);
		if (is_short(returns, length_ns)) {
			sharpen(returns, brackets, have, &instants[most], most);
			returns->main = instants[most];
		} else {
			bound(returns, &instants[most], have, length_ns);
		}
	}
	for (size_t i = 0, size; i < count && !returns->main.count; i += size) {
		size = aliases_block_size(aliases, i);
		sharpen_block(returns, aliases->of_block + i, size, brackets, instants);
	}
	mem_free(instants);
	mem_free(brackets);
}
