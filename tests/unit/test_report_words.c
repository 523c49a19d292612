#include "tests/unit/unit.h"

#include <stdbool.h>
#include <stdio.h>

#include "core/text.h"
#include "report/html.h"
#include "report/words.h"

#define S NS_PER_S

static struct wall at(const char *text)
{
	struct wall t;

	assert_true(wall_parse(text, &t));
	return t;
}

static void durations_have_two_units_at_most(void **state)
{
	char text[WORDS_SIZE];
	(void)state;

	assert_string_equal(words_duration(0, text), "0 s");
	assert_string_equal(words_duration(-5 * S, text), "0 s");
	assert_string_equal(words_duration(59 * S, text), "59 s");
	assert_string_equal(words_duration(252 * S, text), "4 min 12 s");
	assert_string_equal(words_duration(3600 * S, text), "1 h");
	assert_string_equal(words_duration((13 * 3600 + 31 * 60 + 7) * S, text), "13 h 31 min");
	assert_string_equal(words_duration((86400 + 61) * S, text), "1 d");
	assert_string_equal(words_duration((3 * 86400 + 10 * 3600 + 59) * S, text), "3 d 10 h");
	assert_string_equal(
		words_duration_exact((5 * 3600 + 28 * 60 + 29) * S, text), "5 h 28 min 29 s");
}

static void times_name_the_year_only_of_another(void **state)
{
	struct wall now = at("2027-03-06T16:04:37Z");
	char text[WORDS_SIZE];
	(void)state;

	assert_string_equal(words_time(at("2027-03-05T21:04:12Z"), now, text), "5 Mar 21:04:12");
	assert_string_equal(
		words_time(at("2026-12-19T18:30:11Z"), now, text), "19 Dec 2026 18:30:11");
	assert_string_equal(
		words_between(at("2027-03-05T21:04:12Z"), at("2027-03-05T21:04:19Z"), now, text),
		"5 Mar 21:04:12\u201321:04:19");
	assert_string_equal(
		words_between(at("2027-03-05T23:59:12Z"), at("2027-03-06T00:04:19Z"), now, text),
		"5 Mar 23:59:12\u20136 Mar 00:04:19");
	assert_string_equal(words_between(at("2027-03-05T21:04:12.1Z"),
				    at("2027-03-05T21:04:12.9Z"), now, text),
		"5 Mar 21:04:12");
	assert_string_equal(words_iso(at("2027-03-05T21:04:12Z"), text), "2027-03-05T21:04:12Z");
	assert_string_equal(
		words_iso(at("2027-03-05T21:04:12.5Z"), text), "2027-03-05T21:04:12.500000Z");
}

static void numbers_say_how_sure_they_are(void **state)
{
	char text[WORDS_SIZE];
	(void)state;

	assert_string_equal(words_probability(0.978, 2, text), "0.98");
	assert_string_equal(words_probability(0.004, 2, text), "< 0.01");
	assert_string_equal(words_probability(0.9951, 2, text), "> 0.99");
	assert_string_equal(words_probability(0.9951, 3, text), "0.995");
	assert_string_equal(words_nats(7, text), "+7.00");
	assert_string_equal(words_nats(-1.2, text), "\u22121.20");
	assert_string_equal(words_nats(-0.001, text), "0.00");
	assert_string_equal(words_count(1024, text), "1,024");
	assert_string_equal(words_count(999, text), "999");
	assert_string_equal(words_count(1234567, text), "1,234,567");
}

static char *escaped(const char *text)
{
	char *out = NULL;
	size_t len;
	FILE *stream = open_memstream(&out, &len);

	html_text(stream, text);
	fclose(stream);
	return out;
}

static void names_cannot_become_markup(void **state)
{
	(void)state;
	char *text = escaped("<b a=\"1\" b='2'>&amp;\x1b[2J\xff\xc2\x9b\xed\xa0\x80 \u2013");

	assert_string_equal(text,
		"&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;amp;\ufffd[2J\ufffd\ufffd\ufffd\ufffd"
		"\ufffd\ufffd \u2013");
	free(text);
	text = escaped("a\u202eb\u2066c\u061cd");
	assert_null(strstr(text, "\u202e"));
	assert_null(strstr(text, "\u2066"));
	assert_null(strstr(text, "\u061c"));
	free(text);
}

/* Whatever bytes a name has: nothing that opens or ends anything, and only whole characters. */
static void no_bytes_come_through(void **state)
{
	uint64_t seed = 7;
	(void)state;

	for (int round = 0; round < 2000; round++) {
		char bytes[33];
		for (size_t i = 0; i < 32; i++) {
			seed = seed * UINT64_C(6364136223846793005) + 1;
			bytes[i] = (char)(seed >> 56);
		}
		bytes[32] = '\0';
		char *text = escaped(bytes);
		assert_null(strpbrk(text, "<>\"'"));
		assert_true(text_printable(text));
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_have_two_units_at_most),
		cmocka_unit_test(times_name_the_year_only_of_another),
		cmocka_unit_test(numbers_say_how_sure_they_are),
		cmocka_unit_test(names_cannot_become_markup),
		cmocka_unit_test(no_bytes_come_through),
	};
	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
