#ifndef PROBER_SWEEP_WAY_H
#define PROBER_SWEEP_WAY_H

#include <stdbool.h>

#include "core/address.h"
#include "prober/io/route.h"

/*
 * From which of our addresses, and by which interface, a probe leaves.
 *
 * The kernel chooses a way for each packet: by the target, by the source that is
 * filled in, by the mark, and where a route has several next hops by a hash of
 * them. The source must be what the kernel itself would put into a packet that
 * leaves by that very way: a provider drops what bears another's address, and its
 * silence would be taken for the target's.
 *
 * So the kernel is asked again with the source filled in. Where that leads
 * another way, because next hops have different addresses, the way out is pinned
 * to one whose own address is the source. Pure but for the kernel's answers.
 */
struct way {
	struct ip4 source; /* 0.0.0.0: there is no way */
	int interface;     /* it leaves by this one; 0: by any of several, all alike */
	bool pinned;       /* the kernel must be told so with each packet */
	bool whole;        /* it is that of the whole block, as far as the tables' entry tells */
	int error;         /* why there is no way: a negative errno; 0: nobody asked */
};

/* What the kernel says: prober/io/route.h; tests have tables of their own. */
struct way_kernel {
	int (*ask)(void *ctx, const struct route_question *question, struct route *ret);
	int (*hops)(void *ctx, const struct route_question *question, struct route_hops *ret);
	int (*owner)(void *ctx, struct ip4 address);
	void *ctx;
};

/*
 * The way of a packet to question->target, from question->source if the user
 * named one, out of question->interface if the user named one. 0, or a negative
 * errno: -EXDEV when there are ways but the source fits none of them, else what the
 * kernel says.
 */
int way_choose(
	const struct way_kernel *kernel, const struct route_question *question, struct way *ret);

bool way_equal(const struct way *a, const struct way *b);

#endif
