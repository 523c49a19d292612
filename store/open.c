#include "store/store.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "core/inputs.h"
#include "core/mem.h"
#include "store/internal.h"
#include "store/schema.h"
#include "store/series.h"
#include "store/sql.h"
#include "store/sums.h"

static int read_meta(struct store *store, struct diag *why)
{
	struct meta meta;
	int r = meta_read(store->db, &meta, why);

	if (r < 0)
		return r;
	store->summed = meta.summed;
	memcpy(store->epoch, meta.epoch, sizeof(store->epoch));
	return 0;
}

/* What is damaged already is not written on: new checksums would hold. */
static int check_names(struct store *store, struct diag *why)
{
	struct series *series;
	struct meta meta;
	size_t count;
	int r = meta_read(store->db, &meta, why);

	if (r == 0)
		r = series_read(store->db, &meta, &series, &count, why);
	if (r == 0)
		free(series);
	return r;
}

static int prepare_writing(struct store *store, struct diag *why)
{
	int r = sql_exec(store->db, "PRAGMA journal_mode = WAL", why);

	if (r == 0)
		r = sql_exec(store->db,
			"PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
			/* A short log: it needs its own size again to be written back. */
			" PRAGMA wal_autocheckpoint = 100; PRAGMA journal_size_limit = 4194304;"
			/* A writer reads little back: pages it keeps are only memory. */
			" PRAGMA cache_size = -256;",
			why);
	if (r < 0)
		return r;
	r = schema_check(store->db, store->path, why);
	if (r == -ENODATA)
		return schema_create(store->db, why);
	if (r == 0)
		r = check_names(store, why);
	return r == 0 ? schema_complete(store->db, why) : r;
}

int store_open(const char *path, enum store_mode mode, struct diag *why, struct store **ret)
{
	struct store *store = mem_zeroed(1, sizeof(*store));
	int r = mode == STORE_WRITE ? store_spare(path, why) : reader_look(path, why);

	store->path = mem_text(path);
	store->lock = -1;
	store->look = -1;
	store->log_most = INT64_C(1) << 30;
	if (r == 0 && mode == STORE_WRITE)
		r = writer_lock(path, &store->made, why, &store->lock);
	if (r == 0)
		r = sql_open(path, mode == STORE_WRITE, why, &store->db);
	/* Look before touching: somebody else's database stays as it is. */
	if (r == 0)
		r = schema_check(store->db, path, why);
	if (mode == STORE_WRITE && (r == 0 || r == -ENODATA))
		r = prepare_writing(store, why);
	if (r == 0)
		r = read_meta(store, why);
	if (r < 0) {
		store_close(store);
		return r;
	}
	if (mode == STORE_READ)
		mark_sealed(store);
	input_note_store(path);
	*ret = store;
	return 0;
}

/* Is there nothing in it that anybody measured? When in doubt, there is. */
static bool holds_nothing(struct store *store)
{
	sqlite3_stmt *stmt = NULL;
	bool nothing = true;

	if (store->db && sqlite3_prepare_v2(store->db, "SELECT 1 FROM sweep LIMIT 1", -1, &stmt,
				 NULL) == SQLITE_OK)
		nothing = sqlite3_step(stmt) == SQLITE_DONE;
	else if (store->db) /* not even the table, or it cannot be read */
		nothing = (sqlite3_errcode(store->db) & 0xff) == SQLITE_ERROR;
	sqlite3_finalize(stmt);
	return nothing;
}

void store_remove_files(const char *path)
{
	static const char *const endings[] = {"", "-wal", "-shm", "-journal"};

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		char *name = sqlite3_mprintf("%s%s", path, endings[i]);
		if (name)
			unlink(name);
		sqlite3_free(name);
	}
}

void store_close(struct store *store)
{
	if (!store)
		return;
	append_finish(store);
	bool stillborn = store->made && holds_nothing(store);
	/* Where we may not look for its name any more, SQLite would leave that to others. */
	if (store->db && store->lock >= 0)
		sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	sqlite3_close(store->db);
	if (stillborn)
		store_remove_files(store->path);
	if (store->lock >= 0)
		close(store->lock);
	if (store->look >= 0)
		close(store->look);
	free(store->path);
	free(store);
}

void store_set_patience(struct store *store, int ms)
{
	sqlite3_busy_timeout(store->db, ms);
}

void store_bound_log(struct store *store, int64_t most)
{
	store->log_most = most;
}

int64_t store_log_bytes(const struct store *store)
{
	char name[PATH_MAX];
	struct stat st;

	snprintf(name, sizeof(name), "%s-wal", store->path);
	return stat(name, &st) == 0 ? st.st_size : 0;
}

const char *store_epoch(const struct store *store)
{
	return store->epoch;
}

bool store_summed(const struct store *store)
{
	return store->summed;
}

int store_last_sweep(struct store *store, const char *vantage, uint64_t *ret)
{
	int r = 0;

	if (!store->last_sweep)
		r = sql_prepare(store->db,
			"SELECT max(s.number) FROM series r JOIN sweep s ON s.series = r.id"
			" WHERE r.vantage = ?1 AND r.epoch = ?2",
			NULL, &store->last_sweep);
	if (r < 0)
		return r;
	sqlite3_bind_text(store->last_sweep, 1, vantage, -1, SQLITE_STATIC);
	sqlite3_bind_text(store->last_sweep, 2, store->epoch, -1, SQLITE_STATIC);
	r = sql_step(store->db, store->last_sweep, NULL);
	if (r == 1) {
		*ret = (uint64_t)sqlite3_column_int64(store->last_sweep, 0);
		sqlite3_reset(store->last_sweep);
	}
	if (r < 0)
		return r;
	char key[LAST_SWEEP_KEY_SIZE];
	last_sweep_key(vantage, key);
	int64_t pruned = meta_number(store->db, key);
	if (pruned > 0 && (uint64_t)pruned > *ret)
		*ret = (uint64_t)pruned;
	return 0;
}

int store_begin(struct store *store, struct diag *why)
{
	int r = sql_exec(store->db, "BEGIN IMMEDIATE", why);

	store->in_transaction = r == 0;
	return r;
}

int transaction_commit(struct store *store, struct diag *why)
{
	int r = sql_exec(store->db, "COMMIT", why);

	if (r < 0)
		store_rollback(store);
	store->in_transaction = false;
	return r;
}

int store_commit(struct store *store, struct diag *why)
{
	int r = transaction_commit(store, why);

	if (r == 0)
		store->made = false; /* whole as it is, be it without sweeps */
	return r;
}

void store_rollback(struct store *store)
{
	sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	store->in_transaction = false;
}
