#include "store/schema.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include "store/sql.h"
#include "store/sums.h"

/* "lgts": tells file(1), and us, whose database this is. */
enum { APPLICATION_ID = 0x6c677473 };

/*
 * A cell's id is its sweep's id shifted by 20 bits plus its number in the
 * sweep, so that cells lie in the file sweep by sweep and a sweep's cells are
 * one range of ids: no index is needed. They are rowid tables because long
 * rows of WITHOUT ROWID tables spill to overflow pages early.
 */
#define SWEEP_TABLE(sum)                                                                           \
	"CREATE TABLE sweep(id INTEGER PRIMARY KEY, series INTEGER NOT NULL REFERENCES "           \
	"series(id), number INTEGER NOT NULL, tier INTEGER NOT NULL, start_ns INTEGER NOT NULL,"   \
	" end_ns INTEGER NOT NULL, interval_ns INTEGER NOT NULL, methods TEXT NOT NULL,"           \
	" source INTEGER, probed INTEGER, sent INTEGER, received INTEGER,"                         \
	" capture_dropped INTEGER, send_errors INTEGER, anchors_probed INTEGER,"                   \
	" anchors_up INTEGER, clock_error_us INTEGER, flags INTEGER NOT NULL,"                     \
	" counts TEXT NOT NULL, observations INTEGER NOT NULL, hops INTEGER NOT NULL,"             \
	" boots INTEGER NOT NULL," sum " UNIQUE(series, number))"

#define DOTTED(n)                                                                                  \
	"printf('%d.%d.%d.%d', " n " >> 24, " n " >> 16 & 255, " n " >> 8 & 255, " n " & 255)"

static const char target_view[] = "CREATE VIEW v_target AS SELECT " DOTTED(
	"base") " || '/' || len AS prefix,"
		" CASE role WHEN 0 THEN 'target' WHEN 1 THEN 'anchor' WHEN 2 THEN 'upstream'"
		" ELSE 'border' END AS role, label FROM target";

static const char sweep_view[] =
	"CREATE VIEW v_sweep AS SELECT s.id, r.vantage, r.epoch, s.number AS sweep,"
	" CASE s.tier WHEN 0 THEN 'full' ELSE 'watch' END AS tier,"
	" s.start_ns / 1e9 AS start, s.end_ns / 1e9 AS \"end\","
	" CASE WHEN s.interval_ns > 0 THEN s.interval_ns / 1e9 END AS interval, s.methods,"
	" CASE WHEN s.source IS NOT NULL THEN " DOTTED(
		"s.source") " END AS source,"
			    " s.probed, s.sent, s.received, s.capture_dropped, s.send_errors, "
			    "s.anchors_probed,"
			    " s.anchors_up, s.clock_error_us, s.flags, s.counts, s.observations, "
			    "s.hops, s.boots"
			    " FROM sweep s JOIN series r ON r.id = s.series";

static const char cell_view[] =
	"CREATE VIEW v_cell AS SELECT s.id AS sweep_id, r.vantage, r.epoch, s.number AS sweep,"
	" s.start_ns / 1e9 AS start, CASE s.tier WHEN 0 THEN 'full' ELSE 'watch' END AS tier,"
	" " DOTTED("(c.block << 8)") " || '/24' AS block,"
				     " CASE c.method WHEN 0 THEN 'icmp' ELSE 'tcp' END AS method,"
				     " c.rows, c.answered, c.silent, c.unreachable, c.unsent, "
				     "length(c.d) AS bytes"
				     " FROM cell c JOIN sweep s ON s.id = c.id >> 20 JOIN series r "
				     "ON r.id = s.series";

static const char route_view[] = "CREATE VIEW v_route AS SELECT time_ns / 1e9 AS time, " DOTTED(
	"base") " || '/' || len AS prefix, peer, CASE event WHEN 0 THEN 'announce'"
		" WHEN 1 THEN 'withdraw' ELSE 'reset' END AS event, path AS as_path FROM route";

