/* What BGP said, as shares of peers: rules that hold whatever it was. */
#include "tests/unit/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/routes/routes.h"

enum { PEERS = 4, DAY = 100 };
static const struct prefix blocks[] = {{{0xc6120000}, 24}, {{0xc6120100}, 24}};

static void tell(struct routes *routes, int64_t at_ns, int peer, enum route_event event, uint8_t len,
	uint32_t base)
{
	struct route route = {.at.ns = at_ns, .event = event, .prefix = prefix_of((struct ip4){base}, len)};

	if (event == ROUTE_RESET)
		route.prefix = (struct prefix){{0}, 0};
	snprintf(route.peer, sizeof(route.peer), "%d", peer);
	routes_tell(routes, &route);
}

static void shares_are_within_their_peers(void **state)
{
	uint32_t random = 12345;
	(void)state;

	for (int round = 0; round < 500; round++) {
		struct routes routes = {0};
		int64_t at_ns = 0;
		for (int i = 0; i < 60; i++) {
			random = random * 1664525u + 1013904223u;
			static const uint8_t lens[] = {15, 22, 23, 24, 25};
			at_ns += random >> 28;
			tell(&routes, at_ns, (int)(random >> 8) % PEERS,
				(enum route_event)((random >> 16) % 8 == 0 ? ROUTE_RESET
								       : (random >> 16) % 2),
				lens[(random >> 20) % 5], 0xc6120000u + (random >> 24) % 4 * 256);
		}
		routes_settle(&routes, blocks, 2, DAY);
		for (size_t b = 0; b < 2; b++) {
			const struct route_steps *steps = &routes.blocks[b];
			for (size_t i = 0; i < steps->count; i++) {
				const struct route_step *s = &steps->items[i];
				assert_true(s->peers <= PEERS);
				assert_true(s->have + s->aggregate <= s->peers);
				assert_true(i == 0 || steps->items[i - 1].at_ns < s->at_ns);
				double share = route_share(steps, s->at_ns);
				double least = route_share_least(steps, 0, s->at_ns);
				assert_true(isnan(share) == (s->peers == 0));
				assert_true(isnan(least) || least <= share);
			}
			assert_true(isnan(route_share(steps, -1)));
		}
		routes_finish(&routes);
	}
}

static void what_comes_for_less_than_a_day_is_not_used_to(void **state)
{
	struct routes routes = {0};
	(void)state;

	tell(&routes, 0, 1, ROUTE_ANNOUNCE, 22, 0xc6120000);
	tell(&routes, 500, 1, ROUTE_ANNOUNCE, 24, 0xc6120000);
	tell(&routes, 550, 1, ROUTE_WITHDRAW, 24, 0xc6120000);
	tell(&routes, 600, 1, ROUTE_ANNOUNCE, 24, 0xc6120000);
	tell(&routes, 800, 1, ROUTE_WITHDRAW, 24, 0xc6120000); /* after two days */
	tell(&routes, 1000, 1, ROUTE_WITHDRAW, 22, 0xc6120000); /* two days under the aggregate */
	routes_settle(&routes, blocks, 2, DAY);
	assert_true(route_share(&routes.blocks[0], 560) == 1);
	assert_true(route_share(&routes.blocks[0], 800) == 0);
	assert_int_equal(routes.blocks[0].items[routes.blocks[0].count - 2].aggregate, 1);
	assert_true(route_share(&routes.blocks[1], 999) == 1);
	assert_true(route_share(&routes.blocks[1], 1000) == 0);
	routes_finish(&routes);
}

static void a_reset_peer_is_unknown_until_it_announces(void **state)
{
	struct routes routes = {0};
	(void)state;

	tell(&routes, 0, 1, ROUTE_ANNOUNCE, 22, 0xc6120000);
	tell(&routes, 0, 2, ROUTE_ANNOUNCE, 22, 0xc6120000);
	tell(&routes, 10, 1, ROUTE_RESET, 0, 0);
	tell(&routes, 11, 1, ROUTE_WITHDRAW, 22, 0xc6120000);
	tell(&routes, 20, 2, ROUTE_RESET, 0, 0);
	tell(&routes, 30, 1, ROUTE_ANNOUNCE, 22, 0xc6120000);
	routes_settle(&routes, blocks, 1, DAY);
	assert_true(route_share(&routes.blocks[0], 15) == 1);
	assert_true(isnan(route_share(&routes.blocks[0], 20)));
	assert_true(route_share(&routes.blocks[0], 30) == 1);
	assert_true(route_share_least(&routes.blocks[0], 0, 15) == 1);
	assert_true(isnan(route_share_least(&routes.blocks[0], 0, 30)));
	routes_finish(&routes);
}

static void what_was_heard_is_heard_from_piece_to_piece(void **state)
{
	static const struct heard pieces[] = {{{50}, {90}}, {{10}, {30}}, {{25}, {50}}};
	struct routes routes = {0};
	(void)state;

	for (size_t i = 0; i < 3; i++)
		routes_hear(&routes, &pieces[i]);
	assert_true(routes_were_heard(&routes, 10, 90));
	assert_false(routes_were_heard(&routes, 10, 91));
	assert_false(routes_were_heard(&routes, 9, 20));
	assert_int_equal(routes_heard_until(&routes, 95), 95);
	routes_finish(&routes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_are_within_their_peers),
		cmocka_unit_test(what_comes_for_less_than_a_day_is_not_used_to),
		cmocka_unit_test(a_reset_peer_is_unknown_until_it_announces),
		cmocka_unit_test(what_was_heard_is_heard_from_piece_to_piece),
	};
	return cmocka_run_group_tests_name("analysis_routes", tests, NULL, NULL);
}
