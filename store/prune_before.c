#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "core/mem.h"
#include "store/internal.h"
#include "store/series.h"
#include "store/sql.h"
#include "store/sums.h"
#include "store/whole.h"

struct doomed {
	int64_t *ids;
	size_t count, capacity;
	struct wall before;
	struct pruned_sweeps sum;
};

static void doom(void *ctx, const struct sweep_row *row, size_t series)
{
	struct doomed *d = ctx;

	(void)series;
	if (row->info.end.ns > d->before.ns)
		return;
	d->ids = mem_grow(d->ids, &d->capacity, d->count + 1, sizeof(*d->ids));
	d->ids[d->count++] = row->id;
	d->sum.sweeps++;
	d->sum.observations += row->observations;
}

/* Series that go on here keep the number of their newest sweep, where that goes. */
static int remove_all(
	struct store *store, const struct doomed *doomed, const struct whole *whole, struct diag *why)
{
	uint64_t *newest = mem_zeroed(whole->series_count, sizeof(*newest));
	int r = 0;

	for (size_t i = 0; i < whole->series_count && r == 0; i++)
		if (strcmp(whole->series[i].epoch, store->epoch) == 0)
			r = store_last_sweep(store, whole->series[i].vantage, &newest[i]);
	for (size_t i = 0; i < doomed->count && r == 0; i++)
		r = sql_stopped() ? -EINTR : sweep_remove(store, doomed->ids[i], why);
	for (size_t i = 0; i < whole->series_count && r == 0; i++) {
		char key[LAST_SWEEP_KEY_SIZE];
		uint64_t left = 0;
		if (newest[i])
			r = store_last_sweep(store, whole->series[i].vantage, &left);
		last_sweep_key(whole->series[i].vantage, key);
		if (r == 0 && left < newest[i])
			r = meta_put(store->db, key, (int64_t)newest[i], why);
	}
	free(newest);
	if (r == -EINTR)
		diag_set(why, "stopped: nothing was removed");
	return r == 0 ? sums_write(store->db, why) : r;
}

static int64_t free_bytes(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;
	int64_t bytes = 0;

	if (sqlite3_prepare_v2(db,
		    "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size",
		    -1, &stmt, NULL) == SQLITE_OK &&
		sqlite3_step(stmt) == SQLITE_ROW)
		bytes = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return bytes;
}

int store_prune_before(
	struct store *store, struct wall before, struct pruned_sweeps *ret, struct diag *why)
{
	struct doomed doomed = {.before = before};
	struct whole whole = {0};
	int r = store_begin(store, why);

	if (r < 0)
		return r;
	r = whole_read(store, doom, &doomed, &whole, why); /* what is damaged is not written on */
	if (r == 0 && doomed.count > 0)
		r = remove_all(store, &doomed, &whole, why);
	free(whole.series);
	free(doomed.ids);
	if (r == 0)
		r = store_commit(store, why);
	else
		store_rollback(store);
	if (r < 0)
		return r;
	*ret = doomed.sum;
	ret->free_bytes = free_bytes(store->db);
	return 0;
}
