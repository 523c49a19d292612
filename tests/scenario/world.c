#include "tests/scenario/world.h"

#include <errno.h>
#include <stdlib.h>

#include "core/mem.h"
#include "prober/sweep/order.h"

#define LEAVES_AFTER_NS (10 * NS_PER_US)

void world_init(struct world *world, struct wall start)
{
	*world = (struct world){
		.now = {1000 * NS_PER_S}, /* a machine that has been up for a while */
		.wall_base = {start.ns - 1000 * NS_PER_S},
		.us = {0xc6120001 + 0xff00}, /* 198.18.255.1 */
		.chance = 1,
	};
}

void world_finish(struct world *world)
{
	free(world->sent);
	free(world->wire.items);
	free(world->ring.items);
}

struct wall world_wall(const struct world *world)
{
	return wall_after(world->wall_base, world->now.ns);
}

static void put(struct packets *packets, const struct arriving *packet)
{
	packets->items = mem_grow(packets->items, &packets->capacity,
		packets->first + packets->count + 1, sizeof(*packets->items));
	size_t i = packets->first + packets->count++;
	for (; i > packets->first && packets->items[i - 1].at.ns > packet->at.ns; i--)
		packets->items[i] = packets->items[i - 1];
	packets->items[i] = *packet;
}

static const struct arriving *take(struct packets *packets)
{
	if (packets->count == 0)
		return NULL;
	packets->count--;
	return &packets->items[packets->first++];
}

void world_later(struct world *world, int64_t ns, const struct sighting *sighting)
{
	put(&world->wire, &(struct arriving){
				  .at = mono_after(world->now, ns),
				  .verdict = SIGHTING_PARSED,
				  .sighting = *sighting,
			  });
}

void world_unparsed(struct world *world, enum sighting_verdict verdict)
{
	put(&world->wire, &(struct arriving){.at = world->now, .verdict = verdict});
}

void world_arrive(struct world *world)
{
	const struct arriving *next;

	while (world_next(world).ns <= world->now.ns && (next = take(&world->wire))) {
		struct arriving packet = *next;
		packet.stamp = wall_after(world->wall_base, packet.at.ns);
		put(&world->ring, &packet);
	}
}

struct mono world_next(const struct world *world)
{
	return world->wire.count ? world->wire.items[world->wire.first].at : MONO_NEVER;
}

const struct arriving *world_take(struct world *world)
{
	return take(&world->ring);
}

void world_sleep(struct world *world, int64_t ns)
{
	world->asleep_ns += ns;
	world->wall_base = wall_after(world->wall_base, ns);
	world->wire.count = 0;
}

struct sighting world_reply(const struct sent *sent, enum outcome outcome)
{
	return (struct sighting){
		.kind = SIGHTING_REPLY,
		.method = sent->probe.method,
		.from = sent->probe.target,
		.to = sent->probe.source,
		.ttl = 60,
		.ip_id = 7,
		.outcome = outcome,
		.has_identity = true,
		.loose = outcome != OUTCOME_ECHO_REPLY,
		.identity = sent->probe.identity,
		.our_port = sent->probe.source_port,
		.their_port = sent->probe.port,
	};
}

struct sighting world_error(
	const struct world *world, const struct sent *sent, struct ip4 from, int type, int code)
{
	return (struct sighting){
		.kind = SIGHTING_ERROR,
		.method = sent->probe.method,
		.from = from,
		.to = world->us,
		.ttl = 250,
		.outcome = type == 11 ? OUTCOME_TTL_EXCEEDED : OUTCOME_UNREACHABLE,
		.has_identity = true,
		.identity = sent->probe.identity,
		.our_port = sent->probe.source_port,
		.their_port = sent->probe.port,
		.quoted_from = sent->probe.source,
		.quoted_to = sent->probe.target,
		.icmp_type = (uint8_t)type,
		.icmp_code = (uint8_t)code,
	};
}

static const struct rule *rule_for(const struct world *world, const struct probe *probe)
{
	for (size_t i = world->rule_count; i-- > 0;) {
		const struct rule *rule = &world->rules[i];
		if (prefix_holds(rule->to, probe->target) &&
			(rule->any_method || (rule->method == probe->method &&
						     (!rule->port || rule->port == probe->port))))
			return rule;
	}
	return NULL;
}

