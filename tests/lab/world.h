#ifndef TESTS_LAB_WORLD_H
#define TESTS_LAB_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/lab/packet.h"
#include "tests/lab/pending.h"
#include "tests/lab/plan.h"
#include "tests/lab/scenario.h"

/*
 * The country in play: takes packets, answers into `pending`. No clock of its
 * own and no I/O; `now` is nanoseconds since the start of the play.
 *
 * On the way in a packet passes the upstream router (one hop), the border
 * router (two), then stands before the host. Either line may be cut behind its
 * router.
 */

/* What was played, beside what was meant: goes into the truth. */
#define WORLD_COUNTERS(X)                                                                          \
	X(malformed)                                                                               \
	X(elsewhere)                                                                               \
	X(echo_asked)                                                                              \
	X(syn_asked) X(rst_asked) X(other_asked) X(echo_replies) X(syn_acks) X(rsts) X(bare_acks)  \
		X(nobody_there) X(powerless) X(cut_off) X(silenced) X(filtered) X(rate_limited)    \
			X(lost) X(late) X(duplicated) X(wrong_source) X(bad_checksum)              \
				X(unreachables) X(ttl_exceeded) X(forged_echo_replies)             \
					X(forged_syn_acks) X(forged_rsts) X(not_written)

struct counters {
#define X(name) uint64_t name;
	WORLD_COUNTERS(X)
#undef X
};

/* What events have done to one address. */
struct condition {
	enum router cut;
	bool unreachable, silenced;
	uint8_t code;
	double loss;
	int64_t delay_ns;
};

/* A token bucket that holds one second's worth, at least one. */
struct bucket {
	double rate; /* per second; 0: no limit */
	double tokens;
	int64_t at_ns;
};

/* What a host remembers from packet to packet. */
struct memory {
	uint64_t asked;
	const struct life *life; /* when it last answered: a new one forgets */
	uint16_t ip_id;
	bool half_open;
	uint16_t their_port, our_port;
	uint32_t tcp_seq;
};

struct forgery {
	double rate;
	struct range range;
	int64_t next_ns;
	uint64_t made;
};

struct world {
	const struct scenario *s;
	const struct plan *plan;
	struct condition *conditions;
	struct memory *memories;
	struct bucket *blocks;    /* per /24 */
	struct bucket routers[3]; /* unreachables, by enum router */
	bool border_cut;          /* the whole country is cut off behind the upstream */
	struct forgery forgery;
	size_t next_event;
	bool over;
	bool asker_known, asker_tcp;
	struct ip4 asker;
	uint16_t asker_port, asked_port;
	struct pending pending;
	struct counters counters;
};

void world_init(struct world *world, const struct scenario *scenario, const struct plan *plan);
void world_finish(struct world *world);

void world_receive(struct world *world, int64_t now, const uint8_t *bytes, size_t len);

/* Let everything due by now happen: events, forged packets. */
void world_turn(struct world *world, int64_t now);
/* When the world wants its next turn; INT64_MAX: never. Pending packets not counted. */
int64_t world_next(const struct world *world);

/* What an event that concerns an address does to it; world.c, also for the truth. */
void condition_change(struct condition *condition, const struct event *event);

/* A host as it answers one packet; replies.c. */
struct answering {
	struct world *world;
	const struct asked *asked;
	size_t host;
	const struct traits *traits;
	const struct life *life;
	struct memory *memory;
	int64_t now, due;
};
void host_answer(struct answering *a);
void router_error(struct world *world, int64_t now, const struct asked *asked, enum router router,
	uint8_t type, uint8_t code);
void router_echo(struct world *world, int64_t now, const struct asked *asked, enum router router);
void forge_one(struct world *world, int64_t now);
bool bucket_take(struct bucket *bucket, int64_t now);

#endif
