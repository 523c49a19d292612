#include "tests/unit/unit.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "exchange/output.h"
#include "exchange/output_format.h"

static const struct output_column columns[] = {
	{"name", COLUMN_TEXT, 0},
	{"block", COLUMN_PREFIX, 0},
	{"address", COLUMN_ADDRESS, 0},
	{"start", COLUMN_TIME, 0},
	{"count", COLUMN_INTEGER, 0},
	{"duration_s", COLUMN_DECIMAL, 3},
};
static const struct output_kind kind = {"thing", columns, 6, OUTPUT_ALL};

static void make_row(struct output_value values[6], const char *name)
{
	values[0] = value_text(name);
	values[1] = value_prefix((struct prefix){{0xc6120000}, 24});
	values[2] = value_address((struct ip4){0xc6120001});
	values[3] = value_time((struct wall){INT64_C(1419264900) * NS_PER_S + 5 * NS_PER_MS});
	values[4] = value_integer(-12);
	values[5] = value_decimal(660);
}

/* What a writer writes, as text that the caller frees. */
typedef void writer(FILE *, const struct output_kind *, const struct output_value *, bool);
static char *written(writer *write, const struct output_value *values, bool epoch)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	write(out, &kind, values, epoch);
	fclose(out);
	return text;
}

static void assert_written(
	writer *write, const struct output_value *values, bool epoch, const char *expected)
{
	char *text = written(write, values, epoch);

	assert_string_equal(text, expected);
	free(text);
}

static void a_csv_row_quotes_only_what_needs_it(void **state)
{
	static const struct {
		const char *name, *field;
	} cases[] = {
		{"plain", "plain"},
		{"two words", "two words"},
		{"a,b", "\"a,b\""},
		{"say \"so\"", "\"say \"\"so\"\"\""},
		{"a\nb", "\"a\nb\""},
		{"a\rb", "\"a\rb\""},
		{"\"", "\"\"\"\""},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct output_value values[6];
		char expected[200];
		make_row(values, cases[i].name);
		snprintf(expected, sizeof(expected),
			"%s,198.18.0.0/24,198.18.0.1,2014-12-22T16:15:00.005Z,-12,660.000\n",
			cases[i].field);
		assert_written(format_csv_row, values, false, expected);
	}
}

static void what_was_not_measured_is_empty_or_null(void **state)
{
	struct output_value values[6];
	(void)state;

	for (int i = 0; i < 6; i++)
		values[i] = value_none();
	assert_written(format_csv_row, values, false, ",,,,,\n");
	assert_written(format_json_row, values, false,
		"{\"v\":1,\"type\":\"thing\",\"name\":null,\"block\":null,\"address\":null,"
		"\"start\":null,\"count\":null,\"duration_s\":null}\n");

	values[0] = value_text(NULL);
	values[4] = value_measured(-1);
	values[5] = value_decimal((double)NAN);
	assert_written(format_csv_row, values, false, ",,,,,\n");
	values[5] = value_decimal((double)INFINITY);
	assert_written(format_csv_row, values, false, ",,,,,\n");
	values[0] = value_text("");
	values[4] = value_measured(0);
	values[5] = value_decimal(-0.0001);
	assert_written(format_csv_row, values, false, ",,,,0,0.000\n");
}

static void an_fsdb_row_has_tabs_between_and_a_dash_for_nothing(void **state)
{
	struct output_value values[6];
	(void)state;

	make_row(values, "a b,\"c\"\td\n#");
	assert_written(format_fsdb_row, values, true,
		"a b,\"c\"?d?#\t198.18.0.0/24\t198.18.0.1\t1419264900.005000\t-12\t660.000\n");
	make_row(values, "#fsdb");
	values[3] = values[5] = value_none();
	assert_written(
		format_fsdb_row, values, true, "?fsdb\t198.18.0.0/24\t198.18.0.1\t-\t-12\t-\n");
}

static void json_numbers_are_numbers_with_the_digits_of_csv(void **state)
{
	struct output_value values[6];
	(void)state;

	make_row(values, "x");
	assert_written(format_json_row, values, true,
		"{\"v\":1,\"type\":\"thing\",\"name\":\"x\",\"block\":\"198.18.0.0/24\","
		"\"address\":\"198.18.0.1\",\"start\":1419264900.005000,\"count\":-12,"
		"\"duration_s\":660.000}\n");
	assert_written(format_csv_row, values, true,
		"x,198.18.0.0/24,198.18.0.1,1419264900.005000,-12,660.000\n");
}

