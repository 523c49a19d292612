/* core/log.h: lines have the time where nobody else keeps it. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/log.h"

static char said[1024];

static void take(const char *text)
{
	snprintf(said, sizeof(said), "%s", text);
}

/* Does it begin "2014-12-22T16:15:00Z " ? */
static bool begins_with_time(const char *text)
{
	static const char pattern[] = "dddd-dd-ddTdd:dd:ddZ ";

	for (size_t i = 0; pattern[i]; i++)
		if (pattern[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != pattern[i])
			return false;
	return true;
}

static void lines_have_the_time_when_asked(void **state)
{
	(void)state;
	unsetenv("JOURNAL_STREAM");
	log_warn("store: full");
	assert_string_equal(said, "store: full\n");
	log_set_times(true);
	log_warn("store: full");
	assert_true(begins_with_time(said));
	assert_string_equal(strchr(said, ' '), " store: full\n");
	log_set_times(false);
}

static void the_journal_has_it_already(void **state)
{
	char stream[64];
	struct stat status;

	(void)state;
	assert_int_equal(fstat(STDERR_FILENO, &status), 0);
	snprintf(stream, sizeof(stream), "%ju:%ju", (uintmax_t)status.st_dev,
		(uintmax_t)status.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	log_set_times(true);
	log_warn("store: full");
	assert_string_equal(said, "<4>store: full\n");
	/* Inherited, but standard error goes elsewhere now. */
	setenv("JOURNAL_STREAM", "1:2", 1);
	log_warn("store: full");
	assert_true(begins_with_time(said));
	log_set_times(false);
}

/* What standard error gives away, of a process that is shielded. */
static void shielded(void (*write_some)(void), char *ret, size_t size)
{
	int ends[2];
	size_t len = 0;
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		log_divert(NULL);
		log_shield();
		write_some();
		fflush(stderr);
		_exit(0);
	}
	close(ends[1]);
	while (len + 1 < size && (n = read(ends[0], ret + len, size - len - 1)) > 0)
		len += (size_t)n;
	ret[len] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void write_names(void)
{
	fputs("a \033[31mname\r\a\177 \302\233 \303\244 end\n", stderr);
	fputs("begun ", stderr);
	fputs("and ended\n", stderr);
}

static void names_do_not_steer_a_terminal(void **state)
{
	char got[256];

	(void)state;
	shielded(write_names, got, sizeof(got));
	for (const char *c = got; *c; c++)
		assert_true(*c == '\n' || (unsigned char)*c >= ' ');
	assert_null(strchr(got, '\177'));
	assert_null(strstr(got, "\302\233")); /* CSI in one byte */
	assert_non_null(strstr(got, "a ?[31mname???"));
	assert_non_null(strstr(got, "\303\244 end\nbegun and ended\n"));
}

static void write_ours(void)
{
	log_write("\r\033[K");
	fputs("\033", stderr);
	log_write("\033[1m\n");
}

static void text_of_our_own_stays_as_it_is(void **state)
{
	char got[256];

	(void)state;
	shielded(write_ours, got, sizeof(got));
	assert_non_null(strstr(got, "\r\033[K"));
	assert_non_null(strstr(got, "\033[1m\n"));
	assert_non_null(strchr(got, '?'));
}

static void write_much(void)
{
	for (int i = 0; i < 20000; i++)
		putc(i % 100 == 99 ? '\n' : 'x', stderr);
}

static void nothing_is_lost_of_much(void **state)
{
	static char got[32768];

	(void)state;
	shielded(write_much, got, sizeof(got));
	assert_int_equal(strlen(got), 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_have_the_time_when_asked),
		cmocka_unit_test(the_journal_has_it_already),
		cmocka_unit_test(names_do_not_steer_a_terminal),
		cmocka_unit_test(text_of_our_own_stays_as_it_is),
		cmocka_unit_test(nothing_is_lost_of_much),
	};

	log_set_level(LOG_LEVEL_INFO);
	log_divert(take);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
