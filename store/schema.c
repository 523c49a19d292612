#include "store/schema.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <sqlite3.h>

#include "store/sql.h"

/* "lgts": tells file(1), and us, whose database this is. */
enum { APPLICATION_ID = 0x6c677473 };

/*
 * A cell's id is its sweep's id shifted by 20 bits plus its number in the
 * sweep, so that cells lie in the file sweep by sweep and a sweep's cells are
 * one range of ids: no index is needed. They are rowid tables because long
 * rows of WITHOUT ROWID tables spill to overflow pages early.
 */
static const char tables[] =
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE target(id INTEGER PRIMARY KEY, base INTEGER NOT NULL, len INTEGER NOT NULL,"
	" role INTEGER NOT NULL, label TEXT NOT NULL);"
	"CREATE TABLE series(id INTEGER PRIMARY KEY, vantage TEXT NOT NULL, epoch TEXT NOT NULL,"
	" UNIQUE(vantage, epoch));"
	"CREATE TABLE sweep(id INTEGER PRIMARY KEY, series INTEGER NOT NULL REFERENCES series(id),"
	" number INTEGER NOT NULL, tier INTEGER NOT NULL, start_ns INTEGER NOT NULL,"
	" end_ns INTEGER NOT NULL, interval_ns INTEGER NOT NULL, methods TEXT NOT NULL,"
	" source INTEGER, probed INTEGER, sent INTEGER, received INTEGER,"
	" capture_dropped INTEGER, send_errors INTEGER, anchors_probed INTEGER,"
	" anchors_up INTEGER, clock_error_us INTEGER, flags INTEGER NOT NULL, counts TEXT NOT NULL,"
	" observations INTEGER NOT NULL, hops INTEGER NOT NULL, boots INTEGER NOT NULL,"
	" sum INTEGER, UNIQUE(series, number));"
	"CREATE INDEX sweep_start ON sweep(start_ns);"
	"CREATE TABLE cell(id INTEGER PRIMARY KEY, block INTEGER NOT NULL, method INTEGER NOT NULL,"
	" rows INTEGER NOT NULL, answered INTEGER NOT NULL, silent INTEGER NOT NULL,"
	" unreachable INTEGER NOT NULL, unsent INTEGER NOT NULL, d BLOB NOT NULL);"
	"CREATE TABLE path(sweep INTEGER PRIMARY KEY, d BLOB NOT NULL);"
	"CREATE TABLE boot(sweep INTEGER PRIMARY KEY, d BLOB NOT NULL);";

#define DOTTED(n)                                                                                  \
	"printf('%d.%d.%d.%d', " n " >> 24, " n " >> 16 & 255, " n " >> 8 & 255, " n " & 255)"

static const char views[] = "CREATE VIEW v_target AS SELECT " DOTTED(
	"base") " || '/' || len AS prefix,"
		" CASE role WHEN 0 THEN 'target' WHEN 1 THEN 'anchor' WHEN 2 THEN 'upstream'"
		" ELSE 'border' END AS role, label FROM target;"
		"CREATE VIEW v_sweep AS SELECT s.id, r.vantage, r.epoch, s.number AS sweep,"
		" CASE s.tier WHEN 0 THEN 'full' ELSE 'watch' END AS tier,"
		" s.start_ns / 1e9 AS start, s.end_ns / 1e9 AS \"end\","
		" CASE WHEN s.interval_ns > 0 THEN s.interval_ns / 1e9 END AS interval, s.methods,"
		" CASE WHEN s.source IS NOT NULL THEN " DOTTED(
			"s.source") " END AS source,"
				    " s.probed, s.sent, s.received, s.capture_dropped, "
				    "s.send_errors, s.anchors_probed,"
				    " s.anchors_up, s.clock_error_us, s.flags, s.counts, "
				    "s.observations, "
				    "s.hops, s.boots"
				    " FROM sweep s JOIN series r ON r.id = s.series;"
				    "CREATE VIEW v_cell AS SELECT s.id AS sweep_id, r.vantage, "
				    "r.epoch, s.number AS sweep,"
				    " s.start_ns / 1e9 AS start, CASE s.tier WHEN 0 THEN 'full' "
				    "ELSE 'watch' END AS tier,"
				    " " DOTTED("(c.block << 8)") " || '/24' AS block,"
								 " CASE c.method WHEN 0 THEN "
								 "'icmp' ELSE 'tcp' END AS method,"
								 " c.rows, c.answered, c.silent, "
								 "c.unreachable, c.unsent, "
								 "length(c.d) AS bytes"
								 " FROM cell c JOIN sweep s ON "
								 "s.id = c.id >> 20 JOIN series r "
								 "ON r.id = s.series;";

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

static int put_meta(sqlite3 *db, struct diag *why)
{
	uint8_t random[16];
	char epoch[2 * sizeof(random) + 1];
	char sql[512];

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return -EIO;
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(epoch + 2 * i, 3, "%02x", random[i]);
	snprintf(sql, sizeof(sql),
		"INSERT INTO meta VALUES('schema', '%d'), ('program', 'lightsout %s'),"
		" ('epoch', '%s'), ('created', strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', 'now'));"
		"PRAGMA application_id = %d;",
		SCHEMA_VERSION, LIGHTSOUT_VERSION, epoch, APPLICATION_ID);
	return sql_exec(db, sql, why);
}

int schema_create(sqlite3 *db, struct diag *why)
{
	int r = sql_exec(db, "BEGIN IMMEDIATE", why);

	if (r < 0)
		return r;
	r = sql_exec(db, tables, why);
	if (r == 0)
		r = sql_exec(db, views, why);
	if (r == 0)
		r = put_meta(db, why);
	if (r == 0)
		r = sql_exec(db, "COMMIT", why);
	if (r < 0)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

int schema_complete(sqlite3 *db, struct diag *why)
{
	if (pragma(db, "SELECT count(*) FROM pragma_table_info('sweep') WHERE name = 'sum'"))
		return 0;
	return sql_exec(db, "ALTER TABLE sweep ADD COLUMN sum INTEGER", why);
}

int schema_check(sqlite3 *db, const char *path, struct diag *why)
{
	int64_t application = pragma(db, "PRAGMA application_id");
	int code = sqlite3_errcode(db) & 0xff;

	if (application == -1 && code != SQLITE_OK && code != SQLITE_NOTADB) /* cannot be read */
		return sql_error(db, "store", why);
	if (application == 0 && pragma(db, "SELECT count(*) FROM sqlite_schema") == 0) {
		diag_set(why, "\"%s\" is empty, expected a store", path);
		return -ENODATA;
	}
	if (application != APPLICATION_ID)
		return diag_set(why, "\"%s\" is some other database, expected a store", path);
	int64_t version = pragma(db, "SELECT value FROM meta WHERE key = 'schema'");
	if (version == SCHEMA_VERSION)
		return 0;
	if (version < 1) {
		diag_set(why, "store \"%s\" does not say its version: it is damaged", path);
		return -EBADMSG;
	}
	diag_set(why,
		"store \"%s\" has version %lld, this lightsout reads version %d: use a newer one",
		path, (long long)version, SCHEMA_VERSION);
	return -EPROTONOSUPPORT;
}

/* What a store is made of; columns in their order. A store of an older program has no `sum`. */
static const char objects[] =
	"SELECT type, name, CASE type WHEN 'index' THEN '' ELSE (SELECT group_concat(name, ',')"
	" FROM pragma_table_info(m.name) WHERE m.name != 'sweep' OR name != 'sum') END"
	" FROM sqlite_schema m WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name";
static const char columns_of[] =
	"SELECT coalesce(group_concat(name, ','), '') FROM pragma_table_info(?1)"
	" WHERE ?1 != 'sweep' OR name != 'sum'";

/* Look for one object; a view that cannot be compiled has no columns. */
static void compare_one(sqlite3 *db, sqlite3_stmt *ours, sqlite3_stmt *find, sqlite3_stmt *columns,
	void (*tell)(void *ctx, const char *text), void *ctx)
{
	const char *type = (const char *)sqlite3_column_text(ours, 0);
	const char *name = (const char *)sqlite3_column_text(ours, 1);
	const char *expected = (const char *)sqlite3_column_text(ours, 2);
	char text[1024];

	sqlite3_bind_text(find, 1, type, -1, SQLITE_STATIC);
	sqlite3_bind_text(find, 2, name, -1, SQLITE_STATIC);
	sqlite3_bind_text(columns, 1, name, -1, SQLITE_STATIC);
	bool there = sql_step(db, find, NULL) == 1;
	const char *is = there && *expected && sql_step(db, columns, NULL) == 1
				 ? (const char *)sqlite3_column_text(columns, 0)
				 : "";
	if (!there) {
		snprintf(text, sizeof(text), "%s \"%s\" is missing", type, name);
		tell(ctx, text);
	} else if (strcmp(is, expected) != 0) {
		snprintf(text, sizeof(text),
			"%s \"%s\" has the columns \"%.400s\", expected \"%s\"", type, name, is,
			expected);
		tell(ctx, text);
	}
	sqlite3_reset(find);
	sqlite3_reset(columns);
}

int schema_compare(
	sqlite3 *db, void (*tell)(void *ctx, const char *text), void *ctx, struct diag *why)
{
	sqlite3 *fresh = NULL;
	sqlite3_stmt *ours = NULL;
	sqlite3_stmt *find = NULL;
	sqlite3_stmt *columns = NULL;
	int r = sqlite3_open(":memory:", &fresh) == SQLITE_OK ? schema_create(fresh, why) : -ENOMEM;

	if (r == 0)
		r = sql_prepare(fresh, objects, why, &ours);
	if (r == 0)
		r = sql_prepare(db, "SELECT 1 FROM sqlite_schema WHERE type = ?1 AND name = ?2",
			why, &find);
	if (r == 0)
		r = sql_prepare(db, columns_of, why, &columns);
	while (r >= 0 && (r = sql_step(fresh, ours, why)) == 1)
		compare_one(db, ours, find, columns, tell, ctx);
	sqlite3_finalize(ours);
	sqlite3_finalize(find);
	sqlite3_finalize(columns);
	sqlite3_close(fresh);
	return r;
}
