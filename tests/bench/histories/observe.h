#ifndef HISTORIES_OBSERVE_H
#define HISTORIES_OBSERVE_H

#include "tests/bench/histories/world.h"

/*
 * What one probe would have seen. True time in, true time out; the vantage point's
 * clock error is the stream's business.
 */
struct sight {
	enum outcome outcome;
	int64_t rtt_ns; /* -1 */
	bool has_responder;
	struct ip4 responder;
	int icmp_type, icmp_code, reply_ttl, ip_id; /* -1 */
	bool has_tcp_ts;
	uint32_t tcp_ts;
};

struct sight observe(struct world *world, int vantage, int endpoint, enum method method, int64_t t,
	struct rng *rng);

/* What the box in front of a block says to a SYN, whichever address it was for. */
struct sight observe_box(struct world *world, int vantage, int block, int64_t t, struct rng *rng);

/* One TTL-limited probe: how far before the target its life ends (0: at the target). */
struct sight observe_hop(struct world *world, int vantage, int endpoint, int hops_before, int64_t t,
	struct rng *rng);

/* Our address as this vantage point has it at that time. */
struct ip4 vantage_source(const struct vantage *vantage, int64_t t);

#endif
