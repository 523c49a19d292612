#ifndef LIVE_PAGE_WINDOW_H
#define LIVE_PAGE_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/clock.h"
#include "report/words.h"

/* The time that a page shows, and its axis. Pure. */
enum zoom { ZOOM_HOUR, ZOOM_DAY, ZOOM_WEEK, ZOOM_MONTH, ZOOM_YEAR, ZOOM_OTHER };
enum { ZOOM_COUNT = ZOOM_OTHER };

const char *zoom_name(enum zoom zoom);  /* "day" */
const char *zoom_title(enum zoom zoom); /* "Day" */
bool zoom_parse(const char *text, enum zoom *ret);
int64_t zoom_ns(enum zoom zoom); /* of ZOOM_COUNT */

struct window {
	struct wall from, to;
	enum zoom zoom;
	bool live; /* it ends with the data, and moves on with them */
};

/* The last hour, day... of life up to `end`; scale: the history runs so many times faster. */
struct window window_last(enum zoom zoom, struct wall end, double scale);

/* Where a time lies, 0 to 100; outside it is less or more. */
static inline double window_x(const struct window *window, struct wall t)
{
	return 100 * (double)wall_since(t, window->from) /
	       (double)wall_since(window->to, window->from);
}

/* Ticks at round times, in order. */
enum { TICKS_MOST = 16 };
struct tick {
	struct wall at;
	char label[WORDS_SIZE];
	bool strong; /* a day or a year begins */
};
int window_ticks(const struct window *window, struct tick ticks[TICKS_MOST]);

#endif