/* jansson as second opinion: whatever bytes go in, a strict reader takes it. */
static void any_bytes_make_valid_json(void **state)
{
	uint64_t seed = 42;
	(void)state;

	for (int round = 0; round < 3000; round++) {
		char name[24];
		struct output_value values[6];
		size_t len = (size_t)(seed >> 60);
		for (size_t i = 0; i < sizeof(name) - 1; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			name[i] = i < len ? (char)(seed >> 40 | 1) : '\0';
			if (round % 3 == 0 && name[i])
				name[i] =
					"\xed\xa0\xf4\xc2\x80\xbf\xe2\x82\xac\"\\\n"[(seed >> 33) %
										     12];
		}
		name[sizeof(name) - 1] = '\0';
		make_row(values, name);
		char *text = written(format_json_row, values, false);
		json_error_t error;
		json_t *back = json_loads(text, JSON_REJECT_DUPLICATES, &error);
		if (!back)
			fail_msg("round %d: %s in %s", round, error.text, text);
		json_decref(back);
		free(text);
	}
}

static void valid_text_comes_back_from_json_as_it_was(void **state)
{
	static const char *const texts[] = {"quote \" and \\ and /", "tab\tline\nbell\a\x7f",
		"조선", "\xf0\x9f\x92\xa1", "naïve"};
	(void)state;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct output_value values[6];
		make_row(values, texts[i]);
		char *text = written(format_json_row, values, false);
		json_t *back = json_loads(text, 0, NULL);
		assert_string_equal(json_string_value(json_object_get(back, "name")), texts[i]);
		json_decref(back);
		free(text);
	}
	struct output_value values[6];
	make_row(values, "a\xff"
			 "b\xc3");
	char *text = written(format_json_row, values, false);
	assert_non_null(strstr(text, "\"a\xef\xbf\xbd"
				     "b\xef\xbf\xbd\""));
	free(text);
}

static char *table_text(const char *const *names, size_t count, bool utf8)
{
	struct format_table table = {0};
	struct output_value values[6];
	char *text = NULL;
	size_t size = 0;

	for (size_t i = 0; i < count; i++) {
		make_row(values, names[i]);
		values[4] = value_integer(i == 0 ? 7 : 12345);
		format_table_add(&table, &kind, values, false);
	}
	FILE *out = open_memstream(&text, &size);
	format_table_flush(&table, out, (struct output_face){.utf8 = utf8});
	fclose(out);
	assert_null(table.cells);
	return text;
}

static void a_table_aligns_text_left_and_numbers_right(void **state)
{
	static const char *const names[] = {"a", "조선"};
	(void)state;

	char *text = table_text(names, 2, true);
	assert_string_equal(text,
		"name  block          address     start                 count  duration_s\n"
		"a     198.18.0.0/24  198.18.0.1  2014-12-22T16:15:00Z      7     660.000\n"
		"조선    198.18.0.0/24  198.18.0.1  2014-12-22T16:15:00Z  12345     660.000\n");
	free(text);
}

static void a_table_keeps_control_characters_from_the_terminal(void **state)
{
	static const char *const names[] = {"\x1b[2J", "a\xc2\x9b.b", "naïve"};
	(void)state;

	char *text = table_text(names, 3, true);
	assert_null(strpbrk(text, "\x1b"));
	assert_null(strstr(text, "\xc2\x9b"));
	assert_non_null(strstr(text, "naïve "));
	free(text);
	text = table_text(names, 3, false);
	assert_non_null(strstr(text, "na?ve "));
	free(text);
}

static void the_format_comes_from_prefix_or_suffix(void **state)
{
	static const struct {
		const char *place;
		unsigned format;
	} cases[] = {{"/dev/null.csv", 0}, {"csv:/dev/null", OUTPUT_CSV},
		{"jsonl:/dev/null", OUTPUT_JSONL}, {"table:/dev/null", OUTPUT_TABLE}, {"csv", 0},
		{"fsdb:/dev/null", OUTPUT_FSDB}, {"csv:", 0}, {"/dev/null", 0},
		{"xml:/dev/null", 0}, {"", 0}, {"/nowhere/x.csv", 0}, {"csv:/", 0}};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct outputs *outputs = outputs_create(false);
		struct diag why = {0};
		int err = outputs_add(outputs, cases[i].place, &why);
		if (i == 0) { /* root can make it, nobody else */
			outputs_abandon(outputs);
			continue;
		}
		assert_int_equal(err == 0, cases[i].format != 0);
		assert_int_equal(outputs_formats(outputs), cases[i].format);
		assert_int_equal(why.text[0] != '\0', cases[i].format == 0);
		outputs_abandon(outputs);
	}
}

static char *read_file(const char *path)
{
	FILE *in = fopen(path, "re");
	if (!in)
		return NULL;
	char *text = calloc(1, 4096);
	assert_non_null(text);
	assert_true(fread(text, 1, 4095, in) < 4095);
	fclose(in);
	return text;
}

