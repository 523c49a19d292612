#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "core/mem.h"
#include "store/internal.h"
#include "store/schema.h"
#include "store/series.h"
#include "store/sql.h"
#include "store/sums.h"
#include "store/whole.h"

/*
 * A connection of its own, in one read transaction from the first row to the
 * last: the writer goes on, and we see the series as it was.
 *
 * Rows come by start time; those with the same start wait in `ties` until
 * they are sorted by the rest of the order. Nearly always that is one.
 *
 * Every page is read once: few are kept (256 KiB, where SQLite would keep 2 MB).
 */
struct store_reader {
	sqlite3 *db;
	sqlite3_stmt *sweeps;
	struct sweep_loader *loader;
	struct series *series;
	size_t series_count;
	bool ahead, ended;
	bool counted;           /* all are read: that none is missing is looked at */
	bool numbered;          /* in order of numbers, that have no ties */
	struct wall until;      /* of those in order of start */
	int64_t read;           /* rows */
	struct wall last;       /* their latest start */
	int64_t sums_from;      /* see sweep_row_holds */
	struct sweep_row first; /* read ahead, if `ahead` */
	struct sweep_row *ties;
	size_t tie_count, tie_at, tie_capacity;
};

static int read_series(struct store_reader *reader, struct diag *why)
{
	struct meta meta;
	int r = meta_read(reader->db, &meta, why);

	if (r == 0)
		r = series_read(reader->db, &meta, &reader->series, &reader->series_count, why);
	if (r == 0)
		reader->sums_from = meta.sums_from;
	return r;
}

static const char by_start[] = "FROM sweep INDEXED BY sweep_start"
			       " WHERE end_ns <= ?1 ORDER BY start_ns";
static const char by_start_from[] = "FROM sweep INDEXED BY sweep_start"
				    " WHERE start_ns >= ?2 AND end_ns <= ?1 ORDER BY start_ns";
static const char one[] = "FROM sweep WHERE number = ?3 AND series ="
			  " (SELECT id FROM series WHERE vantage = ?1 AND epoch = ?2)";
static const char by_number[] = "FROM sweep ORDER BY number";

/* Rows of sweeps, each with its checksum, or NULL. */
static int prepare_sweeps(struct store_reader *reader, const char *rest, struct diag *why)
{
	char sql[512];

	snprintf(sql, sizeof(sql), "SELECT " SWEEP_COLUMNS ", %s %s",
		sweep_has_sums(reader->db) ? "sum" : "NULL", rest);
	return sql_prepare(reader->db, sql, why, &reader->sweeps);
}

static int reader_open(struct store *store, struct diag *why, struct store_reader **ret)
{
	struct store_reader *reader = mem_zeroed(1, sizeof(*reader));
	int r = sql_open(store->path, false, why, &reader->db);

	if (r == 0)
		r = sql_exec(reader->db, "PRAGMA cache_size=-256; BEGIN", why);
	if (r == 0)
		r = schema_check(reader->db, store->path, why);
	if (r == 0)
		r = read_series(reader, why);
	if (r == 0)
		r = loader_create(reader->db, why, &reader->loader);
	if (r < 0) {
		store_reader_close(reader);
		return r;
	}
	*ret = reader;
	return 0;
}

int store_read(struct store *store, struct wall until, struct diag *why, struct store_reader **ret)
{
	struct store_reader *reader;
	int r = reader_open(store, why, &reader);

	if (r < 0)
		return r;
	r = prepare_sweeps(reader, by_start, why);
	if (r < 0) {
		store_reader_close(reader);
		return r;
	}
	sqlite3_bind_int64(reader->sweeps, 1, until.ns);
	reader->until = until;
	reader->counted = true;
	*ret = reader;
	return 0;
}

int store_read_from(struct store *store, struct wall from, struct wall until, struct diag *why,
	struct store_reader **ret)
{
	struct store_reader *reader;
	int r = reader_open(store, why, &reader);

	if (r < 0)
		return r;
	r = prepare_sweeps(reader, by_start_from, why);
	if (r < 0) {
		store_reader_close(reader);
		return r;
	}
	sqlite3_bind_int64(reader->sweeps, 1, until.ns);
	sqlite3_bind_int64(reader->sweeps, 2, from.ns);
	reader->until = until;
	*ret = reader;
	return 0;
}

int store_read_one(struct store *store, const char *vantage, uint64_t number, struct diag *why,
	struct store_reader **ret)
{
	struct store_reader *reader;
	int r = reader_open(store, why, &reader);

