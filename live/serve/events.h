#ifndef LIVE_SERVE_EVENTS_H
#define LIVE_SERVE_EVENTS_H

#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "live/scene.h"

/*
 * What is told to who listens, as server-sent events: a ring of text, and a place in it for
 * each listener. An event has an id, "RUN-N": RUN names this run of the server, N counts. Who comes
 * back with the id of the last event that he had gets what he missed; where that is not known any
 * more, or of another run, he begins with the whole state. Pure.
 */
struct events;

enum { EVENTS_BYTES = 1 << 18 };

struct events *events_create(uint64_t run);
void events_destroy(struct events *events); /* NULL is fine */

/* A named event of one line of data; its id is given to it. */
void events_add(struct events *events, const char *name, const char *data);
/* Only that we are there, so that a dead connection is noticed at either end. */
void events_beat(struct events *events);

/* Where one begins who has had `id` (NULL: nothing). False: he needs the whole state first. */
bool events_find(const struct events *events, const char *id, uint64_t *ret_at);
/* The id of the last one, to stand with a whole state. */
enum { EVENT_ID_SIZE = 48 };
void events_last_id(const struct events *events, char id[EVENT_ID_SIZE]);
uint64_t events_end(const struct events *events);

/* As http_config.more. */
ptrdiff_t events_read(const struct events *events, uint64_t *at, char *bytes, size_t room);

/*
 * What changed from one scene to the next of a store: states of blocks, vantage points that went
 * blind or see again, and that a sweep came. before: NULL at first. Returns how many states
 * changed.
 */
size_t events_compare(struct events *events, const struct scene *before, const struct scene *after);

/* The whole state as an event, owned by the caller. */
char *events_state(const struct events *events, const struct scene *const *scenes, size_t count);

#endif
