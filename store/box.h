#ifndef STORE_BOX_H
#define STORE_BOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/observation.h"

/*
 * Boxes that answer for a whole block: a transparent proxy, a firewall that resets or echoes
 * for all behind it, a SYN proxy. Their answers prove the path and are no host's. One rule for
 * the prober, who learns nobody from them, and for analysis, which judges nobody by them. Pure.
 *
 * By its looks a full block is the same: nearly all addresses of a /24, /25 or /26 answer one
 * kind of probe, with one TTL. What tells a box is that the same addresses are contradicted:
 * a router calls them unreachable, they answer another kind of probe from further away or much
 * later, they have every port open; or that nobody confirms them: of a block asked by echo too
 * hardly any address answers it, and its first and last addresses, which are no hosts where a
 * subnet ends, answer TCP like the others. Who answers both from one distance is a host.
 */
enum box_why {
	BOX_NONE,        /* hosts that confirm each other */
	BOX_UNTOLD,      /* nothing tells */
	BOX_UNREACHABLE, /* a router calls them unreachable */
	BOX_NEARER,      /* other kinds are answered from further away */
	BOX_SOONER,      /* other kinds are answered much later */
	BOX_EVERY_PORT,  /* each has every port open that was asked */
	BOX_ALONE,       /* hardly any of them answers an echo request */
};

/* Nearly all of `prefix` answer this kind of probe. */
struct box {
	struct prefix prefix; /* no longer than BOX_LONGEST */
	enum method method;
	uint16_t port;
	int reply_ttl; /* theirs; -1: not known */
	bool every_port; /* and other ports with that TTL, of addresses that are asked there instead */
	enum box_why why;
	unsigned answers; /* addresses that answered it, with this TTL */
	unsigned against; /* ... contradicted so; BOX_ALONE: not confirmed */
};

/* BOX_LEAST: fewer answers are never looked at. */
enum { BOX_LONGEST = 26, BOX_LEAST = 48 };

/* The full groups of a sweep, whatever they are; by address. */
struct box_list {
	struct box *items; /* owned */
	size_t count, capacity;
};
void boxes_find(const struct sweep *sweep, struct box_list *ret);
void box_list_finish(struct box_list *list);

/* Is this answer one of them, and they are a box's? */
bool box_gave(const struct box *box, const struct observation *o);

/* "all 256 addresses of 198.18.0.0/24 answer tcp:80 with TTL 64; a router calls 248 of them
 * unreachable" */
enum { BOX_TEXT_SIZE = 192 };
void box_format(const struct box *box, char text[BOX_TEXT_SIZE]);

/*
 * What is held of one vantage point's boxes from sweep to sweep. A box is kept until three
 * sweeps that asked its kind of probe have not found it; a block full of hosts that once
 * confirmed each other stays one when a filter takes their echo replies.
 */
struct held_box {
	struct box box;
	uint8_t missed;
	bool found; /* by the sweep being read */
};
struct boxes {
	struct held_box *items; /* owned; by address, kind, length */
	size_t count, capacity;
};
void boxes_finish(struct boxes *boxes);

/* Read a sweep. ret_changes: what is a box now and was not, and with why BOX_NONE what is one no
 * more; the caller's to finish. NULL: nobody asks. */
void boxes_see(struct boxes *boxes, const struct sweep *sweep, struct box_list *ret_changes);

/* Is this answer a box's? */
bool boxes_gave(const struct boxes *boxes, const struct observation *o);
/* Is there one in this block that answers this kind of probe? */
bool boxes_answer(const struct boxes *boxes, struct ip4 address, enum method method, uint16_t port);

#endif
