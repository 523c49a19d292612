#include "analysis/vantage/proof.h"

#include "analysis/method/parameters.h"
#include "core/clock.h"
#include "targets/reserved.h"

bool proof_is_near(int64_t rtt_ns, double usual_rtt_s)
{
	return rtt_ns > 0 && usual_rtt_s > NOISE_S &&
	       (double)rtt_ns < NEAR_SHARE * (double)NS_PER_S * usual_rtt_s;
}

void proof_init(struct proof *proof, const struct target_row *targets, size_t count)
{
	*proof = (struct proof){.targets = targets, .target_count = count};
}

static const struct target_row *row_of(const struct proof *proof, struct ip4 address)
{
	for (size_t i = 0; i < proof->target_count; i++)
		if (prefix_holds(proof->targets[i].prefix, address))
			return &proof->targets[i];
	return NULL;
}

/* An anchor's own error is as good as a router's: the user named both. */
static bool is_named(const struct proof *proof, struct ip4 address)
{
	return row_of(proof, address) != NULL;
}

static const struct proof_hop *hop_at(const struct proof *proof, struct ip4 address)
{
	for (size_t i = 0; i < proof->hop_count; i++)
		if (ip4_equal(proof->hops[i].address, address))
			return &proof->hops[i];
	return NULL;
}

void proof_learn(struct proof *proof, const struct sweep *sweep)
{
	for (size_t i = 0; i < sweep->hop_count; i++) {
		const struct hop *h = &sweep->hops[i];
		if (!h->has_responder || is_named(proof, h->responder))
			continue;
		const struct proof_hop *known = hop_at(proof, h->responder);
		size_t place = known ? (size_t)(known - proof->hops) : proof->hop_count;
		if (place == PROOF_HOPS)
			continue;
		if (!known)
			proof->hops[proof->hop_count++] =
				(struct proof_hop){.address = h->responder};
		proof->hops[place].first |= h->ttl <= 1;
	}
}

/* Space that a site uses for itself; what is for documents and test benches is nobody's. */
static bool is_local(struct ip4 address)
{
	const struct reserved *row = reserved_find(address);

	return row && !row->laboratory;
}

static bool lies_beyond(
	const struct proof *proof, const struct sweep_info *info, const struct observation *error)
{
	struct ip4 responder = error->responder;

	if (info->has_source && ip4_equal(responder, info->source))
		return false;
	if (is_named(proof, responder))
		return true;
	if (proof_is_near(error->rtt_ns, proof->usual_rtt_s))
		return false;
	const struct proof_hop *hop = hop_at(proof, responder);
	if (proof->hop_count > 0)
		return hop && !hop->first;
	return !is_local(responder) &&
	       !(info->has_source && prefix_holds(block_of(info->source), responder));
}

bool proof_by_answer(
	const struct proof *proof, const struct sweep_info *info, const struct observation *o)
{
	if (!observation_is_life(o) || (info->has_source && ip4_equal(o->address, info->source)))
		return false;
	if (!proof || !proof_is_near(o->rtt_ns, proof->usual_rtt_s))
		return true;
	/* A provider's router may well be near. */
	const struct target_row *row = row_of(proof, o->address);
	return row && row->role != ROLE_TARGET;
}

bool proof_of_uplink(const struct proof *proof, const struct sweep *sweep)
{
	for (size_t i = 0; i < sweep->observation_count; i++) {
		const struct observation *o = &sweep->observations[i];
		if (proof_by_answer(proof, &sweep->info, o))
			return true;
		if (!proof || observation_is_life(o) || !o->has_responder ||
			(o->outcome != OUTCOME_UNREACHABLE && o->outcome != OUTCOME_TTL_EXCEEDED))
			continue;
		if (lies_beyond(proof, &sweep->info, o))
			return true;
	}
	return false;
}
