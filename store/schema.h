#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "core/text.h"

/* The tables and views of a store (docs/FORMATS.md); inside store/ only. */
struct sqlite3;

enum { SCHEMA_VERSION = 3 };

/* Make what is missing in an empty file, with a fresh epoch. */
int schema_create(struct sqlite3 *db, struct diag *why);

/* Add to a store of an older program what this one writes besides. Readers of either kind
 * read both. */
int schema_complete(struct sqlite3 *db, struct diag *why);

/* Another epoch for the sweeps to come, in a transaction. */
int schema_renew_epoch(struct sqlite3 *db, struct diag *why);

/* Is it a store, of a version we know, with just what a store has? -EPROTONOSUPPORT for a
 * newer one, -EINVAL for a file of something else, -ENODATA for an empty one, -EBADMSG. */
int schema_check(struct sqlite3 *db, const char *path, struct diag *why);

#endif
