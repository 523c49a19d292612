#include "tests/unit/unit.h"

#include <math.h>

#include "report/round_trips.h"

static int order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void nothing_has_no_median(void **state)
{
	struct round_trips trips = {0};
	(void)state;

	assert_true(isnan(round_trips_median_s(&trips)));
	round_trips_finish(&trips);
}

static void one_round_trip_is_what_it_was(void **state)
{
	static const int64_t some[] = {0, 1, 999, 1000, 210000000, 3600000000000};
	(void)state;

	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		struct round_trips trips = {0};
		for (int k = 0; k < 3; k++)
			round_trips_add(&trips, some[i]);
		assert_true(fabs(round_trips_median_s(&trips) - (double)some[i] / 1e9) < 1e-12);
		round_trips_finish(&trips);
	}
}

/* Of anything from microseconds to minutes, in any order: as near as two per cent. */
static void the_median_is_near_the_true_one(void **state)
{
	enum { MOST = 1001 };
	static int64_t all[MOST];
	uint64_t seed = 11;
	(void)state;

	for (int round = 0; round < 200; round++) {
		struct round_trips trips = {0};
		size_t count = 1 + 2 * (size_t)(round * 5 % (MOST / 2));
		double spread = 1 + round % 17;
		for (size_t i = 0; i < count; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			all[i] = (int64_t)(1000 *
					   exp(spread * (double)(seed >> 11) / 9007199254740992.0));
			round_trips_add(&trips, all[i]);
		}
		qsort(all, count, sizeof(all[0]), order);
		double expected = (double)all[count / 2] / 1e9;
		double found = round_trips_median_s(&trips);
		assert_true(fabs(found / expected - 1) <= 0.0201);
		assert_int_equal(trips.all, count);
		round_trips_finish(&trips);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_has_no_median),
		cmocka_unit_test(one_round_trip_is_what_it_was),
		cmocka_unit_test(the_median_is_near_the_true_one),
	};
	return cmocka_run_group_tests_name("report_round_trips", tests, NULL, NULL);
}
