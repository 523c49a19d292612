#include "tests/unit/unit.h"

#include "core/mem.h"
#include "prober/schedule/series.h"

#define ROUTER                                                                                     \
	{                                                                                          \
		{0xcb010902}, 32                                                                   \
	}
#define COUNTRY                                                                                    \
	{                                                                                          \
		{0xc6120000}, 30                                                                   \
	}

/* The list that comes of these in the store and those of this run. */
static struct target_set join(
	const struct target_row *store, size_t stored, const struct target_row *run, size_t named)
{
	struct target_set set = {.rows = mem_copy(run, named * sizeof(*run)), .row_count = named};

	series_add(&set, false, mem_copy(store, stored * sizeof(*store)), stored);
	return set;
}

static void who_names_a_learned_router_vouches_for_it(void **state)
{
	const struct target_row store[] = {
		{COUNTRY, ROLE_TARGET, "learned"}, {ROUTER, ROLE_BORDER, "learned"}};
	const struct target_row run[] = {{COUNTRY, ROLE_TARGET, ""}, {ROUTER, ROLE_UPSTREAM, ""}};
	(void)state;

	struct target_set set = join(store, 2, run, 2);
	assert_int_equal(set.row_count, 2);
	assert_int_equal(set.rows[1].role, ROLE_UPSTREAM);
	assert_string_equal(set.rows[1].label, "");
	assert_string_equal(set.rows[0].label, "learned"); /* a word of somebody's, to a target */
	target_set_finish(&set);
}

static void what_was_learned_stays_in_the_list_and_is_not_asked(void **state)
{
	const struct target_row store[] = {
		{COUNTRY, ROLE_TARGET, ""}, {ROUTER, ROLE_UPSTREAM, "learned"}};
	const struct target_row run[] = {{COUNTRY, ROLE_TARGET, ""}};
	(void)state;

	struct target_set set = join(store, 2, run, 1);
	assert_int_equal(set.row_count, 2);
	assert_true(target_row_is_learned(&set.rows[1]));
	assert_false(target_set_allows(&set, (struct ip4){0xcb010902}));
	assert_int_equal(set.control_count, 0);
	target_set_finish(&set);
}

static void who_is_named_otherwise_now_has_one_role(void **state)
{
	const struct target_row store[] = {
		{ROUTER, ROLE_TARGET, ""}, {ROUTER, ROLE_UPSTREAM, "mine"}};
	const struct target_row run[] = {{ROUTER, ROLE_TARGET, ""}, {ROUTER, ROLE_ANCHOR, "theirs"}};
	(void)state;

	struct target_set set = join(store, 2, run, 2);
	assert_int_equal(set.row_count, 2);
	assert_int_equal(set.rows[0].role, ROLE_TARGET);
	assert_int_equal(set.rows[1].role, ROLE_ANCHOR);
	assert_string_equal(set.rows[1].label, "theirs");
	target_set_finish(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_names_a_learned_router_vouches_for_it),
		cmocka_unit_test(who_is_named_otherwise_now_has_one_role),
		cmocka_unit_test(what_was_learned_stays_in_the_list_and_is_not_asked),
	};
	return cmocka_run_group_tests_name("prober_series", tests, NULL, NULL);
}
