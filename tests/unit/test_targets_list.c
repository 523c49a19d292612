#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>

#include "targets/blocklist.h"
#include "targets/list.h"

static struct target_list parsed(const char *text)
{
	struct target_list list;
	struct diag why;

	if (list_parse("kp.targets", text, strlen(text), &list, &why) < 0)
		fail_msg("line %lu: %s", why.line, why.text);
	return list;
}

/* A tidy list as text; owned by the caller. */
static char *tidied(const char *text)
{
	struct target_list list = parsed(text);
	char *out_text = NULL;
	size_t len;
	FILE *out = open_memstream(&out_text, &len);

	list_tidy(&list);
	for (size_t i = 0; i < list.count; i++)
		list_entry_print(&list.entries[i], "", out);
	fclose(out);
	list_finish(&list);
	return out_text;
}

static void assert_tidied(const char *text, const char *expected)
{
	char *got = tidied(text);

	assert_string_equal(got, expected);
	char *again = tidied(got);
	assert_string_equal(again, expected);
	free(got);
	free(again);
}

static void a_line_is_a_range_its_provenance_and_a_label(void **state)
{
	struct target_list list =
		parsed("# list\n\n"
		       "198.18.0.0/24 cc=KP date=20091221  power   plant # here\r\n"
		       "\t198.18.1.3-198.18.1.9\n198.18.9.9");
	(void)state;

	assert_int_equal(list.count, 3);
	assert_string_equal(list.entries[0].from.cc, "KP");
	assert_string_equal(list.entries[0].from.date, "20091221");
	assert_string_equal(list.entries[0].label, "power plant");
	assert_int_equal(list.entries[0].line, 3);
	assert_int_equal(range_count(list.entries[1].range), 7);
	assert_int_equal(range_count(list.entries[2].range), 1);
	list_finish(&list);
}

static void a_tidy_list_is_sorted_merged_and_reads_back(void **state)
{
	(void)state;

	assert_tidied("198.18.2.0/24\n198.18.0.0/23\n198.18.0.7\n198.18.2.0/24\n",
		"198.18.0.0/23\n198.18.2.0/24\n");
	assert_tidied("198.18.3.0/24\n198.18.2.0/24\n", "198.18.2.0/23\n");
	assert_tidied("198.18.0.1-198.18.0.4\n", "198.18.0.1/32\n198.18.0.2/31\n198.18.0.4/32\n");
	assert_tidied(
		"255.255.255.0/24\n255.255.255.255\n0.0.0.0/8\n", "0.0.0.0/8\n255.255.255.0/24\n");
}

static void different_provenance_is_never_merged(void **state)
{
	(void)state;

	assert_tidied("198.18.1.0/24 cc=KP date=20200101\n198.18.0.0/24 cc=KP date=20100101\n",
		"198.18.0.0/24 cc=KP date=20100101\n198.18.1.0/24 cc=KP date=20200101\n");
	assert_tidied("198.18.1.0/24 a\n198.18.0.0/24 b\n", "198.18.0.0/24 b\n198.18.1.0/24 a\n");
}

static void what_is_removed_is_gone_and_the_rest_stays(void **state)
{
	static const struct range middle = {{0xc6120080u}, {0xc612017fu}};
	struct target_list list = parsed("198.18.0.0/23 x\n198.18.9.0/24\n");
	(void)state;

	assert_true(list_remove(&list, middle));
	assert_false(list_remove(&list, middle));
	assert_int_equal(list.count, 3);
	assert_int_equal(range_count(list.entries[0].range), 128);
	assert_int_equal(range_count(list.entries[1].range), 128);
	assert_string_equal(list.entries[1].label, "x");
	list_finish(&list);
}

