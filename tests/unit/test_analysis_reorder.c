#include "tests/unit/unit.h"

#include "analysis/method/reorder.h"

struct thing {
	int kind;
	unsigned came; /* as the how manieth */
	int64_t at_ns;
};

static uint64_t random_state;

static unsigned below(unsigned limit)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(random_state >> 33) % limit;
}

static int by_kind(const void *a, const void *b)
{
	return ((const struct thing *)a)->kind - ((const struct thing *)b)->kind;
}

static void add(struct reorder *reorder, int64_t at_ns, int kind, unsigned came)
{
	struct thing *thing = reorder_add(reorder, at_ns);

	*thing = (struct thing){kind, came, at_ns};
}

static void nothing_waits_for_nothing(void **state)
{
	struct reorder reorder;
	(void)state;

	reorder_init(&reorder, sizeof(struct thing));
	assert_int_equal(reorder_ready(&reorder, INT64_MAX, by_kind), 0);
	reorder_drop(&reorder, 0);
	reorder_finish(&reorder);
}

static void those_of_later_stay(void **state)
{
	struct reorder reorder;
	(void)state;

	reorder_init(&reorder, sizeof(struct thing));
	add(&reorder, 30, 0, 0);
	add(&reorder, 10, 0, 1);
	add(&reorder, 20, 0, 2);
	assert_int_equal(reorder_ready(&reorder, 20, by_kind), 1);
	reorder_drop(&reorder, 1);
	assert_int_equal(reorder_ready(&reorder, 31, by_kind), 2);
	assert_int_equal(((const struct thing *)reorder_item(&reorder, 0))->came, 2);
	assert_int_equal(((const struct thing *)reorder_item(&reorder, 1))->came, 0);
	reorder_finish(&reorder);
}

/* By instant, then by kind, then as they came; each exactly once. */
static void all_come_out_once_and_in_order(void **state)
{
	(void)state;
	for (random_state = 1; random_state <= 40; random_state++) {
		uint64_t seed = random_state;
		struct reorder reorder;
		struct thing last = {.at_ns = -1};
		unsigned came = 0;
		unsigned left = 0;

		reorder_init(&reorder, sizeof(struct thing));
		for (int64_t now = 0; now < 60; now++) {
			for (unsigned more = below(1 + 5 * below(30)); more > 0; more--)
				add(&reorder, now + below(1 + below(40)), (int)below(3), came++);
			size_t ready = reorder_ready(&reorder, now == 59 ? INT64_MAX : now + 1, by_kind);
			for (size_t i = 0; i < ready; i++) {
				struct thing is = *(const struct thing *)reorder_item(&reorder, i);
				assert_true(is.at_ns > last.at_ns ||
					    (is.at_ns == last.at_ns &&
						    (is.kind > last.kind ||
							    (is.kind == last.kind &&
								    is.came > last.came))));
				last = is;
			}
			reorder_drop(&reorder, ready);
			left += (unsigned)ready;
		}
		assert_int_equal(left, came);
		assert_int_equal(reorder.count, 0);
		reorder_finish(&reorder);
		random_state = seed;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_waits_for_nothing),
		cmocka_unit_test(those_of_later_stay),
		cmocka_unit_test(all_come_out_once_and_in_order),
	};
	return cmocka_run_group_tests_name("waiting", tests, NULL, NULL);
}
