#include "store/sql.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "store/store.h"

/* How long to wait for a lock somebody else's tool holds. */
enum { BUSY_TIMEOUT_MS = 5000 };

/* What one row may hold. */
enum { VALUE_MOST = 16 << 20 };

/* One write of SQLite, at most: its index grows by 32 KiB. */
enum { WRITE_MOST = 40 << 10 };

/* SQLite does not keep EFBIG for us to see: is one of its files as large as it may be? */
static bool at_size_limit(sqlite3 *db)
{
	static const char *const endings[] = {"", "-wal", "-shm"};
	const char *path = sqlite3_db_filename(db, "main");
	struct rlimit limit;
	bool at = false;

	if (!path || getrlimit(RLIMIT_FSIZE, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY)
		return false;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		struct stat st;
		char *name = sqlite3_mprintf("%s%s", path, endings[i]);
		if (name && stat(name, &st) == 0)
			at |= (rlim_t)st.st_size + WRITE_MOST > limit.rlim_cur;
		sqlite3_free(name);
	}
	return at;
}

static int errno_of(sqlite3 *db)
{
	int system = sqlite3_system_errno(db);

	switch (sqlite3_errcode(db) & 0xff) {
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_IOERR:
		return system == ENOSPC || system == EDQUOT || at_size_limit(db) ? -ENOSPC : -EIO;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EBADMSG;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_INTERRUPT:
		return -EINTR;
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return -EACCES;
	case SQLITE_CANTOPEN:
		return system == ENOENT || system == EACCES || system == EPERM ? -system : -EIO;
	case SQLITE_TOOBIG: /* of ours none is: somebody wrote it */
		return -EBADMSG;
	default:
		return -EIO;
	}
}

/* SQLite has no code of its own for it. */
static bool is_overflow(sqlite3 *db)
{
	return (sqlite3_errcode(db) & 0xff) == SQLITE_ERROR &&
	       strcmp(sqlite3_errmsg(db), "integer overflow") == 0;
}

int sql_error(sqlite3 *db, const char *what, struct diag *why)
{
	int r = errno_of(db);
	int system = sqlite3_system_errno(db);

	if (why && sqlite3_extended_errcode(db) == SQLITE_IOERR_SHMMAP)
		diag_set(why, "%s: no memory for its index (-shm)", what);
	else if (why && r == -ENOSPC && at_size_limit(db))
		diag_set(why, "%s: a limit of file size is met (ulimit -f)", what);
	else if (why && system && r == -system)
		diag_set(why, "%s: %s", what, strerror(system));
	else if (is_overflow(db)) { /* of what nobody measured: a damaged row says so */
		r = -EBADMSG;
		if (why)
			diag_set(why, "%s: a row is damaged: its counts sum up beyond all numbers",
				what);
	} else if (why)
		diag_set(why, "%s: %s", what, sqlite3_errmsg(db));
	return r;
}

/* A finished store on a medium we may not write to has no -wal and can have
 * no -shm: nobody else can be writing it either. */