/* Exactly as sqlite_schema has them. What has no text SQLite makes itself; a table of an
 * older program may have another, and whoever ran ANALYZE left a table of statistics. */
static const struct object {
	const char *type, *name, *table;
	const char *sql, *older;
	bool optional;
	int since; /* the version that brought it */
} objects[] = {
	{"table", "meta", "meta",
		"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID", NULL,
		false, 0},
	{"table", "target", "target",
		"CREATE TABLE target(id INTEGER PRIMARY KEY, base INTEGER NOT NULL, len INTEGER "
		"NOT "
		"NULL, role INTEGER NOT NULL, label TEXT NOT NULL)",
		NULL, false, 0},
	{"table", "series", "series",
		"CREATE TABLE series(id INTEGER PRIMARY KEY, vantage TEXT NOT NULL, epoch TEXT NOT "
		"NULL, UNIQUE(vantage, epoch))",
		NULL, false, 0},
	{"index", "sqlite_autoindex_series_1", "series", NULL, NULL, false, 0},
	{"table", "sweep", "sweep", SWEEP_TABLE(" sum INTEGER,"), SWEEP_TABLE(""), false, 0},
	{"index", "sqlite_autoindex_sweep_1", "sweep", NULL, NULL, false, 0},
	{"index", "sweep_start", "sweep", "CREATE INDEX sweep_start ON sweep(start_ns)", NULL,
		false, 0},
	{"table", "cell", "cell",
		"CREATE TABLE cell(id INTEGER PRIMARY KEY, block INTEGER NOT NULL, method INTEGER "
		"NOT "
		"NULL, rows INTEGER NOT NULL, answered INTEGER NOT NULL, silent INTEGER NOT NULL,"
		" unreachable INTEGER NOT NULL, unsent INTEGER NOT NULL, d BLOB NOT NULL)",
		NULL, false, 0},
	{"table", "path", "path", "CREATE TABLE path(sweep INTEGER PRIMARY KEY, d BLOB NOT NULL)",
		NULL, false, 0},
	{"table", "boot", "boot", "CREATE TABLE boot(sweep INTEGER PRIMARY KEY, d BLOB NOT NULL)",
		NULL, false, 0},
	{"table", "heard", "heard",
		"CREATE TABLE heard(start_ns INTEGER NOT NULL, end_ns INTEGER NOT NULL,"
		" PRIMARY KEY(start_ns, end_ns)) WITHOUT ROWID",
		NULL, false, SCHEMA_ROUTES},
	{"table", "route", "route",
		"CREATE TABLE route(time_ns INTEGER NOT NULL, base INTEGER NOT NULL, len INTEGER "
		"NOT NULL, peer TEXT NOT NULL, event INTEGER NOT NULL, path TEXT NOT NULL,"
		" PRIMARY KEY(time_ns, base, len, peer)) WITHOUT ROWID",
		NULL, false, SCHEMA_ROUTES},
	{"view", "v_route", "v_route", route_view, NULL, false, SCHEMA_ROUTES},
	{"view", "v_target", "v_target", target_view, NULL, false, 0},
	{"view", "v_sweep", "v_sweep", sweep_view, NULL, false, 0},
	{"view", "v_cell", "v_cell", cell_view, NULL, false, 0},
	{"table", "sqlite_stat1", "sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)", NULL,
		true, 0},
	{"table", "sqlite_stat4", "sqlite_stat4",
		"CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)", NULL, true, 0},
};
enum { OBJECTS = sizeof(objects) / sizeof(objects[0]) };

