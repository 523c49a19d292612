#include "commands/check/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
