#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include "core/mem.h"
#include "store/copy.h"
#include "store/internal.h"
#include "store/row_sum.h"
#include "store/sql.h"
#include "store/sums.h"

static int prepare(struct store *store, struct diag *why)
{
	const struct {
		sqlite3_stmt **stmt;
		const char *sql;
	} all[] = {
		{&store->find_series, "SELECT id FROM series WHERE vantage = ?1 AND epoch = ?2"},
		{&store->add_series, "INSERT INTO series(vantage, epoch) VALUES(?1, ?2)"},
		{&store->find_sweep, "SELECT id FROM sweep WHERE series = ?1 AND number = ?2"},
		{&store->add_sweep,
			"INSERT INTO sweep(" SWEEP_COLUMNS ", sum) VALUES(NULL, ?2, ?3, ?4, ?5, "
			"?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, "
			"?21, ?22, ?23)"},
		{&store->add_cell, "INSERT INTO cell VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"},
		{&store->add_path, "INSERT INTO path VALUES(?1, ?2)"},
		{&store->add_boot, "INSERT INTO boot VALUES(?1, ?2)"},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		int r = *all[i].stmt ? 0 : sql_prepare(store->db, all[i].sql, why, all[i].stmt);
		if (r < 0)
			return r;
	}
	if (!store->codec)
		store->codec = blob_codec_create();
	return store->loader ? 0 : loader_create(store->db, why, &store->loader);
}

void append_finish(struct store *store)
{
	sqlite3_stmt *all[] = {store->find_series, store->add_series, store->find_sweep,
		store->add_sweep, store->add_cell, store->add_path, store->add_boot,
		store->last_sweep, store->add_route};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		sqlite3_finalize(all[i]);
	loader_destroy(store->loader);
	blob_codec_destroy(store->codec);
	free(store->sorted);
	free(store->sorted_hops);
	free(store->sorted_boots);
}

/* The series' id, made when it is new. */
static int series_id(
	struct store *store, const struct sweep_info *info, struct diag *why, int64_t *ret)
{
	sqlite3_stmt *find = store->find_series;

	sqlite3_bind_text(find, 1, info->vantage, -1, SQLITE_STATIC);
	sqlite3_bind_text(find, 2, info->epoch, -1, SQLITE_STATIC);
	int r = sql_step(store->db, find, why);
	if (r == 1)
		*ret = sqlite3_column_int64(find, 0);
	sqlite3_reset(find);
	if (r != 0)
		return r < 0 ? r : 0;
	sqlite3_bind_text(store->add_series, 1, info->vantage, -1, SQLITE_STATIC);
	sqlite3_bind_text(store->add_series, 2, info->epoch, -1, SQLITE_STATIC);
	r = sql_run(store->db, store->add_series, why);
	*ret = sqlite3_last_insert_rowid(store->db);
	return r == 0 ? sums_write(store->db, why) : r;
}

/* 0: not there; 1: exactly this is; -EEXIST: another is. */
static int look_for(struct store *store, int64_t series, const struct sweep *s, struct diag *why)
{
	struct sweep there;

	sqlite3_bind_int64(store->find_sweep, 1, series);
	sqlite3_bind_int64(store->find_sweep, 2, (int64_t)s->info.sweep);
	int r = sql_step(store->db, store->find_sweep, why);
	if (r != 1)
		return r;
	int64_t id = sqlite3_column_int64(store->find_sweep, 0);
	sqlite3_reset(store->find_sweep);
	r = loader_load_id(store->loader, id, &there, why);
	if (r < 0)
		return r;
	if (sweep_same(&there, s))
		return 1;
	diag_set(why, "sweep %llu of vantage \"%s\" is there already, and is not the same",
		(unsigned long long)s->info.sweep, s->info.vantage);
	return -EEXIST;
}

/* The next column of a row, and its part of the row's checksum. */
struct binder {
	sqlite3_stmt *stmt;
	int at;
	struct row_sum sum;
};

static void bind_int(struct binder *b, int64_t value)
{
	sqlite3_bind_int64(b->stmt, b->at++, value);
	row_sum_int(&b->sum, value);
}

static void bind_maybe(struct binder *b, int64_t value)
{
	if (value >= 0) {
		bind_int(b, value);
		return;
	}
	sqlite3_bind_null(b->stmt, b->at++);
	row_sum_null(&b->sum);
}

static void bind_text(struct binder *b, const char *text)
{
	sqlite3_bind_text(b->stmt, b->at++, text, -1, SQLITE_STATIC);
	row_sum_text(&b->sum, text);
}

