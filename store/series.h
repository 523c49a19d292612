#ifndef STORE_SERIES_H
#define STORE_SERIES_H

#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/*
 * Whose sweeps a store holds, inside store/ only. Readers name their sweeps by it, and a
 * writer looks at it first: it writes the checksum of all names anew with each new one, and
 * damage would be sealed.
 */
struct sqlite3;
struct meta;

struct series {
	int64_t id;
	char vantage[VANTAGE_SIZE];
	char epoch[EPOCH_SIZE];
};

/* All of them, in order of id, owned by the caller. -EBADMSG where a name is none or their
 * checksum does not hold. */
int series_read(struct sqlite3 *db, const struct meta *meta, struct series **ret,
	size_t *ret_count, struct diag *why);

#endif