static void a_bad_line_is_named_with_what_was_expected(void **state)
{
	static const char *const bad[][2] = {
		{"198.18.0.256", "FIRST-LAST"},
		{"198.18.0.1/24", "198.18.0.0/24"},
		{"198.18.0.9-198.18.0.1", "FIRST-LAST"},
		{"KP", "FIRST-LAST"},
		{"198.18.0.0/24 cc=", "cc"},
		{"198.18.0.0/24 date=200912211234", "date"},
		{"198.18.0.0/24 cc=KPX", "two capital letters"},
		{"198.18.0.0/24 cc=kp", "two capital letters"},
		{"198.18.0.0/24 cc=KP cc=IR", "cc is there twice"},
		{"198.18.0.0/24 date=nodate", "YYYYMMDD"},
		{"198.18.0.0/24 sha256=zz", "hexadecimal"},
		{"198.18.0.0/24 source=\xe2\x80\xae" "x", "control character"},
		{"198.18.0.0/24 x\xc2\x9b" "1m", "control character"},
		{"198.18.0.0/24 x\xe2\x80\xae", "control character"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct target_list list;
		struct blocklist blocklist;
		struct diag why;
		char text[256];
		int len = snprintf(text, sizeof(text), "198.18.7.7\n%s\n", bad[i][0]);
		assert_int_equal(list_parse("l", text, (size_t)len, &list, &why), -EINVAL);
		if (why.line != 2 || !strstr(why.text, bad[i][1]))
			fail_msg("%s -> line %lu: %s", bad[i][0], why.line, why.text);
		if (i > 3)
			continue;
		assert_int_equal(
			blocklist_parse("b", text, (size_t)len, &blocklist, &why), -EINVAL);
		assert_int_equal(why.line, 2);
	}
}

static void a_label_of_latin_1_is_utf_8(void **state)
{
	struct target_list list = parsed("198.18.0.0/24 Caf\xe9\n");
	(void)state;

	assert_string_equal(list.entries[0].label, "Caf\xc3\xa9");
	list_finish(&list);
}

static void a_nul_or_an_endless_line_is_refused(void **state)
{
	struct target_list list;
	struct diag why;
	char *text = malloc(5000);
	(void)state;

	assert_int_equal(list_parse("l", "198.18.0.1\0x\n", 13, &list, &why), -EINVAL);
	assert_non_null(strstr(why.text, "control"));
	memset(text, '#', 5000);
	assert_int_equal(list_parse("l", text, 5000, &list, &why), -EINVAL);
	assert_int_equal(why.line, 1);
	free(text);
}

static void a_blocklist_keeps_reasons(void **state)
{
	static const char text[] = "# who asked\n198.18.0.7  owner asked us, 2025-11-02\r\n"
				   "198.18.1.0/24\n198.18.2.1-198.18.2.3\tlab # 3\n";
	struct blocklist list;
	struct diag why;
	(void)state;

	assert_int_equal(blocklist_parse("b", text, strlen(text), &list, &why), 0);
	assert_int_equal(list.count, 3);
	assert_string_equal(blocked_reason(&list, &list.rows[0]), "owner asked us, 2025-11-02");
	assert_string_equal(blocked_reason(&list, &list.rows[1]), "");
	assert_string_equal(blocked_reason(&list, &list.rows[2]), "lab # 3");
	assert_ptr_equal(blocklist_find(&list, (struct ip4){0xc6120202u}), &list.rows[2]);
	assert_null(blocklist_find(&list, (struct ip4){0xc6120204u}));
	blocklist_finish(&list);
}

/* Is it in one of the ranges as they were written? */
static bool in_any(const struct range *ranges, size_t count, uint32_t host)
{
	for (size_t i = 0; i < count; i++)
		if (ranges[i].first.host <= host && host <= ranges[i].last.host)
			return true;
	return false;
}

static void what_a_line_holds_is_held_however_lines_overlap(void **state)
{
	uint32_t value = 3;
	(void)state;

	for (int round = 0; round < 50; round++) {
		char text[2048] = "";
		struct range ranges[20];
		struct blocklist list;
		struct diag why;
		uint64_t held = 0;
		for (int i = 0; i < 20; i++) {
			char line[RANGE_TEXT_SIZE];
			value = value * 1664525u + 1013904223u;
			ranges[i].first.host = 0xc6120000u + (value >> 23);
			value = value * 1664525u + 1013904223u;
			ranges[i].last.host = ranges[i].first.host + (value >> 28);
			range_format(ranges[i], line);
			strcat(strcat(text, line), "\n");
		}
		assert_int_equal(blocklist_parse("b", text, strlen(text), &list, &why), 0);
		for (uint32_t host = 0xc611fff0u; host < 0xc6120220u; host++) {
			const struct blocked *row = blocklist_find(&list, (struct ip4){host});
			assert_int_equal(row != NULL, in_any(ranges, 20, host));
			held += row != NULL;
			/* The row told is one that holds it. */
			if (row)
				assert_true(in_any(&ranges[row->line - 1], 1, host));
		}
		assert_int_equal(list.entries, 20);
		assert_int_equal(list.addresses, held);
		blocklist_finish(&list);
	}
}

static void a_blocklist_up_to_the_last_address_is_one(void **state)
{
	static const char text[] = "0.0.0.0/0\n255.255.255.255\n0.0.0.0\n";
	struct blocklist list;
	struct diag why;
	(void)state;

	assert_int_equal(blocklist_parse("b", text, strlen(text), &list, &why), 0);
	assert_int_equal(list.count, 1);
	assert_true(list.addresses == UINT64_C(1) << 32);
	assert_true(blocklist_holds(&list, (struct ip4){UINT32_MAX}));
	blocklist_finish(&list);
}

static void names_with_their_range_are_a_blocklist_and_no_target_list(void **state)
{
	static const char text[] = "# of peers\nSome Agency: a desk, 7:198.18.0.0-198.18.0.255\n"
				   "x:198.18.2.0-198.18.2.9 \n";
	static const char *const bad[] = {
		"x:198.18.2.0",                  /* a host and a port, turned round */
		"198.18.0.7:198.18.0.0-198.18.0.9", /* which of the two? */
		":198.18.0.0-198.18.0.9",
		"A:198.18.0.0-198.18.0.3 B:198.18.0.9-198.18.0.255",
		"A:198.18.0.0-198.18.0.3:198.18.0.9-198.18.0.255",
		"198.18.0.1 x:198.18.0.0-198.18.0.9",
	};
	struct blocklist list;
	struct target_list targets;
	struct diag why;
	(void)state;

	assert_int_equal(blocklist_parse("b", text, strlen(text), &list, &why), 0);
	assert_int_equal(list.entries, 2);
	assert_int_equal(list.addresses, 266);
	assert_string_equal(blocked_reason(&list, &list.rows[0]), "Some Agency: a desk, 7");
	blocklist_finish(&list);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (blocklist_parse("b", bad[i], strlen(bad[i]), &list, &why) != -EINVAL)
			fail_msg("%s", bad[i]);
	assert_int_equal(list_parse("l", text, strlen(text), &targets, &why), -EINVAL);
}

static void names_of_columns_may_stand_first_and_nowhere_else(void **state)
{
	static const char *const good[] = {
		"# DShield\nStart\tEnd\tNetmask\tAttacks\n198.18.0.0\t198.18.0.255\t24\t42\n",
		"network,reason\n198.18.0.0/24,opt out\n"};
	static const char *const bad[] = {"198.18.0.0/24\nnetwork,reason\n",
		"network,reason\nStart,End\n198.18.0.0/24\n", "network reason\n198.18.0.0/24\n",
		"198.18.0,reason\n198.18.0.0/24\n", "evil.example,reason\n198.18.0.0/24\n"};
	struct blocklist list;
	struct diag why;
	(void)state;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(blocklist_parse("b", good[i], strlen(good[i]), &list, &why), 0);
		assert_true(blocklist_holds(&list, (struct ip4){0xc61200ff}));
		blocklist_finish(&list);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
			blocklist_parse("b", bad[i], strlen(bad[i]), &list, &why), -EINVAL);
}

