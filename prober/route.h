#ifndef PROBER_ROUTE_H
#define PROBER_ROUTE_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/address.h"

/*
 * The way the kernel would send a packet: asked over rtnetlink, without
 * privileges and without sending one. Asked again before each sweep, because
 * interfaces and addresses come and go.
 */
struct route {
	struct ip4 source;
	struct ip4 gateway; /* has_gateway false: the target is on the link, or is us */
	bool has_gateway;
	bool is_local; /* one of our own addresses: its answers prove nothing */
	int interface; /* index */
	char name[IF_NAMESIZE];
};

/* `interface`: only ways out of that one; "" for any. 0, or -ENETUNREACH and
 * its like when there is no way now, -ENODEV when there is no such interface. */
int route_lookup(struct ip4 target, const char *interface, struct route *ret);

/* Is this one of our own addresses? */
bool route_owns(struct ip4 address);

/* The range of ports that the kernel gives to programs that ask for none, if it
 * tells; else nothing is set. */
void route_ephemeral(uint16_t *ret_first, uint16_t *ret_last);

#endif
