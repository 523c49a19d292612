#ifndef LIVE_HTTP_HELD_H
#define LIVE_HTTP_HELD_H

#include <stdbool.h>

#include "core/clock.h"

struct http;

/* Connections, and how long one may hold its place. */
enum held_phase { HELD_ASKING, HELD_ANSWERED, HELD_IDLE, HELD_STREAM };

/* One connection. */
struct held {
	struct held *next, **link;
	struct http *http;
	int fd;
	enum held_phase phase;
	struct mono since; /* of the phase; of a stream: when it last took something */
};

/* Is it to be cut? Nobody may hold a place for nothing: a request comes within seconds however
 * slowly its bytes drip, an answer is taken within a minute. Pure. */
bool held_is_over(const struct held *held, struct mono now);

void held_add(struct held **all, struct held *held);
void held_remove(struct held *held);
/* Cut those that are over; the door sees it as any end of a connection. */
void held_cut(struct held *all, struct mono now);

#endif