static void a_file_gets_its_name_only_when_it_is_whole(void **state)
{
	char dir[] = "/tmp/lightsout-output-XXXXXX";
	char path[64];
	struct output_value values[6];
	struct diag why = {0};
	(void)state;

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/t.csv", dir);
	for (int round = 0; round < 2; round++) { /* made new, then replaced */
		struct outputs *outputs = outputs_create(false);
		assert_int_equal(outputs_add(outputs, path, &why), 0);
		assert_int_equal(outputs_add(outputs, path, &why), -EINVAL);
		outputs_declare(outputs, &kind);
		make_row(values, round ? "second" : "first");
		outputs_row(outputs, &kind, values);
		char *before = read_file(path);
		assert_true(round ? strstr(before, "first") != NULL : before == NULL);
		free(before);
		assert_int_equal(outputs_finish(outputs, &why), 0);
		char *after = read_file(path);
		assert_non_null(strstr(after, round ? "\nsecond," : "\nfirst,"));
		assert_int_equal(strncmp(after, "name,block,", 11), 0);
		free(after);
	}
	struct outputs *outputs = outputs_create(false);
	assert_int_equal(outputs_add(outputs, path, &why), 0);
	outputs_abandon(outputs);
	char *after = read_file(path);
	assert_non_null(strstr(after, "second"));
	free(after);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0); /* nothing else was left there */
}

static void an_empty_csv_or_table_still_has_its_header(void **state)
{
	char path[] = "/tmp/lightsout-output-XXXXXX";
	char place[64];
	struct diag why = {0};
	(void)state;

	close(mkstemp(path));
	snprintf(place, sizeof(place), "csv:%s", path);
	struct outputs *outputs = outputs_create(false);
	assert_int_equal(outputs_add(outputs, place, &why), 0);
	outputs_declare(outputs, &kind);
	assert_int_equal(outputs_finish(outputs, &why), 0);
	char *text = read_file(path);
	assert_string_equal(text, "name,block,address,start,count,duration_s\n");
	free(text);

	snprintf(place, sizeof(place), "table:%s", path);
	outputs = outputs_create(false);
	assert_int_equal(outputs_add(outputs, place, &why), 0);
	outputs_declare(outputs, &kind);
	assert_int_equal(outputs_finish(outputs, &why), 0);
	text = read_file(path);
	assert_string_equal(text, "name  block  address  start  count  duration_s\n");
	free(text);
	unlink(path);
}

static void an_fsdb_has_its_header_and_may_be_what_is_preferred(void **state)
{
	char path[] = "/tmp/lightsout-output-XXXXXX";
	char place[64];
	struct diag why = {0};
	(void)state;

	close(mkstemp(path));
	snprintf(place, sizeof(place), "fsdb:%s", path);
	struct outputs *outputs = outputs_create(false);
	outputs_prefer(outputs, OUTPUT_FSDB);
	assert_int_equal(outputs_add(outputs, place, &why), 0);
	assert_int_equal(outputs_add(outputs, "-", &why), 0);
	assert_int_equal(outputs_formats(outputs), OUTPUT_FSDB);
	outputs_abandon(outputs);

	outputs = outputs_create(false);
	assert_int_equal(outputs_add(outputs, place, &why), 0);
	outputs_declare(outputs, &kind);
	assert_int_equal(outputs_finish(outputs, &why), 0);
	char *text = read_file(path);
	assert_string_equal(text, "#fsdb -F t name block address start count duration_s\n");
	free(text);
	unlink(path);
}

static void a_full_disk_is_told(void **state)
{
	struct output_value values[6];
	struct diag why = {0};
	(void)state;

	if (access("/dev/full", W_OK) != 0)
		skip();
	for (int rows = 1; rows < 3000; rows += 2000) { /* in one buffer, and beyond it */
		struct outputs *outputs = outputs_create(false);
		assert_int_equal(outputs_add(outputs, "csv:/dev/full", &why), 0);
		make_row(values, "x");
		for (int i = 0; i < rows; i++)
			outputs_row(outputs, &kind, values);
		errno = 0;
		assert_int_equal(outputs_finish(outputs, &why), -ENOSPC);
		assert_string_equal(why.text, "cannot write /dev/full: No space left on device");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_csv_row_quotes_only_what_needs_it),
		cmocka_unit_test(what_was_not_measured_is_empty_or_null),
		cmocka_unit_test(an_fsdb_row_has_tabs_between_and_a_dash_for_nothing),
		cmocka_unit_test(json_numbers_are_numbers_with_the_digits_of_csv),
		cmocka_unit_test(any_bytes_make_valid_json),
		cmocka_unit_test(valid_text_comes_back_from_json_as_it_was),
		cmocka_unit_test(a_table_aligns_text_left_and_numbers_right),
		cmocka_unit_test(a_table_keeps_control_characters_from_the_terminal),
		cmocka_unit_test(the_format_comes_from_prefix_or_suffix),
		cmocka_unit_test(a_file_gets_its_name_only_when_it_is_whole),
		cmocka_unit_test(an_empty_csv_or_table_still_has_its_header),
		cmocka_unit_test(an_fsdb_has_its_header_and_may_be_what_is_preferred),
		cmocka_unit_test(a_full_disk_is_told),
	};
	return cmocka_run_group_tests_name("exchange_output", tests, NULL, NULL);
}
