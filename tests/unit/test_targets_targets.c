#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "targets/file.h"
#include "targets/lines.h"
#include "targets/reserved.h"
#include "targets/targets.h"

static const struct target_sources no_sources = {.delegated = NULL};

static struct ip4 address(const char *text)
{
	struct ip4 ret = {0};

	assert_true(ip4_parse(text, &ret));
	return ret;
}

static void what_is_named_is_expanded_sorted_and_unique(void **state)
{
	static const char *const names[] = {
		"198.18.1.0/30", "198.18.0.5", "198.18.1.2-198.18.1.4", "198.18.0.5"};
	struct target_set set;
	struct diag why;
	(void)state;

	assert_int_equal(target_set_resolve(names, 4, &no_sources, &set, &why), 0);
	assert_int_equal(set.address_count, 6);
	assert_true(ip4_equal(set.addresses[0], address("198.18.0.5")));
	assert_true(ip4_equal(set.addresses[5], address("198.18.1.4")));
	assert_int_equal(set.row_count, 5);
	assert_int_equal(set.arguments[2].first, 2);
	assert_int_equal(set.arguments[2].count, 2);
	assert_true(target_set_allows(&set, address("198.18.1.3")));
	assert_false(target_set_allows(&set, address("198.18.1.5")));
	target_set_finish(&set);
}

static void north_korea_needs_no_file(void **state)
{
	static const char *const names[] = {"KP"};
	struct target_set set;
	struct diag why;
	(void)state;

	assert_int_equal(target_set_resolve(names, 1, &no_sources, &set, &why), 0);
	assert_int_equal(set.address_count, 1024);
	assert_true(ip4_equal(set.addresses[0], address("175.45.176.0")));
	assert_int_equal(set.refused_count, 0);
	target_set_finish(&set);
}

/* A file in the test's own directory, named for the process; unlinked by the test. */
static char *write_temporary(const char *text)
{
	char *name = strdup("/tmp/lightsout-test-XXXXXX");
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	assert_true(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	return name;
}

static void a_country_does_not_name_reserved_space_but_a_person_does(void **state)
{
	char *file = write_temporary("apnic|KP|ipv4|198.17.255.0|512|20200101|allocated\n");
	struct target_sources sources = {.delegated = file};
	static const char *const country[] = {"KP"};
	static const char *const person[] = {"KP", "198.18.0.0/25"};
	struct target_set set;
	struct diag why;
	(void)state;

	assert_int_equal(target_set_resolve(country, 1, &sources, &set, &why), 0);
	assert_int_equal(set.address_count, 256);
	assert_int_equal(set.refused_count, 256);
	assert_false(target_set_allows(&set, address("198.18.0.1")));
	target_set_finish(&set);

	assert_int_equal(target_set_resolve(person, 2, &sources, &set, &why), 0);
	assert_int_equal(set.address_count, 256 + 128);
	assert_int_equal(set.refused_count, 128);
	target_set_finish(&set);
	unlink(file);
	free(file);
}

static void multicast_and_broadcast_are_never_probed(void **state)
{
	static const char *const names[] = {"224.0.0.1", "255.255.255.255", "0.0.0.0"};
	struct target_set set;
	struct diag why;
	(void)state;

	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(
			target_set_resolve(&names[i], 1, &no_sources, &set, &why), -EINVAL);
		assert_non_null(strstr(why.text, "may not be probed"));
		assert_non_null(strstr(why.text, "RFC"));
	}
}

