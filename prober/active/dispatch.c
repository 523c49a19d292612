#include "prober/active/dispatch.h"

void dispatch_init(struct dispatch *d, const struct identity_key *key, uint8_t attempts,
	struct mono now)
{
	*d = (struct dispatch){.doubts.until = mono_after(now, RECENT_NS)};
	recent_init(&d->recent, key, attempts);
}

void dispatch_attempts(struct dispatch *d, uint8_t attempts)
{
	if (d->recent.attempts < attempts)
		d->recent.attempts = attempts;
}

void dispatch_finish(struct dispatch *d)
{
	recent_finish(&d->recent);
	doubts_finish(&d->doubts);
}

void dispatch_add(struct dispatch *d, struct sweep_run *run, uint64_t sweep)
{
	for (size_t i = 0; i < DISPATCH_RUNS; i++) {
		if (d->runs[i])
			continue;
		d->runs[i] = run;
		d->sweeps[i] = sweep;
		recent_started(&d->recent, sweep);
		sweep_mind_doubts(run, &d->doubts);
		sweep_counts(run)->late += d->late;
		d->late = 0;
		return;
	}
}

struct keeper {
	struct recent *recent;
	struct mono now;
};

static void keep_syn(void *ctx, const struct recent_syn *syn)
{
	const struct keeper *keeper = ctx;

	recent_syn(keeper->recent, keeper->now, syn);
}

void dispatch_remove(struct dispatch *d, struct sweep_run *run, struct mono now)
{
	struct keeper keeper = {&d->recent, now};

	for (size_t i = 0; i < DISPATCH_RUNS; i++) {
		if (d->runs[i] != run)
			continue;
		recent_over(&d->recent, d->sweeps[i], now);
		sweep_each_syn(run, keep_syn, &keeper);
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

/* Could this be what a half-open peer says: a bare ACK of a SYN sent not long ago, by the
 * sweep that knows it or by one that is over? */
static bool half_open(const struct dispatch *d, struct mono now, const struct sighting *s,
	struct sweep_run *knows)
{
	if (s->kind != SIGHTING_REPLY || s->method != METHOD_TCP || !s->bare_ack)
		return false;
	if (!knows)
		return recent_syn_sent(&d->recent, now, s);
	struct mono sent_at = sweep_sent_at(knows, s);
	return sent_at.ns != INT64_MAX && mono_since(now, sent_at) <= RECENT_NS;
}

/* A half-open peer answers the SYN of one sweep with the acknowledgement of
 * another: a repeat to the one, life to the other. Was it news to any? */
static bool tell_others(struct dispatch *d, struct mono now, struct wall at,
	const struct sighting *s, const struct sweep_run *knows)
{
	bool news = false;

	for (size_t i = 0; i < DISPATCH_RUNS; i++)
		if (d->runs[i] && d->runs[i] != knows)
			news |= sweep_sighting(d->runs[i], now, at, s, true) == SWEEP_HALF_OPEN;
	return news;
}

/* News from beyond our host proves the line for all who are waiting; but not that
 * a TTL ran out, which our own gateway says of every path probe. */
static void tell_proof(struct dispatch *d, struct mono now, const struct sighting *s)
{
	bool proves = s->kind == SIGHTING_REPLY && !ip4_equal(s->from, s->to);

	for (size_t i = 0; i < DISPATCH_RUNS && !proves && s->kind == SIGHTING_ERROR; i++)
		proves = d->runs[i] && sweep_error_proves(d->runs[i], s);
	for (size_t i = 0; i < DISPATCH_RUNS && proves; i++)
		if (d->runs[i])
			sweep_proven(d->runs[i], now);
}

static void count_late(struct dispatch *d)
{
	for (size_t i = 0; i < DISPATCH_RUNS; i++) {
		if (!d->runs[i])
			continue;
		sweep_counts(d->runs[i])->late++;
		return;
	}
	d->late++;
}

/* A stray that carries an identity of the last two minutes: late, or half-open life. */
static enum sweep_verdict older_sighting(
	struct dispatch *d, struct mono now, struct wall at, const struct sighting *s)
{
	struct sweep_run *run = NULL;
	enum sweep_verdict verdict = SWEEP_NOT_OURS;

	if (half_open(d, now, s, NULL))
		verdict = ask_all(d, now, at, s, true, &run);
	if (sweep_verdict_is_stray(verdict)) {
		count_late(d);
		return SWEEP_NOT_OURS;
	}
	sweep_counts(run)->duplicate += verdict == SWEEP_DUPLICATE;
	if (tell_others(d, now, at, s, run) || sweep_verdict_is_news(verdict))
		tell_proof(d, now, s);
	return verdict;
}

/* It names no probe that anybody here knows. */
static void stranger(
	struct dispatch *d, struct mono now, const struct sighting *s, enum sweep_verdict verdict,
	struct sweep_run *run)
{
	if (verdict == SWEEP_WRONG_SOURCE)
		sweep_counts(run)->wrong_source++;
	if (verdict != SWEEP_WRONG_IDENTITY)
		return;
	sweep_counts(run)->wrong_identity++;
	for (size_t i = 0; i < DISPATCH_RUNS && now.ns <= d->doubts.until.ns; i++) {
		const struct sweep_task *asked = d->runs[i] ? sweep_in_doubt(d->runs[i], s) : NULL;
		if (asked)
			doubts_add(&d->doubts, asked);
	}
}

enum sweep_verdict dispatch_sighting(
	struct dispatch *d, struct mono now, struct wall at, const struct sighting *s)
{
	struct sweep_run *run = NULL;
	bool answers = s->kind == SIGHTING_REPLY || s->kind == SIGHTING_ERROR;

	if (answers && twins_see(&d->twins, at, s))
		return SWEEP_SEEN_TWICE;
	enum sweep_verdict verdict = ask_all(d, now, at, s, false, &run);
	if (!answers)
		return verdict;
	if (!sweep_verdict_is_stray(verdict)) {
		bool news = sweep_verdict_is_news(verdict);
		if (verdict != SWEEP_HALF_OPEN && half_open(d, now, s, run))
			news |= tell_others(d, now, at, s, run);
		if (news)
			tell_proof(d, now, s);
		return verdict;
	}
	if (recent_knows(&d->recent, now, s))
		return older_sighting(d, now, at, s);
	stranger(d, now, s, verdict, run);
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