static void the_count_of_a_blocklist_is_told(void **state)
{
	static const char *const told[][2] = {
		{"198.18.0.0/15\n198.18.0.7\n2001:db8::/32\n::1\n",
			"blocklist: 2 entries, 131,072 addresses; 2 IPv6 lines skipped"},
		{"198.18.0.7 x\n", "blocklist: 1 entry, 1 address"},
		{"# nobody\n", "blocklist: it is empty, nothing is blocked"},
		{"::1\n", "blocklist: it is empty, nothing is blocked; 1 IPv6 line skipped"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		struct blocklist list;
		struct diag why;
		char text[BLOCKLIST_TELL_SIZE];
		assert_int_equal(
			blocklist_parse("b", told[i][0], strlen(told[i][0]), &list, &why), 0);
		blocklist_tell(&list, text);
		assert_string_equal(text, told[i][1]);
		blocklist_finish(&list);
	}
}

static void a_label_is_no_second_address(void **state)
{
	static const char *const bad[][2] = {
		{"198.18.0.0 198.18.0.7", "range or two addresses"},
		{"198.18.0.1 cc=KP - 198.18.0.9", "another address"},
		{"198.18.0.1 cc=KP /30", "part of the address"},
		{"198.18.0.0/24 gateway 198.18.1.1", "another address"},
		{"198.18.0.1 24", "its length"},
	};
	struct target_list list =
		parsed("198.18.0.0 - 198.18.0.9 cc=KP a range\n198.18.1.0 255.255.255.0\n"
		       "198.18.2.0/24;x;y\n2001:db8::/32\n198.18.3.1 source=198.18.3.1.txt 3rd\n");
	(void)state;

	assert_int_equal(list.count, 4);
	assert_int_equal(list.ipv6, 1);
	assert_int_equal(range_count(list.entries[0].range), 10);
	assert_string_equal(list.entries[0].from.cc, "KP");
	assert_string_equal(list.entries[0].label, "a range");
	assert_int_equal(range_count(list.entries[1].range), 256);
	assert_string_equal(list.entries[2].label, "x;y");
	assert_string_equal(list.entries[3].label, "3rd");
	list_finish(&list);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct diag why;
		int r = list_parse("l", bad[i][0], strlen(bad[i][0]), &list, &why);
		if (r != -EINVAL || !strstr(why.text, bad[i][1]))
			fail_msg("%s -> %s", bad[i][0], r ? why.text : "taken");
	}
}

