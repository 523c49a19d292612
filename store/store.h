#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/text.h"
#include "store/observation.h"

/*
 * One series of sweeps in one SQLite file (WAL, synchronous=FULL), the only
 * thing between prober and analysis. One writer at a time; readers work while
 * it writes. Layout and views: docs/FORMATS.md.
 *
 * All functions return 0 (or a count) or a negative errno; *why, where there
 * is one, then says in words what was wrong. Nothing here logs.
 */
struct store;

/* For programs that catch signals: from now on what reads or writes a store gives up with
 * -EINTR once *flag is set. Borrowed. */
void store_stop_by(const volatile sig_atomic_t *flag);

/* STORE_WRITE makes the file where there is none; -EBUSY: another writer has it. */
enum store_mode { STORE_READ, STORE_WRITE };
int store_open(const char *path, enum store_mode mode, struct diag *why, struct store **ret);
/* A file that store_open made goes again if no sweep came into it
 * and nothing was committed by store_commit. NULL is fine. */
void store_close(struct store *store);

/* How long to wait for a lock that somebody else's tool holds; five seconds at first. Then
 * -EBUSY, nothing changed. */
void store_set_patience(struct store *store, int ms);

/*
 * What is committed goes into a log beside the store first ("-wal"), and from there
 * into the store, unless a reader still needs it. A log of more than a sixteenth of
 * `most` is written back with every append if it can be, and one of `most` takes
 * nothing more. 1 GiB at first.
 */
void store_bound_log(struct store *store, int64_t most);
int64_t store_log_bytes(const struct store *store);

/* The store's own random epoch, made with the file, for sweeps that begin here. */
const char *store_epoch(const struct store *store);

/* False: an older program wrote it, and its target list and series have no checksum. They get
 * one when it is opened for writing. */
bool store_summed(const struct store *store);

/* The largest sweep number of this vantage and the store's epoch, 0 if none. */
int store_last_sweep(struct store *store, const char *vantage, uint64_t *ret);

/* The target list; put replaces it. Rows of store_targets are owned by the
 * caller: free(*ret). */
int store_put_targets(
	struct store *store, const struct target_row *rows, size_t count, struct diag *why);
int store_targets(
	struct store *store, struct diag *why, struct target_row **ret, size_t *ret_count);

/*
 * Append a whole sweep in one transaction. 1: stored. 0: exactly this sweep is
 * there already. -EEXIST: another sweep of this name is there, nothing
 * changed. -ESTALE: the file was moved or deleted. Nothing changed, try again later: -ENOSPC: the
 * disk is full, or a limit of file size is met; -EAGAIN: a reader that does not end has kept the
 * log from being written back until it has the size of store_bound_log. Arrays are borrowed and
 * need not be sorted.
 */
int store_append(struct store *store, const struct sweep *sweep, struct diag *why);

/* Several appends as one: all or nothing. Used by import. */
int store_begin(struct store *store, struct diag *why);
int store_commit(struct store *store, struct diag *why);
void store_rollback(struct store *store);

/*
 * Remove one sweep, whole, in one transaction: what a clock that was wrong by decades
 * leaves. Its name is VANTAGE/EPOCH/NUMBER, and is not given again. -ENOENT: there is none.
 */
struct pruned_sweep {
	char vantage[VANTAGE_SIZE];
	char epoch[EPOCH_SIZE];
	enum tier tier;
	struct wall start, end;
	int64_t observations;
};
int store_prune_sweep(
	struct store *store, const char *name, struct pruned_sweep *ret, struct diag *why);

/*
 * Remove all sweeps that had ended by `before`, whole, in one transaction. No number is given
 * again. The room they had is in the file for what comes next: the file itself keeps its size.
 */
struct pruned_sweeps {
	int64_t sweeps, observations;
	int64_t free_bytes; /* in the file, after it */
};
int store_prune_before(
	struct store *store, struct wall before, struct pruned_sweeps *ret, struct diag *why);

