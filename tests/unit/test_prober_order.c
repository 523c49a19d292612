#include "tests/unit/unit.h"

#include "prober/sweep/order.h"

enum { COUNT = 1024 };

static void fill(struct ip4 *addresses, size_t count, uint32_t first)
{
	for (size_t i = 0; i < count; i++)
		addresses[i].host = first + (uint32_t)i;
}

static void every_target_comes_exactly_once(void **state)
{
	struct ip4 addresses[COUNT];
	uint32_t order[COUNT];
	(void)state;

	fill(addresses, COUNT, 0xc6120000);
	for (size_t count = 0; count <= COUNT; count += 31) {
		uint8_t seen[COUNT] = {0};
		order_make(addresses, count, 7 * count, order);
		for (size_t i = 0; i < count; i++) {
			assert_true(order[i] < count);
			assert_int_equal(seen[order[i]]++, 0);
		}
	}
}

static void the_same_seed_gives_the_same_order_and_another_another(void **state)
{
	struct ip4 addresses[COUNT];
	uint32_t a[COUNT], b[COUNT], c[COUNT];
	(void)state;

	fill(addresses, COUNT, 0xc6120000);
	order_make(addresses, COUNT, 42, a);
	order_make(addresses, COUNT, 42, b);
	order_make(addresses, COUNT, 43, c);
	assert_memory_equal(a, b, sizeof(a));
	assert_memory_not_equal(a, c, sizeof(a));
}

/* Unequal blocks: in any stretch of the sweep a block has its share, give or
 * take one. */
static void blocks_are_laid_evenly_over_the_sweep(void **state)
{
	struct ip4 addresses[256 + 64 + 3];
	uint32_t order[256 + 64 + 3];
	size_t count = sizeof(order) / sizeof(order[0]);
	(void)state;

	fill(addresses, 256, 0xc6120000);
	fill(addresses + 256, 64, 0xc6120100);
	fill(addresses + 320, 3, 0xc6120200);
	order_make(addresses, count, 1, order);
	size_t small = 0;
	for (size_t i = 0; i < count; i++) {
		small += order[i] >= 256 && order[i] < 320;
		double share = 64.0 * (double)(i + 1) / (double)count;
		assert_true((double)small > share - 2 && (double)small < share + 2);
	}
}

/* A change here changes what a published seed means. */
static void version_one_stays_what_it_is(void **state)
{
	struct ip4 addresses[8];
	uint32_t order[8];
	(void)state;

	fill(addresses, 4, 0xc6120000);
	fill(addresses + 4, 4, 0xc6120100);
	order_make(addresses, 8, 1, order);
	assert_int_equal(ORDER_VERSION, 1);
	static const uint32_t expected[8] = {5, 1, 4, 3, 6, 0, 7, 2};
	assert_memory_equal(order, expected, sizeof(order));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_target_comes_exactly_once),
		cmocka_unit_test(the_same_seed_gives_the_same_order_and_another_another),
		cmocka_unit_test(blocks_are_laid_evenly_over_the_sweep),
		cmocka_unit_test(version_one_stays_what_it_is),
	};
	return cmocka_run_group_tests_name("prober_order", tests, NULL, NULL);
}
