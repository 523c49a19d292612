/* prober/report.h: what a person at a terminal reads while it goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/clock.h"
#include "prober/report.h"

static void says(const struct sweep_progress *progress, const char *expected)
{
	char text[REPORT_STATUS_SIZE];

	report_progress_line(progress, text);
	assert_string_equal(text, expected);
}

static void progress_has_percent_answers_and_time_left(void **state)
{
	(void)state;
	says(&(struct sweep_progress){100, 100, 0, 40, NS_PER_S},
		"  0 %  0 answers, 40 packets sent, 1 s");
	says(&(struct sweep_progress){100, 75, 1, 1, 2 * NS_PER_S},
		" 25 %  1 answer, 1 packet sent, 2 s, about 6 s left");
	says(&(struct sweep_progress){100, 0, 9, 300, 8 * NS_PER_S},
		"100 %  9 answers, 300 packets sent, 8 s");
	says(&(struct sweep_progress){0, 0, 0, 0, 0}, "100 %  0 answers, 0 packets sent, 0 s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(progress_has_percent_answers_and_time_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