static int add_sweep(
	struct store *store, int64_t series, const struct sweep *s, struct diag *why, int64_t *ret)
{
	const struct sweep_info *i = &s->info;
	struct binder b = {.stmt = store->add_sweep, .at = 2};

	row_sum_text(&b.sum, i->vantage);
	row_sum_text(&b.sum, i->epoch);
	bind_int(&b, series);
	bind_int(&b, (int64_t)i->sweep);
	bind_int(&b, (int64_t)i->tier);
	bind_int(&b, i->start.ns);
	bind_int(&b, i->end.ns);
	bind_int(&b, i->interval_ns);
	bind_text(&b, i->methods);
	bind_maybe(&b, i->has_source ? (int64_t)i->source.host : -1);
	bind_maybe(&b, i->probed);
	bind_maybe(&b, i->sent);
	bind_maybe(&b, i->received);
	bind_maybe(&b, i->capture_dropped);
	bind_maybe(&b, i->send_errors);
	bind_maybe(&b, i->anchors_probed);
	bind_maybe(&b, i->anchors_up);
	bind_maybe(&b, i->clock_error_us);
	bind_int(&b, i->flags);
	bind_text(&b, i->counts);
	bind_int(&b, (int64_t)s->observation_count);
	bind_int(&b, (int64_t)s->hop_count);
	bind_int(&b, (int64_t)s->boot_count);
	sqlite3_bind_int64(b.stmt, b.at, row_sum_value(&b.sum));
	int r = sql_run(store->db, b.stmt, why);
	*ret = sqlite3_last_insert_rowid(store->db);
	return r;
}

static int add_cell(struct store *store, int64_t id, const struct blob_place *place,
	const struct observation *rows, size_t count, struct diag *why)
{
	sqlite3_stmt *stmt = store->add_cell;
	struct bytes blob;

	int r = blob_encode(store->codec, place, rows, count, &blob);
	if (r < 0) {
		diag_set(why, "an observation has a number out of its range");
		return r;
	}
	struct cell_counts c = cell_count(rows, count);
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, place->block.host >> 8);
	sqlite3_bind_int(stmt, 3, (int)place->method);
	sqlite3_bind_int64(stmt, 4, (int64_t)count);
	sqlite3_bind_int64(stmt, 5, c.answered);
	sqlite3_bind_int64(stmt, 6, c.silent);
	sqlite3_bind_int64(stmt, 7, c.unreachable);
	sqlite3_bind_int64(stmt, 8, c.unsent);
	sqlite3_bind_blob(stmt, 9, blob.bytes, (int)blob.len, SQLITE_STATIC);
	return sql_run(store->db, stmt, why);
}

/* Put the rows of one block in order of method first; their count of `method`. */
static size_t gather(
	const struct observation *rows, size_t count, enum method method, struct observation *out)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		if (rows[i].method == method)
			out[found++] = rows[i];
	return found;
}

static int add_cells(struct store *store, int64_t sweep, const struct sweep *s, struct diag *why)
{
	struct observation *rows =
		mem_zeroed(s->observation_count, sizeof(*rows)); /* of one cell */
	int64_t id = sweep << CELL_BITS;
	int64_t limit = (sweep + 1) << CELL_BITS;
	int r = 0;

	for (size_t i = 0, end; i < s->observation_count && r == 0; i = end) {
		struct prefix block = block_of(s->observations[i].address);
		for (end = i + 1; end < s->observation_count; end++)
			if (!prefix_holds(block, s->observations[end].address))
				break;
		for (enum method m = METHOD_ICMP; m <= METHOD_TCP && r == 0; m++) {
			struct blob_place place = {block.base, m, s->info.start};
			size_t count = gather(s->observations + i, end - i, m, rows);
			if (count && id == limit)
				r = diag_set(why, "more blocks than a sweep can hold");
			else if (count)
				r = add_cell(store, id++, &place, rows, count, why);
		}
	}
	free(rows);
	return r;
}

static int add_blob(struct store *store, sqlite3_stmt *stmt, int64_t sweep,
	const struct bytes *blob, struct diag *why)
{
	sqlite3_bind_int64(stmt, 1, sweep);
	sqlite3_bind_blob(stmt, 2, blob->bytes, (int)blob->len, SQLITE_STATIC);
	return sql_run(store->db, stmt, why);
}

