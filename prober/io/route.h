#ifndef PROBER_IO_ROUTE_H
#define PROBER_IO_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"

/*
 * The way the kernel would send a packet: asked over rtnetlink, without
 * privileges and without sending one. Asked again before each sweep, because
 * interfaces and addresses come and go.
 */

/* All that the kernel's answer depends on. It must be what the packet has. */
struct route_question {
	struct ip4 target;
	struct ip4 source; /* 0.0.0.0: the kernel chooses */
	int interface;     /* index; 0: the kernel chooses */
	uint32_t mark;     /* SO_MARK */
};

struct route {
	struct ip4 source;
	struct ip4 gateway; /* has_gateway false: the target is on the link, or is us */
	bool has_gateway;
	bool is_local;     /* one of our own addresses: its answers prove nothing */
	bool is_broadcast; /* of a network that we are in */
	int interface;     /* index */
};

/* 0, or -ENETUNREACH and its like when there is no way now. With an interface the kernel
 * never says so: it takes the target to be on the link. */
int route_ask(const struct route_question *question, struct route *ret);

/* One of the next hops of a route that has several. */
struct route_hop {
	int interface;
	struct ip4 gateway;
	bool has_gateway;
};
enum { ROUTE_HOPS = 16 };
struct route_hops {
	struct route_hop hops[ROUTE_HOPS]; /* the first of them */
	size_t count;                      /* 0: the route has one next hop */
	int prefix_len;                    /* of the entry */
	struct ip4 source;                 /* that the route itself names; 0.0.0.0: none */
};

/*
 * Is there an entry in the tables that leads there, and has it several next hops? -ENETUNREACH
 * and its like where there is none. Linux before 4.14 does not tell: then count is 0.
 */
int route_hops(const struct route_question *question, struct route_hops *ret);

/* The index of the interface that has this address; 0: none has. */
int route_owner(struct ip4 address);

/* The range of ports that the kernel gives to programs that ask for none, if it
 * tells; else nothing is set. */
void route_ephemeral(uint16_t *ret_first, uint16_t *ret_last);

#endif
