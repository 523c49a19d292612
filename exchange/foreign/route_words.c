#include "exchange/foreign/route_words.h"

#include <string.h>

/* "2001:db8::/32" */
static bool is_ipv6(const char *prefix)
{
	size_t len = strspn(prefix, "0123456789abcdefABCDEF:.");

	return memchr(prefix, ':', len) && prefix[len] == '/' &&
	       strspn(prefix + len + 1, "0123456789") == strlen(prefix + len + 1);
}

bool put_route(struct foreign_list *list, unsigned long line, struct wall at,
	enum route_event event, const char *peer, const char *prefix, const char *path)
{
	struct route route = {.at = at, .event = event};

	if (!*peer || strlen(peer) >= sizeof(route.peer) || !text_printable(peer))
		return false;
	if (prefix && is_ipv6(prefix)) {
		list->ipv6++;
		return true;
	}
	if ((prefix && !prefix_parse(prefix, &route.prefix)) || !path_take(path, route.path))
		return false;
	strcpy(route.peer, peer);
	struct foreign_record *record = foreign_list_add(list, FOREIGN_ROUTE, line);
	record->at = at;
	record->route = route;
	return true;
}
