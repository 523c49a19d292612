#ifndef PROBER_SCHEDULE_SERIES_H
#define PROBER_SCHEDULE_SERIES_H

#include <stdbool.h>

#include "core/text.h"
#include "store/store.h"
#include "targets/targets.h"

/*
 * Bring the targets of this run and those of the series in the store together.
 *
 * In a full sweep a target of the store's list that has no row was probed and
 * silent. So the list only ever grows, and whom this run does not ask (a smaller
 * list, a blocklist that somebody asked to be on) it tells as unsent:
 * set->unasked. A single sweep into a series is told as a watch sweep, which
 * speaks only of those it lists: *ret_partial.
 *
 * A router that an earlier run learned and this one names is a named one from now on; what was
 * learned by earlier runs is not asked.
 *
 * set->rows become the series' list; set->arguments no longer fit it. 0, or a
 * negative errno with *why.
 */
int series_join(struct store *store, struct target_set *set, bool once, bool *ret_partial,
	struct diag *why);

/* The pure half: `rows` is the series' list so far, and becomes the set's. */
void series_add(struct target_set *set, bool once, struct target_row *rows, size_t count);

#endif
