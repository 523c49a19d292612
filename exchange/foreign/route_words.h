#ifndef EXCHANGE_FOREIGN_ROUTE_WORDS_H
#define EXCHANGE_FOREIGN_ROUTE_WORDS_H

#include "exchange/foreign/record.h"

/*
 * A route out of the words of another program. Of IPv6 it is left out, and counted in
 * list->ipv6. False: the peer, the prefix or the path is none. prefix: NULL of a reset.
 */
bool put_route(struct foreign_list *list, unsigned long line, struct wall at,
	enum route_event event, const char *peer, const char *prefix, const char *path);

#endif
