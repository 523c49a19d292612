#include "tests/bench/histories/observe.h"

#include <math.h>

static const struct sight silence = {OUTCOME_SILENT, .rtt_ns = -1, .icmp_type = -1, .icmp_code = -1,
	.reply_ttl = -1, .ip_id = -1};

struct ip4 vantage_source(const struct vantage *vantage, int64_t t)
{
	return t >= vantage->source_changes_at ? vantage->next_source : vantage->source;
}

static uint32_t ticks(const struct machine *machine, int64_t boot, int64_t t)
{
	double at = (double)(t - boot + machine->count_from) * 1e-9;

	return (uint32_t)(uint64_t)(int64_t)floor(at * machine->hz * (1 + machine->skew));
}

static void read_clock(const struct machine *machine, struct ip4 source, struct ip4 address,
	int64_t t, struct rng *rng, struct sight *sight)
{
	int64_t boot = instants_before(&machine->boots, t);

	sight->has_tcp_ts = machine->clock != CLOCK_NONE;
	switch (machine->clock) {
	case CLOCK_NONE:
		break;
	case CLOCK_GLOBAL:
		sight->tcp_ts = ticks(machine, boot, t);
		break;
	case CLOCK_PAIR:
		sight->tcp_ts = ticks(machine, boot, t) +
				(uint32_t)rng_mix(machine->secret ^ (uint64_t)boot ^
						  (uint64_t)source.host << 32 ^ address.host);
		break;
	case CLOCK_CONNECTION:
		sight->tcp_ts = (uint32_t)rng_u64(rng);
		break;
	case CLOCK_BALANCED:
		if (rng_chance(rng, 0.5))
			boot = instants_before(&machine->twin_boots, t);
		sight->tcp_ts = ticks(machine, boot, t);
		break;
	}
}

/* Lost between us and the end of the first provider's network. */
static bool lost_near(struct vantage *vantage, int64_t t, struct rng *rng)
{
	const struct span *fault = spans_at(&vantage->faults, t);
	const struct span *burst = spans_at(&vantage->bursts, t);

	if (fault && fault->kind != FAULT_ABSENT && fault->kind != FAULT_INTERFACE &&
		rng_chance(rng, fault->from))
		return true;
	return burst && rng_chance(rng, burst->from);
}

static bool interface_down(struct vantage *vantage, int64_t t)
{
	const struct span *fault = spans_at(&vantage->faults, t);

	return fault && fault->kind == FAULT_INTERFACE;
}

static struct sight error_from(
	struct world *world, int vantage, struct ip4 router, int type, int code, struct rng *rng)
{
	struct sight sight = silence;

	sight.outcome = type == 3 ? OUTCOME_UNREACHABLE : OUTCOME_TTL_EXCEEDED;
	sight.rtt_ns = (int64_t)((double)world->vantages[vantage].distance_ns *
				 rng_between(rng, 0.85, 0.97));
	sight.has_responder = true;
	sight.responder = router;
	sight.icmp_type = type;
	sight.icmp_code = code;
	sight.reply_ttl = 240;
	return sight;
}

/* The route is gone: what, if anything, says so. */
static struct sight beyond_cut(
	struct world *world, int vantage, int block, const struct span *cut, struct rng *rng)
{
	const struct provider *provider = &world->providers[world->provider_of[block]];

	if (cut->kind == CUT_SILENT || cut->kind == CUT_BORDER ||
		!rng_chance(rng, provider->error_share))
		return silence;
	if (cut->kind == CUT_LOOP)
		return error_from(world, vantage, provider->edge, 11, 0, rng);
	return error_from(world, vantage,
		cut->kind == CUT_UNREACHABLE ? provider->edge : provider->inner, 3,
		provider->error_code, rng);
}

/* Switched on and off by people, so never twice at the same minute. */
static bool asleep(const struct endpoint *endpoint, int64_t t)
{
	int64_t day = t / DAYS(1);
	uint64_t whim = rng_mix((uint64_t)day << 32 ^ endpoint->address.host);
	int minute = (int)(t / MINUTES(1) % 1440);
	int on = endpoint->daily_on * 60 + (int)(whim % 80) - 40;
	int off = endpoint->daily_off * 60 + (int)(whim >> 32 & 63) - 32;

	if (endpoint->daily_on == endpoint->daily_off)
		return false;
	if (on < off)
		return minute < on || minute >= off;
	return minute < on && minute >= off;
}

