#include "store/sums.h"

#include <errno.h>
#include <string.h>

#include <sqlite3.h>

#include "store/internal.h"
#include "store/sql.h"

void sums_row(struct row_sum *sum, sqlite3_stmt *stmt)
{
	for (int i = 0; i < sqlite3_column_count(stmt); i++)
		row_sum_column(sum, stmt, i);
}

static int add_rows(
	sqlite3 *db, const char *sql, struct row_sum *sum, int64_t *count, struct diag *why)
{
	sqlite3_stmt *stmt;
	int r = sql_prepare(db, sql, why, &stmt);

	for (; r >= 0 && (r = sql_step(db, stmt, why)) == 1; ++*count)
		sums_row(sum, stmt);
	sqlite3_finalize(stmt);
	return r;
}

static int sum_rows(sqlite3 *db, const char *sql, struct diag *why, int64_t *ret)
{
	struct row_sum sum = {0};
	int64_t count = 0;
	int r = add_rows(db, sql, &sum, &count, why);

	*ret = row_sum_value(&sum);
	return r;
}

int meta_put(sqlite3 *db, const char *key, int64_t value, struct diag *why)
{
	sqlite3_stmt *stmt;
	int r = sql_prepare(db,
		"INSERT INTO meta VALUES(?1, ?2) ON CONFLICT(key) DO UPDATE SET value = ?2", why,
		&stmt);

	if (r < 0)
		return r;
	sqlite3_bind_text(stmt, 1, key, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, value);
	r = sql_run(db, stmt, why);
	sqlite3_finalize(stmt);
	return r;
}

int64_t meta_number(sqlite3 *db, const char *key)
{
	sqlite3_stmt *stmt = NULL;
	int64_t value = -1;

	if (sqlite3_prepare_v2(db, "SELECT value FROM meta WHERE key = ?1", -1, &stmt, NULL) !=
		SQLITE_OK)
		return -1;
	sqlite3_bind_text(stmt, 1, key, -1, SQLITE_STATIC);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

#define META_ROWS "SELECT key, value FROM meta WHERE key != 'sum' ORDER BY key"

int sums_write(sqlite3 *db, struct diag *why)
{
	int64_t sum = 0;

	int r = sum_rows(db, TARGET_ROWS, why, &sum);
	if (r == 0)
		r = meta_put(db, "sum_target", sum, why);
	if (r == 0)
		r = sum_rows(db, SERIES_ROWS, why, &sum);
	if (r == 0)
		r = meta_put(db, "sum_series", sum, why);
	if (r == 0)
		r = sum_rows(db, META_ROWS, why, &sum);
	return r == 0 ? meta_put(db, "sum", sum, why) : r;
}

int sums_write_routes(sqlite3 *db, struct diag *why, int64_t *ret_count)
{
	struct row_sum sum = {0};
	int64_t count = 0;
	int r = add_rows(db, HEARD_ROWS, &sum, &count, why);

	*ret_count = 0;
	if (r == 0)
		r = add_rows(db, ROUTE_ROWS, &sum, ret_count, why);
	if (r == 0)
		r = meta_put(db, "routes", *ret_count, why);
	if (r == 0)
		r = meta_put(db, "sum_route", row_sum_value(&sum), why);
	return r == 0 ? sums_write(db, why) : r;
}

static void take(struct meta *meta, sqlite3_stmt *stmt)
{
	const char *key = (const char *)sqlite3_column_text(stmt, 0);
	const char *value = (const char *)sqlite3_column_text(stmt, 1);
	int64_t number = sqlite3_column_int64(stmt, 1);

	if (!key || !value)
		return;
	if (strcmp(key, "schema") == 0)
		meta->version = number;
	else if (strcmp(key, "epoch") == 0 && strlen(value) < sizeof(meta->epoch))
		memcpy(meta->epoch, value, strlen(value) + 1);
	else if (strcmp(key, "sums_from") == 0)
		meta->sums_from = number;
	else if (strcmp(key, "sum_target") == 0)
		meta->target_sum = number;
	else if (strcmp(key, "sum_series") == 0)
		meta->series_sum = number;
	else if (strcmp(key, "sum_route") == 0)
		meta->route_sum = number;
}

int meta_read(sqlite3 *db, struct meta *ret, struct diag *why)
{
	struct meta meta = {.version = -1, .sums_from = INT64_MAX};
	struct row_sum sum = {0};
	sqlite3_stmt *stmt;
	int r = sql_prepare(db, META_ROWS, why, &stmt);

	while (r >= 0 && (r = sql_step(db, stmt, why)) == 1) {
		sums_row(&sum, stmt);
		take(&meta, stmt);
	}
	sqlite3_finalize(stmt);
	if (r < 0)
		return r;
	int64_t stored = meta_number(db, "sum");
	meta.summed = meta.version >= SCHEMA_SUMMED;
	/* Neither: an older program wrote it. One of the two: it is damaged. */
	if (meta.summed ? stored != row_sum_value(&sum) : stored >= 0) {
		diag_set(why, "what the store says of itself (meta) is damaged");
		return -EBADMSG;
	}
	*ret = meta;
	return 0;
}
