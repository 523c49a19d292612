#ifndef PROBER_STORING_H
#define PROBER_STORING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/text.h"
#include "prober/sweep/sweep.h"
#include "store/store.h"

/*
 * Puts finished sweeps into the store from a thread of its own, so that nothing
 * of a disk or a lock waits in the measuring loop. Sweeps are handed over by
 * ownership, wait in memory, and are stored in order, each in its transaction.
 * While the store takes none they go on waiting, whatever the reason, and are
 * tried again each STORING_AGAIN_NS. When what waits would be more than the
 * bounds, the oldest is lost, whole, and told: what is nearest to now is what a
 * watch is for. A sweep that the store refuses for what it is (-EINVAL, -E2BIG,
 * -EEXIST) is lost alone.
 *
 * From storing_begin to storing_end the store belongs to the thread once
 * something was handed in. All functions are for one thread, the loop's; only
 * storing_end waits.
 */
struct storing;

/* What may wait. One sweep may always wait, be it as large as it will. */
struct storing_bounds {
	size_t sweeps, bytes;
};
#define STORING_BOUNDS ((struct storing_bounds){.sweeps = 8192, .bytes = 32 << 20})
#define STORING_AGAIN_NS NS_PER_S

/* A sweep on its way. Owned: storing_parcel_free. */
struct storing_parcel {
	struct storing_parcel *next;
	struct sweep sweep;
	struct sweep_counts counts;
	int result; /* 0: stored; negative errno: lost */
	char *why;  /* of a sweep that the store refuses for what it is */
};

/* How it stands, as a value. */
struct storing_state {
	int err;        /* the store takes no sweeps; 0: it does */
	uint64_t sweep; /* that waits longest, if any */
	size_t waiting, bytes;
	int64_t log_bytes; /* of the store's log: store_log_bytes */
	struct diag why;   /* of err */
};

/* Start the thread; before calls are filtered (prober/io/confine_calls.h). The store is
 * borrowed. 0 or a negative errno with *why. */
int storing_begin(struct store *store, const struct storing_bounds *bounds, struct diag *why,
	struct storing **ret);

/* Hand in a sweep; its arrays change hands. */
void storing_put(
	struct storing *storing, const struct sweep *sweep, const struct sweep_counts *counts);

/* The target list, copied: stored before the sweeps that are handed in after it, whole,
 * the latest only. */
void storing_put_targets(struct storing *storing, const struct target_row *rows, size_t count);

/* Called often: lets what failed be tried again when it is time, and says how it stands. */
struct storing_state storing_look(struct storing *storing, struct mono now);

/* The next sweep whose fate is known, or NULL. */
struct storing_parcel *storing_take(struct storing *storing);
void storing_parcel_free(struct storing_parcel *parcel);

/*
 * The last chance: waits until all is stored, but no longer than `patience_ns`,
 * and only for a lock; what fails otherwise is tried once more. Then the rest is
 * lost (storing_take tells). False: the disk still holds the thread; the store
 * must not be touched any more.
 */
bool storing_end(struct storing *storing, int64_t patience_ns);

/* Frees it, after storing_end. NULL is fine. */
void storing_destroy(struct storing *storing);

#endif