static void what_is_blocked_never_comes_out(void **state)
{
	uint32_t value = 11;
	(void)state;

	for (int round = 0; round < 60; round++) {
		char text[4096] = "";
		struct range blocked[8];
		for (int i = 0; i < 8; i++) {
			char line[RANGE_TEXT_SIZE];
			value = value * 1664525u + 1013904223u;
			blocked[i].first.host = 0xc6120000u + (value >> 22);
			value = value * 1664525u + 1013904223u;
			blocked[i].last.host = blocked[i].first.host + (value >> 25);
			range_format(blocked[i], line);
			strcat(text, line);
			strcat(text, " asked us to stop\n");
		}
		char *file = write_temporary(text);
		struct target_sources sources = {.blocklist = file};
		static const char *const names[] = {"198.18.0.0/22", "198.18.1.0-198.18.5.1"};
		struct target_set set;
		struct diag why;
		assert_int_equal(target_set_resolve(names, 2, &sources, &set, &why), 0);
		assert_int_equal(set.address_count + set.refused_count, 1024 + 258);
		for (size_t a = 0; a < set.address_count; a++)
			for (int i = 0; i < 8; i++)
				assert_false(set.addresses[a].host >= blocked[i].first.host &&
					     set.addresses[a].host <= blocked[i].last.host);
		for (int i = 0; i < 8; i++)
			assert_false(target_set_allows(&set, blocked[i].last));
		assert_true(set.refused_count > 0);
		target_set_finish(&set);
		unlink(file);
		free(file);
	}
}

static void the_reason_is_told_when_a_named_address_is_blocked(void **state)
{
	char *file = write_temporary("198.18.0.0/24 owner asked, 2025-11-02\n");
	struct target_sources sources = {.blocklist = file};
	static const char *const names[] = {"198.18.0.0/23", "198.18.0.7"};
	struct target_set set = {.row_count = 5};
	struct diag why;
	(void)state;

	assert_int_equal(target_set_resolve(names, 2, &sources, &set, &why), -EINVAL);
	assert_non_null(strstr(why.text, "198.18.0.7"));
	assert_non_null(strstr(why.text, "owner asked, 2025-11-02"));
	assert_int_equal(set.row_count, 5);

	static const char *const anchors[] = {"198.18.0.9"};
	sources.anchors = anchors;
	sources.anchor_count = 1;
	assert_int_equal(target_set_resolve(names, 1, &sources, &set, &why), -EINVAL);
	assert_non_null(strstr(why.text, "anchor 198.18.0.9"));
	unlink(file);
	free(file);
}

static void controls_may_be_probed_and_an_anchor_is_no_target(void **state)
{
	static const char *const names[] = {"198.18.0.0/24"};
	static const char *const anchors[] = {"192.0.2.1"};
	static const char *const upstream[] = {"192.0.2.9", "198.18.0.1"};
	struct target_sources sources = {
		.anchors = anchors, .anchor_count = 1, .upstream = upstream, .upstream_count = 2};
	struct target_set set;
	struct diag why;
	(void)state;

	assert_int_equal(target_set_resolve(names, 1, &sources, &set, &why), 0);
	assert_int_equal(set.address_count, 256);
	assert_int_equal(set.control_count, 3);
	assert_int_equal(set.row_count, 4);
	assert_int_equal(set.rows[1].role, ROLE_ANCHOR);
	assert_true(target_set_allows(&set, address("192.0.2.9")));
	assert_false(target_set_allows(&set, address("192.0.2.2")));
	target_set_finish(&set);

	static const char *const within[] = {"198.18.0.77"};
	sources.anchors = within;
	assert_int_equal(target_set_resolve(names, 1, &sources, &set, &why), -EINVAL);
	assert_non_null(strstr(why.text, "198.18.0.77"));

	static const char *const router[] = {"192.0.2.9"};
	sources.anchors = router;
	assert_int_equal(target_set_resolve(names, 1, &sources, &set, &why), -EINVAL);
	assert_non_null(strstr(why.text, "192.0.2.9 is an anchor and an upstream router"));

	static const char *const ourselves[] = {"127.0.0.1"};
	sources.anchors = ourselves;
	assert_int_equal(target_set_resolve(names, 1, &sources, &set, &why), -EINVAL);
	assert_non_null(strstr(why.text, "our own host"));
}

