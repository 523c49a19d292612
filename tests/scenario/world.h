#ifndef SCENARIO_WORLD_H
#define SCENARIO_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "prober/packet/probe.h"

/*
 * The world beside the prober, in virtual time: two clocks, a kernel that takes
 * probes or not, a capture that sees them leave 10 us later, and hosts and
 * routers that answer. Packets exist only as what they say (struct sighting).
 */
enum { WORLD_RULES = 64, WORLD_WAYS = 8, WORLD_HOPS = 8 };

enum answer { ANSWER_NONE, ANSWER_ECHO, ANSWER_SYN_ACK, ANSWER_RST, ANSWER_HALF_OPEN };

/* Who answers what; the last rule that fits decides. */
struct rule {
	struct prefix to;
	bool any_method;
	enum method method;
	uint16_t port; /* tcp; 0: any */
	enum answer answer;
	bool unreachable; /* instead: an error from `router` */
	struct ip4 router;
	uint8_t type, code;
	int64_t rtt_ns;
	double loss;
	bool has_ts;
	uint32_t ts;
	uint8_t ttl;
};

/* The routers before a prefix; nothing gets past the one after which it is cut. */
struct world_way {
	struct prefix to;
	struct ip4 routers[WORLD_HOPS];
	size_t count;
	bool cut;
	size_t cut_after;
};

/* A probe that the kernel took. */
struct sent {
	struct mono at;
	uint64_t sweep;
	unsigned int attempt; /* of its sweep, from 1 */
	struct probe probe;
};

struct arriving {
	struct mono at;
	struct wall stamp; /* set when it has arrived */
	enum sighting_verdict verdict;
	struct sighting sighting;
};

struct packets {
	struct arriving *items; /* owned; by time */
	size_t first, count, capacity;
};

struct world {
	struct mono now;
	struct wall wall_base; /* wall clock = base + monotonic */
	int64_t asleep_ns;
	uint64_t dropped;
	struct ip4 us;
	uint16_t source_port;

	bool link_down;   /* sends would block */
	bool refusing;    /* sends fail */
	bool not_leaving; /* the kernel takes probes, and nothing is seen of them */
	bool no_address;  /* no address of ours, no route */
	struct prefix no_way; /* no route there; len 0: there is one everywhere */
	bool cut;         /* beyond our host: nothing comes back */
	uint64_t sweep;   /* which one is sending */

	struct rule rules[WORLD_RULES];
	size_t rule_count;
	struct world_way ways[WORLD_WAYS];
	size_t way_count;
	struct sent *sent; /* owned; all of them, in order */
	size_t sent_count, sent_capacity;
	struct packets wire; /* to arrive */
	struct packets ring; /* arrived, not handed out */
	uint64_t chance;
};

void world_init(struct world *world, struct wall start);
void world_finish(struct world *world);

struct wall world_wall(const struct world *world);

/* 0, -EAGAIN or -ENETUNREACH, as transmit_send. */
int world_send(struct world *world, const struct probe *probe);

/* Put a packet on the wire, to arrive after ns. */
void world_later(struct world *world, int64_t ns, const struct sighting *sighting);

/* The same now, of a frame that does not parse. */
void world_unparsed(struct world *world, enum sighting_verdict verdict);

/* Move what has arrived by now into the capture's ring. */
void world_arrive(struct world *world);
/* When the next packet arrives; MONO_NEVER: none is on its way. */
struct mono world_next(const struct world *world);
/* The next one the capture hands out, or NULL. */
const struct arriving *world_take(struct world *world);

/* The machine sleeps: the monotonic clock stands, packets on the wire are lost. */
void world_sleep(struct world *world, int64_t ns);

/* The reply that a host would give to a probe, and the error a router would. */
struct sighting world_reply(const struct sent *sent, enum outcome outcome);
struct sighting world_error(
	const struct world *world, const struct sent *sent, struct ip4 from, int type, int code);

#endif
