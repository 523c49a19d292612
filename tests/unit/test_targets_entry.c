#include "tests/unit/unit.h"

#include <errno.h>

#include "targets/entry.h"

/* Read a line and its words: 0, or -EINVAL. */
static int read_line(const char *line, struct entry *ret, struct diag *why)
{
	int r;

	*why = (struct diag){.line = 0};
	r = entry_read(line, ret, why);
	return r < 0 || ret->kind != ENTRY_RANGE ? r : entry_check_words(ret, ret->text, why);
}

/* Each form that publishers use, and what it holds. */
static void a_published_line_holds_all_it_says(void **state)
{
	static const char *const good[][3] = {
		{"198.18.0.1", "198.18.0.1", ""},
		{"  198.18.0.0/24  ", "198.18.0.0/24", ""},
		{"198.18.0.0/24 ; SBL123", "198.18.0.0/24", "SBL123"},
		{"198.18.0.0/24;SBL123", "198.18.0.0/24", "SBL123"},
		{"198.18.0.7 # Scanning Host US,,0.0,0.0", "198.18.0.7", "Scanning Host US,,0.0,0.0"},
		{"198.18.0.7#4#2#Host#198.18.9.9", "198.18.0.7", "4#2#Host#198.18.9.9"},
		{"198.18.0.0\t198.18.0.255\t24\t42\tSOME NET", "198.18.0.0/24", "24\t42\tSOME NET"},
		{"198.18.0.8\t198.18.0.15\t29\tx", "198.18.0.8/29", "29\tx"},
		{"198.18.0.0\t\t198.18.255.255\tSome Agency", "198.18.0.0/16", "Some Agency"},
		{"198.18.1.0,198.18.3.255,DE", "198.18.1.0-198.18.3.255", "DE"},
		{"198.18.1.0;198.18.3.255;DE", "198.18.1.0-198.18.3.255", "DE"},
		{"198.18.0.0\t198.18.0.255\t13335\tUS\tX", "198.18.0.0/24", "13335\tUS\tX"},
		{"198.18.0.7 198.18.0.7 twice", "198.18.0.7", "twice"},
		{"198.18.0.1 - 198.18.0.9", "198.18.0.1-198.18.0.9", ""},
		{"198.18.0.1 -198.18.0.9 x", "198.18.0.1-198.18.0.9", "x"},
		{"198.18.0.1- 198.18.0.9, 100, x", "198.18.0.1-198.18.0.9", "100, x"},
		{"198.18.0.1-198.18.0.9 x", "198.18.0.1-198.18.0.9", "x"},
		{"198.18.0.0 255.255.254.0", "198.18.0.0/23", ""},
		{"198.18.0.0/255.255.254.0 x", "198.18.0.0/23", "x"},
		{"198.18.0.1/255.255.255.255", "198.18.0.1", ""},
		{"198.18.0.0 0.0.1.255 x", "198.18.0.0/23", "x"},
		{"198.18.0.0 /24 x", "198.18.0.0/24", "x"},
		{"198.18.0.0\t24\t64500", "198.18.0.0/24", "64500"},
		{"198.18.0.0,24,64500_64501", "198.18.0.0/24", "64500_64501"},
		{"198.18.0.0/24,64500", "198.18.0.0/24", "64500"},
		{"198.18.0.7 owner asked us, 2025-11-02", "198.18.0.7", "owner asked us, 2025-11-02"},
		{"198.18.0.7 2025-11-02 owner asked", "198.18.0.7", "2025-11-02 owner asked"},
		{"198.18.0.7 2025-11-02T10:00:00Z", "198.18.0.7", "2025-11-02T10:00:00Z"},
		{"198.18.0.7 3rd request", "198.18.0.7", "3rd request"},
		{"198.18.0.7 (ours)", "198.18.0.7", "(ours)"},
		{"198.18.0.7 asked us to stop and we did", "198.18.0.7",
			"asked us to stop and we did"},
		{"198.18.0.7 ticket 4711", "198.18.0.7", "ticket 4711"},
		{"198.18.0.0/24 to be asked again", "198.18.0.0/24", "to be asked again"},
		{"198.18.0.7 2025-11-02 10:00 AS64500", "198.18.0.7", "2025-11-02 10:00 AS64500"},
		{"198.18.0.7 \xec\x9a\x94\xec\xb2\xad", "198.18.0.7", "\xec\x9a\x94\xec\xb2\xad"},
		{"0.0.0.0/8 this network", "0.0.0.0/8", "this network"},
		{"127.0.0.1 localhost", "127.0.0.1", "localhost"},
		{"198.18.0.1 255.255.255.255 x", "198.18.0.1", "x"},
		{"198.18.0.7 deadbeefs", "198.18.0.7", "deadbeefs"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct entry entry;
		struct diag why;
		char text[RANGE_TEXT_SIZE];
		if (read_line(good[i][0], &entry, &why) < 0)
			fail_msg("\"%s\": %s", good[i][0], why.text);
		assert_int_equal(entry.kind, ENTRY_RANGE);
		range_format(entry.range, text);
		if (strcmp(text, good[i][1]) != 0 || strcmp(entry.text, good[i][2]) != 0)
			fail_msg("\"%s\" -> %s \"%s\"", good[i][0], text, entry.text);
	}
}

/* What could be part of an address is refused, each with its reason. */
static void what_could_be_part_of_an_address_is_refused(void **state)
{
	static const char *const bad[][2] = {
		{"198.18.0.0 198.18.0.2", "range or two addresses"},
		{"198.18.0.0\t198.18.0.255x", "another address"},
		{"198.18.0.9 198.18.0.1", "range or two addresses"},
		{"198.18.0.0,198.18.0.7,29x", "range or two addresses"},
		{"198.18.0.0 255.255.255.255", "range or two addresses"},
		{"224.0.0.1 255.255.255.255", "range or two addresses"},
		{"198.18.0.0 255.255.0.255", "no netmask"},
		{"198.18.0.0\t255.0.0.255\tx", "no netmask"},
		{"0.0.0.0 0.0.0.0 x", "range or two addresses"},
		{"198.18.0.1 0.0.0.0", "range or two addresses"},
		{"198.18.0.5 255.255.255.0", "netmask, expected 198.18.0.0/24"},
		{"198.18.0.5/255.255.255.0", "netmask, expected 198.18.0.0/24"},
		{"198.18.0.0 255.0.255.0", "no netmask"},
		{"198.18.0.0/255.0.255.0", "no address"},
		{"198.18.0.1 0.0.0.255", "wildcard mask, expected 198.18.0.0/24"},
		{"198.18.0.1 /24", "length, expected 198.18.0.0/24"},
		{"198.18.0.0 / 24", "part of the address"},
		{"198.18.0.0 /33", "part of the address"},
		{"198.18.0.0 24", "its length"},
		{"198.18.0.0\t24", "its length"},
		{"198.18.0.0;24;US", "its length"},
		{"198.18.0.0 255", "its length"},
		{"198.18.0.1 - owner asked", "behind 198.18.0.1 and a dash"},
		{"198.18.0.0 - 255", "behind 198.18.0.0 and a dash"},
		{"198.18.0.9 - 198.18.0.1", "ends before it begins"},
		{"198.18.0.0 -", "and a dash"},
		{"198.18.0.0 \xe2\x80\x93 198.18.0.9", "another address"},
		{"198.18.0.0 \xe2\x80\x93 9", "part of the address"},
		{"198.18.0.0 to 198.18.0.9", "another address"},
		{"198.18.0.0 to 9", "part of the address"},
		{"198.18.0.0 .9", "part of the address"},
		{"198.18.0.0 *.*", "part of the address"},
		{"198.18.0.0 1.*", "part of the address"},
		{"198.18.0.0 ... 9", "part of the address"},
		{"198.18.0.1 and 198.18.0.2", "another address"},
		{"198.18.0.1, 198.18.0.2", "range or two addresses"},
		{"198.18.0.0/24, 198.18.2.0/24", "another address"},
		{"198.18.0.0/24 !198.18.0.7", "another address"},
		{"198.18.0.0/24 - 198.18.3.0/24", "another address"},
		{"198.18.0.1 asked for 198.18.0.2 too", "another address"},
		{"198.18.0.1;asked for 198.18.0.2", "another address"},
		{"198.18.0.1 198.018.000.002", "another address"},
		{"198.18.0.1 \"198.18.0.9\"", "another address"},
		{"198.18.0.*", "no address"},
		{"198.18.0", "no address"},
		{"198.18.0.0-255", "no address"},
		{"198.18.0.1:80", "no address"},
		{"198.18.0.1/24", "expected 198.18.0.0/24"},
		{"198.018.000.001", "leading zero"},
		{"198.018.000.000 - 198.018.000.255 , 000 , x", "leading zero"},
		{"3323068416", "no address"},
		{"0.0.0.0 ads.example.com", "hosts file"},
		{"127.0.0.1 ads.example.com", "hosts file"},
		{"::ffff:198.18.0.1", "IPv4 written as IPv6"},
		{"::ffff:c612:0/126", "expected 198.18.0.0/30"},
		{"::FFFF:C612:0", "expected 198.18.0.0"},
		{"0:0:0:0:0:ffff:c612:7", "expected 198.18.0.7"},
		{"::ffff:0:0/96", "expected 0.0.0.0/0"},
		{"::ffff:c612:0-::ffff:c612:3", "IPv4 written as IPv6"},
		{"::fffe:0:0-::ffff:c612:3", "expected 198.18.0.3"},
		{"::ffff:0:c612:7", "expected 198.18.0.7"},
		{"::c612:7", "expected 198.18.0.7"},
		{"::/97", "expected 0.0.0.0/1"},
		{"64:ff9b::c612:0/120", "expected 198.18.0.0/24"},
		{"64:ff9b::/97", "expected 0.0.0.0/1"},
		{"64:ff9b:1::c612:7", "expected 198.18.0.7"},
		{"2002:c612:7::/48", "expected 198.18.0.7"},
		{"2002:c612::/32", "expected 198.18.0.0/16"},
		{"2001:0:4136:e378:8000:63bf:39ed:fff8", "expected 198.18.0.7"},
		{"fe80::5efe:c612:7", "expected 198.18.0.7"},
		{"2001:db8::1 ::ffff:c612:7", "198.18.0.7, written as IPv6, stands behind"},
		{"198.18.0.0/24 ::ffff:c612:107", "198.18.1.7 written as IPv6"},
		{"198.18.0.0 ffffff00", "could be part of the address"},
		{"198.18.0.1 c6120009", "could be part of the address"},
		{"198.18.0.0/024", "leading zero"},
		{"198.18.0.0/030", "leading zero"},
		{"2001:db8::1 198.18.0.1", "behind an IPv6 address"},
		{"2001:db8::xyz", "no address"},
		{"deny 198.18.0.1;", "no address"},
		{"Deny from 198.18.0.0/24", "no address"},
		{"-A INPUT -s 198.18.0.1 -j DROP", "no address"},
		{"add drop 198.18.0.1", "no address"},
		{"ExitAddress 198.18.0.1 2026-01-01 00:00:00", "no address"},
		{"{\"cidr\":\"198.18.0.0/24\"}", "no address"},
		{"\"198.18.0.0\",\"198.18.0.255\"", "no address"},
		{"<!DOCTYPE html>", "no address"},
		{"prefix,as", "no address"},
		{"!198.18.0.1", "no address"},
		{"//198.18.0.0/24", "no address"},
		{"198.18.0.0 netmask 24", "could be part of the address"},
		{"198.18.0.0 mask /24", "could be part of the address"},
		{"198.18.0.0 CIDR:24", "could be part of the address"},
		{"198.18.0.0,US,/24", "could be part of the address"},
		{"198.18.0.0 up to .255", "could be part of the address"},
		{"198.18.0.0 TO 255", "could be part of the address"},
		{"198.18.0.0 0xffffff00", "could be part of the address"},
		{"198.18.0.0 ff.ff.ff.00", "could be part of the address"},
		{"198.18.0.0,\"24\"", "could be part of the address"},
		{"198.18.0.0 (/24)", "could be part of the address"},
		{"198.18.0.0 [0-255]", "could be part of the address"},
		{"198.18.0.0 24bits", "could be part of the address"},
		{"198.18.0.0 \x96 255", "could be part of the address"},
		{"198.18.0.0 \xc2\xa0/24", "could be part of the address"},
		{"198.18.0.0 \xef\xbc\x8f" "24", "could be part of the address"},
		{"198.18.0.0 2026-01-01,255", "could be part of the address"},
		{"198.18.0.0/32 /24", "could be part of the address"},
		{"198.18.0.0/25 to .255", "could be part of the address"},
		{"198.18.0.0/25 and 128/25", "could be part of the address"},
		{"198.18.0.0/25 +128/25", "could be part of the address"},
		{"198.18.0.0 - 198.18.0.3 - 255", "could be part of the address"},
		{"198.18.4.0 22 17", "could be its length"},
		{"198.18.0.0\t198.18.0.255\t22", "less than the /22 behind them"},
		{"route: 198.18.0.0/24", "no address"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct entry entry;
		struct diag why;
		int r = read_line(bad[i][0], &entry, &why);
		if (r != -EINVAL || !strstr(why.text, bad[i][1]))
			fail_msg("\"%s\" -> %s", bad[i][0], r ? why.text : "taken");
	}
}

static void comments_and_the_other_family_are_told_apart(void **state)
{
	static const char *const none[] = {"", " \t ", "# 198.18.0.1", "; 198.18.0.1"};
	static const char *const other[] = {"2001:db8::/32", "2001:db8::1", "::1 ; SBL7",
		"2001:db8::1-2001:db8::ff", "2001:db8::/32 # not 198.18.0.1", "::",
		"::1/128", "::/128", "::/0", "2000::/3", "2002::/16", "64:ff9b::/96", "2001::/32",
		"fe80::/10", "2001:db8::1 # ::ffff:c612:7", "2001:db8::ffff:c612:7"};
	struct entry entry;
	struct diag why;
	(void)state;

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		assert_int_equal(read_line(none[i], &entry, &why), 0);
		assert_int_equal(entry.kind, ENTRY_NONE);
	}
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		if (read_line(other[i], &entry, &why) < 0)
			fail_msg("\"%s\": %s", other[i], why.text);
		assert_int_equal(entry.kind, ENTRY_IPV6);
	}
}

/* What is passed over must be no more than names. */
static void a_header_names_columns(void **state)
{
	static const char *const yes[] = {"network", "FIRST LAST", "prefix,as", "Start\tEnd\tNetmask",
		"ip_range_start,ip_range_end,country", "network,geoname_id"};
	static const char *const no[] = {"all", "deny all", "KP", "KP,KR", "any\tall", "network all",
		"198.18.0.0", "", "network/prefix"};
	(void)state;

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (!entry_is_header(yes[i]))
			fail_msg("\"%s\" is no header", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (entry_is_header(no[i]))
			fail_msg("\"%s\" is a header", no[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_published_line_holds_all_it_says),
		cmocka_unit_test(what_could_be_part_of_an_address_is_refused),
		cmocka_unit_test(a_header_names_columns),
		cmocka_unit_test(comments_and_the_other_family_are_told_apart),
	};
	return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
