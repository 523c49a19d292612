#ifndef JUDGEMENT_WORDS_H
#define JUDGEMENT_WORDS_H

#include "tests/judgement/world.h"
#include "tests/scenario/script.h"

/* Words that lines of a history and expectations share. */

/* "30h", "2d6h30m", "0h". */
int64_t words_time(struct cursor *c);
double words_share(struct cursor *c); /* "30%" or ".3" */
struct prefix words_prefix(struct cursor *c);
/* Is there a comma, and something behind it? Eats the comma. */
bool words_more(struct cursor *c);

/*
 * Whom a line is about: all, anchors, PREFIX, ADDRESS, ADDRESS-LAST BYTE, these joined by
 * "and", without some by "but".
 */
struct who {
	bool *chosen; /* owned: per host */
	size_t machines;
};
struct who words_who(struct cursor *c, const struct world *world);

#endif
