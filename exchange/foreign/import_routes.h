#ifndef EXCHANGE_FOREIGN_IMPORT_ROUTES_H
#define EXCHANGE_FOREIGN_IMPORT_ROUTES_H

#include "exchange/foreign/input.h"
#include "store/store.h"

/*
 * Routes of other tools into a store open for writing, in one transaction: all or nothing. Those
 * are kept whose prefix covers targets of the store or lies inside them, and that a peer with such
 * a route was lost. Memory is that of one line, and of the names of those peers. The time from the
 * first to the last line of a file, whatever they are of, is when the collector was listened to,
 * unless the file itself says when.
 */
struct route_counts {
	uint64_t kept, fresh, elsewhere, ipv6;
};

int routes_import(struct store *store, const struct foreign_format *format,
	const char *const *names, size_t count, struct foreign_stop stop, struct diag *why,
	struct route_counts *ret);

/* The same of one file of our own into a transaction that has begun. Nothing of it is left out. The
 * file is closed. */
int routes_import_own(struct store *store, const char *name, int fd, struct foreign_stop stop,
	struct diag *why, struct route_counts *ret);

#endif