static bool lost(struct world *world, double share)
{
	return (double)(order_mix(world->chance++) >> 11) / 9007199254740992.0 < share;
}

/* A half-open peer acknowledges the first SYN it ever got from us. */
static const struct sent *first_like(const struct world *world, const struct probe *probe)
{
	size_t i = 0;

	while (!ip4_equal(world->sent[i].probe.target, probe->target) ||
		world->sent[i].probe.method != probe->method ||
		world->sent[i].probe.port != probe->port)
		i++;
	return &world->sent[i];
}

/* Did a router on the way take it? Then it has answered, or swallowed it. */
static bool stopped_on_the_way(struct world *world, const struct sent *sent)
{
	const struct world_way *way = NULL;

	for (size_t i = 0; i < world->way_count; i++)
		if (prefix_holds(world->ways[i].to, sent->probe.target))
			way = &world->ways[i];
	if (!way)
		return false;
	size_t hop = sent->probe.ttl; /* at which it dies, if the way is that long */
	if (way->cut && hop > way->cut_after)
		return true;
	if (hop > way->count)
		return false;
	struct sighting s = world_error(world, sent, way->routers[hop - 1], 11, 0);
	world_later(world, LEAVES_AFTER_NS + (int64_t)hop * 5 * NS_PER_MS, &s);
	return true;
}

static void answer(struct world *world, const struct sent *sent)
{
	const struct rule *rule = rule_for(world, &sent->probe);
	struct sighting s;

	if (!ip4_equal(sent->probe.source, world->us))
		return; /* the reply goes to an address that is no longer ours */
	if (world->cut || stopped_on_the_way(world, sent) || !rule || lost(world, rule->loss))
		return;
	switch (rule->answer) {
	case ANSWER_ECHO:
		s = world_reply(sent, OUTCOME_ECHO_REPLY);
		break;
	case ANSWER_SYN_ACK:
		s = world_reply(sent, OUTCOME_SYN_ACK);
		break;
	case ANSWER_RST:
		s = world_reply(sent, OUTCOME_RST);
		break;
	case ANSWER_HALF_OPEN:
		s = world_reply(first_like(world, &sent->probe), OUTCOME_SYN_ACK);
		s.bare_ack = true;
		s.loose = false;
		break;
	case ANSWER_NONE:
	default:
		if (!rule->unreachable)
			return;
		s = world_error(world, sent, rule->router, rule->type, rule->code);
		break;
	}
	s.has_tcp_ts = rule->has_ts;
	s.tcp_ts = rule->ts;
	if (rule->ttl)
		s.ttl = rule->ttl;
	world_later(world, LEAVES_AFTER_NS + rule->rtt_ns, &s);
}

static void record(struct world *world, const struct probe *probe)
{
	struct sent sent = {.at = world->now, .sweep = world->sweep, .attempt = 1, .probe = *probe};

	for (size_t i = world->sent_count; i-- > 0;) {
		const struct sent *past = &world->sent[i];
		if (past->sweep == sent.sweep && ip4_equal(past->probe.target, probe->target) &&
			past->probe.method == probe->method && past->probe.port == probe->port &&
			past->probe.ttl == probe->ttl)
			sent.attempt++;
	}
	world->sent =
		mem_grow(world->sent, &world->sent_capacity, world->sent_count + 1, sizeof(sent));
	world->sent[world->sent_count++] = sent;
}

int world_send(struct world *world, const struct probe *probe)
{
	if (world->link_down)
		return -EAGAIN;
	if (world->refusing)
		return -ENETUNREACH;
	record(world, probe);
	if (world->not_leaving)
		return 0;
	struct sighting leaving = {
		.kind = SIGHTING_PROBE,
		.method = probe->method,
		.from = probe->source,
		.to = probe->target,
		.ttl = probe->ttl,
		.has_identity = true,
		.identity = probe->identity,
		.our_port = probe->source_port,
		.their_port = probe->port,
	};
	world_later(world, LEAVES_AFTER_NS, &leaving);
	answer(world, &world->sent[world->sent_count - 1]);
	return 0;
}