static struct blocklist blocked(const char *text)
{
	struct blocklist list;
	struct diag why;

	if (blocklist_parse("b", text, strlen(text), &list, &why) < 0)
		fail_msg("line %lu: %s", why.line, why.text);
	return list;
}

static void a_list_that_is_being_written_does_not_follow(void **state)
{
	static const struct {
		const char *before, *now;
		uint64_t lost;
		const char *why; /* NULL: it follows */
	} pairs[] = {
		{"", "", 0, NULL},
		{"# none", "", 0, NULL},
		{"", "198.18.0.1", 0, NULL},
		{"198.18.0.1\n", "198.18.0.1", 0, NULL},
		{"198.18.0.1\n198.18.0.0/24\n", "198.18.0.0/23", 0, NULL},
		{"198.18.0.0/23\n", "198.18.0.0/24\n198.18.1.0/25\n198.18.1.128/25\n", 0, NULL},
		{"198.18.0.0/24\n", "198.18.0.1\n198.18.0.255\n198.19.0.0/16\n", 254, NULL},
		{"198.18.0.7\n198.18.0.9\n", "198.18.0.8\n", 2, NULL},
		{"0.0.0.0/0", "0.0.0.0/1\n", 2147483648, NULL},
		{"198.18.0.0/24\n", "", 256, "is empty now and had 256 addresses, expected"},
		{"198.18.0.9\n", "# moved\n", 1, "is empty now and had 1 address, expected"},
		{"198.18.0.12\n", "198.18.0.1", 1, "lacks 1 address that it had, and its last"},
		{"198.18.0.0/24 a\n198.18.1.1 b\n", "198.18.1.1 b\n198.18.0.7 c", 255,
			"lacks 255 addresses that it had"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct blocklist before = blocked(pairs[i].before);
		struct blocklist now = blocked(pairs[i].now);
		struct diag why = {.line = 7};
		assert_true(blocklist_lost(&before, &now) == pairs[i].lost);
		int r = blocklist_follows("b.txt", &before, &now, &why);
		assert_int_equal(r, pairs[i].why ? -EINVAL : 0);
		if (pairs[i].why && (!strstr(why.text, pairs[i].why) || why.line ||
					    strcmp(why.file, "b.txt") != 0))
			fail_msg("%s -> %s: %s", pairs[i].now, why.file, why.text);
		blocklist_finish(&before);
		blocklist_finish(&now);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_a_range_its_provenance_and_a_label),
		cmocka_unit_test(a_tidy_list_is_sorted_merged_and_reads_back),
		cmocka_unit_test(different_provenance_is_never_merged),
		cmocka_unit_test(what_is_removed_is_gone_and_the_rest_stays),
		cmocka_unit_test(a_bad_line_is_named_with_what_was_expected),
		cmocka_unit_test(a_label_of_latin_1_is_utf_8),
		cmocka_unit_test(a_nul_or_an_endless_line_is_refused),
		cmocka_unit_test(a_blocklist_keeps_reasons),
		cmocka_unit_test(what_a_line_holds_is_held_however_lines_overlap),
		cmocka_unit_test(a_blocklist_up_to_the_last_address_is_one),
		cmocka_unit_test(names_with_their_range_are_a_blocklist_and_no_target_list),
		cmocka_unit_test(names_of_columns_may_stand_first_and_nowhere_else),
		cmocka_unit_test(the_count_of_a_blocklist_is_told),
		cmocka_unit_test(a_label_is_no_second_address),
		cmocka_unit_test(a_list_that_is_being_written_does_not_follow),
	};
	return cmocka_run_group_tests_name("list", tests, NULL, NULL);
}
