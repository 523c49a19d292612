#include "commands/prober_run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/prober_find.h"
#include "core/mem.h"
#include "core/process_limits.h"

#define PROBER "lightsout-prober"

extern char **environ;

void prober_argument(struct prober_arguments *arguments, const char *text)
{
	arguments->items = mem_grow(arguments->items, &arguments->capacity, arguments->count + 2,
		sizeof(*arguments->items));
	arguments->items[arguments->count++] = mem_text(text);
	arguments->items[arguments->count] = NULL;
}

void prober_option(struct prober_arguments *arguments, const char *name, const char *value)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	fputs("--", out);
	for (; *name; name++)
		putc(*name == '_' ? '-' : *name, out);
	fprintf(out, "=%s", value);
	if (fclose(out) != 0)
		abort();
	prober_argument(arguments, text);
	free(text);
}

void prober_arguments_finish(struct prober_arguments *arguments)
{
	for (size_t i = 0; i < arguments->count; i++)
		free(arguments->items[i]);
	free(arguments->items);
	if (arguments->inputs)
		close(arguments->inputs);
	*arguments = (struct prober_arguments){.items = NULL};
}

/* The descriptor it has in the prober. */
enum { INPUTS = 3 };

void prober_hand_on(struct prober_arguments *arguments, int fd)
{
	char text[32];

	snprintf(text, sizeof(text), "--inputs=%d", INPUTS);
	prober_argument(arguments, text);
	arguments->inputs = fd;
}

/* Where it is: found anew each time, since an upgrade may have moved it. */
static int find(char path[PATH_MAX], struct diag *why)
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (len > 0)
		self[len] = '\0';
	return prober_find(len > 0 ? self : NULL, getenv("PATH"), path, why);
}

/* It was found, and does not start. */
static int cannot_run(const char *path, int err, struct diag *why)
{
	if (err == EPERM && !limits_allow_net_raw(why))
		return -err;
	if (err == EACCES) /* the file may be executed, so it is what it lies on */
		diag_set(why, "cannot run %.200s: its filesystem is mounted noexec, expected one "
			      "from which programs may be run", path);
	else if (err == ENOEXEC)
		diag_set(why, "cannot run %.200s: it is no program of this kind of machine", path);
	else if (err == ENOENT)
		diag_set(why, "cannot run %.200s: the loader or interpreter it names is not "
			      "installed", path);
	else
		diag_set(why, "cannot run %.200s: %s", path, strerror(err));
	return -err;
}

/* argv of the child, borrowed but for the array. */
static char **make_argv(const struct prober_arguments *arguments, const char *as)
{
	static char name[32];
	char **argv = mem_zeroed(arguments->count + 2, sizeof(*argv));

	snprintf(name, sizeof(name), "%s", as);
	argv[0] = name;
	if (arguments->count)
		memcpy(argv + 1, arguments->items, arguments->count * sizeof(*argv));
	return argv;
}

int prober_exec(const struct prober_arguments *arguments, struct diag *why)
{
	char path[PATH_MAX];
	sigset_t hangup, before;
	int err = find(path, why);

	if (err < 0)
		return err;
	char **argv = make_argv(arguments, "lightsout watch"); /* in its help, and in ps(1) */

	/* SIGHUP means to read again: the prober serves it when it is ready. */
	sigemptyset(&hangup);
	sigaddset(&hangup, SIGHUP);
	sigprocmask(SIG_BLOCK, &hangup, &before);
	execv(path, argv);
	err = errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
	free(argv);
	return cannot_run(path, err, why);
}

static volatile sig_atomic_t child;   /* pid; 0: not yet */
static volatile sig_atomic_t pending; /* the last signal */

/* What the terminal sends reaches the prober anyway: it is in our group. */
static void on_signal(int number, siginfo_t *info, void *context)
{
	int err = errno;
	(void)context;

	pending = number;
	if (child > 0 && info->si_code != SI_KERNEL)
		kill((pid_t)child, number);
	errno = err;
}

static const int forwarded[] = {SIGINT, SIGTERM, SIGHUP};
enum { FORWARDED = sizeof(forwarded) / sizeof(forwarded[0]) };

void prober_catch_signals(void)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO};
	struct sigaction before;

	action.sa_sigaction = on_signal;
	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < FORWARDED; i++) {
		sigaction(forwarded[i], NULL, &before);
		if (before.sa_handler != SIG_IGN) /* nohup stays nohup */
			sigaction(forwarded[i], &action, NULL);
	}
}

int prober_signal(void)
{
	return pending;
}

/* Signals that came before the child was known wait in the mask; what came before that
 * keeps it from beginning. */
static int spawn(const char *path, char **argv, int inputs, int out)
{
	pid_t pid;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t block, before;

	sigemptyset(&block);
	for (size_t i = 0; i < FORWARDED; i++)
		sigaddset(&block, forwarded[i]);
	sigprocmask(SIG_BLOCK, &block, &before);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (inputs)
		posix_spawn_file_actions_adddup2(&actions, inputs, INPUTS);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, &before);
	int err = pending ? EINTR : posix_spawn(&pid, path, &actions, &attributes, argv, environ);
	if (!err)
		child = pid;
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return err;
}

static int start(const struct prober_arguments *arguments, int out, struct diag *why)
{
	char path[PATH_MAX];
	int err = find(path, why);

	if (err < 0)
		return err;
	char **argv = make_argv(arguments, PROBER);
	fflush(NULL);
	err = spawn(path, argv, arguments->inputs, out);
	free(argv);
	if (err == EINTR) {
		diag_set(why, "stopped by a signal (%s), nothing was sent", strsignal(pending));
		return -EINTR;
	}
	return err ? cannot_run(path, err, why) : 0;
}

int prober_start(const struct prober_arguments *arguments, struct diag *why)
{
	char bytes[4096];
	ssize_t got;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return cannot_run(PROBER, errno, why);
	int err = start(arguments, ends[1], why);
	close(ends[1]);
	do
		got = err ? 0 : read(ends[0], bytes, sizeof(bytes));
	while (got > 0 || (got < 0 && errno == EINTR));
	close(ends[0]);
	return err;
}

int prober_wait(struct diag *why)
{
	int status;

	while (waitpid((pid_t)child, &status, 0) < 0)
		if (errno != EINTR)
			return cannot_run(PROBER, errno, why);
	child = 0;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	diag_set(why, PROBER " was ended by signal %d (%s)", WTERMSIG(status),
		strsignal(WTERMSIG(status)));
	return -EINTR;
}

int prober_run(const struct prober_arguments *arguments, struct diag *why)
{
	int err = start(arguments, STDOUT_FILENO, why);

	return err ? err : prober_wait(why);
}
