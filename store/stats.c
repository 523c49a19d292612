#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "core/mem.h"
#include "store/internal.h"
#include "store/sql.h"

struct cell_counts cell_count(const struct observation *rows, size_t count)
{
	struct cell_counts c = {0};

	for (size_t i = 0; i < count; i++) {
		if (outcome_is_life(rows[i].outcome))
			c.answered++;
		else if (rows[i].outcome == OUTCOME_SILENT)
			c.silent++;
		else if (rows[i].outcome == OUTCOME_UNSENT)
			c.unsent++;
		else
			c.unreachable++;
	}
	return c;
}

static const char by_series[] =
	"SELECT r.vantage, r.epoch, sum(s.tier = 0), sum(s.tier = 1), sum(s.observations),"
	" sum(s.hops), sum(s.boots), min(s.number), max(s.number), min(s.start_ns), max(s.end_ns)"
	" FROM sweep s JOIN series r ON r.id = s.series GROUP BY r.id ORDER BY r.vantage, r.epoch";

static uint64_t number(sqlite3_stmt *stmt, int column)
{
	return (uint64_t)sqlite3_column_int64(stmt, column);
}

static void read_row(sqlite3_stmt *stmt, struct series_stats *s)
{
	memset(s, 0, sizeof(*s));
	snprintf(s->vantage, sizeof(s->vantage), "%s", (const char *)sqlite3_column_text(stmt, 0));
	snprintf(s->epoch, sizeof(s->epoch), "%s", (const char *)sqlite3_column_text(stmt, 1));
	s->full_sweeps = number(stmt, 2);
	s->watch_sweeps = number(stmt, 3);
	s->observations = number(stmt, 4);
	s->hops = number(stmt, 5);
	s->boots = number(stmt, 6);
	s->first_sweep = number(stmt, 7);
	s->last_sweep = number(stmt, 8);
	s->start.ns = sqlite3_column_int64(stmt, 9);
	s->end.ns = sqlite3_column_int64(stmt, 10);
}

static int read_sizes(sqlite3 *db, struct store_stats *stats, struct diag *why)
{
	sqlite3_stmt *stmt;
	int r = sql_prepare(db,
		"SELECT count(*), coalesce(sum(length(d)), 0), (SELECT page_count FROM"
		" pragma_page_count) * (SELECT page_size FROM pragma_page_size) FROM cell",
		why, &stmt);

	if (r < 0)
		return r;
	r = sql_step(db, stmt, why);
	if (r == 1) {
		stats->cells = number(stmt, 0);
		stats->blob_bytes = number(stmt, 1);
		stats->file_bytes = number(stmt, 2);
	}
	sqlite3_finalize(stmt);
	return r < 0 ? r : 0;
}

int store_stats(struct store *store, struct store_stats *ret, struct diag *why)
{
	struct store_stats stats = {0};
	size_t capacity = 0;
	sqlite3_stmt *stmt;
	int r = sql_prepare(store->db, by_series, why, &stmt);

	if (r < 0)
		return r;
	while ((r = sql_step(store->db, stmt, why)) == 1) {
		stats.series = mem_grow(
			stats.series, &capacity, stats.series_count + 1, sizeof(*stats.series));
		struct series_stats *s = &stats.series[stats.series_count++];
		read_row(stmt, s);
		stats.sweeps += s->full_sweeps + s->watch_sweeps;
		stats.observations += s->observations;
	}
	sqlite3_finalize(stmt);
	if (r == 0)
		r = read_sizes(store->db, &stats, why);
	if (r < 0) {
		free(stats.series);
		return r;
	}
	*ret = stats;
	return 0;
}
