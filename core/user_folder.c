#include "core/user_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/mem.h"

static char *joined(const char *folder, const char *below)
{
	size_t size = strlen(folder) + strlen(below) + 2;
	char *path = mem_zeroed(1, size);

	snprintf(path, size, "%s/%s", folder, below);
	return path;
}

char *user_folder(const char *service, const char *xdg, const char *home)
{
	const char *own = getenv(service);
	const char *shared = getenv(xdg);
	const char *user = getenv("HOME");

	if (own && own[0] == '/') {
		char *first = mem_text(own);
		first[strcspn(first, ":")] = '\0';
		return first;
	}
	if (shared && shared[0])
		return shared[0] == '/' ? joined(shared, "lightsout") : NULL;
	return user && user[0] == '/' ? joined(user, home) : NULL;
}

int user_folder_open(const char *folder)
{
	char *path = mem_text(folder);

	for (char *end = path + 1; (end = strchr(end, '/')); end++) {
		*end = '\0';
		(void)mkdir(path, 0700);
		*end = '/';
	}
	(void)mkdir(path, 0700);
	mem_free(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}
