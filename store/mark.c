#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "core/clock.h"
#include "store/internal.h"
#include "store/sql.h"

static int read_sweep_count(sqlite3 *db, struct diag *why, int64_t *ret)
{
	sqlite3_stmt *stmt;
	/* By the smallest index, whose pages SQLite counts without looking into them. */
	int r = sql_prepare(db, "SELECT count(*) FROM sweep", why, &stmt);

	if (r < 0)
		return r;
	r = sql_step(db, stmt, why);
	*ret = r == 1 ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_finalize(stmt);
	return r < 0 ? r : 0;
}

static int read_latest(sqlite3 *db, struct diag *why, struct store_mark *ret)
{
	sqlite3_stmt *stmt;
	int r = sql_prepare(db, "SELECT max(start_ns) FROM sweep", why, &stmt);

	if (r < 0)
		return r;
	r = sql_step(db, stmt, why);
	if (r == 1)
		ret->latest.ns = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return r < 0 ? r : 0;
}

static int read_last(sqlite3 *db, struct diag *why, struct store_mark *ret)
{
	char sql[128];
	sqlite3_stmt *stmt;

	snprintf(sql, sizeof(sql), "SELECT id, start_ns, %s FROM sweep ORDER BY id DESC LIMIT 1",
		sweep_has_sums(db) ? "sum" : "number");
	int r = sql_prepare(db, sql, why, &stmt);
	if (r < 0)
		return r;
	r = sql_step(db, stmt, why);
	if (r == 1) {
		ret->last_id = sqlite3_column_int64(stmt, 0);
		ret->last_start_ns = sqlite3_column_int64(stmt, 1);
		ret->last_sum = sqlite3_column_int64(stmt, 2);
	}
	sqlite3_finalize(stmt);
	return r < 0 ? r : 0;
}

int mark_read(sqlite3 *db, struct store_mark *ret, struct diag *why)
{
	*ret = (struct store_mark){0};
	int r = read_sweep_count(db, why, &ret->sweeps);
	if (r == 0)
		r = read_latest(db, why, ret);
	return r == 0 ? read_last(db, why, ret) : r;
}

/* The newest of them, as it is now. */
static int is_there(sqlite3 *db, const struct store_mark *since, bool *ret, struct diag *why)
{
	char sql[128];
	sqlite3_stmt *stmt;

	snprintf(sql, sizeof(sql), "SELECT start_ns, %s FROM sweep WHERE id = ?1",
		sweep_has_sums(db) ? "sum" : "number");
	int r = sql_prepare(db, sql, why, &stmt);
	if (r < 0)
		return r;
	sqlite3_bind_int64(stmt, 1, since->last_id);
	r = sql_step(db, stmt, why);
	*ret = since->last_id == 0 ||
	       (r == 1 && sqlite3_column_int64(stmt, 0) == since->last_start_ns &&
		       sqlite3_column_int64(stmt, 1) == since->last_sum);
	sqlite3_finalize(stmt);
	return r < 0 ? r : 0;
}

static int read_fresh(
	sqlite3 *db, const struct store_mark *since, struct store_growth *ret, struct diag *why)
{
	sqlite3_stmt *stmt;
	int r = sql_prepare(db,
		"SELECT count(*), min(start_ns) FROM sweep NOT INDEXED WHERE id > ?1", why, &stmt);

	if (r < 0)
		return r;
	sqlite3_bind_int64(stmt, 1, since->last_id);
	r = sql_step(db, stmt, why);
	if (r == 1) {
		ret->fresh = sqlite3_column_int64(stmt, 0);
		ret->first.ns = sqlite3_column_int64(stmt, 1);
	}
	sqlite3_finalize(stmt);
	return r < 0 ? r : 0;
}

int mark_compare(
	sqlite3 *db, const struct store_mark *since, struct store_growth *ret, struct diag *why)
{
	int64_t sweeps = 0;

	*ret = (struct store_growth){.whole = false};
	int r = is_there(db, since, &ret->whole, why);
	if (r == 0)
		r = read_fresh(db, since, ret, why);
	if (r == 0)
		r = read_sweep_count(db, why, &sweeps);
	ret->whole = ret->whole && sweeps == since->sweeps + ret->fresh;
	return r;
}

bool store_has_news(struct store *store)
{
	sqlite3_stmt *stmt = NULL;
	int64_t version = -1; /* cannot be told: then there may be news */

	if (sqlite3_prepare_v2(store->db, "PRAGMA data_version", -1, &stmt, NULL) == SQLITE_OK &&
		sqlite3_step(stmt) == SQLITE_ROW)
		version = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	bool news = version < 0 || version != store->seen_version;
	store->seen_version = version;
	return news;
}

/* The descriptor stays until SQLite has closed the file: to close one drops SQLite's locks. */
bool store_is_written(struct store *store)
{
	if (store->look < 0)
		store->look = open(store->path, O_RDONLY | O_CLOEXEC);
	return store->look >= 0 && writer_has_lock(store->look);
}

/* When the file last changed; 0: that cannot be told, or it has a log now. */
static int64_t changed_ns(struct store *store)
{
	struct stat st;
	char *log = sqlite3_mprintf("%s-wal", store->path);
	bool written = !log || access(log, F_OK) == 0;

	sqlite3_free(log);
	return written || stat(store->path, &st) < 0
		       ? 0
		       : st.st_ctim.tv_sec * NS_PER_S + st.st_ctim.tv_nsec;
}

void mark_sealed(struct store *store)
{
	if (!sqlite3_uri_boolean(sqlite3_db_filename(store->db, "main"), "immutable", 0))
		return;
	store->sealed_ns = changed_ns(store);
	if (!store->sealed_ns)
		store->sealed_ns = -1; /* written since: to be opened again */
}

bool store_is_named(struct store *store)
{
	int moved = 0;

	if (store->sealed_ns && changed_ns(store) != store->sealed_ns)
		return false; /* somebody writes it after all, which SQLite would not see */
	return sqlite3_file_control(store->db, NULL, SQLITE_FCNTL_HAS_MOVED, &moved) != SQLITE_OK ||
	       !moved;
}
