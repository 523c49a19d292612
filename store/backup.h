#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include "store/store.h"

/*
 * A copy of a whole store, as it was at one moment, while others read and write it. It has its
 * name only when it is whole and was verified as store_check does; before that it is
 * "PATH.part.PID". A name that is there is never taken.
 *
 * The copy has a fresh epoch for sweeps that begin in it: if the store is lost and the copy goes
 * on in its place, no sweep gets a name that another has already.
 */

/* How far a long work is; `done` of `total`. NULL: nobody asks. */
struct store_progress {
	void (*tell)(void *ctx, int64_t done, int64_t total);
	void *ctx;
};

/* 0, or a negative errno with *why, and nothing is left. -EEXIST: the name is there. -EBADMSG: the
 * store is damaged. */
int store_backup(struct store *store, const char *path, const struct store_progress *progress,
	struct diag *why);

#endif
