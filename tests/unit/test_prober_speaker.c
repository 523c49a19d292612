/* A log that nobody reads, or reads late. */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/log.h"
#include "prober/speaker.h"

enum { LINES = 4000, LINE_LEN = 101, PIPE_ROOM = 4096, CHILD_WELL = 17 };

static char wanted[LINE_LEN + 1];

static void speak(void)
{
	struct diag why;

	if (speaker_begin(&why) < 0)
		_exit(1);
	for (int i = 0; i < LINES; i++)
		log_write(wanted); /* more than pipe and memory hold; none is read yet */
}

/* Run in a child whose standard error is *ret, which nobody reads yet. */
static pid_t behind_a_pipe(void (*act)(int tell), int *ret_err, int *ret_told)
{
	int err[2];
	int told[2];

	assert_int_equal(pipe(err), 0);
	assert_int_equal(pipe(told), 0);
	assert_in_range(fcntl(err[1], F_SETPIPE_SZ, PIPE_ROOM), PIPE_ROOM, SPEAKER_ROOM / 2);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(err[1], STDERR_FILENO);
		close(err[0]);
		close(err[1]);
		speak();
		act(told[1]);
		_exit(CHILD_WELL);
	}
	close(err[1]);
	close(told[1]);
	*ret_err = err[0];
	*ret_told = told[0];
	return child;
}

static int status_of(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void say_and_end(int tell)
{
	uint64_t dropped;

	if (write(tell, "", 1) != 1) /* all was said: now it may be read */
		_exit(2);
	while ((dropped = speaker_dropped()) == 0)
		;
	if (!speaker_end(60 * NS_PER_S) || write(tell, &dropped, sizeof(dropped)) < 0)
		_exit(3);
	log_write("after"); /* by itself again */
}

static void what_is_not_read_is_dropped_whole_and_counted(void **state)
{
	static char all[LINES * LINE_LEN + 16];
	uint64_t dropped;
	size_t len = 0;
	ssize_t n;
	char go;
	int err;
	int told;
	(void)state;

	pid_t child = behind_a_pipe(say_and_end, &err, &told);
	assert_int_equal(read(told, &go, 1), 1);
	while ((n = read(err, all + len, sizeof(all) - len)) > 0)
		len += (size_t)n;
	assert_int_equal(read(told, &dropped, sizeof(dropped)), sizeof(dropped));
	assert_int_equal(status_of(child), CHILD_WELL);
	assert_string_equal(all + len - 5, "after");
	len -= 5;
	assert_int_equal(len % LINE_LEN, 0);
	for (size_t at = 0; at < len; at += LINE_LEN)
		assert_memory_equal(all + at, wanted, LINE_LEN);
	assert_int_equal(len / LINE_LEN + dropped, LINES);
	assert_in_range(dropped, 1, LINES - SPEAKER_ROOM / LINE_LEN);
}

/* The pipe holds less than what waits: some of it still does. */
static void end_unheard(int tell)
{
	(void)tell;
	if (speaker_end(NS_PER_MS))
		_exit(2);
	log_write("nobody hears this, and nobody waits for it");
}

static void an_end_does_not_wait_for_a_reader_that_is_none(void **state)
{
	int err;
	int told;
	(void)state;

	pid_t child = behind_a_pipe(end_unheard, &err, &told);
	assert_int_equal(status_of(child), CHILD_WELL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_read_is_dropped_whole_and_counted),
		cmocka_unit_test(an_end_does_not_wait_for_a_reader_that_is_none),
	};

	memset(wanted, 'x', LINE_LEN - 1);
	wanted[LINE_LEN - 1] = '\n';
	return cmocka_run_group_tests_name("speaker", tests, NULL, NULL);
}
