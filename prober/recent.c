#include "prober/recent.h"

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
	recent->syn_count = recent->syn_capacity = 0;
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

static void forget_old(struct recent *recent, struct mono now)
{
	size_t kept = 0;

	for (size_t i = 0; i < recent->syn_count; i++)
		if (mono_since(now, recent->syns[i].sent_at) <= RECENT_NS)
			recent->syns[kept++] = recent->syns[i];
	recent->syn_count = kept;
}

void recent_syn(struct recent *recent, struct mono now, uint32_t identity, struct mono sent_at)
{
	if (mono_since(now, sent_at) > RECENT_NS)
		return;
	if (recent->syn_count == recent->syn_capacity)
		forget_old(recent, now); /* grow only for what is still needed */
	recent->syns = mem_grow(
		recent->syns, &recent->syn_capacity, recent->syn_count + 1, sizeof(*recent->syns));
	recent->syns[recent->syn_count++] = (struct recent_syn){identity, sent_at};
}

bool recent_syn_sent(const struct recent *recent, struct mono now, uint32_t identity)
{
	for (size_t i = 0; i < recent->syn_count; i++)
		if (recent->syns[i].identity == identity &&
			mono_since(now, recent->syns[i].sent_at) <= RECENT_NS)
			return true;
	return false;
}