/*
 * Read sweeps ordered by (start, vantage, epoch, sweep). `until`: only sweeps
 * that had ended by then ({INT64_MAX} for all). store_next fills *ret and
 * returns 1; 0 at the end; its arrays are the reader's, valid until the next
 * call. Memory does not grow with the length of the series.
 */
struct store_reader;
int store_read(struct store *store, struct wall until, struct diag *why, struct store_reader **ret);
/* The same, of those that begin then or later. Who reads on says what it counts: that the index
 * of sweeps tells of all is looked at by store_read alone. */
int store_read_from(struct store *store, struct wall from, struct wall until, struct diag *why,
	struct store_reader **ret);
/*
 * Read all sweeps in the order of their numbers, as datasets list them. Where
 * two series share a number that order says nothing: then *ret_shared, and
 * they come by (start, vantage, epoch, sweep).
 */
int store_read_by_number(
	struct store *store, struct diag *why, struct store_reader **ret, bool *ret_shared);
/* Read the sweep of this number, vantage and the store's own epoch, if there is one. */
int store_read_one(struct store *store, const char *vantage, uint64_t number, struct diag *why,
	struct store_reader **ret);

/*
 * What a series holds, as a reader sees it, to tell later whether it only grew. Sweeps are
 * counted in the order in which they came, whenever they began.
 */
struct store_mark {
	int64_t sweeps;
	int64_t last_id; /* of the one that came last; 0: there is none */
	int64_t last_start_ns, last_sum;
	struct wall latest; /* start, of any */
};
int store_reader_mark(struct store_reader *reader, struct store_mark *ret, struct diag *why);

/* What came since. whole: nothing that was there is gone or another. first: the earliest start
 * among the fresh; meaningless without any. */
struct store_growth {
	bool whole;
	int64_t fresh;
	struct wall first;
};
int store_reader_grown(struct store_reader *reader, const struct store_mark *since,
	struct store_growth *ret, struct diag *why);

/* Of a store that is kept open to be read. Was anything committed since this was last asked? Is
 * it still the file of that name, and opened as it is to be: who may not write beside it opens it
 * as a file that nobody writes, and has to open it again when somebody does? Has another process
 * the lock of a writer? */
bool store_has_news(struct store *store);
bool store_is_named(struct store *store);
bool store_is_written(struct store *store);

/* Nobody judges by icmp_type and ip_id: leave them out, which is faster. */
void store_reader_spare_packets(struct store_reader *reader);
int store_next(struct store_reader *reader, struct sweep *ret, struct diag *why);
void store_reader_close(struct store_reader *reader);

/*
 * Verify everything: the file's own structure, the checksum and content of
 * every blob, counts against content. Each thing wrong is told to `problem`;
 * numbers missing in a series of a known epoch are told to `gap`, and are no
 * fault: a sweep may have been skipped. Returns the number of problems, or a negative errno when
 * it could not look at all.
 */
struct store_checker {
	void (*problem)(void *ctx, const char *text);
	void (*gap)(
		void *ctx, const char *vantage, const char *epoch, uint64_t first, uint64_t last);
	void *ctx;
};
int store_check(struct store *store, const struct store_checker *checker, struct diag *why);

/* One (vantage, epoch). */
struct series_stats {
	char vantage[VANTAGE_SIZE];
	char epoch[EPOCH_SIZE];
	uint64_t full_sweeps, watch_sweeps, observations, hops, boots;
	uint64_t first_sweep, last_sweep; /* numbers */
	struct wall start, end;           /* of the first and the last */
};

struct store_stats {
	struct series_stats *series; /* by vantage and epoch; owned: free() */
	size_t series_count;
	uint64_t sweeps, observations, cells;
	uint64_t blob_bytes; /* what the observations themselves take */
	uint64_t file_bytes; /* the file, without its log */
};
int store_stats(struct store *store, struct store_stats *ret, struct diag *why);

#endif
