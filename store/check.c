#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "store/internal.h"
#include "store/route.h"
#include "store/row_sum.h"
#include "store/schema.h"
#include "store/sql.h"
#include "store/whole.h"

struct check {
	sqlite3 *db;
	const struct store_checker *checker;
	struct blob_codec *codec;
	int problems;
};

static void problem(struct check *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void problem(struct check *c, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	c->problems++;
	c->checker->problem(c->checker->ctx, text);
}

/* Give every row of a query to a function. A query that fails is a problem:
 * the file cannot be read there. */
static void each(struct check *c, const char *sql, void (*row)(struct check *, sqlite3_stmt *))
{
	struct diag why = {.line = 0};
	sqlite3_stmt *stmt = NULL;
	int r = sql_prepare(c->db, sql, &why, &stmt);

	while (r >= 0 && (r = sql_step(c->db, stmt, &why)) == 1)
		row(c, stmt);
	if (r < 0)
		problem(c, "%s", why.text);
	sqlite3_finalize(stmt);
}

static const char *text_at(sqlite3_stmt *stmt, int column)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);
	return text ? text : "";
}

static void integrity_row(struct check *c, sqlite3_stmt *stmt)
{
	if (strcmp(text_at(stmt, 0), "ok") != 0)
		problem(c, "file: %s", text_at(stmt, 0));
}

/* "sweep 7 of vantage "vp1"": columns number, vantage. */
static void name_sweep(sqlite3_stmt *stmt, int column, char *out, size_t size)
{
	snprintf(out, size, "sweep %lld of vantage \"%s\"",
		(long long)sqlite3_column_int64(stmt, column), text_at(stmt, column + 1));
}

static bool counts_agree(sqlite3_stmt *stmt, const struct observation *rows, size_t count)
{
	struct cell_counts counts = cell_count(rows, count);

	return sqlite3_column_int64(stmt, 5) == (int64_t)count &&
	       sqlite3_column_int64(stmt, 6) == counts.answered &&
	       sqlite3_column_int64(stmt, 7) == counts.silent &&
	       sqlite3_column_int64(stmt, 8) == counts.unreachable &&
	       sqlite3_column_int64(stmt, 9) == counts.unsent;
}

static const char cells[] =
	"SELECT s.number, r.vantage, s.start_ns, c.block, c.method, c.rows, c.answered, c.silent,"
	" c.unreachable, c.unsent, c.d, c.id FROM cell c LEFT JOIN sweep s ON s.id = c.id >> 20"
	" LEFT JOIN series r ON r.id = s.series ORDER BY c.id";

static void cell_row(struct check *c, sqlite3_stmt *stmt)
{
	const struct observation *rows;
	size_t count;
	char sweep[128];
	char block[ADDRESS_TEXT_SIZE];

	if (sqlite3_column_type(stmt, 0) == SQLITE_NULL)
		return; /* told once for all: whole_left_over */
	name_sweep(stmt, 0, sweep, sizeof(sweep));
	int64_t number = sqlite3_column_int64(stmt, 3);
	int64_t method = sqlite3_column_int64(stmt, 4);
	if (number < 0 || number >> BLOCK_LEN || method < METHOD_ICMP || method > METHOD_TCP) {
		problem(c, "%s: cell %lld: no such block or method", sweep,
			(long long)sqlite3_column_int64(stmt, 11));
		return;
	}
	struct blob_place place = {
		{(uint32_t)number << 8}, (enum method)method, {sqlite3_column_int64(stmt, 2)}};
	prefix_format(block_of(place.block), block);
	const char *kind = method == METHOD_ICMP ? "icmp" : "tcp";
	const uint8_t *blob = sqlite3_column_blob(stmt, 10);
	size_t len = (size_t)sqlite3_column_bytes(stmt, 10);
	int r = blob ? blob_decode(c->codec, &place, blob, len, &rows, &count) : -EBADMSG;
	if (r == -EPROTONOSUPPORT)
		problem(c, "%s: cell %s %s: written by a newer lightsout", sweep, block, kind);
	else if (r < 0)
		problem(c, "%s: cell %s %s: the blob is damaged", sweep, block, kind);
	else if (!counts_agree(stmt, rows, count))
		problem(c, "%s: cell %s %s: the counts are not those of the blob", sweep, block,
			kind);
}

