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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_have_the_time_when_asked),
		cmocka_unit_test(the_journal_has_it_already),
	};

	log_set_level(LOG_LEVEL_INFO);
	log_divert(take);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
