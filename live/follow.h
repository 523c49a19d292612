#ifndef LIVE_FOLLOW_H
#define LIVE_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/judge.h"
#include "core/text.h"
#include "live/facts.h"

/*
 * Follow a store that somebody else writes: read what is there, then what is committed, and say
 * what the judgement is as of now. It is what a replay of the whole store would say at that
 * moment, to the byte. Reads only, and waits for nothing but a lock of SQLite. One thread.
 *
 * A store that was replaced, or from which something was removed, is read again from the start.
 */
struct follow;

/* The store must be there. Nothing of it is read yet. 0, or a negative errno with *why. */
int follow_open(const char *path, const struct parameters *parameters, struct diag *why,
	struct follow **ret);
void follow_close(struct follow *follow); /* NULL is fine */

/* Before the first look: keep snapshots in this folder (live/snapshot.h), and begin with one. NULL:
 * none, which is how it is without this. */
void follow_keep(struct follow *follow, const char *folder);

/* Before the first look: only sweeps that had ended by then, and without snapshots. */
void follow_until(struct follow *follow, struct wall as_of);
/* Only the sweeps of this vantage point, as if there were no other; before the first look. Without
 * snapshots. Borrowed. */
void follow_only(struct follow *follow, const char *vantage);

/*
 * Look for what was committed since, and read it. The first call reads all there is. Returns
 * how many sweeps are new, at least 1 where the store was read again; 0: nothing is. Or a
 * negative errno with *why, and the next call tries again: what could not be opened leaves the
 * judgement as it was, what could not be read to the end leaves none.
 */
int follow_poll(struct follow *follow, struct diag *why);

/*
 * The judgement as of the data end, and what is known of who measures. Both, and all they
 * point to, are gone when `take` returns. Without a sweep: empty ones.
 */
typedef void follow_take_fn(
	void *ctx, const struct judgement *judgement, const struct series_facts *facts);
void follow_now(struct follow *follow, follow_take_fn *take, void *ctx);

/* The same for who follows one store: the judgement is there until the next look or the close. */
const struct judgement *follow_judgement(struct follow *follow, const struct series_facts **ret);
const struct target_row *follow_targets(const struct follow *follow, size_t *ret_count);

#endif
