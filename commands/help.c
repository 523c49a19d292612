#include "commands/help.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define LESS "/usr/bin/less"

/* From where lightsout lies: installed, packed, and in a build folder beside the sources. */
static const char *const pages[] = {
	"../share/man/man1/lightsout.1", "../share/man/man1/lightsout.1.gz", "../docs/lightsout.1"};

static bool find_page(char path[PATH_MAX])
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (len <= 0)
		return false;
	self[len] = '\0';
	*strrchr(self, '/') = '\0';
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		int got = snprintf(path, PATH_MAX, "%s/%s", self, pages[i]);
		if (got < PATH_MAX && access(path, R_OK) == 0)
			return true;
	}
	return false;
}

/* A pager of the user's own choice is left alone. */
static void open_at(const char *command)
{
	char pager[128];

	if (!command || isatty(STDOUT_FILENO) != 1 || getenv("MANPAGER") || getenv("PAGER") ||
		access(LESS, X_OK) != 0)
		return;
	snprintf(pager, sizeof(pager), LESS " '+/^ +lightsout %.40s'", command);
	setenv("MANPAGER", pager, 1);
}

/* Its complaint that there is no page is none of the user's business: we have another answer. */
static bool run_man(char *page)
{
	static char man[] = "man";
	char *argv[] = {man, page, NULL};
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status = -1;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	fflush(stdout);
	int err = posix_spawnp(&pid, man, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (err)
		return false;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return status == 0;
}

bool help_page(const char *command)
{
	static char name[] = "lightsout";
	char path[PATH_MAX];

	open_at(command);
	return run_man(find_page(path) ? path : name);
}
