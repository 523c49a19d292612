#ifndef STORE_WHOLE_H
#define STORE_WHOLE_H

#include "store/internal.h"

/*
 * What a store says it holds, without looking into blobs, inside store/ only: whoever
 * counts, removes or reads to the end comes to the same word.
 */

/* Is something left of sweeps that are gone? 0, or -EBADMSG and one sentence. A few page reads a
 * sweep. */
int whole_left_over(struct sqlite3 *db, struct diag *why);

/*
 * Targets, series and the row of each sweep, verified, and the above. `each` is given every
 * sweep, in no order, and whose it is: its place among the series.
 */
struct series;
struct whole {
	struct series *series; /* owned: free() */
	size_t series_count;
};
int whole_read(struct store *store, void (*each)(void *ctx, const struct sweep_row *row, size_t series),
	void *ctx, struct whole *ret, struct diag *why);

#endif
