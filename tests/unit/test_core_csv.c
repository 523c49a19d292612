#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>

#include "core/csv.h"

/* Records as "a|b|c" joined by newlines; what was wrong, when it was. */
static char seen[4096];
static struct diag why;

static int read_all(const char *bytes, size_t len)
{
	struct csv_reader *reader = csv_open_bytes("f.csv", bytes, len);
	struct csv_row row;
	size_t at = 0;
	int r;

	seen[0] = '\0';
	why = (struct diag){.line = 0};
	while ((r = csv_next(reader, &row, &why)) == 1) {
		for (size_t i = 0; i < row.count; i++)
			at += (size_t)snprintf(
				seen + at, sizeof(seen) - at, "%s%s", i ? "|" : "", row.fields[i]);
		at += (size_t)snprintf(seen + at, sizeof(seen) - at, "@%lu\n", row.line);
	}
	csv_close(reader);
	return r;
}

static void reads_as(const char *bytes, const char *want)
{
	if (read_all(bytes, strlen(bytes)) < 0)
		fail_msg("%s: %s", bytes, why.text);
	assert_string_equal(seen, want);
}

static void records_are_read_with_their_lines(void **state)
{
	(void)state;
	reads_as("", "");
	reads_as("a,b\nc,d\n", "a|b@1\nc|d@2\n");
	reads_as("a,b\r\nc,d\r\n", "a|b@1\nc|d@2\n");
	reads_as("a,b\nc,d", "a|b@1\nc|d@2\n");
	reads_as("a,b\r\nc,\r", "a|b@1\nc|@2\n");
	reads_as(",\n,,\n", "|@1\n||@2\n");
	reads_as("\n\na\n\r\n\nb\n\n", "a@3\nb@6\n");
	reads_as("\xef\xbb\xbf"
		 "a,b\n",
		"a|b@1\n");
}

static void quoted_fields_hold_anything(void **state)
{
	(void)state;
	reads_as("\"a,b\",\"say \"\"no\"\"\"\n", "a,b|say \"no\"@1\n");
	reads_as("\"two\nlines\",x\ny,z\n", "two\nlines|x@1\ny|z@3\n");
	reads_as("\"two\r\nlines\"\r\n", "two\r\nlines@1\n");
	reads_as("\"\",\"\"", "|@1\n");
	reads_as("\"\"\n", "@1\n");
}

static void is_wrong(const char *bytes, size_t len, unsigned long line, const char *text)
{
	assert_int_equal(read_all(bytes, len), -EINVAL);
	assert_string_equal(why.file, "f.csv");
	assert_int_equal(why.line, line);
	if (!strstr(why.text, text))
		fail_msg("\"%s\" does not say \"%s\"", why.text, text);
}

static void what_is_no_csv_is_refused_where_it_stands(void **state)
{
	(void)state;
	is_wrong("a\nb,c\"d\n", 8, 2, "quote within");
	is_wrong("a\n\"b\"c\n", 7, 2, "behind a closing quote");
	is_wrong("a\nb,\"c\nd\n", 9, 2, "never closed");
	is_wrong("a\rb\n", 4, 1, "carriage return");
	is_wrong("a\nb\0c\n", 6, 2, "zero byte");
	is_wrong("a\n\"b\0c\"\n", 8, 2, "zero byte");
}

/* A source that gives one byte a time: no record may depend on the chunks. */
struct drip {
	const char *at;
	size_t left;
};

static ssize_t drip_read(void *ctx, char *bytes, size_t size)
{
	struct drip *drip = ctx;

	if (drip->left == 0 || size == 0)
		return 0;
	*bytes = *drip->at++;
	drip->left--;
	return 1;
}

static void chunks_do_not_matter(void **state)
{
	static const char text[] = "a,\"b\"\"c\"\r\n\r\n\"d\ne\",f\r\n";
	struct drip drip = {text, sizeof(text) - 1};
	struct csv_row row;
	struct csv_reader *reader =
		csv_open("f.csv", (struct csv_source){.read = drip_read, .ctx = &drip});
	(void)state;

	assert_int_equal(csv_next(reader, &row, &why), 1);
	assert_string_equal(row.fields[1], "b\"c");
	assert_int_equal(csv_next(reader, &row, &why), 1);
	assert_string_equal(row.fields[0], "d\ne");
	assert_int_equal(row.line, 3);
	assert_int_equal(csv_next(reader, &row, &why), 0);
	csv_close(reader);
}

static const struct csv_column columns[] = {{"sweep", true}, {"rtt", false}, {"label", false}};

static int open_table(const char *text, struct csv_table **ret)
{
	why = (struct diag){.line = 0};
	return csv_table_open(csv_open_bytes("t.csv", text, strlen(text)), columns, 3, &why, ret);
}

static void columns_are_found_by_name(void **state)
{
	struct csv_table *table;
	const char *fields[3];
	unsigned long line;
	(void)state;

	assert_int_equal(open_table("color,label,sweep,size\nred,x,7,9\nblue,y\n", &table), 0);
	assert_string_equal(csv_table_unknown(table), "color,size");
	assert_int_equal(csv_table_next(table, fields, &line, &why), 1);
	assert_int_equal(line, 2);
	assert_string_equal(fields[0], "7");
	assert_string_equal(fields[1], "");
	assert_string_equal(fields[2], "x");
	assert_int_equal(csv_table_next(table, fields, &line, &why), -EINVAL);
	assert_int_equal(why.line, 3);
	csv_table_close(table);
}

static void headers_must_have_what_is_required_once(void **state)
{
	struct csv_table *table = NULL;
	char text[512];
	(void)state;

	assert_int_equal(open_table("rtt,label\n", &table), -EINVAL);
	diag_format(&why, text, sizeof(text));
	assert_string_equal(text, "t.csv:1: column sweep: missing, expected it in the header");
	assert_int_equal(open_table("sweep,rtt,sweep\n", &table), -EINVAL);
	assert_int_equal(open_table("", &table), -EINVAL);
	assert_null(table);
}

static void what_is_written_reads_back(void **state)
{
	static const char *const fields[] = {"plain", "", "com,ma", "quo\"te", "li\nne", "c\r\nr"};
	struct csv_text out = {.len = 0};
	struct csv_row row;
	(void)state;

	for (size_t i = 0; i < 6; i++)
		csv_put(&out, fields[i]);
	csv_put_i64(&out, INT64_MIN);
	csv_put_empty(&out);
	csv_end_row(&out);
	struct csv_reader *reader = csv_open_bytes("w.csv", out.text, out.len);
	assert_int_equal(csv_next(reader, &row, &why), 1);
	assert_int_equal(row.count, 8);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(row.fields[i], fields[i]);
	assert_string_equal(row.fields[6], "-9223372036854775808");
	assert_string_equal(row.fields[7], "");
	assert_int_equal(csv_next(reader, &row, &why), 0);
	csv_close(reader);
	free(out.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_read_with_their_lines),
		cmocka_unit_test(quoted_fields_hold_anything),
		cmocka_unit_test(what_is_no_csv_is_refused_where_it_stands),
		cmocka_unit_test(chunks_do_not_matter),
		cmocka_unit_test(columns_are_found_by_name),
		cmocka_unit_test(headers_must_have_what_is_required_once),
		cmocka_unit_test(what_is_written_reads_back),
	};
	return cmocka_run_group_tests_name("core_csv", tests, NULL, NULL);
}
