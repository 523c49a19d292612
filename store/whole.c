#include "store/whole.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "store/bounds.h"
#include "store/series.h"
#include "store/sql.h"
#include "store/sums.h"

/*
 * From one sweep that has cells to the next by its id: no cell is read but the first of each. In a
 * damaged table a search may end before where it began: each step goes on, or it would never end.
 */
#define NEXT_WITH_CELLS(from, more)                                                                \
	"(SELECT id >> 20 FROM cell WHERE id >= " from more " ORDER BY id LIMIT 1)"
#define OF_NONE(table, rows)                                                                       \
	"SELECT count(*), min(s), max(s) FROM " table                                              \
	" WHERE s NOT IN (SELECT id FROM sweep WHERE " rows " > 0)"

static const char cells_left[] =
	"WITH RECURSIVE w(s) AS (SELECT " NEXT_WITH_CELLS("-9223372036854775807", "")
	" UNION ALL SELECT " NEXT_WITH_CELLS("(s + 1) << 20", " AND id >> 20 > s")
	" FROM w WHERE s IS NOT NULL AND s < 4398046511103) " OF_NONE("w", "observations")
	" AND s IS NOT NULL";
static const char paths_left[] = OF_NONE("(SELECT sweep AS s FROM path)", "hops");
static const char boots_left[] = OF_NONE("(SELECT sweep AS s FROM boot)", "boots");

static int left_over(sqlite3 *db, const char *sql, const char *what, struct diag *why)
{
	sqlite3_stmt *stmt = NULL;
	int r = sql_prepare(db, sql, why, &stmt);

	if (r == 0)
		r = sql_step(db, stmt, why);
	long long count = r == 1 ? sqlite3_column_int64(stmt, 0) : 0;
	long long first = r == 1 ? sqlite3_column_int64(stmt, 1) : 0;
	long long last = r == 1 ? sqlite3_column_int64(stmt, 2) : 0;
	sqlite3_finalize(stmt);
	if (r < 0 || count == 0)
		return r < 0 ? r : 0;
	if (count == 1)
		diag_set(why, "the %s of sweep row %lld belong to no sweep", what, first);
	else
		diag_set(why, "the %s of %lld sweep rows, from %lld to %lld, belong to no sweep", what,
			count, first, last);
	return -EBADMSG;
}

int whole_left_over(sqlite3 *db, struct diag *why)
{
	int r = left_over(db, cells_left, "cells", why);

	if (r == 0)
		r = left_over(db, paths_left, "hops", why);
	return r == 0 ? left_over(db, boots_left, "boots", why) : r;
}

static size_t find_series(const struct whole *whole, int64_t id)
{
	size_t at = 0;

	while (at < whole->series_count && whole->series[at].id != id)
		at++;
	return at;
}

static int take_row(sqlite3_stmt *stmt, const struct whole *whole, int64_t sums_from,
	struct sweep_row *row, size_t *ret, struct diag *why)
{
	const char *wrong = sweep_row_read(stmt, row);

	if (wrong)
		return sweep_row_wrong(row->id, wrong, why);
	*ret = find_series(whole, row->series);
	if (*ret < whole->series_count) {
		memcpy(row->info.vantage, whole->series[*ret].vantage, VANTAGE_SIZE);
		memcpy(row->info.epoch, whole->series[*ret].epoch, EPOCH_SIZE);
		if (sweep_row_holds(stmt, &row->info, sums_from))
			return bounds_info(&row->info, why) < 0 ? -EBADMSG : 0;
	}
	diag_set(why, "sweep row %lld is damaged", (long long)row->id);
	return -EBADMSG;
}

static int read_rows(struct store *store, int64_t sums_from,
	void (*each)(void *ctx, const struct sweep_row *row, size_t series), void *ctx,
	const struct whole *whole, struct diag *why)
{
	struct sweep_row row = {0};
	sqlite3_stmt *stmt = NULL;
	size_t series = 0;
	int r = sql_prepare(store->db,
		sweep_has_sums(store->db) ? "SELECT " SWEEP_COLUMNS ", sum FROM sweep"
					  : "SELECT " SWEEP_COLUMNS ", NULL FROM sweep",
		why, &stmt);

	while (r >= 0 && (r = sql_step(store->db, stmt, why)) == 1) {
		r = take_row(stmt, whole, sums_from, &row, &series, why);
		if (r == 0 && each)
			each(ctx, &row, series);
	}
	sqlite3_finalize(stmt);
	return r;
}

int whole_read(struct store *store,
	void (*each)(void *ctx, const struct sweep_row *row, size_t series), void *ctx,
	struct whole *ret, struct diag *why)
{
	struct target_row *targets = NULL;
	struct whole whole = {NULL, 0};
	struct meta meta;
	size_t count;
	int r = meta_read(store->db, &meta, why);

	if (r == 0)
		r = series_read(store->db, &meta, &whole.series, &whole.series_count, why);
	if (r == 0)
		r = store_targets(store, why, &targets, &count);
	free(targets);
	if (r == 0)
		r = read_rows(store, meta.sums_from, each, ctx, &whole, why);
	if (r == 0)
		r = whole_left_over(store->db, why);
	if (r < 0) {
		free(whole.series);
		return r;
	}
	*ret = whole;
	return 0;
}
