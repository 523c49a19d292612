#include "analysis/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/inputs.h"

int scratch_open(struct scratch *scratch, struct diag *why)
{
	const char *base = getenv("TMPDIR");
	char path[PATH_MAX];

	/* Memory, where there is some: a store that is thrown away need not be synced. */
	if (!base || !*base)
		base = access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
	int len = snprintf(path, sizeof(path), "%s/lightsout-XXXXXX", base);
	int err = len < PATH_MAX - 64 ? 0 : ENAMETOOLONG;
	if (!err && !mkdtemp(path))
		err = errno;
	if (err) {
		diag_set(why, "cannot make a directory in \"%s\": %s", base, strerror(err));
		return -err;
	}
	memcpy(scratch->path, path, sizeof(path));
	return 0;
}

void scratch_remove(struct scratch *scratch)
{
	if (!*scratch->path)
		return;
	DIR *dir = opendir(scratch->path);
	for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(scratch->path);
	scratch->path[0] = '\0';
}

/* All of it, or a negative errno. */
static int copy_all(int from, int to)
{
	char bytes[65536];
	ssize_t got;

	while ((got = read(from, bytes, sizeof(bytes))) > 0)
		for (ssize_t done = 0; done < got;) {
			ssize_t put = write(to, bytes + done, (size_t)(got - done));
			if (put < 0)
				return -errno;
			done += put;
		}
	return got < 0 ? -errno : 0;
}

int scratch_take_stdin(const struct scratch *scratch, char path[PATH_MAX], struct diag *why)
{
	snprintf(path, PATH_MAX, "%.*s/stdin", PATH_MAX - 16, scratch->path);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int err = fd < 0 ? -errno : copy_all(STDIN_FILENO, fd);

	input_note_fd(STDIN_FILENO, "a list or setting");
	if (fd >= 0 && close(fd) != 0 && !err)
		err = -errno;
	if (err)
		diag_set(why, "cannot copy standard input to \"%.200s\": %s", path, strerror(-err));
	return err;
}