static void a_router_on_the_path_is_asked_unless_nobody_may(void **state)
{
	char *file = write_temporary("203.1.2.0/24 asked us to stop\n");
	static const char *const upstream[] = {"203.1.9.9"};
	struct target_sources sources = {
		.blocklist = file, .upstream = upstream, .upstream_count = 1};
	static const char *const names[] = {"175.45.176.0/24"};
	struct target_set set;
	struct diag why;
	(void)state;

	assert_int_equal(target_set_resolve(names, 1, &sources, &set, &why), 0);
	assert_true(target_set_ask(&set, address("203.1.9.2")));
	assert_true(target_set_ask(&set, address("203.1.9.1")));
	assert_false(target_set_ask(&set, address("203.1.9.1")));    /* there */
	assert_false(target_set_ask(&set, address("175.45.176.9"))); /* a target */
	assert_false(target_set_ask(&set, address("203.1.2.9")));    /* blocked */
	assert_false(target_set_ask(&set, address("10.0.0.1")));     /* reserved */
	assert_int_equal(set.control_count, 3);
	for (size_t i = 1; i < set.control_count; i++)
		assert_true(set.controls[i - 1].host < set.controls[i].host);
	assert_true(target_set_allows(&set, address("203.1.9.1")));
	assert_false(target_set_allows(&set, address("203.1.2.9")));
	assert_false(target_set_allows(&set, address("10.0.0.1")));
	assert_int_equal(set.row_count, 2); /* it has no role yet */

	target_set_learn(&set, address("203.1.9.1"), ROLE_UPSTREAM);
	assert_int_equal(set.row_count, 3);
	assert_true(target_row_is_learned(&set.rows[2]));
	assert_string_equal(set.rows[2].label, "learned");
	target_set_learn(&set, address("203.1.9.1"), ROLE_BORDER); /* what is learned may change */
	assert_int_equal(set.row_count, 3);
	assert_int_equal(set.rows[2].role, ROLE_BORDER);
	target_set_learn(&set, address("203.1.9.9"), ROLE_BORDER); /* what is named may not */
	assert_int_equal(set.row_count, 3);
	assert_int_equal(set.rows[1].role, ROLE_UPSTREAM);

	target_set_forget(&set, address("203.1.9.1"));
	target_set_forget(&set, address("203.1.9.2"));
	target_set_forget(&set, address("203.1.9.9")); /* is named */
	target_set_forget(&set, address("203.1.9.7")); /* never heard of */
	assert_false(target_set_allows(&set, address("203.1.9.1")));
	assert_true(target_set_allows(&set, address("203.1.9.9")));
	assert_int_equal(set.control_count, 1);
	assert_int_equal(set.row_count, 3); /* what it answered is in the series */
	target_set_finish(&set);
	unlink(file);
	free(file);
}

static void read_again_who_is_blocked_by_now_is_left_out_and_nobody_else(void **state)
{
	char *file = write_temporary("198.18.0.0/24 asked us to stop\n192.0.2.1 too\n");
	static const char *const anchors[] = {"192.0.2.1", "192.0.2.2"};
	static const char *const names[] = {"198.18.0.0/30"};
	static const char *const reserved[] = {"224.0.0.0/30"};
	struct target_sources sources = {.blocklist = file, .anchors = anchors, .anchor_count = 2};
	struct target_set set;
	struct diag why;
	(void)state;

	assert_int_equal(target_set_resolve(names, 1, &sources, &set, &why), -EINVAL);
	sources.again = true;
	assert_int_equal(target_set_resolve(names, 1, &sources, &set, &why), 0);
	assert_int_equal(set.address_count, 0);
	assert_int_equal(set.refused_count, 4);
	assert_int_equal(set.control_count, 1);
	assert_false(target_set_allows(&set, address("192.0.2.1")));
	assert_true(target_set_allows(&set, address("192.0.2.2")));
	target_set_finish(&set);
	assert_int_equal(target_set_resolve(reserved, 1, &sources, &set, &why), -EINVAL);
	unlink(file);
	free(file);
}