	if (r < 0)
		return r;
	r = prepare_sweeps(reader, one, why);
	if (r < 0) {
		store_reader_close(reader);
		return r;
	}
	sqlite3_bind_text(reader->sweeps, 1, vantage, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(reader->sweeps, 2, store->epoch, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int64(reader->sweeps, 3, (int64_t)number);
	*ret = reader;
	return 0;
}

static int numbers_shared(sqlite3 *db, struct diag *why)
{
	sqlite3_stmt *stmt;
	int r = sql_prepare(db,
		"SELECT 1 FROM (SELECT count(*) AS n FROM sweep GROUP BY number) WHERE n > 1"
		" LIMIT 1",
		why, &stmt);

	if (r < 0)
		return r;
	r = sql_step(db, stmt, why);
	sqlite3_finalize(stmt);
	return r;
}

int store_read_by_number(
	struct store *store, struct diag *why, struct store_reader **ret, bool *ret_shared)
{
	struct store_reader *reader;
	int r = reader_open(store, why, &reader);

	if (r < 0)
		return r;
	int shared = numbers_shared(reader->db, why);
	r = shared < 0 ? shared : prepare_sweeps(reader, shared ? by_start : by_number, why);
	if (r < 0) {
		store_reader_close(reader);
		return r;
	}
	if (shared)
		sqlite3_bind_int64(reader->sweeps, 1, INT64_MAX);
	reader->until = (struct wall){INT64_MAX};
	reader->counted = true;
	reader->numbered = !shared;
	*ret = reader;
	*ret_shared = shared;
	return 0;
}

void store_reader_close(struct store_reader *reader)
{
	if (!reader)
		return;
	loader_destroy(reader->loader);
	sqlite3_finalize(reader->sweeps);
	sqlite3_close(reader->db);
	free(reader->series);
	free(reader->ties);
	free(reader);
}

void store_reader_spare_packets(struct store_reader *reader)
{
	loader_spare_packets(reader->loader);
}

static int name_series(const struct store_reader *reader, struct sweep_row *row)
{
	for (size_t i = 0; i < reader->series_count; i++) {
		const struct series *s = &reader->series[i];
		if (s->id != row->series)
			continue;
		memcpy(row->info.vantage, s->vantage, sizeof(row->info.vantage));
		memcpy(row->info.epoch, s->epoch, sizeof(row->info.epoch));
		return 0;
	}
	return -EBADMSG;
}

/* An index that lost a row, or has one twice, is damage that no row shows; nor are sweeps that are
 * gone. */
static int count_rows(struct store_reader *reader, struct diag *why)
{
	bool all = reader->until.ns == INT64_MAX;
	sqlite3_stmt *stmt;
	int r = sql_prepare(reader->db,
		all ? "SELECT count(*) FROM sweep NOT INDEXED"
		    : "SELECT count(*) FROM sweep NOT INDEXED WHERE end_ns <= ?1",
		why, &stmt);

	if (r < 0)
		return r;
	if (!all)
		sqlite3_bind_int64(stmt, 1, reader->until.ns);
	r = sql_step(reader->db, stmt, why);
	if (r == 1)
		r = sqlite3_column_int64(stmt, 0) == reader->read ? 0 : -EBADMSG;
	sqlite3_finalize(stmt);
	if (r == -EBADMSG)
		diag_set(why, "the index of sweeps is damaged");
	return r == 0 ? whole_left_over(reader->db, why) : r;
}

/* 1 and the row, 0 at the end. */
static int next_row(struct store_reader *reader, struct sweep_row *ret, struct diag *why)
{
	int r = reader->ended ? 0 : sql_step(reader->db, reader->sweeps, why);

	if (r <= 0) {
		if (r == 0 && !reader->ended && reader->counted)
			r = count_rows(reader, why);
		reader->ended = true;
		return r;
	}
	const char *wrong = sweep_row_read(reader->sweeps, ret);
	reader->read++;
	if (wrong)
		return sweep_row_wrong(ret->id, wrong, why);
	r = name_series(reader, ret);
	if (r == 0 && !sweep_row_holds(reader->sweeps, &ret->info, reader->sums_from))
		r = -EBADMSG;
	if (r == 0 && !reader->numbered && reader->read > 1 && ret->info.start.ns < reader->last.ns)
		r = -EBADMSG;
	reader->last = ret->info.start;
	if (r < 0) {
		diag_set(why, "sweep row %lld is damaged", (long long)ret->id);
		return r;
	}
	return 1;
}

static int tie_order(const void *a, const void *b)
{
	const struct sweep_info *x = &((const struct sweep_row *)a)->info;
	const struct sweep_info *y = &((const struct sweep_row *)b)->info;
	int r = strcmp(x->vantage, y->vantage);

	if (r == 0)
		r = strcmp(x->epoch, y->epoch);
	return r ? r : (x->sweep > y->sweep) - (x->sweep < y->sweep);
}

/* Gather the next rows that start at one instant. 1, or 0 at the end. */
static int next_ties(struct store_reader *reader, struct diag *why)
{
	int r = 1;

	reader->tie_at = 0;
	reader->tie_count = 0;
	if (!reader->ahead)
		r = next_row(reader, &reader->first, why);
	reader->ahead = false;
	while (r == 1) {
		if (reader->tie_count > 0 &&
			(reader->numbered ||
				reader->first.info.start.ns != reader->ties[0].info.start.ns)) {
			reader->ahead = true;
			break;
		}
		reader->ties = mem_grow(reader->ties, &reader->tie_capacity, reader->tie_count + 1,
			sizeof(*reader->ties));
		reader->ties[reader->tie_count++] = reader->first;
		r = next_row(reader, &reader->first, why);
	}
	if (r < 0)
		return r;
	if (reader->tie_count > 1)
		qsort(reader->ties, reader->tie_count, sizeof(*reader->ties), tie_order);
	return reader->tie_count > 0;
}

int store_reader_mark(struct store_reader *reader, struct store_mark *ret, struct diag *why)
{
	return mark_read(reader->db, ret, why);
}

int store_reader_grown(struct store_reader *reader, const struct store_mark *since,
	struct store_growth *ret, struct diag *why)
{
	return mark_compare(reader->db, since, ret, why);
}

sqlite3 *reader_db(const struct store_reader *reader)
{
	return reader->db;
}

int64_t reader_sweep_id(const struct store_reader *reader)
{
	return reader->ties[reader->tie_at - 1].id;
}

int store_next(struct store_reader *reader, struct sweep *ret, struct diag *why)
{
	if (reader->tie_at == reader->tie_count) {
		int r = next_ties(reader, why);
		if (r <= 0)
			return r;
	}
	int r = loader_load(reader->loader, &reader->ties[reader->tie_at], ret, why);
	if (r < 0)
		return r;
	reader->tie_at++;
	return 1;
}
