#include "prober/sweep/recent.h"

#include <stdlib.h>

#include "core/mem.h"

void recent_init(struct recent *recent, const struct identity_key *key, uint8_t attempts)
{
	*recent = (struct recent){.key = *key, .attempts = attempts};
}

void recent_finish(struct recent *recent)
{
	free(recent->syns);
	recent->syns = NULL;
	recent->syn_count = recent->syn_mask = 0;
}

void recent_started(struct recent *recent, uint64_t sweep)
{
	recent->sweeps[recent->next].sweep = sweep;
	recent->sweeps[recent->next].over_at = MONO_NEVER;
	recent->next = (recent->next + 1) % RECENT_SWEEPS;
}

void recent_over(struct recent *recent, uint64_t sweep, struct mono now)
{
	for (size_t i = 0; i < RECENT_SWEEPS; i++)
		if (recent->sweeps[i].sweep == sweep)
			recent->sweeps[i].over_at = now;
}

bool recent_knows(const struct recent *recent, struct mono now, const struct sighting *s)
{
	struct identity_subject subject = {
		.target = s->kind == SIGHTING_ERROR ? s->quoted_to : s->from,
		.method = s->method,
		.port = s->method == METHOD_TCP ? s->their_port : 0,
		.ttl = PROBE_TTL,
	};

	if (!s->has_identity)
		return false;
	for (size_t i = 0; i < RECENT_SWEEPS; i++) {
		subject.sweep = recent->sweeps[i].sweep;
		if (subject.sweep == 0 ||
			(recent->sweeps[i].over_at.ns != INT64_MAX &&
				mono_since(now, recent->sweeps[i].over_at) > RECENT_NS))
			continue;
		for (subject.attempt = 1; subject.attempt <= recent->attempts; subject.attempt++) {
			uint32_t identity = identity_of(&recent->key, &subject);
			if (identity == s->identity || (s->loose && identity == s->identity + 1))
				return true;
		}
	}
	return false;
}

static bool is_recent(const struct recent_syn *syn, struct mono now)
{
	return syn->used && mono_since(now, syn->sent_at) <= RECENT_NS;
}

/* Identities are SipHash already: their bits serve as they are. */
static void put(struct recent *recent, const struct recent_syn *syn)
{
	size_t i = syn->identity & recent->syn_mask;

	while (recent->syns[i].used)
		i = (i + 1) & recent->syn_mask;
	recent->syns[i] = *syn;
	recent->syns[i].used = true;
	recent->syn_count++;
}

/* Forget what is old, and have four places for each that is left: so it is done again
 * only after as many have come. */
static void make_room(struct recent *recent, struct mono now)
{
	struct recent_syn *old = recent->syns;
	size_t old_size = old ? recent->syn_mask + 1 : 0;
	size_t size = 64;
	size_t kept = 0;

	for (size_t i = 0; i < old_size; i++)
		kept += is_recent(&old[i], now);
	while (size < 4 * kept)
		size *= 2;
	recent->syns = mem_zeroed(size, sizeof(*recent->syns));
	recent->syn_mask = size - 1;
	recent->syn_count = 0;
	for (size_t i = 0; i < old_size; i++)
		if (is_recent(&old[i], now))
			put(recent, &old[i]);
	free(old);
}

void recent_syn(struct recent *recent, struct mono now, const struct recent_syn *syn)
{
	if (mono_since(now, syn->sent_at) > RECENT_NS)
		return;
	if (!recent->syns || 2 * recent->syn_count > recent->syn_mask)
		make_room(recent, now);
	put(recent, syn);
}

bool recent_syn_sent(const struct recent *recent, struct mono now, const struct sighting *s)
{
	if (!recent->syns)
		return false;
	for (size_t i = s->identity & recent->syn_mask; recent->syns[i].used;
		i = (i + 1) & recent->syn_mask)
		if (recent->syns[i].identity == s->identity &&
			ip4_equal(recent->syns[i].source, s->to) &&
			is_recent(&recent->syns[i], now))
			return true;
	return false;
}
