#include "commands/prober_find.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROBER "lightsout-prober"

static const char *const beside[] = {
	".", "../libexec", "../libexec/lightsout", "../lib/lightsout", "../sbin", "../bin"};

/* What was met on the way. */
struct search {
	char *found;            /* PATH_MAX, the caller's */
	char refused[PATH_MAX]; /* there is one, but it may not be executed; "" = none */
};

/* The program in a directory whose name is `len` bytes of `dir`. True: take it. */
static bool look(struct search *search, const char *dir, size_t len, const char *below)
{
	char path[PATH_MAX];
	struct stat status;

	if (len ==
		0) /* an empty item of PATH is where we stand: no place for a privileged program */
		return false;
	int got = snprintf(
		path, sizeof(path), "%.*s/%s%s" PROBER, (int)len, dir, below, *below ? "/" : "");
	if (got < 0 || got >= PATH_MAX || stat(path, &status) != 0 || !S_ISREG(status.st_mode))
		return false;
	if (access(path, X_OK) == 0) {
		memcpy(search->found, path, (size_t)got + 1);
		return true;
	}
	if (!*search->refused)
		memcpy(search->refused, path, (size_t)got + 1);
	return false;
}

static bool look_beside(struct search *search, const char *self)
{
	const char *slash = self ? strrchr(self, '/') : NULL;

	if (!slash || slash == self)
		return false;
	if (look(search, self, (size_t)(slash - self), ""))
		return true;
	for (size_t i = 1; i < sizeof(beside) / sizeof(beside[0]); i++)
		if (look(search, self, (size_t)(slash - self), beside[i]))
			return true;
	return false;
}

static bool look_along(struct search *search, const char *path)
{
	while (path && *path) {
		size_t len = strcspn(path, ":");
		if (path[0] == '/' && look(search, path, len, ""))
			return true;
		path += len + (path[len] == ':');
	}
	return false;
}

int prober_find(const char *self, const char *path, char ret[PATH_MAX], struct diag *why)
{
	struct search search = {.found = ret};

	if (look_beside(&search, self) ||
		look(&search, LIGHTSOUT_PROBER_DIR, strlen(LIGHTSOUT_PROBER_DIR), "") ||
		look_along(&search, path))
		return 0;
	if (*search.refused) {
		diag_set(why,
			"%.120s is there, but this user may not execute it: as root, "
			"chmod 755 it, or let this user into the group that may",
			search.refused);
		return -EACCES;
	}
	diag_set(why,
		PROBER " is not installed where lightsout looks: beside %.100s, in "
		       "../libexec and ../sbin from there, in " LIGHTSOUT_PROBER_DIR
		       ", in PATH. Install both programs together",
		self ? self : "lightsout");
	return -ENOENT;
}
