#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include <stdbool.h>

#include "store/blob.h"
#include "store/store.h"

/* What the files of store/ share with each other and with nobody else. */
struct sqlite3;
struct sqlite3_stmt;
struct sweep_loader;

/* Cells of one sweep: ids sweep << CELL_BITS .. ((sweep + 1) << CELL_BITS) - 1. */
enum { CELL_BITS = 20 };
#define SWEEP_ID_MOST ((INT64_C(1) << (62 - CELL_BITS)) - 1)

struct store {
	struct sqlite3 *db;
	char *path;
	char epoch[EPOCH_SIZE];
	int lock;             /* descriptor, -1 for readers */
	int64_t seen_version; /* see store_has_news; 0: never asked */
	int64_t sealed_ns; /* opened as a file that nobody writes: when it last had changed; 0: not
			      so */
	int look;          /* descriptor by which a reader looks at that lock, -1 until then */
	bool summed;
	bool made; /* there was no file before we came */
	bool in_transaction;
	int64_t log_most; /* bytes */
	/* Made when first needed. */
	struct sqlite3_stmt *find_series, *add_series, *find_sweep, *add_sweep, *add_cell;
	struct sqlite3_stmt *add_path, *add_boot, *last_sweep, *add_route;
	struct blob_codec *codec;
	struct sweep_loader *loader;
	struct observation *sorted;
	struct hop *sorted_hops;
	struct boot *sorted_boots;
	size_t sorted_capacity, sorted_hop_capacity, sorted_boot_capacity;
};

/* store/open.c: what store_begin began. */
int transaction_commit(struct store *store, struct diag *why);
/* The file and what SQLite keeps beside it. */
void store_remove_files(const char *path);

/* store/lock.c: be the one writer, of a file that is made where there is none. -EBUSY when
 * somebody is. Close the descriptor last, after SQLite. */
int writer_lock(const char *path, bool *ret_made, struct diag *why, int *ret);
/* -EBUSY where a writer has the file by another name, and its log there. */
int reader_look(const char *path, struct diag *why);
/* Does another process have the lock? fd: of the file. */
bool writer_has_lock(int fd);

/* store/mark.c: after opening. Was it opened as a file that nobody writes? */
void mark_sealed(struct store *store);

/* store/mark.c, for readers; the caller holds a transaction. */
int mark_read(struct sqlite3 *db, struct store_mark *ret, struct diag *why);
int mark_compare(struct sqlite3 *db, const struct store_mark *since, struct store_growth *ret,
	struct diag *why);

/* The count columns of a cell. */
struct cell_counts {
	int64_t answered, silent, unreachable, unsent;
};
struct cell_counts cell_count(const struct observation *rows, size_t count);

/* store/sorted.c: a sweep as it is stored, its rows in order. The copy is in buffers that the
 * store keeps, until the next one. */
struct sweep sweep_sorted(struct store *store, const struct sweep *given);

/* May it be stored? Its rows in order, none twice. */
int sweep_check(const struct sweep *sorted, struct diag *why);

/* Alike in all but vantage and epoch, both in order. */
bool sweep_same(const struct sweep *a, const struct sweep *b);

/* store/prune.c: in a transaction, all of a sweep. */
int sweep_remove(struct store *store, int64_t id, struct diag *why);

/* store/prune.c: the row of meta that keeps the number of a sweep that was removed. */
enum { LAST_SWEEP_KEY_SIZE = VANTAGE_SIZE + 8 };
void last_sweep_key(const char *vantage, char ret[LAST_SWEEP_KEY_SIZE]);

/* store/read.c: the connection of a reader, in its transaction, and the id of the sweep that
 * store_next gave last. */
struct sqlite3 *reader_db(const struct store_reader *reader);
int64_t reader_sweep_id(const struct store_reader *reader);

/* store/append.c: free what appending made. */
void append_finish(struct store *store);

/*
 * store/load.c: whole sweeps from one connection, by id. Cells of sweeps that
 * were stored one after the other are read in one scan.
 */
int loader_create(struct sqlite3 *db, struct diag *why, struct sweep_loader **ret);
void loader_destroy(struct sweep_loader *loader);
void loader_spare_packets(struct sweep_loader *loader); /* see blob_spare_packets */

/* A row of the sweep table, as load_columns names them from column `first`. */
struct sweep_row {
	int64_t id;
	int64_t series;
	int64_t observations, hops, boots;
	struct sweep_info info; /* without vantage and epoch */
};
#define SWEEP_COLUMNS                                                                              \
	"id, series, number, tier, start_ns, end_ns, interval_ns, methods, source, probed, sent, " \
	"received, capture_dropped, send_errors, anchors_probed, anchors_up, clock_error_us, "     \
	"flags, counts, observations, hops, boots"
enum { SWEEP_COLUMN_COUNT = 22 };
/* NULL, or the name of a column that holds what no sweep has; then *ret is no row.
 * What is within an integer's range may be beyond a sweep's: loader_load looks at that. */
const char *sweep_row_read(struct sqlite3_stmt *stmt, struct sweep_row *ret);
int sweep_row_wrong(int64_t id, const char *column, struct diag *why); /* -EBADMSG */

/* store/row_sum.c: does the checksum behind these columns hold, of a sweep of this vantage and
 * epoch? A row without one holds below `sums_from`: an older program wrote it. */
bool sweep_row_holds(struct sqlite3_stmt *stmt, const struct sweep_info *info, int64_t sums_from);
/* Has the sweep table such a column? */
bool sweep_has_sums(struct sqlite3 *db);

/* Arrays are the loader's until the next call. *ret->info is copied from row. */
int loader_load(struct sweep_loader *loader, const struct sweep_row *row, struct sweep *ret,
	struct diag *why);

/* The one of this id, found and loaded. */
int loader_load_id(struct sweep_loader *loader, int64_t id, struct sweep *ret, struct diag *why);

#endif
