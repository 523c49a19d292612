#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "core/mem.h"
#include "store/internal.h"
#include "store/sql.h"
#include "store/sums.h"
#include "store/whole.h"

/* "VANTAGE/EPOCH/NUMBER"; either name may hold a slash, so the first two stay one text. */
static int split(const char *name, char **ret_series, int64_t *ret_number, struct diag *why)
{
	const char *slash = strrchr(name, '/');
	uint64_t number;

	if (!slash || !memchr(name, '/', (size_t)(slash - name)) ||
		!text_u64(slash + 1, INT64_MAX, &number))
		return diag_set(why,
			"\"%.160s\" names no sweep, expected VANTAGE/EPOCH/NUMBER as store stats "
			"has "
			"them (vp1//7 where there is no epoch)",
			name);
	*ret_series = mem_text(name);
	(*ret_series)[slash - name] = '\0';
	*ret_number = (int64_t)number;
	return 0;
}

static const char named[] =
	"SELECT s.id, s.tier, s.start_ns, s.end_ns, s.observations, r.vantage, r.epoch,"
	" s.number = (SELECT max(number) FROM sweep WHERE series = s.series)"
	" FROM series r JOIN sweep s ON s.series = r.id"
	" WHERE r.vantage || '/' || r.epoch = ?1 AND s.number = ?2";

/* Exactly one is of this name. *ret_newest: none of its series has a higher number. */
static int find(struct store *store, const char *name, struct pruned_sweep *ret, bool *ret_newest,
	int64_t *ret_id, struct diag *why)
{
	sqlite3_stmt *stmt = NULL;
	char *series = NULL;
	int64_t number = 0;
	size_t found = 0;
	int r = split(name, &series, &number, why);

	if (r == 0)
		r = sql_prepare(store->db, named, why, &stmt);
	if (r < 0)
		goto done;
	sqlite3_bind_text(stmt, 1, series, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, number);
	for (; (r = sql_step(store->db, stmt, why)) == 1; found++) {
		*ret_id = sqlite3_column_int64(stmt, 0);
		ret->tier = sqlite3_column_int64(stmt, 1) == TIER_FULL ? TIER_FULL : TIER_WATCH;
		ret->start.ns = sqlite3_column_int64(stmt, 2);
		ret->end.ns = sqlite3_column_int64(stmt, 3);
		ret->observations = sqlite3_column_int64(stmt, 4);
		*ret_newest = sqlite3_column_int(stmt, 7);
		if (!sql_text(stmt, 5, ret->vantage, sizeof(ret->vantage)) ||
			!sql_text(stmt, 6, ret->epoch, sizeof(ret->epoch)))
			*ret->vantage = *ret->epoch = '\0';
	}
	if (r == 0 && found != 1) {
		diag_set(why,
			found ? "\"%.160s\" names more than one sweep"
			      : "there is no sweep \"%.160s\"; lightsout store stats lists the "
				"series",
			name);
		r = -ENOENT;
	}
done:
	sqlite3_finalize(stmt);
	free(series);
	return r;
}

int sweep_remove(struct store *store, int64_t id, struct diag *why)
{
	static const char *const all[] = {
		"DELETE FROM cell WHERE id >= ?1 << 20 AND id < (?1 + 1) << 20",
		"DELETE FROM path WHERE sweep = ?1",
		"DELETE FROM boot WHERE sweep = ?1",
		"DELETE FROM sweep WHERE id = ?1",
	};
	int r = 0;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]) && r == 0; i++) {
		sqlite3_stmt *stmt;
		r = sql_prepare(store->db, all[i], why, &stmt);
		if (r < 0)
			break;
		sqlite3_bind_int64(stmt, 1, id);
		r = sql_run(store->db, stmt, why);
		sqlite3_finalize(stmt);
	}
	return r;
}

void last_sweep_key(const char *vantage, char ret[LAST_SWEEP_KEY_SIZE])
{
	snprintf(ret, LAST_SWEEP_KEY_SIZE, "last/%s", vantage);
}

/* A name is a sweep's for ever: that number is not given again. */
static int keep_number(
	struct store *store, const char *name, const struct pruned_sweep *s, struct diag *why)
{
	char key[LAST_SWEEP_KEY_SIZE];

	last_sweep_key(s->vantage, key);
	int r = meta_put(store->db, key, strtoll(strrchr(name, '/') + 1, NULL, 10), why);
	return r == 0 ? sums_write(store->db, why) : r;
}

int store_prune_sweep(
	struct store *store, const char *name, struct pruned_sweep *ret, struct diag *why)
{
	struct pruned_sweep sweep = {.observations = 0};
	struct whole whole = {0};
	bool newest = false;
	int64_t id = 0;
	int r = store_begin(store, why);

	if (r < 0)
		return r;
	r = whole_read(store, NULL, NULL, &whole, why); /* what is damaged is not written on */
	free(whole.series);
	if (r == 0)
		r = find(store, name, &sweep, &newest, &id, why);
	if (r == 0)
		r = sweep_remove(store, id, why);
	if (r == 0 && newest && strcmp(sweep.epoch, store->epoch) == 0)
		r = keep_number(store, name, &sweep, why);
	if (r == 0)
		r = store_commit(store, why);
	else
		store_rollback(store);
	if (r == 0)
		*ret = sweep;
	return r;
}