static int open_immutable(const char *path, sqlite3 **ret)
{
	char *uri = sqlite3_mprintf("%s-wal", path);
	if (!uri)
		return SQLITE_NOMEM;
	bool writable = access(path, W_OK) == 0;
	bool has_wal = access(uri, F_OK) == 0;
	sqlite3_free(uri);
	if (writable || has_wal || strpbrk(path, "?#%"))
		return SQLITE_CANTOPEN;
	uri = sqlite3_mprintf("file:%s?immutable=1", path);
	if (!uri)
		return SQLITE_NOMEM;
	int r = sqlite3_open_v2(uri, ret, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
	sqlite3_free(uri);
	return r;
}

/* Set by a signal: what runs is given up. */
static const volatile sig_atomic_t *stop;

void store_stop_by(const volatile sig_atomic_t *flag)
{
	stop = flag;
}

bool sql_stopped(void)
{
	return stop && *stop;
}

static int stopped(void *ctx)
{
	(void)ctx;
	return sql_stopped();
}

/* Before any statement, and so before the file's schema is read. */
static void harden(sqlite3 *db)
{
	static const struct {
		int what, on;
	} switches[] = {
		{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
		{SQLITE_DBCONFIG_DEFENSIVE, 1},
		{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
		{SQLITE_DBCONFIG_ENABLE_VIEW, 0},
		{SQLITE_DBCONFIG_DQS_DML, 0},
		{SQLITE_DBCONFIG_DQS_DDL, 0},
	};
	static const struct {
		int what, most;
	} limits[] = {
		{SQLITE_LIMIT_LENGTH, VALUE_MOST}, /* a blob is half of that at most */
		{SQLITE_LIMIT_SQL_LENGTH, 16384},
		{SQLITE_LIMIT_COLUMN, 64},
		{SQLITE_LIMIT_EXPR_DEPTH, 64},
		{SQLITE_LIMIT_COMPOUND_SELECT, 4},
		{SQLITE_LIMIT_ATTACHED, 0},
		{SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 64},
		{SQLITE_LIMIT_VARIABLE_NUMBER, 64},
		{SQLITE_LIMIT_TRIGGER_DEPTH, 1},
	};
	enum { STEPS = 100000 }; /* some milliseconds */

	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		sqlite3_db_config(db, switches[i].what, switches[i].on, NULL);
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		sqlite3_limit(db, limits[i].what, limits[i].most);
	sqlite3_busy_timeout(db, BUSY_TIMEOUT_MS);
	if (stop)
		sqlite3_progress_handler(db, STEPS, stopped, NULL);
	sqlite3_exec(db, "PRAGMA cell_size_check = ON", NULL, NULL, NULL);
}

static bool readable(sqlite3 *db)
{
	return sqlite3_exec(db, "SELECT 1 FROM sqlite_schema LIMIT 1", NULL, NULL, NULL) ==
	       SQLITE_OK;
}

int sql_regular(const char *path, struct diag *why)
{
	struct stat st;

	if (stat(path, &st) < 0 || S_ISREG(st.st_mode))
		return 0; /* what is not there is the opener's to tell */
	return diag_set(why, "cannot open store \"%s\": it is no regular file", path);
}

int sql_open(const char *path, bool write, struct diag *why, sqlite3 **ret)
{
	sqlite3 *db = NULL;
	int flags = write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;

	if (!write && access(path, R_OK) < 0) {
		int err = errno;
		diag_set(why, "cannot open store \"%s\": %s", path, strerror(err));
		return -err;
	}
	int r = sql_regular(path, why);
	if (r < 0)
		return r;
	r = sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (r == SQLITE_OK)
		harden(db);
	bool shut =
		r == SQLITE_OK && !write && !readable(db) &&
		(sqlite3_errcode(db) == SQLITE_CANTOPEN || sqlite3_errcode(db) == SQLITE_READONLY);
	if (shut) {
		sqlite3 *other = NULL;
		if (open_immutable(path, &other) == SQLITE_OK) {
			sqlite3_close(db);
			db = other;
			harden(db);
		} else {
			sqlite3_close(other);
		}
	}
	if (r == SQLITE_OK && readable(db)) {
		*ret = db;
		return 0;
	}
	char what[sizeof(why->file) + 32];
	snprintf(what, sizeof(what), "cannot open store \"%.100s\"", path);
	r = db ? sql_error(db, what, why) : -ENOMEM;
	sqlite3_close(db);
	return r;
}

int sql_exec(sqlite3 *db, const char *sql, struct diag *why)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return sql_error(db, "store", why);
}

int sql_prepare(sqlite3 *db, const char *sql, struct diag *why, sqlite3_stmt **ret)
{
	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, ret, NULL) == SQLITE_OK)
		return 0;
	return sql_error(db, "store", why);
}

int sql_run(sqlite3 *db, sqlite3_stmt *stmt, struct diag *why)
{
	int r = sqlite3_step(stmt);

	r = r == SQLITE_DONE || r == SQLITE_ROW ? 0 : sql_error(db, "store", why);
	sqlite3_reset(stmt);
	return r;
}

/* A statement of ours reads one table first. */
static int too_big(sqlite3_stmt *stmt, struct diag *why)
{
	const char *from = strstr(sqlite3_sql(stmt), "FROM ");
	int len = from ? (int)strcspn(from + 5, " ,)") : 0;

	if (why)
		diag_set(why, "store: a value in its table \"%.*s\" has more than %d MiB, expected less",
			len, from ? from + 5 : "", VALUE_MOST >> 20);
	return -EBADMSG;
}

int sql_step(sqlite3 *db, sqlite3_stmt *stmt, struct diag *why)
{
	int r = sqlite3_step(stmt);

	if (r == SQLITE_ROW)
		return 1;
	if (r == SQLITE_TOOBIG)
		r = too_big(stmt, why);
	else
		r = r == SQLITE_DONE ? 0 : sql_error(db, "store", why);
	sqlite3_reset(stmt);
	return r;
}

bool sql_text(sqlite3_stmt *stmt, int column, char *ret, size_t size)
{
	if (sqlite3_column_type(stmt, column) != SQLITE_TEXT)
		return false;
	const char *text = (const char *)sqlite3_column_text(stmt, column);
	size_t len = (size_t)sqlite3_column_bytes(stmt, column);

	if (!text || len >= size || strlen(text) != len)
		return false;
	memcpy(ret, text, len + 1);
	return true;
}
