#include "prober/recent.h"

void recent_init(struct recent *recent, const struct identity_key *key, uint8_t attempts)
{
	*recent = (struct recent){.key = *key, .attempts = attempts};
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
		for (subject.attempt = 1; subject.attempt <= recent->attempts; subject.attempt++)
			if (identity_of(&recent->key, &subject) == s->identity)
				return true;
	}
	return false;
}
