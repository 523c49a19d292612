/* What BGP said: our CSV, and bgpdump -m. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/foreign.h"

static void bgpdump_has_tables_updates_and_states(void **state)
{
	struct read_file file = read_foreign("bgpdump",
		"TABLE_DUMP2|1767225600|B|192.0.2.1|64500|198.18.0.0/22|64500 64500 64501 131279|IGP|x\n"
		"TABLE_DUMP2|1767225600|B|2001:db8::1|64502|198.18.0.0/24|64502 {1,2}|IGP|x\n"
		"TABLE_DUMP2|1767225600|B|2001:db8::1|64502|2001:db8::/32|64502|IGP|x\n"
		"BGP4MP_ET|1767225701.250000|W|192.0.2.1|64500|198.18.0.0/24\n"
		"BGP4MP|1767225702|A|192.0.2.1|64500|198.18.0.0/24|64500|IGP|x\n"
		"BGP4MP|1767225703|STATE|192.0.2.1|64500|5|6\n"
		"BGP4MP|1767225704|STATE|192.0.2.1|64500|6|1\n",
		NULL);
	(void)state;

	assert_int_equal(file.result, 0);
	assert_string_equal(foreign_text(&file),
		"1767225600.000000 192.0.2.1 announce 198.18.0.0/22 64500 64501 131279\n"
		"1767225600.000000 2001:db8::1 announce 198.18.0.0/24 64502 {1,2}\n"
		"1767225701.250000 192.0.2.1 withdraw 198.18.0.0/24\n"
		"1767225702.000000 192.0.2.1 announce 198.18.0.0/24 64500\n"
		"1767225704.000000 192.0.2.1 reset\n");
}

static void a_line_that_is_none_is_refused(void **state)
{
	static const char *const lines[] = {
		"BGP4MP|1767225701|W|192.0.2.1|64500",
		"BGP4MP|1767225701|W||64500|198.18.0.0/24",
		"BGP4MP|1767225701|W|192.0.2.1|64500|198.18.0.1/24",
		"BGP4MP|1767225701|B|192.0.2.1|64500|198.18.0.0/24|64500",
		"BGP4MP|1767225701|A|192.0.2.1|64500|198.18.0.0/24|64500x|IGP",
		"BGP4MP|12/30/25 00:00:00|A|192.0.2.1|64500|198.18.0.0/24|64500|IGP",
		"TABLE_DUMP2|1767225600|A|192.0.2.1|64500|198.18.0.0/22|64500",
		"BGP4MP|1767225701|STATE|192.0.2.1|64500|6",
		"",
	};
	(void)state;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char text[256];
		snprintf(text, sizeof(text),
			"BGP4MP|1767225701|W|192.0.2.1|64500|198.18.0.0/24\n%s\n", lines[i]);
		assert_foreign_refused("bgpdump", text, NULL, 2, "expected KIND|TIME|A, B or W");
	}
	assert_foreign_refused("bgpdump", "", NULL, 1, "no route in it");
	assert_foreign_refused("bgpdump",
		"TABLE_DUMP2|1767225600|B|192.0.2.1|1|2001:db8::/32|1|IGP\n", NULL, 1,
		"no route in it");
}

static void a_long_path_keeps_its_origin(void **state)
{
	char path[AS_PATH_SIZE];
	char text[4096] = "";
	(void)state;

	for (int i = 0; i < 300; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%d ", 64500 + i);
	assert_true(path_take(text, path));
	assert_true(strlen(path) > AS_PATH_SIZE - 8);
	assert_string_equal(path + strlen(path) - 11, "64798 64799");
	assert_false(path_take("64500|64501", path));
}

static void our_own_say_when_they_were_heard(void **state)
{
	struct read_file file = read_foreign("routes",
		"time,peer,prefix,event,as_path,until\n"
		"2026-01-01T00:00:00Z,,,heard,,1767229200\n"
		"1767225600,AS64500,198.18.0.0/24,announce,64500 64501,\n"
		"1767225601.5,AS64500,198.18.0.0/24,withdraw,,\n"
		"1767225602,AS64500,,reset,,\n",
		NULL);
	(void)state;

	assert_int_equal(file.result, 0);
	assert_string_equal(foreign_text(&file),
		"1767225600.000000 heard until 1767229200.000000\n"
		"1767225600.000000 AS64500 announce 198.18.0.0/24 64500 64501\n"
		"1767225601.500000 AS64500 withdraw 198.18.0.0/24\n"
		"1767225602.000000 AS64500 reset\n");
}

static void our_own_are_refused_by_column(void **state)
{
	static const struct {
		const char *row, *column;
	} rows[] = {
		{"yesterday,A,198.18.0.0/24,announce,,", "time"},
		{"1767225600,A,198.18.0.0/33,announce,,", "prefix"},
		{"1767225600,A,198.18.0.0/24,reset,,", "prefix"},
		{"1767225600,,198.18.0.0/24,announce,,", "peer"},
		{"1767225600,A,198.18.0.0/24,gone,,", "event"},
		{"1767225600,A,198.18.0.0/24,withdraw,64500,", "as_path"},
		{"1767225600,A,198.18.0.0/24,announce,x,", "as_path"},
		{"1767225600,,,heard,,1767225599", "until"},
		{"1767225600,,,heard,,", "until"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[256];
		snprintf(text, sizeof(text), "time,peer,prefix,event,as_path,until\n%s\n", rows[i].row);
		struct read_file file = read_foreign("routes", text, NULL);
		assert_int_equal(file.result, -22);
		assert_string_equal(file.why.column, rows[i].column);
		assert_int_equal(file.why.line, 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bgpdump_has_tables_updates_and_states),
		cmocka_unit_test(a_line_that_is_none_is_refused),
		cmocka_unit_test(a_long_path_keeps_its_origin),
		cmocka_unit_test(our_own_say_when_they_were_heard),
		cmocka_unit_test(our_own_are_refused_by_column),
	};
	return cmocka_run_group_tests_name("foreign_routes", tests, NULL, NULL);
}