static int64_t pragma(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt;
	int64_t value = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return -1;
	if (sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

enum { RANDOM_BYTES = 16 };

static int random_epoch(char ret[2 * RANDOM_BYTES + 1])
{
	uint8_t random[RANDOM_BYTES];

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return -EIO;
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(ret + 2 * i, 3, "%02x", random[i]);
	return 0;
}

static int put_meta(sqlite3 *db, struct diag *why)
{
	char epoch[2 * RANDOM_BYTES + 1];
	char sql[512];
	int r = random_epoch(epoch);

	if (r < 0)
		return r;
	snprintf(sql, sizeof(sql),
		"INSERT INTO meta VALUES('schema', '%d'), ('program', 'lightsout %s'),"
		" ('epoch', '%s'), ('created', strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', 'now')),"
		" ('sums_from', '0');"
		"PRAGMA application_id = %d;",
		SCHEMA_VERSION, LIGHTSOUT_VERSION, epoch, APPLICATION_ID);
	int64_t routes;
	r = sql_exec(db, sql, why);
	return r == 0 ? sums_write_routes(db, why, &routes) : r;
}

int schema_renew_epoch(sqlite3 *db, struct diag *why)
{
	char epoch[2 * RANDOM_BYTES + 1];
	char sql[128];
	int r = random_epoch(epoch);

	if (r < 0)
		return r;
	snprintf(sql, sizeof(sql), "UPDATE meta SET value = '%s' WHERE key = 'epoch'", epoch);
	r = sql_exec(db, sql, why);
	return r == 0 ? sums_write(db, why) : r;
}

/* Those that came with that version or later. */
static int create_objects(sqlite3 *db, int64_t version, struct diag *why)
{
	int r = 0;

	for (size_t i = 0; i < OBJECTS && r == 0; i++)
		if (objects[i].sql && !objects[i].optional && objects[i].since >= version)
			r = sql_exec(db, objects[i].sql, why);
	return r;
}

/* In one transaction, or not at all. */
static int whole(sqlite3 *db, int (*what)(sqlite3 *db, struct diag *why), struct diag *why)
{
	int r = sql_exec(db, "BEGIN IMMEDIATE", why);

	if (r < 0)
		return r;
	r = what(db, why);
	if (r == 0)
		r = sql_exec(db, "COMMIT", why);
	if (r < 0)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

static int create(sqlite3 *db, struct diag *why)
{
	int r = create_objects(db, 0, why);

	return r == 0 ? put_meta(db, why) : r;
}

int schema_create(sqlite3 *db, struct diag *why)
{
	return whole(db, create, why);
}

/* Rows that are there already keep what they have: from here on each has a checksum. */
static int complete(sqlite3 *db, struct diag *why)
{
	int64_t version = meta_number(db, "schema");
	int64_t routes;
	int r = create_objects(db, SCHEMA_ROUTES, why);

	if (r == 0 && !pragma(db, "SELECT count(*) FROM pragma_table_info('sweep') WHERE name = 'sum'"))
		r = sql_exec(db, "ALTER TABLE sweep ADD COLUMN sum INTEGER", why);
	if (version < SCHEMA_SUMMED && r == 0)
		r = meta_put(db, "sums_from",
			pragma(db, "SELECT coalesce(max(id), -1) + 1 FROM sweep WHERE sum IS NULL"),
			why);
	if (r == 0)
		r = meta_put(db, "schema", SCHEMA_VERSION, why);
	return r == 0 ? sums_write_routes(db, why, &routes) : r;
}

int schema_complete(sqlite3 *db, struct diag *why)
{
	if (meta_number(db, "schema") == SCHEMA_VERSION)
		return 0;
	return whole(db, complete, why);
}

static int damaged(const char *path, const char *what, struct diag *why)
{
	diag_set(why, "store \"%s\" %s: it is damaged", path, what);
	return -EBADMSG;
}

/* Which object is this; -1: none of ours. */
static int find_object(sqlite3_stmt *stmt)
{
	const char *have[4];

	for (int i = 0; i < 4; i++)
		have[i] = (const char *)sqlite3_column_text(stmt, i);
	for (int i = 0; i < OBJECTS && have[0] && have[1] && have[2]; i++) {
		const struct object *o = &objects[i];
		if (strcmp(o->type, have[0]) != 0 || strcmp(o->name, have[1]) != 0 ||
			strcmp(o->table, have[2]) != 0)
			continue;
		bool same = have[3] ? o->sql && strcmp(o->sql, have[3]) == 0 : !o->sql;
		bool older = have[3] && o->older && strcmp(o->older, have[3]) == 0;
		return same || older ? i : -1;
	}
	return -1;
}

/*
 * Both ways: nothing missing, nothing else. A store may be anybody's, and what SQLite is
 * given to run by a file is not to be run: a trigger swallows, a view goes on for ever.
 */
static int compare(sqlite3 *db, const char *path, struct diag *why)
{
	bool found[OBJECTS] = {false};
	sqlite3_stmt *stmt;
	int r = sql_prepare(db, "SELECT type, name, tbl_name, sql FROM sqlite_schema", why, &stmt);

	while (r >= 0 && (r = sql_step(db, stmt, why)) == 1) {
		int i = find_object(stmt);
		if (i < 0 || found[i]) {
			const char *type = (const char *)sqlite3_column_text(stmt, 0);
			const char *name = (const char *)sqlite3_column_text(stmt, 1);
			diag_set(why,
				"store \"%s\" has %s %.20s \"%.60s\" that lightsout does not make "
				"(a newer one, or somebody else): refused",
				path, type && *type == 'i' ? "an" : "a", type ? type : "row",
				name ? name : "");
			r = -EBADMSG;
			break;
		}
		found[i] = true;
	}
	sqlite3_finalize(stmt);
	int64_t version = r == 0 ? meta_number(db, "schema") : 0;
	for (size_t i = 0; i < OBJECTS && r == 0; i++) {
		char text[80];
		snprintf(text, sizeof(text), "lacks its %s \"%s\"", objects[i].type,
			objects[i].name);
		if (!found[i] && !objects[i].optional && objects[i].since <= version)
			r = damaged(path, text, why);
		else if (found[i] && version >= 1 && objects[i].since > version)
			r = damaged(path, "has tables that its version has not", why);
	}
	return r;
}

/* Does it say that it has a log beside it? A store is in its log until that is written back. */
static bool is_logged(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;
	bool logged = false;

	if (sqlite3_prepare_v2(db, "PRAGMA journal_mode", -1, &stmt, NULL) == SQLITE_OK &&
		sqlite3_step(stmt) == SQLITE_ROW)
		logged = strcmp((const char *)sqlite3_column_text(stmt, 0), "wal") == 0;
	sqlite3_finalize(stmt);
	return logged;
}

static bool is_one_byte(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_size == 1;
}

int schema_check(sqlite3 *db, const char *path, struct diag *why)
{
	int64_t application = pragma(db, "PRAGMA application_id");
	int code = sqlite3_errcode(db) & 0xff;

	if (application == -1 && code != SQLITE_OK && code != SQLITE_NOTADB) /* cannot be read */
		return sql_error(db, "store", why);
	if (application == 0 && is_one_byte(path)) /* which SQLite takes for an empty one */
		return diag_set(why, "\"%s\" has one byte and is no database, expected a store",
			path);
	if (application == 0 && pragma(db, "SELECT count(*) FROM sqlite_schema") == 0) {
		if (is_logged(db))
			diag_set(why,
				"\"%s\" is empty: a store that was only begun, or a copy without "
				"its "
				"log \"%s-wal\"; while a store is written it is both files",
				path, path);
		else
			diag_set(why, "\"%s\" is empty, expected a store", path);
		return -ENODATA;
	}
	if (application != APPLICATION_ID)
		return diag_set(why, "\"%s\" is some other database, expected a store", path);
	int r = compare(db, path, why);
	if (r < 0)
		return r;
	/* Two tables on one page: what is written into one lands in the other. */
	if (pragma(db, "SELECT count(rootpage) != count(DISTINCT rootpage) FROM sqlite_schema"
		       " WHERE rootpage > 0") != 0)
		return damaged(path, "has two tables in one place", why);
	int64_t version = meta_number(db, "schema");
	if (version >= 1 && version <= SCHEMA_VERSION)
		return 0;
	if (version < 1)
		return damaged(path, "does not say its version", why);
	diag_set(why,
		"store \"%s\" has version %lld, this lightsout reads version %d: use a newer one",
		path, (long long)version, SCHEMA_VERSION);
	return -EPROTONOSUPPORT;
}