static int add_rest(struct store *store, int64_t sweep, const struct sweep *s, struct diag *why)
{
	struct wall base = s->info.start;
	struct bytes blob;
	int r = 0;

	if (s->hop_count) {
		r = blob_encode_hops(store->codec, base, s->hops, s->hop_count, &blob);
		if (r < 0)
			diag_set(why, "a hop has a number out of its range");
		else
			r = add_blob(store, store->add_path, sweep, &blob, why);
	}
	if (s->boot_count && r == 0) {
		r = blob_encode_boots(store->codec, base, s->boots, s->boot_count, &blob);
		if (r < 0)
			diag_set(why, "more boot times than a sweep can hold");
		else
			r = add_blob(store, store->add_boot, sweep, &blob, why);
	}
	return r;
}

/* `copy`: where its rows lie already; NULL: they are encoded. */
static int add_whole(
	struct store *store, const struct sweep *s, const struct copy *copy, struct diag *why)
{
	int64_t series = 0;
	int64_t id;

	int r = series_id(store, &s->info, why, &series);
	if (r == 0)
		r = look_for(store, series, s, why);
	if (r != 0)
		return r == 1 ? 0 : r;
	r = add_sweep(store, series, s, why, &id);
	if (r == 0 && copy) {
		r = copy_rows(copy, s, store, id, why);
		return r == 0 ? 1 : r;
	}
	if (r == 0)
		r = add_cells(store, id, s, why);
	if (r == 0)
		r = add_rest(store, id, s, why);
	return r == 0 ? 1 : r;
}

/* One try, in a transaction or a savepoint of its own. */
static int append_once(struct store *store, const struct sweep *sorted, struct diag *why)
{
	bool nested = store->in_transaction;
	int r = sql_exec(store->db, nested ? "SAVEPOINT append" : "BEGIN IMMEDIATE", why);

	if (r < 0)
		return r;
	int stored = add_whole(store, sorted, NULL, why);
	if (stored < 0)
		r = stored;
	else
		r = sql_exec(store->db, nested ? "RELEASE append" : "COMMIT", why);
	if (r < 0) {
		const char *undo = nested ? "ROLLBACK TO append; RELEASE append" : "ROLLBACK";
		sqlite3_exec(store->db, undo, NULL, NULL, NULL);
		return r;
	}
	return stored;
}

int append_copy(
	struct store *store, const struct sweep *sweep, const struct copy *copy, struct diag *why)
{
	int r = prepare(store, why);

	return r == 0 ? add_whole(store, sweep, copy, why) : r;
}

/* A file that was deleted or moved away takes sweeps that nobody will find. Who is no longer
 * who opened it may not be let in to look: then the lock beside it tells whether it is gone. */
static int still_named(struct store *store, struct diag *why)
{
	struct stat st;
	int moved = 0;

	sqlite3_file_control(store->db, NULL, SQLITE_FCNTL_HAS_MOVED, &moved);
	if (moved && stat(store->path, &st) < 0 && errno == EACCES)
		moved = store->lock < 0 || (fstat(store->lock, &st) == 0 && st.st_nlink == 0);
	if (moved) {
		diag_set(why, "store \"%s\" was moved or deleted while it was written to",
			store->path);
		return -ESTALE;
	}
	return 0;
}

/* Readers that never end let the log grow: what it may have is bounded. */
static int keep_log_short(struct store *store, struct diag *why)
{
	int64_t size = store->in_transaction ? 0 : store_log_bytes(store);

	if (size < store->log_most / 16 ||
		sqlite3_wal_checkpoint_v2(
			store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK ||
		size < store->log_most)
		return 0;
	diag_set(why,
		"a reader that does not end keeps \"%.100s-wal\" from being written back: it has "
		"%lld MiB, the most it may",
		store->path, (long long)(size >> 20));
	return -EAGAIN;
}

int store_append(struct store *store, const struct sweep *sweep, struct diag *why)
{
	int r = still_named(store, why);

	if (r == 0)
		r = keep_log_short(store, why);
	if (r == 0)
		r = prepare(store, why);
	if (r < 0)
		return r;
	struct sweep sorted = sweep_sorted(store, sweep);
	r = sweep_check(&sorted, why);
	if (r < 0)
		return r;
	r = append_once(store, &sorted, why);
	/* What is in the log and the file is the only room we can make ourselves. */
	if (r == -ENOSPC && !store->in_transaction &&
		sqlite3_wal_checkpoint_v2(
			store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK)
		r = append_once(store, &sorted, why);
	return r;
}
