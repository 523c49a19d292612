#include "prober/io/confine_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <seccomp.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* A name that this architecture or this libseccomp does not know is passed over. */
/* clang-format off */
static const char *const allowed[] = {
	/* memory */
	"brk", "madvise", "mremap", "munmap",
	/* time */
	"adjtimex", "clock_adjtime", "clock_getres", "clock_gettime", "clock_nanosleep",
	"gettimeofday", "nanosleep", "time",
	/* ourselves: ids, random numbers, limits, the end */
	"exit", "exit_group", "futex", "getegid", "geteuid", "getgid", "getpid", "getppid",
	"getrandom", "getrusage", "gettid", "getuid", "prlimit64", "restart_syscall", "rseq",
	"sched_getaffinity", "sched_yield", "set_robust_list", "sysinfo", "uname",
	/* signals; tgkill is how abort() ends */
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "tgkill",
	/* files: the store, and what the C library looks up */
	"access", "close", "dup", "faccessat", "faccessat2", "fallocate", "fchmod", "fchown",
	"fcntl", "fdatasync", "flock", "fstat", "fstatfs", "fsync", "ftruncate", "getcwd",
	"getdents64", "lseek", "lstat", "newfstatat", "open", "openat", "pread64", "preadv",
	"pwrite64", "pwritev", "read", "readlink", "readlinkat", "readv", "stat", "statfs",
	"statx", "umask", "unlink", "unlinkat", "utimensat", "write", "writev",
	/* waiting */
	"epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_pwait2", "epoll_wait", "eventfd2",
	"pipe2", "poll", "ppoll", "pselect6", "select",
	/* sockets that are open, and asking for routes; which may be made is below */
	"bind", "getsockname", "getsockopt", "ioctl", "recvfrom", "recvmsg", "sendmmsg",
	"sendmsg", "sendto", "setsockopt", "shutdown",
};
/* clang-format on */

/* Families: what the C library names interfaces with, routes, the manager. */
static const int families[] = {AF_UNIX, AF_INET, AF_NETLINK};

/* --- naming what was refused --- */

enum { CALLS_NAMED = 512 };

/* Looked up beforehand: a handler must not allocate. */
static char *names[CALLS_NAMED];

static void look_up_names(void)
{
	for (int call = 0; call < CALLS_NAMED; call++)
		names[call] = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, call);
}

static size_t put(char *to, size_t at, size_t size, const char *text)
{
	while (*text && at < size)
		to[at++] = *text++;
	return at;
}

static void on_refused(int signum, siginfo_t *info, void *context)
{
	char line[128];
	char digits[12];
	int call = info->si_syscall;
	unsigned int rest = (unsigned int)call;
	char *digit = &digits[sizeof(digits) - 1];
	size_t len;

	(void)signum;
	(void)context;
	*digit = '\0';
	do {
		*--digit = (char)('0' + rest % 10);
	} while (rest /= 10);
	bool known = call >= 0 && call < CALLS_NAMED && names[call];
	len = put(line, 0, sizeof(line) - 1, "confine: refused call=");
	len = put(line, len, sizeof(line) - 1, known ? names[call] : "unknown");
	len = put(line, len, sizeof(line) - 1, " number=");
	len = put(line, len, sizeof(line) - 1, digit);
	line[len++] = '\n';
	(void)!write(STDERR_FILENO, line, len);
	_exit(CONFINE_CALLS_STATUS);
}

/* --- the filter --- */

static int allow(scmp_filter_ctx filter, const char *name)
{
	int call = seccomp_syscall_resolve_name(name);

	if (call == __NR_SCMP_ERROR)
		return 0;
	int r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
	return r == -EDOM || r == -EFAULT ? 0 : r;
}

static int allow_all(scmp_filter_ctx filter)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof(allowed) / sizeof(allowed[0]); i++)
		r = allow(filter, allowed[i]);
	for (size_t i = 0; r == 0 && i < sizeof(families) / sizeof(families[0]); i++)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
			SCMP_A0_32(SCMP_CMP_EQ, (scmp_datum_t)families[i], 0));
	/* Memory, but none to run. */
	if (r == 0)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
			SCMP_A2_32(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	if (r == 0)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
			SCMP_A2_32(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	/* Newer versions of libuv ask for it and do without when it is not there. */
	if (r == 0)
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(io_uring_setup), 0);
	return r;
}

static int install(void)
{
	const struct sigaction action = {.sa_sigaction = on_refused, .sa_flags = SA_SIGINFO};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);

	if (!filter)
		return -ENOMEM;
	look_up_names();
	int r = allow_all(filter);
	if (r == 0 && sigaction(SIGSYS, &action, NULL) < 0)
		r = -errno;
	/* For threads that are there already as well. */
	if (r == 0)
		r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	if (r == 0)
		r = seccomp_load(filter);
	seccomp_release(filter);
	return r;
}

int confine_calls(struct diag *why)
{
	if (SANITIZED)
		return 0;
	int r = install();
	if (r < 0)
		diag_set(why, "cannot filter system calls: %s", strerror(-r));
	return r;
}
