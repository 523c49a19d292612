/* store/target_rows.h: targets of a store and those that come to them. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>

#include "store/target_rows.h"

static struct target_rows rows;
static struct target_row *merged;
static size_t count;
static struct diag why;
static unsigned long wrong;

static void add(const char *prefix, enum role role, const char *label, unsigned long line)
{
	struct target_row row = {.role = role};

	assert_true(prefix_parse(prefix, &row.prefix));
	snprintf(row.label, sizeof(row.label), "%s", label);
	target_rows_add(&rows, &row, line);
}

static int merge(void)
{
	wrong = 0;
	int r = target_rows_merge(&rows, &merged, &count, &why, &wrong);

	target_rows_finish(&rows);
	rows = (struct target_rows){0};
	return r;
}

static void assert_row(size_t at, const char *prefix, enum role role, const char *label)
{
	char text[ADDRESS_TEXT_SIZE];

	assert_true(at < count);
	prefix_format(merged[at].prefix, text);
	assert_string_equal(text, prefix);
	assert_int_equal(merged[at].role, role);
	assert_string_equal(merged[at].label, label);
}

static void done(void)
{
	free(merged);
	merged = NULL;
}

static void what_is_there_stays_and_new_rows_come_behind(void **state)
{
	(void)state;
	add("198.18.9.0/24", ROLE_TARGET, "old", 0);
	add("198.18.1.0/24", ROLE_TARGET, "older", 0);
	add("198.18.5.0/24", ROLE_TARGET, "new", 2);
	add("198.18.9.0/24", ROLE_TARGET, "again", 3);
	assert_int_equal(merge(), 0);
	assert_int_equal(count, 3);
	assert_row(0, "198.18.9.0/24", ROLE_TARGET, "old");
	assert_row(1, "198.18.1.0/24", ROLE_TARGET, "older");
	assert_row(2, "198.18.5.0/24", ROLE_TARGET, "new");
	done();
}

static void a_prefix_is_a_target_and_one_thing_beside(void **state)
{
	(void)state;
	add("203.0.113.1/32", ROLE_TARGET, "", 0);
	add("203.0.113.1/32", ROLE_BORDER, "router", 2);
	assert_int_equal(merge(), 0);
	assert_int_equal(count, 2);
	done();
	add("203.0.113.1/32", ROLE_ANCHOR, "", 0);
	add("203.0.113.1/32", ROLE_BORDER, "", 7);
	assert_int_equal(merge(), -EEXIST);
	assert_int_equal(wrong, 7);
	assert_string_equal(why.text, "role border, expected anchor as in the store");
}

static void the_first_line_that_contradicts_is_told(void **state)
{
	(void)state;
	add("203.0.113.1/32", ROLE_ANCHOR, "", 2);
	add("203.0.113.9/32", ROLE_ANCHOR, "", 3);
	add("203.0.113.9/32", ROLE_UPSTREAM, "", 4);
	add("203.0.113.1/32", ROLE_UPSTREAM, "", 5);
	assert_int_equal(merge(), -EEXIST);
	assert_int_equal(wrong, 4);
	assert_string_equal(why.text, "role upstream, expected anchor as in a row before");
}

static void what_somebody_says_outranks_what_was_learned(void **state)
{
	(void)state;
	for (int order = 0; order < 2; order++) {
		add("192.0.2.1/32", order ? ROLE_BORDER : ROLE_UPSTREAM, order ? "ours" : LABEL_LEARNED, 0);
		add("192.0.2.1/32", order ? ROLE_UPSTREAM : ROLE_BORDER, order ? LABEL_LEARNED : "ours", 2);
		assert_int_equal(merge(), 0);
		assert_int_equal(count, 1);
		assert_row(0, "192.0.2.1/32", ROLE_BORDER, "ours");
		done();
	}
	add("192.0.2.1/32", ROLE_UPSTREAM, LABEL_LEARNED, 0);
	add("192.0.2.1/32", ROLE_BORDER, LABEL_LEARNED, 2);
	assert_int_equal(merge(), 0);
	assert_row(0, "192.0.2.1/32", ROLE_UPSTREAM, LABEL_LEARNED);
	done();
	/* And then a second word of somebody is a contradiction. */
	add("192.0.2.1/32", ROLE_UPSTREAM, LABEL_LEARNED, 0);
	add("192.0.2.1/32", ROLE_BORDER, "ours", 2);
	add("192.0.2.1/32", ROLE_UPSTREAM, "theirs", 3);
	assert_int_equal(merge(), -EEXIST);
	assert_int_equal(wrong, 3);
}

static void of_nothing_comes_nothing(void **state)
{
	(void)state;
	assert_int_equal(merge(), 0);
	assert_int_equal(count, 0);
	done();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_there_stays_and_new_rows_come_behind),
		cmocka_unit_test(a_prefix_is_a_target_and_one_thing_beside),
		cmocka_unit_test(the_first_line_that_contradicts_is_told),
		cmocka_unit_test(what_somebody_says_outranks_what_was_learned),
		cmocka_unit_test(of_nothing_comes_nothing),
	};
	return cmocka_run_group_tests_name("target_rows", tests, NULL, NULL);
}
