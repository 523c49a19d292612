#include "tests/unit/unit.h"

#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "prober/io/confine_calls.h"
#include "prober/io/route.h"
#include "store/store.h"
#include "tests/unit/random_sweep.h"

enum { CHILD_WELL = 17 };

static char said[512]; /* on the child's stderr */

/* Do something behind the filter, in a process of its own; returns its status. */
static int behind_the_filter(void (*act)(void))
{
	int ends[2];
	int status;
	size_t len = 0;
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		struct diag why;
		dup2(ends[1], STDERR_FILENO);
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || confine_calls(&why) < 0)
			_exit(99);
		act();
		_exit(CHILD_WELL);
	}
	close(ends[1]);
	while ((n = read(ends[0], said + len, sizeof(said) - 1 - len)) > 0)
		len += (size_t)n;
	said[len] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void start_a_program(void)
{
	execl("/bin/true", "true", (char *)NULL);
}

static void make_a_process(void)
{
	syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}

static void open_a_raw_socket(void)
{
	socket(AF_PACKET, SOCK_RAW, 0);
}

static void connect_somewhere(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};

	connect(socket(AF_INET, SOCK_DGRAM, 0), (const struct sockaddr *)&to, sizeof(to));
}

static void make_memory_to_run(void)
{
	mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void make_a_call_nobody_knows(void)
{
	syscall(100000);
}

static void a_refused_call_is_named_and_ends_the_program(void **state)
{
	static const struct {
		void (*act)(void);
		const char *name;
		int number;
	} cases[] = {
		{start_a_program, "execve", SYS_execve},
		{make_a_process, "clone", SYS_clone},
		{open_a_raw_socket, "socket", SYS_socket},
		{connect_somewhere, "connect", SYS_connect},
		{make_memory_to_run, "mmap", SYS_mmap},
		{make_a_call_nobody_knows, "unknown", 100000},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char line[128];
		snprintf(line, sizeof(line), "confine: refused call=%s number=%d\n", cases[i].name,
			cases[i].number);
		assert_int_equal(behind_the_filter(cases[i].act), CONFINE_CALLS_STATUS);
		assert_string_equal(said, line);
	}
}

static void look_for_routes(void)
{
	struct route route;

	struct route_hops hops;
	const struct route_question question = {.target = {0x7f000001}};

	route_ask(&question, &route);
	route_hops(&question, &hops);
	route_owner(question.target);
	if_nametoindex("lo");
}

static void read_the_clocks(void)
{
	int64_t error_us;

	clock_mono();
	clock_wall();
	clock_asleep_ns();
	clock_synced(&error_us);
}

static void on_problem(void *ctx, const char *text)
{
	(void)ctx;
	fputs(text, stderr);
}

static void on_gap(void *ctx, const char *vantage, const char *epoch, uint64_t first, uint64_t last)
{
	(void)ctx;
	(void)vantage;
	(void)epoch;
	(void)first;
	(void)last;
}

/* A store made, filled over the size of its cache, read, checked, closed. */
static void keep_a_store(void)
{
	static const char *const left[] = {"", "-wal", "-shm"};
	char path[] = "/tmp/lightsout-calls-XXXXXX";
	const struct store_checker checker = {on_problem, on_gap, NULL};
	struct store *store;
	struct store_reader *reader;
	struct sweep sweep;
	struct diag why;
	struct random random = {7};
	size_t read_back = 0;

	close(mkstemp(path));
	unlink(path);
	if (store_open(path, STORE_WRITE, &why, &store) < 0) {
		fputs(why.text, stderr);
		_exit(1);
	}
	for (uint64_t i = 1; i <= 200; i++) {
		sweep = random_sweep(&random, i, 300);
		if (store_append(store, &sweep, &why) < 0)
			_exit(2);
		random_sweep_free(&sweep);
	}
	if (store_read(store, (struct wall){INT64_MAX}, &why, &reader) < 0)
		_exit(3);
	while (store_next(reader, &sweep, &why) > 0)
		read_back++;
	store_reader_close(reader);
	if (read_back != 200 || store_check(store, &checker, &why) != 0)
		_exit(4);
	store_close(store);
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
		char name[64];
		snprintf(name, sizeof(name), "%s%s", path, left[i]);
		unlink(name);
	}
}

static void what_a_prober_does_passes(void **state)
{
	static void (*const acts[])(void) = {look_for_routes, read_the_clocks, keep_a_store};
	(void)state;

	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		int status = behind_the_filter(acts[i]);
		assert_string_equal(said, "");
		assert_int_equal(status, CHILD_WELL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refused_call_is_named_and_ends_the_program),
		cmocka_unit_test(what_a_prober_does_passes),
	};

#if defined(__SANITIZE_ADDRESS__)
	printf("1..0 # SKIP no filter in a sanitizer build\n");
	return 0;
#endif
	return cmocka_run_group_tests_name("confine_calls", tests, NULL, NULL);
}
