#include "prober/dispatch.h"

void dispatch_init(struct dispatch *d, const struct identity_key *key, uint8_t attempts)
{
	*d = (struct dispatch){0};
	recent_init(&d->recent, key, attempts);
}

void dispatch_add(struct dispatch *d, struct sweep_run *run, uint64_t sweep)
{
	for (size_t i = 0; i < DISPATCH_RUNS; i++) {
		if (d->runs[i])
			continue;
		d->runs[i] = run;
		d->sweeps[i] = sweep;
		recent_started(&d->recent, sweep);
		return;
	}
}

void dispatch_remove(struct dispatch *d, struct sweep_run *run, struct mono now)
{
	for (size_t i = 0; i < DISPATCH_RUNS; i++) {
		if (d->runs[i] != run)
			continue;
		recent_over(&d->recent, d->sweeps[i], now);
		d->runs[i] = NULL;
	}
}

/* Ask every open sweep; the first that knows the packet has it. Strays count once. */
static enum sweep_verdict ask_all(struct dispatch *d, struct mono now, struct wall at,
	const struct sighting *s, bool older, struct sweep_run **ret_run)
{
	enum sweep_verdict best = SWEEP_NOT_OURS;

	for (size_t i = 0; i < DISPATCH_RUNS; i++) {
		if (!d->runs[i])
			continue;
		enum sweep_verdict verdict = sweep_sighting(d->runs[i], now, at, s, older);
		if (verdict == SWEEP_NOT_OURS)
			continue;
		if (best == SWEEP_NOT_OURS || !sweep_verdict_is_stray(verdict)) {
			best = verdict;
			*ret_run = d->runs[i];
		}
		if (!sweep_verdict_is_stray(verdict))
			break;
	}
	return best;
}

/* A half-open peer answers the SYN of one sweep with the acknowledgement of
 * another: a repeat to the one, life to the other. */
static void tell_others(struct dispatch *d, struct mono now, struct wall at,
	const struct sighting *s, const struct sweep_run *knows)
{
	for (size_t i = 0; i < DISPATCH_RUNS; i++)
		if (d->runs[i] && d->runs[i] != knows)
			sweep_sighting(d->runs[i], now, at, s, true);
}

enum sweep_verdict dispatch_sighting(
	struct dispatch *d, struct mono now, struct wall at, const struct sighting *s)
{
	struct sweep_run *run = NULL;
	enum sweep_verdict verdict = ask_all(d, now, at, s, false, &run);

	if (verdict == SWEEP_DUPLICATE && s->kind == SIGHTING_REPLY && s->method == METHOD_TCP)
		tell_others(d, now, at, s, run);
	if (!sweep_verdict_is_stray(verdict) || s->kind != SIGHTING_REPLY)
		return verdict;

	if (recent_knows(&d->recent, now, s)) {
		enum sweep_verdict older = ask_all(d, now, at, s, true, &run);
		if (!sweep_verdict_is_stray(older))
			return older;
		for (size_t i = 0; i < DISPATCH_RUNS; i++) {
			if (!d->runs[i])
				continue;
			sweep_counts(d->runs[i])->late++;
			break;
		}
		return verdict;
	}
	if (verdict == SWEEP_WRONG_SOURCE)
		sweep_counts(run)->wrong_source++;
	if (verdict == SWEEP_WRONG_IDENTITY)
		sweep_counts(run)->wrong_identity++;
	return verdict;
}

void dispatch_unparsed(struct dispatch *d, enum sighting_verdict verdict)
{
	for (size_t i = 0; i < DISPATCH_RUNS; i++) {
		if (!d->runs[i])
			continue;
		sweep_counts(d->runs[i])->bad_checksum += verdict == SIGHTING_BAD_CHECKSUM;
		sweep_counts(d->runs[i])->truncated += verdict == SIGHTING_TRUNCATED;
	}
}
