#ifndef LIVE_HTTP_HTTP_H
#define LIVE_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/text.h"
#include "live/http/host.h"

/*
 * The door to libmicrohttpd: a server that only answers. GET and HEAD, nothing is taken in but
 * an address and a few headers. It has no thread and no loop of its own: whoever has one waits
 * for http_fd to be readable, or for http_wait_ms, and calls http_run.
 *
 * It sees to what every answer shares: whose request it is (http_host_is_ours), ETag and 304,
 * gzip, the headers that keep a browser strict, and how long and how many may hold on.
 */
struct http;

enum { HTTP_QUERY_MOST = 2048 };

struct http_request {
	const char *path;          /* begins with '/', percent-decoded; may be hostile */
	const char *last_event_id; /* NULL */
	void *inner;
};

/* The value of a field of the query, NULL if there is none. Borrowed. */
const char *http_query(const struct http_request *request, const char *name);

struct http_answer {
	unsigned status;  /* 200 and so on */
	const char *type; /* static */
	char *body;       /* owned by the answer: free() */
	size_t len;
	const char *location; /* static or NULL */
	unsigned max_age_s;   /* 0: ask each time */
	bool stream;          /* text/event-stream: body comes first, then what `more` has */
	uint64_t stream_from; /* handed to `more` */
};

struct http_config {
	const char *address; /* "127.0.0.1", "::1" */
	uint16_t port;       /* 0: any that is free */
	struct http_hosts hosts;
	size_t connections, streams; /* at most */
	/* The answer to a request; called while http_run runs. */
	void (*answer)(void *ctx, const struct http_request *request, struct http_answer *ret);
	/* What a stream gets next: bytes from position *at on, which moves; 0: nothing now; -1: it
	 * is too far behind, or over, and ends. */
	ptrdiff_t (*more)(void *ctx, uint64_t *at, char *bytes, size_t room);
	void *ctx;
};

/* 0, or a negative errno with *why: the address is taken, say. *config is copied, what it points
 * to is borrowed. */
int http_open(const struct http_config *config, struct diag *why, struct http **ret);
void http_close(struct http *http); /* NULL is fine */

uint16_t http_port(const struct http *http);
int http_fd(const struct http *http);
/* Milliseconds until http_run wants to be called whatever comes; -1: it does not. */
int http_wait_ms(const struct http *http);
void http_run(struct http *http, struct mono now);

/* There is more for the streams. */
void http_wake(struct http *http);
size_t http_stream_count(const struct http *http);

#endif
