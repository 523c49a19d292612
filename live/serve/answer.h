#ifndef LIVE_SERVE_ANSWER_H
#define LIVE_SERVE_ANSWER_H

#include "live/http/http.h"
#include "live/serve/events.h"
#include "live/serve/site.h"

/* From a request to its answer: which page, of which store, of what time. */
struct server {
	const struct serve_config *config;
	struct site *sites;
	size_t site_count;
	struct events *events;
	struct wall now;
	bool mute; /* the metrics file cannot be written, which was told */
};

enum { SITES_MOST = 64 };
/* What each store is like now. Returns how many. */
size_t server_scenes(const struct server *server, const struct scene *scenes[SITES_MOST]);

void server_answer(
	struct server *server, const struct http_request *request, struct http_answer *ret);

/* /metrics as a file too, where the user wants it: it is whole, or as it was before. What goes
 * wrong is told once. */
void server_keep_metrics(struct server *server);

/* A connection is a descriptor, and a store has a few. */
void server_raise_descriptors(unsigned connections);

#endif
