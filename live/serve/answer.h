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

enum { SITES_MOST = 64 };
/* What each store is like now. Returns how many. */
size_t server_scenes(const struct server *server, const struct scene *scenes[SITES_MOST]);

void server_answer(
	struct server *server, const struct http_request *request, struct http_answer *ret);

/* /metrics as a file, for who collects such: it is whole, or as it was before. 0, or a negative
 * errno with *why. */
int server_write_metrics(const struct server *server, const char *path, struct diag *why);

#endif