static bool lost_far(struct world *world, int block, double patience, int64_t t, struct rng *rng)
{
	struct provider *provider = &world->providers[world->provider_of[block]];
	const struct span *burst = spans_at(&provider->bursts, t);
	const struct span *ramp = spans_at(&provider->ramp, t);
	const struct span *detour = spans_at(&provider->detour, t);

	if (rng_chance(rng, world->loss) || (burst && rng_chance(rng, burst->from)))
		return true;
	if (detour && rng_chance(rng, detour->from))
		return true;
	return ramp && rng_chance(rng, 1 - pow(1 - span_share(ramp, t), patience));
}

/* One of two paths to the country loses all, and this probe takes it. */
static bool on_lossy_path(struct world *world, const struct endpoint *endpoint, enum method method,
	int64_t t, struct rng *rng)
{
	const struct span *split =
		spans_at(&world->providers[world->provider_of[endpoint->block]].split, t);

	if (!split)
		return false;
	uint64_t hash = rng_mix((uint64_t)split->event << 32 ^ endpoint->address.host);
	if ((double)(hash >> 40) * 0x1p-24 >= split->from)
		return false;
	if (split->kind == SPLIT_PROBES)
		return rng_chance(rng, 0.5);
	return endpoint->icmp && endpoint->port && (hash & 1) == (method == METHOD_ICMP);
}

static bool rate_limited(const struct world *world, int block, struct rng *rng)
{
	double load = 256.0 / 660;

	if (world->icmp_per_block <= 0)
		return false;
	for (int i = 0; i < world->endpoint_count; i++)
		if (world->endpoints[i].block == block && world->endpoints[i].icmp)
			load += 1.0 / 60;
	return rng_chance(rng, 1 - world->icmp_per_block / load);
}

static int64_t round_trip(struct world *world, int vantage, const struct endpoint *endpoint,
	int64_t t, struct rng *rng)
{
	struct provider *provider = &world->providers[world->provider_of[endpoint->block]];
	double delay = span_extra(spans_at(&provider->ramp, t), t);
	const struct span *detour = spans_at(&provider->detour, t);

	if (detour)
		return SECONDS(detour->extra_from + rng_exponential(rng, 0.005)) +
		       world->machines[endpoint->machine].distance_ns;

	return world->vantages[vantage].distance_ns +
	       world->machines[endpoint->machine].distance_ns +
	       SECONDS(delay * rng_between(rng, 0.6, 1.4) + rng_exponential(rng, 0.003));
}

static struct sight answer(struct world *world, int vantage, const struct endpoint *endpoint,
	enum method method, int64_t t, struct rng *rng)
{
	const struct machine *machine = &world->machines[endpoint->machine];
	struct sight sight = silence;

	sight.rtt_ns = round_trip(world, vantage, endpoint, t, rng);
	sight.reply_ttl = machine->reply_ttl;
	sight.ip_id = machine->ip_id_kind == 0   ? 0
		      : machine->ip_id_kind == 1 ? (int)rng_below(rng, 65536)
						 : (int)((uint64_t)(t / SECONDS(1)) * 3 & 65535);
	if (method == METHOD_ICMP) {
		sight.outcome = OUTCOME_ECHO_REPLY;
		sight.icmp_type = 0;
		sight.icmp_code = 0;
		return sight;
	}
	sight.outcome = endpoint->refuses ? OUTCOME_RST : OUTCOME_SYN_ACK;
	if (!endpoint->refuses)
		read_clock(machine, vantage_source(&world->vantages[vantage], t), endpoint->address,
			t + sight.rtt_ns / 2, rng, &sight);
	return sight;
}

static struct sight observe_outside(struct world *world, int vantage,
	const struct endpoint *endpoint, int64_t t, struct rng *rng)
{
	struct sight sight = silence;

	if (rng_chance(rng, 0.002))
		return sight;
	if (endpoint->provider >= 0 &&
		endpoint->address.host == world->providers[endpoint->provider].edge.host) {
		/* Behind a cut further in, the edge is not to be reached either. */
		for (int b = 0; b < world->block_count; b++) {
			const struct span *cut = spans_at(&world->vantages[vantage].cut[b], t);
			if (cut && cut->kind == CUT_INNER_UNREACHABLE &&
				world->provider_of[b] == endpoint->provider)
				return sight;
		}
	}
	sight.outcome = OUTCOME_ECHO_REPLY;
	sight.icmp_type = 0;
	sight.icmp_code = 0;
	sight.rtt_ns = (int64_t)((double)world->vantages[vantage].distance_ns *
				 rng_between(rng, 0.5, 0.9));
	sight.reply_ttl = 245;
	return sight;
}

