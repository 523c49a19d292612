#ifndef HISTORIES_WORLD_DRAW_H
#define HISTORIES_WORLD_DRAW_H

#include "tests/bench/histories/world.h"

/* How a world comes by its machines: inside world*.c only. */
int draw_machine(
	struct world *world, const struct world_wish *wish, double ups_share, double clock_share);
struct endpoint *draw_endpoint(struct world *world, int machine, int block, uint32_t host);
void draw_flakiness(struct world *world, struct endpoint *endpoint);

/* The machines of the /22 that is known: in world_dprk.c. Four blocks, two of them empty. */
void draw_known_machines(struct world *world, const struct world_wish *wish, double ups_share);

#endif
