#include "live/known_hosts.h"

#include <stdlib.h>

#include "core/mem.h"

static int by_address(const void *a, const void *b)
{
	const struct known_host *x = a;
	const struct known_host *y = b;

	return ip4_order(&x->address, &y->address);
}

void known_hosts_of(const struct view *view, struct known_hosts *ret)
{
	size_t most = view ? view->host_count : 0;

	*ret = (struct known_hosts){.items = mem_zeroed(most + 1, sizeof(*ret->items))};
	for (size_t i = 0; i < most; i++) {
		const struct host *host = &view->hosts[i];
		if (host_is_known(host) && host_kinds(host))
			ret->items[ret->count++] = (struct known_host){.address = host->address,
				.kinds = host_kinds(host),
				.port = host->port,
				.state = host->state,
				.left = host->left,
				.first_ns = host->first_reply_ns};
	}
	qsort(ret->items, ret->count, sizeof(*ret->items), by_address);
}
