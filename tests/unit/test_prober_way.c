#include "tests/unit/unit.h"

#include <errno.h>

#include "prober/sweep/way.h"

/*
 * A kernel of tables: two uplinks out0 (2, 203.0.113.10, gateway .1) and out1 (3, 192.0.2.10,
 * gateway .1), lo (1, 198.51.100.9), and what a test says of the route to the target.
 */
enum { LO = 1, OUT0, OUT1 };

static const struct ip4 target = {0xc6120001};
static const struct ip4 source0 = {0xcb00710a}, gateway0 = {0xcb007101};
static const struct ip4 source1 = {0xc000020a}, gateway1 = {0xc0000201};
static const struct ip4 anycast = {0xc6336409};

struct kernel {
	bool several, down[5], by_source, one_source, no_backup;
	int usual;      /* interface that the kernel takes of itself */
	int wrong_hash; /* ... and with that one's source filled in; 0: the same */
};

static struct route route_by(int interface)
{
	return (struct route){
		.source = interface == OUT0 ? source0 : source1,
		.gateway = interface == OUT0 ? gateway0 : gateway1,
		.has_gateway = true,
		.interface = interface,
	};
}

static int owner(void *ctx, struct ip4 address)
{
	(void)ctx;
	if (ip4_equal(address, source0))
		return OUT0;
	return ip4_equal(address, source1) ? OUT1 : ip4_equal(address, anycast) ? LO : 0;
}

static int ask(void *ctx, const struct route_question *question, struct route *ret)
{
	struct kernel *k = ctx;
	int interface = question->interface ? question->interface : k->usual;

	if (question->source.host && !question->interface) {
		if (k->wrong_hash)
			interface = k->wrong_hash;
		if (k->by_source && owner(ctx, question->source) != LO)
			interface = owner(ctx, question->source);
	}
	if (k->down[interface])
		return -ENETUNREACH;
	*ret = route_by(interface);
	if (k->one_source)
		ret->source = anycast;
	if (question->source.host)
		ret->source = question->source;
	return 0;
}

static int hops(void *ctx, const struct route_question *question, struct route_hops *ret)
{
	const struct kernel *k = ctx;

	if (k->down[question->interface])
		return -ENETUNREACH;
	if (question->interface && question->interface != k->usual && k->no_backup)
		return -EHOSTUNREACH; /* on the link, for all the tables say */
	*ret = (struct route_hops){.prefix_len = 15};
	if (!k->several)
		return 0;
	ret->count = 2;
	ret->hops[0] = (struct route_hop){OUT0, gateway0, true};
	ret->hops[1] = (struct route_hop){OUT1, gateway1, true};
	if (k->one_source)
		ret->source = anycast;
	return 0;
}

static int choose(struct kernel *k, struct ip4 source, struct way *ret)
{
	const struct way_kernel kernel = {ask, hops, owner, k};
	const struct route_question question = {.target = target, .source = source};

	*ret = (struct way){.error = 0};
	return way_choose(&kernel, &question, ret);
}

static void one_next_hop_needs_no_pin(void **state)
{
	struct kernel k = {.usual = OUT0};
	struct way way;
	(void)state;

	assert_int_equal(choose(&k, (struct ip4){0}, &way), 0);
	assert_true(ip4_equal(way.source, source0));
	assert_int_equal(way.interface, OUT0);
	assert_false(way.pinned);
	assert_true(way.whole);
}

/* Whatever the hash would do: source and way out are of one uplink. */
static void several_next_hops_with_addresses_of_their_own_are_pinned(void **state)
{
	(void)state;
	for (int usual = OUT0; usual <= OUT1; usual++) {
		for (int hash = OUT0; hash <= OUT1; hash++) {
			struct kernel k = {.several = true, .usual = usual, .wrong_hash = hash};
			struct way way;
			assert_int_equal(choose(&k, (struct ip4){0}, &way), 0);
			assert_true(way.pinned);
			assert_true(
				ip4_equal(way.source, way.interface == OUT0 ? source0 : source1));
		}
	}
}

static void an_uplink_that_is_down_is_left_out(void **state)
{
	(void)state;
	for (int down = OUT0; down <= OUT1; down++) {
		struct kernel k = {.several = true, .usual = OUT0 + OUT1 - down};
		struct way way;
		k.down[down] = true;
		assert_int_equal(choose(&k, (struct ip4){0}, &way), 0);
		assert_int_equal(way.interface, OUT0 + OUT1 - down);
	}
}

static void a_named_source_leaves_by_its_own_uplink(void **state)
{
	struct kernel k = {.several = true, .usual = OUT0};
	struct way way;
	(void)state;

	assert_int_equal(choose(&k, source1, &way), 0);
	assert_int_equal(way.interface, OUT1);
	assert_true(way.pinned);
	/* Down, it has no way: not that of the other, who would drop it. */
	k.down[OUT1] = true;
	assert_int_equal(choose(&k, source1, &way), -EXDEV);
}

static void a_source_of_no_uplink_may_leave_by_any(void **state)
{
	struct kernel k = {.several = true, .usual = OUT0};
	struct way way;
	(void)state;

	assert_int_equal(choose(&k, anycast, &way), 0);
	assert_true(ip4_equal(way.source, anycast));
	assert_int_equal(way.interface, 0);
	assert_false(way.pinned);
	k.one_source = true; /* the route itself names it */
	assert_int_equal(choose(&k, (struct ip4){0}, &way), 0);
	assert_true(ip4_equal(way.source, anycast));
	assert_false(way.pinned);
}

static void a_rule_about_the_source_is_followed(void **state)
{
	struct kernel k = {.by_source = true, .usual = OUT0};
	struct way way;
	(void)state;

	assert_int_equal(choose(&k, source1, &way), 0);
	assert_int_equal(way.interface, OUT1);
	assert_false(way.pinned);
}

static void a_named_source_of_a_second_best_uplink_is_pinned_to_it(void **state)
{
	struct kernel k = {.usual = OUT0};
	struct way way;
	(void)state;

	assert_int_equal(choose(&k, source1, &way), 0);
	assert_int_equal(way.interface, OUT1);
	assert_true(way.pinned);
	/* No entry leads out of it: the kernel would look for the target on that link. */
	k.no_backup = true;
	assert_int_equal(choose(&k, source1, &way), 0);
	assert_int_equal(way.interface, OUT0);
	assert_false(way.pinned);
}

static void what_the_kernel_says_is_handed_on(void **state)
{
	struct kernel k = {.usual = OUT0};
	struct way way;
	(void)state;

	k.down[OUT0] = true;
	assert_int_equal(choose(&k, (struct ip4){0}, &way), -ENETUNREACH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_next_hop_needs_no_pin),
		cmocka_unit_test(several_next_hops_with_addresses_of_their_own_are_pinned),
		cmocka_unit_test(an_uplink_that_is_down_is_left_out),
		cmocka_unit_test(a_named_source_leaves_by_its_own_uplink),
		cmocka_unit_test(a_source_of_no_uplink_may_leave_by_any),
		cmocka_unit_test(a_rule_about_the_source_is_followed),
		cmocka_unit_test(a_named_source_of_a_second_best_uplink_is_pinned_to_it),
		cmocka_unit_test(what_the_kernel_says_is_handed_on),
	};

	return cmocka_run_group_tests_name("way", tests, NULL, NULL);
}
