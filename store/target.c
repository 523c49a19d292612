/* The target list of a store. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "core/mem.h"
#include "store/bounds.h"
#include "store/internal.h"
#include "store/sql.h"
#include "store/sums.h"

static int put_rows(
	struct store *store, const struct target_row *rows, size_t count, struct diag *why)
{
	sqlite3_stmt *stmt;
	int r = bounds_targets(rows, count, why);

	if (r < 0)
		return r;
	r = sql_exec(store->db, "DELETE FROM target", why);

	if (r == 0)
		r = sql_prepare(store->db,
			"INSERT INTO target(base, len, role, label) VALUES(?1, ?2, ?3, ?4)", why,
			&stmt);
	if (r < 0)
		return r;
	for (size_t i = 0; i < count && r == 0; i++) {
		sqlite3_bind_int64(stmt, 1, rows[i].prefix.base.host);
		sqlite3_bind_int(stmt, 2, rows[i].prefix.len);
		sqlite3_bind_int(stmt, 3, (int)rows[i].role);
		sqlite3_bind_text(stmt, 4, rows[i].label, -1, SQLITE_STATIC);
		r = sql_run(store->db, stmt, why);
	}
	sqlite3_finalize(stmt);
	return r == 0 ? sums_write(store->db, why) : r;
}

int store_put_targets(
	struct store *store, const struct target_row *rows, size_t count, struct diag *why)
{
	bool own = !store->in_transaction;
	int r = own ? store_begin(store, why) : 0;

	if (r < 0)
		return r;
	r = put_rows(store, rows, count, why);
	if (own && r == 0)
		return transaction_commit(store, why);
	if (own)
		store_rollback(store);
	return r;
}

/* A row of TARGET_ROWS. False where it holds what no target has. */
static bool take_target(sqlite3_stmt *stmt, struct target_row *ret)
{
	int64_t base = sqlite3_column_int64(stmt, 1);
	int64_t len = sqlite3_column_int64(stmt, 2);
	int64_t role = sqlite3_column_int64(stmt, 3);

	memset(ret, 0, sizeof(*ret));
	for (int i = 1; i <= 3; i++)
		if (sqlite3_column_type(stmt, i) != SQLITE_INTEGER)
			return false;
	if (base < 0 || base > UINT32_MAX || len < 0 || len > 32 || role < ROLE_TARGET ||
		role > ROLE_BORDER || !sql_text(stmt, 4, ret->label, sizeof(ret->label)))
		return false;
	ret->prefix = (struct prefix){{(uint32_t)base}, (uint8_t)len};
	ret->role = (enum role)role;
	return (ret->prefix.base.host & ~prefix_mask(ret->prefix.len)) == 0;
}

static int damaged(const struct store *store, struct diag *why, const char *what)
{
	diag_set(why, "the store's targets: %s", what);
	snprintf(why->file, sizeof(why->file), "%.127s", store->path);
	return -EBADMSG;
}

static int step_rows(struct store *store, sqlite3_stmt *stmt, struct row_sum *sum,
	struct target_row **rows, size_t *count, struct diag *why)
{
	size_t capacity = 0;
	int r;

	while ((r = sql_step(store->db, stmt, why)) == 1) {
		*rows = mem_grow(*rows, &capacity, *count + 1, sizeof(**rows));
		sums_row(sum, stmt);
		if (!take_target(stmt, &(*rows)[(*count)++]))
			return damaged(store, why, "they are damaged: a row holds what no target has");
	}
	return r;
}

static int read_rows(
	struct store *store, struct target_row **rows, size_t *count, struct diag *why)
{
	struct row_sum sum = {0};
	struct diag beyond = {.line = 0};
	struct meta meta;
	sqlite3_stmt *stmt = NULL;
	int r = meta_read(store->db, &meta, why);

	if (r == 0)
		r = sql_prepare(store->db, TARGET_ROWS, why, &stmt);
	if (r == 0)
		r = step_rows(store, stmt, &sum, rows, count, why);
	sqlite3_finalize(stmt);
	if (r == 0 && meta.summed && meta.target_sum != row_sum_value(&sum))
		r = damaged(store, why, "they are damaged: their checksum does not hold");
	if (r == 0 && bounds_targets(*rows, *count, &beyond) < 0)
		r = damaged(store, why, beyond.text);
	return r;
}

int store_targets(
	struct store *store, struct diag *why, struct target_row **ret, size_t *ret_count)
{
	struct target_row *rows = NULL;
	size_t count = 0;
	bool own = sqlite3_get_autocommit(store->db) != 0;
	int r = own ? sql_exec(store->db, "BEGIN", why) : 0; /* rows and checksum of one instant */

	if (r == 0)
		r = read_rows(store, &rows, &count, why);
	if (own)
		sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
	if (r < 0) {
		free(rows);
		return r;
	}
	*ret = rows;
	*ret_count = count;
	return 0;
}