static void a_stream_says_again_what_it_said(void **state)
{
	char name[64];
	char *bytes = NULL;
	size_t len = 0;
	struct diag why;
	int ends[2];
	(void)state;

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "198.18.0.1\n", 11), 11);
	close(ends[1]);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", ends[0]);
	assert_int_equal(file_read(name, &bytes, &len, &why), 0);
	free(bytes);
	file_read_again();
	assert_int_equal(file_read(name, &bytes, &len, &why), 0);
	assert_int_equal(len, 11);
	assert_string_equal(bytes, "198.18.0.1\n");
	free(bytes);
	close(ends[0]);

	/* One that nobody read before would be waited for, perhaps for ever. */
	assert_int_equal(pipe(ends), 0);
	snprintf(name, sizeof(name), "/dev/fd/%d", ends[0]);
	assert_true(file_read(name, &bytes, &len, &why) < 0);
	assert_non_null(strstr(why.text, "no plain file"));
	close(ends[0]);
	close(ends[1]);
}

static void too_much_or_nothing_is_refused(void **state)
{
	static const char *const bad[][2] = {
		{"10.0.0.0/11", "small country"},
		{"0.0.0.0/0", "small country"},
		{"198.18.0.1/24", "198.18.0.0/24"},
		{"198.18.0", "FIRST-LAST"},
		{"XX", "country XX"},
		{"no such file", "country code"},
		{"@no such file", "cannot be read"},
		{"", "country code"},
	};
	struct target_set set;
	struct diag why;
	(void)state;

	assert_int_equal(target_set_resolve(NULL, 0, &no_sources, &set, &why), -EINVAL);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_true(target_set_resolve(&bad[i][0], 1, &no_sources, &set, &why) < 0);
		if (!strstr(why.text, bad[i][1]))
			fail_msg("%s -> %s", bad[i][0], why.text);
	}
	static const char *const most[] = {"10.0.0.0/12"};
	assert_int_equal(target_set_resolve(most, 1, &no_sources, &set, &why), 0);
	assert_int_equal(set.address_count, 1 << 20);
	target_set_finish(&set);
}

static void a_file_is_named_with_its_line(void **state)
{
	char *file = write_temporary("198.18.0.1 a\n198.18.0.1/31\n");
	struct target_set set;
	struct diag why;
	char name[64];
	const char *names[] = {name};
	(void)state;

	snprintf(name, sizeof(name), "@%s", file);
	assert_int_equal(target_set_resolve(names, 1, &no_sources, &set, &why), -EINVAL);
	assert_string_equal(why.file, file);
	assert_int_equal(why.line, 2);
	unlink(file);
	free(file);
}

static void reserved_space_is_sorted_and_does_not_overlap(void **state)
{
	(void)state;

	for (const struct reserved *r = reserved_rows(); r[1].what; r++)
		assert_true(prefix_last(r->prefix).host < r[1].prefix.base.host);
	assert_non_null(reserved_find(address("10.1.2.3")));
	assert_null(reserved_find(address("175.45.176.1")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_named_is_expanded_sorted_and_unique),
		cmocka_unit_test(north_korea_needs_no_file),
		cmocka_unit_test(a_country_does_not_name_reserved_space_but_a_person_does),
		cmocka_unit_test(multicast_and_broadcast_are_never_probed),
		cmocka_unit_test(what_is_blocked_never_comes_out),
		cmocka_unit_test(the_reason_is_told_when_a_named_address_is_blocked),
		cmocka_unit_test(controls_may_be_probed_and_an_anchor_is_no_target),
		cmocka_unit_test(a_router_on_the_path_is_asked_unless_nobody_may),
		cmocka_unit_test(read_again_who_is_blocked_by_now_is_left_out_and_nobody_else),
		cmocka_unit_test(too_much_or_nothing_is_refused),
		cmocka_unit_test(a_file_is_named_with_its_line),
		cmocka_unit_test(reserved_space_is_sorted_and_does_not_overlap),
		cmocka_unit_test(a_stream_says_again_what_it_said),
	};
	return cmocka_run_group_tests_name("targets", tests, NULL, NULL);
}