static const char sums[] =
	"SELECT s.number, r.vantage, s.observations, (SELECT coalesce(sum(c.rows), 0) FROM cell c"
	" WHERE c.id >= s.id << 20 AND c.id < (s.id + 1) << 20) AS n FROM sweep s"
	" LEFT JOIN series r ON r.id = s.series WHERE r.id IS NULL OR n != s.observations";

static void sum_row(struct check *c, sqlite3_stmt *stmt)
{
	char sweep[128];

	if (sqlite3_column_type(stmt, 1) == SQLITE_NULL) {
		problem(c, "sweep %lld belongs to no vantage point",
			(long long)sqlite3_column_int64(stmt, 0));
		return;
	}
	name_sweep(stmt, 0, sweep, sizeof(sweep));
	problem(c, "%s: %lld observations in its cells, expected %lld", sweep,
		(long long)sqlite3_column_int64(stmt, 3), (long long)sqlite3_column_int64(stmt, 2));
}

/* The columns in the order of their checksum, which covers the name of the series too. */
static const char sweeps[] =
	"SELECT s.number, r.vantage, s.sum, r.vantage, r.epoch, s.series, s.number, s.tier,"
	" s.start_ns, s.end_ns, s.interval_ns, s.methods, s.source, s.probed, s.sent, s.received,"
	" s.capture_dropped, s.send_errors, s.anchors_probed, s.anchors_up, s.clock_error_us,"
	" s.flags, s.counts, s.observations, s.hops, s.boots FROM sweep s"
	" LEFT JOIN series r ON r.id = s.series WHERE s.sum IS NOT NULL";
enum { SWEEPS_SUM = 2, SWEEPS_FIRST, SWEEPS_END = 26 };

static void sweep_row(struct check *c, sqlite3_stmt *stmt)
{
	struct row_sum sum = {0};
	char sweep[128];

	for (int i = SWEEPS_FIRST; i < SWEEPS_END; i++)
		row_sum_column(&sum, stmt, i);
	if (sqlite3_column_type(stmt, SWEEPS_SUM) == SQLITE_INTEGER &&
		sqlite3_column_int64(stmt, SWEEPS_SUM) == row_sum_value(&sum))
		return;
	name_sweep(stmt, 0, sweep, sizeof(sweep));
	problem(c, "%s: its row is damaged", sweep);
}

/* Every row of a table of one blob a sweep, whosever it is, and sweeps that lack theirs. */
#define BLOBS(table, rows)                                                                         \
	"SELECT s.number, r.vantage, s.start_ns, s." rows ", t.d FROM " table " t"        \
	" LEFT JOIN sweep s ON s.id = t.sweep LEFT JOIN series r ON r.id = s.series"               \
	" UNION ALL SELECT s.number, r.vantage, s.start_ns, s." rows ", NULL FROM sweep s"   \
	" LEFT JOIN series r ON r.id = s.series WHERE s." rows " > 0 AND s.id NOT IN"              \
	" (SELECT sweep FROM " table ")"
enum { BLOBS_START = 2, BLOBS_ROWS, BLOBS_BLOB };

/* False: it belongs to nobody, which is told once for all. */
static bool is_owned(sqlite3_stmt *stmt)
{
	return sqlite3_column_type(stmt, 0) != SQLITE_NULL;
}

/* `read`: how many rows the blob holds, or a negative errno. */
static void tell_blob(
	struct check *c, sqlite3_stmt *stmt, const char *table, const char *rows, int64_t read)
{
	char sweep[128];

	name_sweep(stmt, 0, sweep, sizeof(sweep));
	if (read == -EPROTONOSUPPORT)
		problem(c, "%s: its %s blob was written by a newer lightsout", sweep, table);
	else if (read < 0)
		problem(c, "%s: the %s blob is damaged", sweep, table);
	else if (read != sqlite3_column_int64(stmt, BLOBS_ROWS))
		problem(c, "%s: the number of %s is not that of the blob", sweep, rows);
}

