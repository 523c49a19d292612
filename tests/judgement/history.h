#ifndef JUDGEMENT_HISTORY_H
#define JUDGEMENT_HISTORY_H

#include "tests/judgement/words.h"
#include "tests/judgement/world.h"

/* The lines of a scenario that make its world. */

/* Who is there: hosts, anchors, router, asked, path, until. False: no such line. */
bool history_declare(struct world *world, struct cursor *c);

/* When all is declared: `at TIME ...`, the cursor behind "at". */
void history_happens(struct world *world, struct cursor *c);

/* tell_routes.c: what BGP says. */
void declare_routes(struct world *world, struct cursor *c);
void happens_to_routes(struct world *world, struct cursor *c, int64_t at_ns);

/* When all lines are read: hosts by address. */
void history_settle(struct world *world);

#endif
