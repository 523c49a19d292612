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
};

void server_answer(
	struct server *server, const struct http_request *request, struct http_answer *ret);

#endif
