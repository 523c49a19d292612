#include "live/told/command.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"

extern char **environ;

enum { STEP_MS = 20 };

static bool is_stopped(const struct command *command)
{
	return __atomic_load_n(command->stop, __ATOMIC_RELAXED);
}

/* The descriptor, or a negative errno. One of an earlier run may hold it for as long as it may run.
 */
static int take_lock(const struct command *command)
{
	char path[PATH_MAX];
	struct mono begin = clock_mono();

	snprintf(path, sizeof(path), "%s/command.lock", command->folder);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		bool late = mono_since(clock_mono(), begin) > command->limit_ns;
		int r = errno != EWOULDBLOCK  ? -errno
			: is_stopped(command) ? -ECANCELED
			: late                ? -EBUSY
					      : 0;
		if (r < 0) {
			close(fd);
			return r;
		}
		poll(NULL, 0, STEP_MS);
	}
	return fd;
}

/* The shell, in a process group of its own, with the lock open. 0 or a negative errno. */
static int start(const char *line, int input, int lock, pid_t *ret)
{
	char *argv[] = {
		(char *)(uintptr_t) "sh", (char *)(uintptr_t) "-c", (char *)(uintptr_t)line, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, lock, lock); /* stays open */
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes,
		POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	int r = posix_spawn(ret, "/bin/sh", &files, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return -r;
}

/* Some of the input goes where it is waited for. Returns whether there is more to give. */
static bool feed(int fd, const char *input, size_t len, size_t *at)
{
	struct pollfd ready = {.fd = fd, .events = POLLOUT};

	if (poll(&ready, 1, STEP_MS) <= 0)
		return true;
	ssize_t n = write(fd, input + *at, len - *at);
	if (n > 0)
		*at += (size_t)n;
	return *at < len && (n > 0 || errno == EAGAIN || errno == EINTR);
}

/* Feed it and wait for its end. 0, -ETIME, -ECANCELED; *ret_status as waitpid has it. */
static int attend(const struct command *command, pid_t pid, int *fd, const char *input, size_t len,
	int *ret_status)
{
	struct mono begin = clock_mono();
	size_t at = 0;
	int r = 0;

	while (waitpid(pid, ret_status, WNOHANG) == 0) {
		r = is_stopped(command)                                   ? -ECANCELED
		    : mono_since(clock_mono(), begin) > command->limit_ns ? -ETIME
									  : 0;
		if (r < 0) {
			kill(-pid, SIGKILL);
			waitpid(pid, ret_status, 0);
			return r;
		}
		if (*fd < 0) {
			poll(NULL, 0, STEP_MS);
		} else if (!feed(*fd, input, len, &at)) {
			close(*fd);
			*fd = -1;
		}
	}
	return r;
}

static int judge(int r, int status, struct diag *why)
{
	if (r == -ETIME)
		diag_set(why, "on_change: the command took too long, and was ended");
	else if (r < 0)
		diag_set(why, "on_change: %s", strerror(-r));
	else if (WIFSIGNALED(status))
		diag_set(why, "on_change: the command was ended by signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		diag_set(why, "on_change: the command ended with status %d", WEXITSTATUS(status));
	else
		return 0;
	return r < 0 ? r : -EIO;
}

int command_run(const struct command *command, const char *input, size_t len, struct diag *why)
{
	sigset_t pipe_only;
	int ends[2] = {-1, -1};
	int status = 0;
	pid_t pid;

	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE); /* it need not read what it is given */
	pthread_sigmask(SIG_BLOCK, &pipe_only, NULL);
	int lock = take_lock(command);
	int r = lock < 0 ? lock : 0;
	if (r == 0 && pipe2(ends, O_CLOEXEC) < 0)
		r = -errno;
	if (r == 0 && fcntl(ends[1], F_SETFL, O_NONBLOCK) < 0)
		r = -errno;
	if (r == 0)
		r = start(command->line, ends[0], lock, &pid);
	if (lock >= 0)
		close(lock); /* the command has it */
	if (ends[0] >= 0)
		close(ends[0]);
	if (r == 0)
		r = attend(command, pid, &ends[1], input, len, &status);
	if (ends[1] >= 0)
		close(ends[1]);
	return judge(r, status, why);
}
