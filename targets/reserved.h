#ifndef TARGETS_RESERVED_H
#define TARGETS_RESERVED_H

#include <stdbool.h>

#include "core/address.h"

/*
 * Space that is no country's: private, reserved or special (RFC 6890 and its
 * registry). It is probed only where the user named it himself; what is no
 * machine's own address (multicast, broadcast) not even then.
 */
struct reserved {
	struct prefix prefix;
	bool never;
	bool laboratory;  /* for documents and test benches */
	const char *what; /* "private use (RFC 1918)" */
};

/* The row that holds the address, or NULL. */
const struct reserved *reserved_find(struct ip4 address);

/* The table, ascending, without overlaps; ends with a NULL `what`. */
const struct reserved *reserved_rows(void);

#endif
