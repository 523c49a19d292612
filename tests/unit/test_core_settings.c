#include "tests/unit/unit.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "core/clock.h"
#include "core/settings.h"

static int read_text(struct settings *settings, const char *text, struct diag *why)
{
	*why = (struct diag){.line = 0};
	return settings_read(settings, "kp.yaml", text, strlen(text), why);
}

static void the_defaults_are_the_documented_ones(void **state)
{
	struct settings s;
	(void)state;

	settings_init(&s);
	assert_int_equal(s.targets.count, 0);
	assert_true(s.icmp && s.tcp);
	assert_int_equal(s.tcp_port_count, 7);
	assert_int_equal(s.tcp_ports[0], 53);
	assert_true(s.full_interval_ns == 660 * NS_PER_S);
	assert_true(s.watch_interval_ns == 60 * NS_PER_S);
	assert_true(s.rate == 1000 && s.per_block_rate == 1);
	assert_int_equal(s.retry_count, 2);
	assert_true(s.retries_ns[1] == 3 * NS_PER_S);
	assert_true(s.source_port < 32768 || s.source_port > 60999);
	settings_finish(&s);
}

static void printed_settings_read_back_as_the_same(void **state)
{
	static const char *const odd[][2] = {
		{
			"targets",
			"KP,198.18.0.0/22,@lists/x y.txt,null,~,a: b,\"q\\\"",
		},
		{"blocklist", "/etc/light out #1"},
		{"store", "a\\b"},
		{"vantage", "null"},
		{"contact", "wer fragt: \xc3\xa4rger@example.org \xf0\x9f\x92\xa1"},
		{"contact", "\xe2\x80\xa8 a\xe2\x80\xa9 \xef\xbb\xbf\xef\xbf\xbe \xef\xbf\xbf"},
		{"methods", "tcp"},
		{"tcp_ports", "65535,1"},
		{"full-interval", "1500ms"},
		{"rate", "0.30000000000000004"},
		{"per_block_rate", "0"},
		{"retries", ""},
		{"seed", "18446744073709551615"},
		{"source", "198.18.0.1"},
		{"anchors", "192.0.2.1,192.0.2.2"},
	};
	struct settings s;
	struct settings back;
	struct diag why;
	(void)state;

	settings_init(&s);
	for (size_t i = 0; i <= sizeof(odd) / sizeof(odd[0]); i++) {
		settings_init(&back);
		char *text = settings_print(&s);
		assert_int_equal(read_text(&back, text, &why), 0);
		char *again = settings_print(&back);
		assert_string_equal(text, again);
		assert_int_equal(back.targets.count, s.targets.count);
		for (size_t t = 0; t < s.targets.count; t++)
			assert_string_equal(back.targets.items[t], s.targets.items[t]);
		assert_string_equal(back.contact, s.contact);
		assert_string_equal(back.vantage, s.vantage);
		assert_true(back.rate == s.rate);
		assert_true(back.seed == s.seed);
		free(text);
		free(again);
		settings_finish(&back);
		if (i < sizeof(odd) / sizeof(odd[0]))
			assert_int_equal(settings_set(&s, odd[i][0], odd[i][1], &why), 0);
	}
	settings_finish(&s);
}

static void a_file_sets_what_it_names_and_leaves_the_rest(void **state)
{
	struct settings s;
	struct diag why;
	(void)state;

	settings_init(&s);
	assert_int_equal(read_text(&s,
				 "# scan\ntargets: [KP, 198.18.0.0/22]\nrate: 50\n"
				 "retries:\n  - 500ms\ncontact:\nstore: \"k p.db\"\n",
				 &why),
		0);
	assert_int_equal(s.targets.count, 2);
	assert_string_equal(s.targets.items[1], "198.18.0.0/22");
	assert_true(s.rate == 50);
	assert_int_equal(s.retry_count, 1);
	assert_string_equal(s.store, "k p.db");
	assert_true(s.full_interval_ns == 660 * NS_PER_S);
	settings_finish(&s);
}

static void null_takes_the_default_back(void **state)
{
	struct settings s;
	struct diag why;
	(void)state;

	settings_init(&s);
	assert_int_equal(settings_set(&s, "rate", "7", &why), 0);
	assert_int_equal(settings_set(&s, "anchors", "192.0.2.1", &why), 0);
	assert_int_equal(read_text(&s, "rate: ~\nanchors: null\n", &why), 0);
	assert_true(s.rate == 1000);
	assert_int_equal(s.anchors.count, 0);
	settings_finish(&s);
}

static void an_empty_file_sets_nothing(void **state)
{
	static const char *const empty[] = {"", "\n\n", "# nothing\n", "---\n# nothing\n", "{}\n"};
	struct settings s;
	struct diag why;
	(void)state;

	settings_init(&s);
	for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++)
		assert_int_equal(read_text(&s, empty[i], &why), 0);
	settings_finish(&s);
}

static void what_an_option_set_stays(void **state)
{
	struct settings s;
	struct diag why;
	(void)state;

	settings_init(&s);
	assert_int_equal(settings_option(&s, 'r', "5", &why), 1);
	assert_int_equal(settings_option(&s, 'Z', "5", &why), 0);
	assert_int_equal(read_text(&s, "rate: 50\nvantage: b\ntcp_ports: [1]\n", &why), 0);
	assert_true(s.rate == 5);
	assert_string_equal(s.vantage, "b");
	assert_int_equal(settings_option(&s, 'p', "80,443", &why), 1);
	assert_int_equal(s.tcp_port_count, 2);
	assert_int_equal(s.tcp_ports[0], 80);
	settings_finish(&s);
}

