#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/sql.h"

/*
 * One writer: a lock on the database file itself, so that it is one by whatever
 * name or link the store is opened. It belongs to our open file (F_OFD_SETLK),
 * not to the process: who else closes a descriptor of the file does not drop it,
 * and the kernel does with the process, however that ends. It covers one byte
 * that no file reaches and SQLite, whose locks begin at 1 GiB, does not know.
 *
 * The descriptor is opened before SQLite opens the file and closed after:
 * closing it drops the locks that SQLite holds in this process.
 */
static const off_t lock_at = (off_t)1 << 62;

static struct flock lock_of(short type)
{
	return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = lock_at, .l_len = 1};
}

/* Is this still the file of that name? Its last owner may have removed it
 * between our opening and our locking it. */
static bool still_there(const char *path, int fd)
{
	struct stat a;
	struct stat b;

	return fstat(fd, &a) == 0 && stat(path, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

static int open_file(const char *path, bool *ret_made)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	*ret_made = fd >= 0;
	if (fd < 0 && errno == EEXIST) /* through a link that leads to nothing, too */
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	return fd < 0 ? -errno : fd;
}

static int try_lock(const char *path, bool *ret_made)
{
	struct flock lock = lock_of(F_WRLCK);

	for (;;) {
		int fd = open_file(path, ret_made);
		if (fd < 0)
			return fd;
		if (fcntl(fd, F_OFD_SETLK, &lock) < 0) {
			int r = errno == EACCES || errno == EAGAIN ? -EBUSY : -errno;
			if (*ret_made)
				unlink(path);
			*ret_made = false;
			close(fd);
			return r;
		}
		if (still_there(path, fd))
			return fd;
		close(fd);
	}
}

int writer_lock(const char *path, bool *ret_made, struct diag *why, int *ret)
{
	int r = sql_regular(path, why);

	if (r < 0)
		return r;
	r = try_lock(path, ret_made);
	if (r == -EBUSY)
		diag_set(why, "store \"%s\" is being written by another process", path);
	else if (r < 0)
		diag_set(why, "cannot write store \"%s\": %s", path, strerror(-r));
	if (r < 0)
		return r;
	*ret = r;
	return 0;
}

/* The log that SQLite keeps has the name of the file it was opened by. */
static bool has_log(const char *path)
{
	char real[PATH_MAX];
	char name[PATH_MAX + 8];

	if (!realpath(path, real))
		return true;
	snprintf(name, sizeof(name), "%s-wal", real);
	return access(name, F_OK) == 0;
}

bool writer_has_lock(int fd)
{
	struct flock lock = lock_of(F_RDLCK);

	return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

int reader_look(const char *path, struct diag *why)
{
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || st.st_nlink < 2 || has_log(path))
		return 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0; /* the opener tells */
	bool written = writer_has_lock(fd);
	close(fd);
	if (!written)
		return 0;
	diag_set(why,
		"store \"%s\" is being written by another of its names, with its log there: read "
		"it "
		"by that name",
		path);
	return -EBUSY;
}
