#ifndef REPORT_TICKS_H
#define REPORT_TICKS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/clock.h"

/*
 * Where an axis has its ticks, from seconds to decades, on the calendar: days begin at midnight
 * UTC, months on the first. Pure.
 *
 * Each labelled tick has a short word of its own ("03:00", "22 Dec", "2014"); below it stands
 * what that word leaves out (the date, the year), at the first tick and wherever it changes.
 */
enum { TICKS_MOST = 400, TICK_TEXT_SIZE = 24 };
struct tick {
	struct wall at;
	bool labelled;
	char text[TICK_TEXT_SIZE];  /* "" where not labelled */
	char below[TICK_TEXT_SIZE]; /* "" where nothing changes */
};
struct ticks {
	struct tick items[TICKS_MOST];
	size_t count;
};

/* Ticks of [from, to]: no more than `most` labelled ones, at least one. */
void ticks_time(struct wall from, struct wall to, size_t most, struct ticks *ret);

/* The step of a count's axis up to `top`: 1, 2 or 5 times a power of ten, so that no more
 * than `most` steps fit. */
long ticks_count_step(long top, int most);

#endif
