#ifndef STORE_ROUTE_H
#define STORE_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"
#include "core/clock.h"
#include "core/text.h"

/*
 * What BGP said, as values, and the tables of it in a store: which peer of a route collector
 * announced or withdrew which prefix, and while the collector was listened to. It is evidence
 * beside probing. docs/FORMATS.md, "routes.csv".
 */
enum route_event {
	ROUTE_ANNOUNCE,
	ROUTE_WITHDRAW,
	ROUTE_RESET, /* the session of the collector and the peer ended: all its routes are unknown */
};

enum { PEER_SIZE = 48, AS_PATH_SIZE = 128 };

/* Two of one prefix and peer at one time: the last one holds. */
struct route {
	struct wall at;
	struct prefix prefix; /* 0.0.0.0/0 of a reset */
	enum route_event event;
	char peer[PEER_SIZE];    /* an address or an AS number */
	char path[AS_PATH_SIZE]; /* AS numbers, the peer's first, the origin last; "": not known */
};

/* The collector was listened to from start to end: what it did not say meanwhile did not happen. */
struct heard {
	struct wall start, end;
};

enum { ROUTES_MOST = 1 << 22 };

const char *route_event_name(enum route_event event);
bool route_event_parse(const char *text, enum route_event *ret);

/* Numbers and sets of them, with blanks between. */
bool path_known(const char *path);
/* A path of other programs as it is kept: an AS that stands there several times in a row once, and of
 * a path that is too long its end. False: it is none. */
bool path_take(const char *text, char ret[AS_PATH_SIZE]);

/* 0, or -EINVAL and what no store takes. Pure. */
int bounds_route(const struct route *route, struct diag *why);
int bounds_heard(const struct heard *heard, struct diag *why);

struct store;

/* Between store_begin and store_commit; then store_end_routes, which says how many are new. */
int store_put_route(struct store *store, const struct route *route, struct diag *why);
int store_put_heard(struct store *store, const struct heard *heard, struct diag *why);
int store_end_routes(struct store *store, struct diag *why, uint64_t *ret_new);

/*
 * All that was said until then, by time, prefix and peer; first when it was listened, cut at
 * `until`. Either may be NULL. A callback that returns less than 0 ends it with that. Memory does
 * not grow with their number. -EBADMSG where the tables are damaged, after what could be read:
 * who was told must forget it.
 */
struct route_takers {
	int (*heard)(void *ctx, const struct heard *heard);
	int (*route)(void *ctx, const struct route *route);
	void *ctx;
};
int store_routes(struct store *store, struct wall until, const struct route_takers *takers,
	struct diag *why);

#endif
