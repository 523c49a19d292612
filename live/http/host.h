#ifndef LIVE_HTTP_HOST_H
#define LIVE_HTTP_HOST_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Is a request meant for us? A page of somebody else may give its own name our address (DNS
 * rebinding) and would then read what we serve as its own. So the Host header must be one of
 * our names: localhost, an address of loopback, the address we listen on, or a name that the
 * user gave. Pure.
 */
struct http_hosts {
	const char *listen;       /* the address listened on, as text, without its port */
	const char *const *names; /* borrowed */
	size_t name_count;
};

/* host: the header, "NAME[:PORT]"; NULL: there was none. */
bool http_host_is_ours(const char *host, const struct http_hosts *ours);

#endif