/* Whoever is on the other list would be asked. */
static void of_two_blocklists_neither_is_taken(void **state)
{
	static const char *const files[] = {"blocklist: other\n", "blocklist: ''\n"};
	struct settings_options options;
	struct settings settings;
	struct diag why = {0};
	int code = 0;
	(void)state;

	settings_options_init(&options, "", NULL);
	for (const struct option *o = options.longs; o->name; o++)
		if (strcmp(o->name, "blocklist") == 0)
			code = o->val;
	settings_options_finish(&options);
	settings_init(&settings);
	assert_int_equal(settings_option(&settings, code, "one", &why), 1);
	assert_int_equal(settings_option(&settings, code, "one", &why), 1);
	assert_int_equal(settings_option(&settings, code, "other", &why), -EINVAL);
	assert_non_null(strstr(why.text, "both \"one\" and \"other\""));
	assert_string_equal(settings.blocklist, "one");
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		assert_int_equal(
			settings_read(&settings, "f", files[i], strlen(files[i]), &why), -EINVAL);
	assert_int_equal(settings_read(&settings, "f", "blocklist: one\n", 15, &why), 0);
	settings_finish(&settings);
}

static void what_is_wrong_is_told_with_its_line_and_changes_nothing(void **state)
{
	static const struct {
		const char *text;
		unsigned long line;
		const char *about;
	} bad[] = {
		{"rate: 1\nratte: 2\n", 2, "ratte"},
		{"rate: 1\nrate: 2\n", 2, "twice"},
		{"rate: 1\nfull-interval: 2s\n", 2, "full-interval"},
		{"full_interval: 60\n", 1, "unit"},
		{"\nfull_interval: 0s\n", 2, "bounds"},
		{"wait: -1s\n", 1, "duration"},
		{"rate: 1\nblocklist:\n", 2, "blocklist has no value"},
		{"blocklist: ~\n", 1, "or \"\" to block nobody"},
		{"rate: 0\n", 1, "rate"},
		{"rate: -3\n", 1, "rate"},
		{"rate: fast\n", 1, "number"},
		{"rate: [1]\n", 1, "list"},
		{"rate: {a: 1}\n", 1, "mapping"},
		{"per_block_rate: -0.1\n", 1, "per_block_rate"},
		{"targets: KP\n", 1, "list"},
		{"targets:\n  - KP\n  - [a]\n", 3, "list"},
		{"targets:\n  - KP\n  -\n", 3, "empty"},
		{"methods: [icmp, udp]\n", 1, "udp"},
		{"methods: []\n", 1, "empty"},
		{"methods: [icmp, icmp]\n", 1, "twice"},
		{"tcp_ports: [0]\n", 1, "port"},
		{"tcp_ports: [80, 80]\n", 1, "twice"},
		{"retries: [3s, 1s]\n", 1, "growing"},
		{"retries: [1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s, 9s]\n", 1, "at most"},
		{"anchors: [a.example]\n", 1, "address"},
		{"source: 1.2.3\n", 1, "address"},
		{"seed: 1.5\n", 1, "whole"},
		{"store: &a x\n", 1, "anchors"},
		{"store: x\nvantage: *x\n", 2, ""},
		{"store: !!str x\n", 1, "tags"},
		{"interface: abcdefghijklmnopq\n", 1, "long"},
		{"contact: \"a\\0b\"\n", 1, "NUL"},
		{"contact: \"a\\x07b\"\n", 1, "UTF-8"},
		{"- rate\n", 1, "expected settings"},
		{"rate 5\n", 1, "expected settings"},
		{"rate: 1\n---\nrate: 2\n", 2, "second"},
		{"rate: 1\n\tstore: x\n", 2, "YAML"},
		{"rate: 1\ntargets: [x\n", 3, "YAML"},
		{"rate: 1\nstore: \"x\n", 3, "YAML"},
	};
	struct settings s;
	struct diag why;
	(void)state;

	settings_init(&s);
	char *before = settings_print(&s);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(read_text(&s, bad[i].text, &why), -EINVAL);
		char *after = settings_print(&s);
		assert_string_equal(before, after);
		free(after);
		assert_string_equal(why.file, "kp.yaml");
		if (why.line != bad[i].line || !strstr(why.text, bad[i].about))
			fail_msg("%s -> line %lu: %s", bad[i].text, why.line, why.text);
	}
	free(before);
	settings_finish(&s);
}

static void every_row_takes_its_default_and_has_its_own_name(void **state)
{
	struct settings s;
	struct diag why;
	(void)state;

	settings_init(&s);
	for (const struct setting_row *row = settings_rows(); row->name; row++) {
		assert_int_equal(settings_set(&s, row->name, row->standard, &why), 0);
		assert_true(row->help && *row->help && row->value && *row->value);
		for (const struct setting_row *other = row + 1; other->name; other++) {
			assert_string_not_equal(row->name, other->name);
			assert_true(!row->short_option || row->short_option != other->short_option);
		}
	}
	assert_int_equal(settings_set(&s, "no-such", "1", &why), -EINVAL);
	settings_finish(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_defaults_are_the_documented_ones),
		cmocka_unit_test(printed_settings_read_back_as_the_same),
		cmocka_unit_test(a_file_sets_what_it_names_and_leaves_the_rest),
		cmocka_unit_test(null_takes_the_default_back),
		cmocka_unit_test(an_empty_file_sets_nothing),
		cmocka_unit_test(what_an_option_set_stays),
		cmocka_unit_test(of_two_blocklists_neither_is_taken),
		cmocka_unit_test(what_is_wrong_is_told_with_its_line_and_changes_nothing),
		cmocka_unit_test(every_row_takes_its_default_and_has_its_own_name),
	};
	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
