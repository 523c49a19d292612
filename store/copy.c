#include "store/copy.h"

#include <errno.h>

#include <sqlite3.h>

#include "store/sql.h"

int copy_open(struct copy *copy, sqlite3 *db, struct diag *why)
{
	*copy = (struct copy){.db = db};
	int r = sql_prepare(db,
		"SELECT block, method, rows, answered, silent, unreachable, unsent, d FROM cell"
		" WHERE id >= ?1 << 20 AND id < (?1 + 1) << 20 ORDER BY id",
		why, &copy->cells);

	if (r == 0)
		r = sql_prepare(db, "SELECT d FROM path WHERE sweep = ?1", why, &copy->path);
	if (r == 0)
		r = sql_prepare(db, "SELECT d FROM boot WHERE sweep = ?1", why, &copy->boot);
	return r;
}

void copy_close(struct copy *copy)
{
	sqlite3_finalize(copy->cells);
	sqlite3_finalize(copy->path);
	sqlite3_finalize(copy->boot);
}

/* Of one block and method, counted from *at on, which goes to the first of the block. */
static struct cell_counts count(const struct sweep *s, int64_t block, int64_t method, size_t *at,
	int64_t *ret_rows)
{
	struct cell_counts all = {0};

	*ret_rows = 0;
	while (*at < s->observation_count && s->observations[*at].address.host >> 8 < block)
		++*at;
	for (size_t i = *at; i < s->observation_count; i++) {
		const struct observation *o = &s->observations[i];
		if (o->address.host >> 8 != block)
			break;
		if ((int64_t)o->method != method)
			continue;
		struct cell_counts one = cell_count(o, 1);
		++*ret_rows;
		all.answered += one.answered;
		all.silent += one.silent;
		all.unreachable += one.unreachable;
		all.unsent += one.unsent;
	}
	return all;
}

static int damaged(const struct sweep *s, struct diag *why)
{
	diag_set(why, "sweep %llu of vantage \"%s\": the counts of a cell are not those of its blob",
		(unsigned long long)s->info.sweep, s->info.vantage);
	return -EBADMSG;
}

static int copy_cells(const struct copy *copy, const struct sweep *s, struct store *into,
	int64_t id, struct diag *why)
{
	sqlite3_stmt *from = copy->cells;
	sqlite3_stmt *to = into->add_cell;
	int64_t next = id << CELL_BITS;
	size_t at = 0;
	int r;

	sqlite3_bind_int64(from, 1, copy->id);
	while ((r = sql_step(copy->db, from, why)) == 1) {
		int64_t rows;
		struct cell_counts c = count(s, sqlite3_column_int64(from, 0),
			sqlite3_column_int64(from, 1), &at, &rows);
		const int64_t values[] = {rows, c.answered, c.silent, c.unreachable, c.unsent};
		sqlite3_bind_int64(to, 1, next++);
		sqlite3_bind_int64(to, 2, sqlite3_column_int64(from, 0));
		sqlite3_bind_int64(to, 3, sqlite3_column_int64(from, 1));
		for (int i = 0; i < 5; i++) {
			if (sqlite3_column_int64(from, 2 + i) != values[i])
				r = damaged(s, why);
			sqlite3_bind_int64(to, 4 + i, values[i]);
		}
		sqlite3_bind_blob(to, 9, sqlite3_column_blob(from, 7),
			sqlite3_column_bytes(from, 7), SQLITE_STATIC);
		if (r == 1)
			r = sql_run(into->db, to, why);
		if (r < 0)
			break;
	}
	sqlite3_reset(from);
	sqlite3_clear_bindings(to); /* what they point to is gone */
	return r;
}

static int copy_blob(sqlite3 *from_db, sqlite3_stmt *from, int64_t from_id, sqlite3 *to_db,
	sqlite3_stmt *to, int64_t id, struct diag *why)
{
	sqlite3_bind_int64(from, 1, from_id);
	int r = sql_step(from_db, from, why);
	if (r != 1)
		return r;
	sqlite3_bind_int64(to, 1, id);
	sqlite3_bind_blob(to, 2, sqlite3_column_blob(from, 0), sqlite3_column_bytes(from, 0),
		SQLITE_STATIC);
	r = sql_run(to_db, to, why);
	sqlite3_reset(from);
	sqlite3_clear_bindings(to);
	return r;
}

int copy_rows(const struct copy *copy, const struct sweep *s, struct store *into, int64_t id,
	struct diag *why)
{
	int r = s->observation_count ? copy_cells(copy, s, into, id, why) : 0;

	if (r == 0 && s->hop_count)
		r = copy_blob(copy->db, copy->path, copy->id, into->db, into->add_path, id, why);
	if (r == 0 && s->boot_count)
		r = copy_blob(copy->db, copy->boot, copy->id, into->db, into->add_boot, id, why);
	return r;
}
