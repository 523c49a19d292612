#ifndef JUDGEMENT_WORLD_H
#define JUDGEMENT_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"
#include "core/clock.h"
#include "store/observation.h"
#include "store/route.h"

/*
 * A country as a scenario tells it: hosts, routers, anchors, vantage points, and what happens
 * to them. Times are nanoseconds since the history's beginning. Nothing here is left to
 * chance: what is drawn follows from the address, the time and the vantage point.
 */
enum { KINDS_MOST = 3, VANTAGES_ROOM = 64 };
#define ALL_VANTAGES UINT64_MAX
#define ALL_KINDS 7u
#define NEVER_NS INT64_MAX
/* Midnight in UTC: when every history begins. */
#define HISTORY_START_NS (INT64_C(1767225600) * NS_PER_S)

/* One kind of probe that an address answers. */
struct kind {
	enum method method;
	uint16_t port;
};

/* From then on. The last change that concerns a probe decides. */
struct change {
	int64_t at_ns;
	bool down;
	uint64_t vantages; /* for whom */
	unsigned kinds;    /* bit per kind of the host */
	bool has_behind;   /* the path ends at this router, who says so if errors */
	bool errors;
	struct ip4 behind;
};

/* A value that goes over to another one in a straight line. */
struct ramp {
	int64_t at_ns, over_ns;
	double value;
};

struct ramps {
	struct ramp *items; /* owned, by time */
	size_t count, capacity;
};

/* Silent by itself for `length` of every `period`. */
struct habit {
	int64_t from_ns, until_ns, length_ns, period_ns;
	int64_t stray_ns; /* each time up to so much later, drawn */
	bool random;      /* at any time of each period */
};

struct restart {
	int64_t seen_ns; /* its clock is the new one from here */
	int64_t boot_ns;
};

struct host {
	struct ip4 address;
	enum role role;
	size_t machine; /* several addresses may be one */
	struct kind kinds[KINDS_MOST];
	size_t kind_count;
	bool clocks;            /* TCP timestamps, 1000 a second */
	int64_t pair_ns;        /* what its kernel adds to the clock for each pair of addresses */
	int ttl;                /* of replies; -1 */
	int64_t rtt_ns;         /* -1: not measured */
	int64_t born_ns;        /* who is asked before never answers, and has no row */
	struct change *changes; /* owned, by time */
	size_t change_count, change_capacity;
	struct habit *habits; /* owned */
	size_t habit_count, habit_capacity;
	struct restart *restarts; /* owned, by time; the first is before the beginning */
	size_t restart_count, restart_capacity;
	struct ramps loss, delay;
};

/* Sweeps that one vantage point makes. */
struct schedule {
	size_t vantage;
	enum tier tier;
	int64_t every_ns, until_most_ns; /* from ... to, drawn, if they differ */
	int64_t from_ns;
	bool promised; /* the sweeps name their interval */
	bool shuffled; /* another order each time */
	int attempts;
	int64_t span_ns; /* a sweep takes so long */
	bool has_only;   /* asks nobody else but anchors and routers */
	struct prefix only;
};

struct vantage {
	char name[VANTAGE_SIZE];
	struct ip4 source;
	struct ramps loss; /* of its own line; 1: it is dead */
	struct span {
		int64_t at_ns;
		bool stopped, unsent;
		uint32_t flags;
	} * spans; /* owned, by time: from then on */
	size_t span_count, span_capacity;
	struct ramps clock; /* how much it is ahead, ns */
};

struct path {
	struct prefix to;
	struct ip4 routers[8];
	size_t router_count;
	int64_t every_ns;
};

struct world {
	struct host *hosts; /* owned; by address once the script is read */
	size_t host_count, host_capacity, machine_count;
	struct vantage vantages[VANTAGES_ROOM];
	size_t vantage_count;
	struct schedule *schedules; /* owned */
	size_t schedule_count, schedule_capacity;
	struct path *paths; /* owned */
	size_t path_count, path_capacity;
	struct target_row *targets; /* owned */
	size_t target_count, target_capacity;
	struct route *routes; /* owned, by time; of peers named 1 ... */
	size_t route_count, route_capacity;
	struct heard heard; /* end 0: never */
	bool anonymous; /* the sweeps do not say how they were made: no source, no methods */
	int64_t end_ns;
};

void world_finish(struct world *world);

/* By name; made when it is new and `make`. SIZE_MAX: there is none. */
size_t world_vantage(struct world *world, const char *name, bool make);
struct host *world_host(const struct world *world, struct ip4 address);

void ramps_add(struct ramps *ramps, struct ramp ramp);
double ramps_at(const struct ramps *ramps, int64_t at_ns, double before);

/* A number of [0, 1) that follows from these. */
double chance(uint64_t a, uint64_t b, uint64_t c);

/* The change that decides about a probe of that kind, if it is down; NULL: it answers. A
 * habit gives one without a router. */
const struct change *host_down(const struct host *host, size_t kind, size_t vantage, int64_t at_ns);
uint32_t host_clock(const struct host *host, size_t vantage, int64_t at_ns);

/* What holds of a vantage point then. */
struct span vantage_span(const struct vantage *vantage, int64_t at_ns);

#endif