static void path_row(struct check *c, sqlite3_stmt *stmt)
{
	const struct hop *rows;
	size_t count;
	struct wall base = {sqlite3_column_int64(stmt, BLOBS_START)};
	const uint8_t *blob = sqlite3_column_blob(stmt, BLOBS_BLOB);
	size_t len = (size_t)sqlite3_column_bytes(stmt, BLOBS_BLOB);

	if (!is_owned(stmt))
		return;
	int r = blob ? blob_decode_hops(c->codec, base, blob, len, &rows, &count) : -EBADMSG;
	tell_blob(c, stmt, "path", "hops", r < 0 ? r : (int64_t)count);
}

static void boot_row(struct check *c, sqlite3_stmt *stmt)
{
	const struct boot *rows;
	size_t count;
	struct wall base = {sqlite3_column_int64(stmt, BLOBS_START)};
	const uint8_t *blob = sqlite3_column_blob(stmt, BLOBS_BLOB);
	size_t len = (size_t)sqlite3_column_bytes(stmt, BLOBS_BLOB);

	if (!is_owned(stmt))
		return;
	int r = blob ? blob_decode_boots(c->codec, base, blob, len, &rows, &count) : -EBADMSG;
	tell_blob(c, stmt, "boot", "boots", r < 0 ? r : (int64_t)count);
}

/* Where the epoch is not known, nobody promised that numbers have no gaps. */
static const char gaps[] =
	"SELECT vantage, epoch, before + 1, number - 1 FROM (SELECT r.vantage, r.epoch, s.number,"
	" lag(s.number) OVER (PARTITION BY s.series ORDER BY s.number) AS before FROM sweep s"
	" JOIN series r ON r.id = s.series WHERE r.epoch != '') WHERE number > before + 1"
	" ORDER BY vantage, epoch, number";

static void gap_row(struct check *c, sqlite3_stmt *stmt)
{
	c->checker->gap(c->checker->ctx, text_at(stmt, 0), text_at(stmt, 1),
		(uint64_t)sqlite3_column_int64(stmt, 2), (uint64_t)sqlite3_column_int64(stmt, 3));
}

/* The last word is a reader's: what it refuses is not whole, whatever it is. */
static void read_back(struct check *c, struct store *store)
{
	struct diag why = {.line = 0};
	struct store_reader *reader = NULL;
	const struct route_takers nobody = {.ctx = NULL};
	struct target_row *targets = NULL;
	struct sweep sweep;
	size_t count;
	bool shared;
	int r = store_targets(store, &why, &targets, &count);

	free(targets);
	if (r == 0)
		r = store_routes(store, (struct wall){INT64_MAX}, &nobody, &why);
	if (r < 0)
		problem(c, "%s", why.text);
	for (int numbered = 0; numbered < 2 && r >= 0; numbered++) {
		r = numbered ? store_read_by_number(store, &why, &reader, &shared)
			     : store_read(store, (struct wall){INT64_MAX}, &why, &reader);
		while (r >= 0 && (r = store_next(reader, &sweep, &why)) == 1 && !numbered)
			;
		if (r < 0)
			problem(c, "%s", why.text);
		store_reader_close(reader);
		reader = NULL;
	}
}

int store_check(struct store *store, const struct store_checker *checker, struct diag *why)
{
	struct check c = {.db = store->db, .checker = checker};
	struct diag left = {.line = 0};
	int r = sql_exec(c.db, "BEGIN", why);

	if (r < 0)
		return r;
	c.codec = blob_codec_create();
	each(&c, "PRAGMA integrity_check", integrity_row);
	if (sweep_has_sums(
		    c.db)) /* not in a store of an older program, until it is written again */
		each(&c, sweeps, sweep_row);
	each(&c, cells, cell_row);
	each(&c, sums, sum_row);
	each(&c, BLOBS("path", "hops"), path_row);
	each(&c, BLOBS("boot", "boots"), boot_row);
	each(&c, gaps, gap_row);
	if (whole_left_over(c.db, &left) == -EBADMSG)
		problem(&c, "%s", left.text);
	blob_codec_destroy(c.codec);
	sqlite3_exec(c.db, "COMMIT", NULL, NULL, NULL);
	if (c.problems == 0)
		read_back(&c, store);
	return c.problems;
}
