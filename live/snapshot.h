#ifndef LIVE_SNAPSHOT_H
#define LIVE_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "live/facts.h"
#include "store/store.h"

/*
 * What a judge knew after the first sweeps of a store, in a file of the user's cache: so a
 * question about a store of a year needs no replay of the year. A cache and nothing more: a file
 * that is missing, damaged, cut short, of another store or of another build of this program is
 * as if there were none.
 *
 * The file is the judge's memory as it was (core/arena.h), and so must be known to be ours. That
 * is why it does not lie beside the store: whoever hands on a store would hand on pointers. It is
 * read only from a folder, and only as a file, that belong to this user and that nobody else can
 * write. The checksum tells damage, no more.
 */

/* What a judge was told for good. Plain data. */
struct settled {
	char epoch[EPOCH_SIZE]; /* of the store */
	struct parameters parameters;
	struct store_mark mark;    /* what the store held then; of that, all sweeps before `from` */
	struct series_facts facts; /* of them */
	struct wall from;
	int64_t longest_ns; /* of a sweep, or an interval that one names */
	size_t target_count;
};

/* The folder for this user: $CACHE_DIRECTORY (a service's), $XDG_CACHE_HOME/lightsout or
 * ~/.cache/lightsout. Owned by the caller; NULL: there is none. It need not exist yet. */
char *snapshot_folder(void);

/*
 * `store` is a path: stores of one name at two places have two files. The arena's root is the
 * judge. False: nothing was written, and what was there before still is.
 */
bool snapshot_write(const char *folder, const char *store, const struct settled *settled,
	const struct target_row *targets, struct arena *arena);

/* False: there is none for this store and these parameters. Else *ret_targets is owned by the
 * caller, as is *ret_arena. */
bool snapshot_read(const char *folder, const char *store, const char *epoch,
	const struct parameters *parameters, struct settled *ret, struct target_row **ret_targets,
	struct arena **ret_arena);

#endif