struct sight observe_box(struct world *world, int v, int block, int64_t t, struct rng *rng)
{
	struct sight sight = silence;

	if (lost_far(world, block, 1, t, rng))
		return sight;
	sight.outcome = OUTCOME_SYN_ACK;
	sight.rtt_ns = world->vantages[v].distance_ns + SECONDS(rng_exponential(rng, 0.001));
	sight.reply_ttl = 47;
	sight.ip_id = 0;
	return sight;
}

struct sight observe(
	struct world *world, int v, int index, enum method method, int64_t t, struct rng *rng)
{
	struct endpoint *endpoint = &world->endpoints[index];
	struct vantage *vantage = &world->vantages[v];
	struct sight sight = silence;

	if (interface_down(vantage, t)) {
		sight.outcome = OUTCOME_UNSENT;
		return sight;
	}
	if (lost_near(vantage, t, rng))
		return sight;
	if (endpoint->machine < 0)
		return observe_outside(world, v, endpoint, t, rng);
	const struct span *box = spans_at(&vantage->near_box[endpoint->block], t);
	if (box && rng_chance(rng, box->from)) {
		sight.outcome = method == METHOD_ICMP ? OUTCOME_ECHO_REPLY : OUTCOME_SYN_ACK;
		sight.rtt_ns = SECONDS(rng_between(rng, 0.001, 0.03));
		sight.reply_ttl = 253;
		return sight;
	}
	const struct span *cut = spans_at(&vantage->cut[endpoint->block], t);
	const struct span *far = spans_at(&world->far_box[endpoint->block], t);
	if (far && method == METHOD_TCP && (!cut || far->kind == BOX_EDGE))
		return observe_box(world, v, endpoint->block, t, rng);
	if (cut)
		return beyond_cut(world, v, endpoint->block, cut, rng);
	struct machine *machine = &world->machines[endpoint->machine];
	if (lost_far(world, endpoint->block, machine->patience, t, rng) ||
		on_lossy_path(world, endpoint, method, t, rng))
		return sight;
	if (spans_at(&machine->down, t) || spans_at(&endpoint->off, t) || asleep(endpoint, t)) {
		if (world->border_tells && endpoint->machine != world->border &&
			rng_chance(rng, 0.5))
			for (int i = 0; i < world->endpoint_count; i++)
				if (world->endpoints[i].machine == world->border)
					return error_from(
						world, v, world->endpoints[i].address, 3, 1, rng);
		return sight;
	}
	if (method == METHOD_ICMP &&
		(!endpoint->icmp || spans_at(&world->icmp_filtered[endpoint->block], t) ||
			rate_limited(world, endpoint->block, rng)))
		return sight;
	return answer(world, v, endpoint, method, t, rng);
}

struct sight observe_hop(
	struct world *world, int v, int index, int hops_before, int64_t t, struct rng *rng)
{
	const struct endpoint *endpoint = &world->endpoints[index];
	struct vantage *vantage = &world->vantages[v];
	const struct provider *provider = &world->providers[world->provider_of[endpoint->block]];
	struct sight sight = silence;

	if (hops_before == 0)
		return observe(world, v, index, METHOD_ICMP, t, rng);
	if (interface_down(vantage, t)) {
		sight.outcome = OUTCOME_UNSENT;
		return sight;
	}
	if (lost_near(vantage, t, rng))
		return sight;
	if (hops_before == 3)
		return error_from(world, v, provider->inner, 11, 0, rng);
	const struct span *cut = spans_at(&vantage->cut[endpoint->block], t);
	if (cut && cut->kind == CUT_INNER_UNREACHABLE)
		return beyond_cut(world, v, endpoint->block, cut, rng);
	if (hops_before == 2)
		return error_from(world, v, provider->edge, 11, 0, rng);
	if (cut)
		return beyond_cut(world, v, endpoint->block, cut, rng);
	if (spans_at(&world->machines[world->border].down, t) ||
		lost_far(world, endpoint->block, 1, t, rng))
		return sight;
	for (int i = 0; i < world->endpoint_count; i++)
		if (world->endpoints[i].machine == world->border)
			return error_from(world, v, world->endpoints[i].address, 11, 0, rng);
	return sight;
}
