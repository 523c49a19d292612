#ifndef STORE_SUMS_H
#define STORE_SUMS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/text.h"
#include "store/row_sum.h"

/*
 * Checksums of the small tables, inside store/ only: one of all rows of target,
 * one of series, one of meta, which covers the other two. So no row changes,
 * goes or comes unseen. They are rows of meta (version 2; a store of version 1
 * has none). Sweeps and blobs have their own (store/row_sum.h, store/blob.h).
 */
struct sqlite3;
struct sqlite3_stmt;

/* Since this version of the schema the small tables have checksums, and every new sweep. */
enum { SCHEMA_SUMMED = 2 };
/* Since this one there are routes, with a checksum of their own. */
enum { SCHEMA_ROUTES = 3 };

/* After any change to these tables, in the same transaction. */
int sums_write(struct sqlite3 *db, struct diag *why);
/* After any change to the routes: theirs, their number, and what covers both. */
int sums_write_routes(struct sqlite3 *db, struct diag *why, int64_t *ret_count);

/* What a store says of itself: read and verified, -EBADMSG where it does not hold. */
struct meta {
	int64_t version;
	char epoch[40];    /* EPOCH_SIZE */
	int64_t sums_from; /* sweeps of this id and above have a checksum; INT64_MAX: none need */
	bool summed;       /* the next two are there */
	int64_t target_sum, series_sum;
	int64_t route_sum; /* since SCHEMA_ROUTES: of heard, then route */
};
int meta_read(struct sqlite3 *db, struct meta *ret, struct diag *why);

/* A value of meta as a number; -1 where there is none. */
int64_t meta_number(struct sqlite3 *db, const char *key);
int meta_put(struct sqlite3 *db, const char *key, int64_t value, struct diag *why);

/* A row of target (id, base, len, role, label) or series (id, vantage, epoch), column by column. */
void sums_row(struct row_sum *sum, struct sqlite3_stmt *stmt);
#define TARGET_ROWS "SELECT id, base, len, role, label FROM target ORDER BY id"
#define HEARD_ROWS "SELECT start_ns, end_ns FROM heard ORDER BY start_ns, end_ns"
#define ROUTE_ROWS                                                                                 \
	"SELECT time_ns, base, len, peer, event, path FROM route ORDER BY time_ns, base, len, peer"
#define SERIES_ROWS "SELECT id, vantage, epoch FROM series ORDER BY id"

#endif
