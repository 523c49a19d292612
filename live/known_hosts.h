#ifndef LIVE_KNOWN_HOSTS_H
#define LIVE_KNOWN_HOSTS_H

#include "analysis/country/view.h"

/*
 * The hosts that are known, having answered often enough to be judged by, as they are at the data
 * end. Plain data, which points to nothing. Pure.
 */
struct known_host {
	struct ip4 address;
	unsigned kinds; /* of probe that it answers: bits of enum channel */
	uint16_t port;  /* of TCP; 0: none */
	uint8_t state; /* enum host_state */
	bool left; /* it moved to another address */
	int64_t first_ns; /* its first answer */
};

struct known_hosts {
	struct known_host *items; /* owned, by address: mem_free() */
	size_t count;
};

/* view: NULL is a country without any. */
void known_hosts_of(const struct view *view, struct known_hosts *ret);

#endif
