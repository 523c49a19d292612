#include "store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "core/mem.h"
#include "store/internal.h"
#include "store/schema.h"
#include "store/sql.h"

/* Pages between two looks at whether to go on. */
enum { PAGES = 256 };

static int cannot(const char *path, int err, struct diag *why)
{
	if (err == EEXIST)
		diag_set(why, "\"%.160s\" is there already, expected a new name", path);
	else
		diag_set(why, "cannot write \"%.160s\": %s", path, strerror(err));
	return -err;
}

static int copy_pages(
	sqlite3 *from, sqlite3 *to, const struct store_progress *progress, struct diag *why)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	int code = SQLITE_OK;

	if (!backup)
		return sql_error(to, "backup", why);
	while (code == SQLITE_OK && !sql_stopped()) {
		code = sqlite3_backup_step(backup, PAGES);
		int total = sqlite3_backup_pagecount(backup);
		if (progress)
			progress->tell(
				progress->ctx, total - sqlite3_backup_remaining(backup), total);
	}
	int end = sqlite3_backup_finish(backup);
	if (code == SQLITE_OK) { /* stopped in the middle */
		diag_set(why, "stopped");
		return -EINTR;
	}
	return end == SQLITE_OK ? 0 : sql_error(to, "backup", why);
}

/* In one read transaction: however long it takes, it is the store of one moment. */
static int copy(
	struct store *store, const char *part, const struct store_progress *progress, struct diag *why)
{
	sqlite3 *to = NULL;
	int r = sql_open(part, true, why, &to);

	if (r == 0) /* nobody looks at it before it is whole */
		r = sql_exec(to, "PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL", why);
	if (r == 0)
		r = sql_exec(store->db, "BEGIN; SELECT 1 FROM meta LIMIT 1", why);
	if (r == 0)
		r = copy_pages(store->db, to, progress, why);
	sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
	sqlite3_close(to);
	return r;
}

static void keep_first(void *ctx, const char *text)
{
	char *first = ctx;

	if (!*first)
		snprintf(first, sizeof(((struct diag *)0)->text), "%s", text);
}

static void pass_over(
	void *ctx, const char *vantage, const char *epoch, uint64_t first, uint64_t last)
{
	(void)ctx;
	(void)vantage;
	(void)epoch;
	(void)first;
	(void)last;
}

static int verify(struct store *copy, struct diag *why)
{
	char first[sizeof(why->text)] = "";
	const struct store_checker checker = {keep_first, pass_over, first};
	int r = store_check(copy, &checker, why);

	if (r <= 0)
		return r;
	diag_set(why, "no backup, for the store is damaged: %.300s", first);
	return -EBADMSG;
}

/* Verified, with an epoch of its own, and without a log beside it. */
static int finish(const char *part, struct diag *why)
{
	struct store *copy;
	int r = store_open(part, STORE_WRITE, why, &copy);

	if (r < 0)
		return r;
	r = verify(copy, why);
	if (r == 0)
		r = store_begin(copy, why);
	if (r == 0) {
		r = schema_renew_epoch(copy->db, why);
		if (r == 0)
			r = store_commit(copy, why);
		else
			store_rollback(copy);
	}
	store_close(copy);
	return r;
}

static int sync_directory(const char *path)
{
	char *name = mem_text(path);
	char *slash = strrchr(name, '/');

	if (slash)
		slash[slash == name] = '\0'; /* "/" stays */
	int fd = open(slash ? name : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = fd >= 0 && fsync(fd) == 0 ? 0 : -errno;

	if (fd >= 0)
		close(fd);
	free(name);
	return r;
}

/* Never over what is there. Not every file system can do that in one step. */
static int give_name(const char *part, const char *path, struct diag *why)
{
	struct stat st;
	int r = renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE);

	if (r < 0 && errno == EINVAL)
		r = lstat(path, &st) == 0 ? (errno = EEXIST, -1) : rename(part, path);
	if (r < 0)
		return cannot(path, errno, why);
	r = sync_directory(path);
	return r < 0 ? cannot(path, -r, why) : 0;
}

int store_backup(struct store *store, const char *path, const struct store_progress *progress,
	struct diag *why)
{
	struct stat st;
	char part[PATH_MAX];

	if (lstat(path, &st) == 0)
		return cannot(path, EEXIST, why);
	if (snprintf(part, sizeof(part), "%s.part.%ld", path, (long)getpid()) >= (int)sizeof(part))
		return cannot(path, ENAMETOOLONG, why);
	int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return cannot(part, errno, why);
	close(fd);
	int r = copy(store, part, progress, why);
	if (r == 0)
		r = finish(part, why);
	if (r == 0)
		r = give_name(part, path, why);
	if (r < 0)
		store_remove_files(part);
	return r;
}
