#ifndef LIVE_SERVE_SERVE_H
#define LIVE_SERVE_SERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/text.h"
#include "live/http/host.h"
#include "live/scene.h"
#include "report/series.h"

/*
 * The server: follows stores, and shows them until it is told to stop (SIGTERM, SIGINT). Reads
 * only. Built without libmicrohttpd it says so.
 */
struct serve_store {
	const char *path;
	char name[64];   /* in addresses; letters, digits, "-_." */
	char title[128]; /* for people */
};

/* Who is told of changes, and of which. */
struct telling {
	const char *on_change; /* a command; "": none */
	const char *webhook;   /* a URL; "": none */
	unsigned tell;         /* 1 << enum change_kind */
	int64_t hold_ns;       /* how long a change lasts first */
	const char *folder;    /* where is kept what was told */
};

struct serve_config {
	struct serve_store *stores; /* borrowed */
	size_t store_count;
	const char *address; /* to listen on */
	uint16_t port;       /* 0: any that is free */
	struct http_hosts hosts;
	double scale;
	struct telling telling;
	const char *metrics_file; /* NULL; /metrics is written there too */
	/* Records of a kind ("timeline", "outages") of [from, to), as the command of that name
	 * writes them; owned by the caller: free(). NULL: there is no such kind. hosts: of the kind
	 * "hosts", how often each answered; else NULL. */
	char *(*records)(const struct scene *scene, const struct series *hosts, const char *kind,
		struct wall from, struct wall to, bool csv, size_t *ret_len);
	/* It listens on this port now. */
	void (*listening)(uint16_t port);
};

/* Returns when it was told to stop: 0, or a negative errno with *why. */
int serve_run(const struct serve_config *config, struct diag *why);

#endif
