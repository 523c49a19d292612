#include "tests/unit/unit.h"

#include <stdbool.h>

#include "analysis/method/stabbing.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void one_instant_explains_brackets_that_overlap(void **state)
{
	struct bracket b[] = {
		{0, 60, 120, 1, 0, 9}, {20, 80, 140, 1, 1, 9}, {50, 110, 170, 1, 2, 9}};
	struct instant at[3];
	(void)state;

	assert_int_equal(stabbing_pierce(b, COUNT(b), STABBING_DEPARTURE, 1, at), 1);
	assert_int_equal(at[0].low_ns, 50);
	assert_int_equal(at[0].high_ns, 60);
	assert_int_equal(at[0].count, 3);
}

static void an_empty_bracket_is_an_instant_all_the_same(void **state)
{
	struct bracket b[] = {{60, 60, 120, 1, 0, 9}, {300, 360, 420, 1, 1, 9}};
	struct instant at[2];
	(void)state;

	assert_int_equal(stabbing_pierce(b, COUNT(b), STABBING_RETURN, 1, at), 2);
	assert_int_equal(at[0].low_ns, 59);
	assert_int_equal(at[0].high_ns, 60);
}

static void brackets_apart_need_as_many_instants(void **state)
{
	struct bracket b[] = {
		{300, 360, 420, 1, 0, 9}, {0, 60, 120, 1, 1, 9}, {600, 660, 720, 1, 2, 9}};
	struct instant at[3];
	(void)state;

	assert_int_equal(stabbing_pierce(b, COUNT(b), STABBING_DEPARTURE, 1, at), 3);
	assert_int_equal(at[0].high_ns, 60);
	assert_int_equal(at[2].high_ns, 660);
}

static void a_probe_lost_just_before_is_not_a_second_instant(void **state)
{
	/* The first lost its probe at 40 and went with the rest between 90 and 95. */
	struct bracket b[] = {{-20, 40, 100, 1, 0, 9}, {85, 145, 205, 1, 1, 9},
		{90, 150, 210, 1, 2, 9}, {35, 95, 155, 1, 3, 9}};
	struct instant at[4];
	(void)state;

	assert_int_equal(stabbing_pierce(b, COUNT(b), STABBING_DEPARTURE, 1, at), 1);
	assert_int_equal(at[0].low_ns, 90);
	assert_int_equal(at[0].high_ns, 95);
}

static void a_probe_lost_just_after_is_not_a_second_instant(void **state)
{
	/* The last was back with the rest, and lost its probe at 130. */
	struct bracket b[] = {{40, 100, -20, 1, 0, 9}, {50, 110, -10, 1, 1, 9},
		{65, 125, 5, 1, 2, 9}, {130, 190, 70, 1, 3, 9}};
	struct instant at[4];
	(void)state;

	assert_int_equal(stabbing_pierce(b, COUNT(b), STABBING_RETURN, 1, at), 1);
	assert_int_equal(at[0].low_ns, 65);
	assert_int_equal(at[0].high_ns, 100);
}

static uint64_t seed = 7;

static int64_t draw(int64_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int64_t)((seed >> 33) % (uint64_t)below);
}

enum { MOST = 40 };

static size_t draw_brackets(struct bracket *b)
{
	size_t count = 1 + (size_t)draw(MOST);

	for (size_t i = 0; i < count; i++) {
		int64_t low_ns = draw(1000);
		int64_t high_ns = low_ns + draw(200); /* some are empty */
		b[i] = (struct bracket){
			low_ns, high_ns, draw(4) ? high_ns + 1 + draw(200) : 0, 1, i, 0};
	}
	return count;
}

/* The fewest that there can be: each time at the first end of those left. */
static size_t fewest(const struct bracket *b, size_t count)
{
	bool done[MOST] = {false};
	size_t n = 0;

	for (size_t left = count; left > 0; n++) {
		int64_t at_ns = INT64_MAX;
		for (size_t i = 0; i < count; i++)
			if (!done[i] && b[i].high_ns < at_ns)
				at_ns = b[i].high_ns;
		for (size_t i = 0; i < count; i++)
			if (!done[i] && (b[i].low_ns < at_ns || b[i].high_ns == at_ns)) {
				done[i] = true;
				left--;
			}
	}
	return n;
}

static void as_few_instants_as_can_be_each_in_all_its_brackets(void **state)
{
	struct bracket b[MOST];
	struct instant at[MOST];
	(void)state;

	for (int round = 0; round < 5000; round++) {
		size_t count = draw_brackets(b);
		size_t least = fewest(b, count);
		enum stabbing_kind kind = round % 2 ? STABBING_DEPARTURE : STABBING_RETURN;
		assert_int_equal(stabbing_pierce(b, count, kind, 0, at), least);
		for (size_t i = 0, in = 0; i < count; i++) {
			in = i && b[i].batch == b[i - 1].batch ? in + 1 : 1;
			assert_true(i == 0 ? b[i].batch == 0
					   : b[i].batch == b[i - 1].batch ||
						     b[i].batch == b[i - 1].batch + 1);
			assert_true(b[i].high_ns >= at[b[i].batch].high_ns);
			assert_true(b[i].low_ns < at[b[i].batch].high_ns ||
				    b[i].low_ns >= b[i].high_ns);
			assert_true(in <= at[b[i].batch].count);
		}
		for (size_t i = 1; i < least; i++)
			assert_true(at[i - 1].high_ns < at[i].high_ns);
	}
}

static void spare_bounds_save_instants_and_no_more_are_used_than_may(void **state)
{
	struct bracket b[MOST], was[MOST];
	struct instant at[MOST];
	size_t saved = 0;
	(void)state;

	for (int round = 0; round < 5000; round++) {
		size_t count = draw_brackets(b);
		size_t spares = (size_t)draw(5);
		size_t least = fewest(b, count);
		size_t used = 0;
		memcpy(was, b, sizeof(b));
		size_t n = stabbing_pierce(b, count, STABBING_DEPARTURE, spares, at);
		for (size_t i = 0; i < count; i++) {
			bool waits = b[i].high_ns != was[b[i].owner].high_ns;
			used += waits ? 1 : 0;
			assert_true(!waits || b[i].high_ns == was[b[i].owner].spare_ns);
		}
		assert_true(used <= spares);
		assert_true(n <= least);
		assert_true(n < least || used == 0);
		assert_int_equal(n, fewest(b, count)); /* of the bounds as they are now */
		saved += least - n;
	}
	assert_true(saved > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_instant_explains_brackets_that_overlap),
		cmocka_unit_test(an_empty_bracket_is_an_instant_all_the_same),
		cmocka_unit_test(brackets_apart_need_as_many_instants),
		cmocka_unit_test(a_probe_lost_just_before_is_not_a_second_instant),
		cmocka_unit_test(a_probe_lost_just_after_is_not_a_second_instant),
		cmocka_unit_test(as_few_instants_as_can_be_each_in_all_its_brackets),
		cmocka_unit_test(spare_bounds_save_instants_and_no_more_are_used_than_may),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
