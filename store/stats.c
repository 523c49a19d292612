#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "core/mem.h"
#include "store/internal.h"
#include "store/series.h"
#include "store/sql.h"
#include "store/whole.h"

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

static uint64_t number(sqlite3_stmt *stmt, int column)
{
	return (uint64_t)sqlite3_column_int64(stmt, column);
}

/* Counts of rows that anybody may have written: they end at the largest number. */
static void add(uint64_t *sum, int64_t count)
{
	*sum = *sum > UINT64_MAX - (uint64_t)count ? UINT64_MAX : *sum + (uint64_t)count;
}

/* One for each series of the store, in its order; the names come when all is read. */
struct counting {
	struct series_stats *series;
	size_t capacity;
};

static void count_sweep(void *ctx, const struct sweep_row *row, size_t series)
{
	struct counting *c = ctx;
	const struct sweep_info *info = &row->info;

	size_t had = c->capacity;

	c->series = mem_grow(c->series, &c->capacity, series + 1, sizeof(*c->series));
	memset(c->series + had, 0, (c->capacity - had) * sizeof(*c->series));
	struct series_stats *s = &c->series[series];
	bool first = s->full_sweeps + s->watch_sweeps == 0;
	s->full_sweeps += info->tier == TIER_FULL;
	s->watch_sweeps += info->tier == TIER_WATCH;
	add(&s->observations, row->observations);
	add(&s->hops, row->hops);
	add(&s->boots, row->boots);
	if (first || info->sweep < s->first_sweep)
		s->first_sweep = info->sweep;
	if (first || info->sweep > s->last_sweep)
		s->last_sweep = info->sweep;
	if (first || info->start.ns < s->start.ns)
		s->start = info->start;
	if (first || info->end.ns > s->end.ns)
		s->end = info->end;
}

static int by_name(const void *a, const void *b)
{
	const struct series_stats *x = a;
	const struct series_stats *y = b;
	int by = strcmp(x->vantage, y->vantage);

	return by ? by : strcmp(x->epoch, y->epoch);
}

/* With their names, those that have a sweep, in order. */
static void settle(
	struct counting *c, const struct whole *whole, struct store_stats *stats)
{
	size_t kept = 0;

	for (size_t i = 0; i < whole->series_count && i < c->capacity; i++) {
		struct series_stats s = c->series[i];
		if (s.full_sweeps + s.watch_sweeps == 0)
			continue;
		memcpy(s.vantage, whole->series[i].vantage, VANTAGE_SIZE);
		memcpy(s.epoch, whole->series[i].epoch, EPOCH_SIZE);
		c->series[kept++] = s;
		stats->sweeps += s.full_sweeps + s.watch_sweeps;
		add(&stats->observations, (int64_t)(s.observations & INT64_MAX));
	}
	stats->series = c->series;
	stats->series_count = kept;
	if (kept > 0)
		qsort(stats->series, kept, sizeof(*stats->series), by_name);
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
	struct counting counting = {0};
	struct whole whole = {0};
	int r = sql_exec(store->db, "BEGIN", why);

	if (r < 0)
		return r;
	r = whole_read(store, count_sweep, &counting, &whole, why);
	if (r == 0) {
		settle(&counting, &whole, &stats);
		r = read_sizes(store->db, &stats, why);
	}
	sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
	free(whole.series);
	if (r < 0) {
		free(counting.series);
		return r;
	}
	*ret = stats;
	return 0;
}
