#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/mem.h"

/*
 * One writer: an flock on a file beside the store. The kernel drops it with
 * the process, however that ends. It is not on the store itself, because
 * closing any descriptor of that would drop SQLite's own locks; nor is it
 * SQLite's write lock, which would have to be held all the time and would
 * keep the log from being written back.
 */
static char *lock_path(const char *path)
{
	char real[PATH_MAX];

	if (realpath(path, real)) /* whatever name it goes by, it is one store */
		path = real;
	size_t size = strlen(path) + sizeof(".lock");
	char *text = mem_zeroed(size, 1);

	snprintf(text, size, "%s.lock", path);
	return text;
}

/* Is this still the file of that name? Its last owner may have removed it
 * between our opening and our locking it. */
static bool still_there(const char *name, int fd)
{
	struct stat a;
	struct stat b;

	return fstat(fd, &a) == 0 && stat(name, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

static int try_lock(const char *name)
{
	for (;;) {
		int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
		if (fd < 0)
			return -errno;
		if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
			int r = errno == EWOULDBLOCK ? -EBUSY : -errno;
			close(fd);
			return r;
		}
		if (still_there(name, fd))
			return fd;
		close(fd);
	}
}

int writer_lock(const char *path, struct diag *why, char **ret_name, int *ret)
{
	char *name = lock_path(path);
	int r = try_lock(name);

	if (r == -EBUSY)
		diag_set(why, "store \"%s\" is being written by another process", path);
	else if (r < 0)
		diag_set(why, "cannot write store \"%s\": %s", path, strerror(-r));
	if (r < 0) {
		free(name);
		return r;
	}
	*ret_name = name;
	*ret = r;
	return 0;
}

void writer_unlock(char *name, int lock)
{
	unlink(name);
	free(name);
	close(lock);
}
