#ifndef STORE_MERGE_H
#define STORE_MERGE_H

#include "store/backup.h"
#include "store/store.h"

/*
 * Sweeps of many stores into one, each once by (vantage, epoch, sweep), in order of start and
 * whatever the order of the stores. Blobs are copied as they lie. All of it is read and verified
 * on the way, as a reader of each store would: what a reader refuses is not merged. One transaction:
 * all, or nothing.
 *
 * Their targets are joined as import joins them, in order of prefix, and so is what BGP said; of two
 * routes of one time, prefix and peer that of the later store holds.
 */
struct store_merge {
	const char *const *paths;
	size_t path_count;
	const struct store_progress *progress; /* in sweeps; NULL: nobody asks */
	/* Another sweep of this name is there, or in a store before; each is told. */
	void (*conflict)(void *ctx, const char *path, const struct sweep_info *info);
	void *ctx;
};

struct store_merged {
	uint64_t sweeps, fresh; /* read; of these not there before */
};

/* `into` is open for writing. -EEXIST: sweeps in conflict were told, or one prefix has two roles;
 * -EINVAL: a store is `into` itself; -EBADMSG: one is damaged. Nothing has changed then. */
int store_merge(struct store *into, const struct store_merge *what, struct store_merged *ret,
	struct diag *why);

#endif
