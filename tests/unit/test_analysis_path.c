#include "tests/unit/unit.h"

#include "analysis/country/parts.h"

/* 198.18.0.0/24, reached by way of 203.0.113.1 and .2; .254 forwards inside. */
static const struct target_row targets[] = {
	{{{0xc6120000}, 24}, ROLE_TARGET, "test"},
	{{{0xcb007105}, 32}, ROLE_BORDER, "learned"}, /* by an older program */
	{{{0xcb007205}, 32}, ROLE_UPSTREAM, "learned"},
};
#define FAR 0xcb007101
#define EDGE 0xcb007102
#define OLD 0xcb007105
#define LEARNED 0xcb007205
#define BORDER 0xc61200fe
#define SERVER 0xc6120005
#define OTHER 0xc6120009
#define MINUTE (60 * NS_PER_S)

struct play {
	struct parameters parameters;
	struct view view;
};

static struct play *begin(void)
{
	struct play *play = calloc(1, sizeof(*play));

	play->parameters = parameters_of(1);
	view_init(&play->view, targets, 3, (struct wall){0}, &play->parameters);
	play->view.vantage_count = 2;
	return play;
}

static void finish(struct play *play)
{
	view_finish(&play->view);
	free(play);
}

/* Paths to two hosts, by way of these from TTL 13 on; 0: silent. */
static void sweep_paths(struct play *play, const uint32_t *via, size_t count, bool reached,
	size_t vantage, int times)
{
	struct hop hops[16];
	struct sweep sweep = {
		.info = {.vantage = "vp1", .tier = TIER_WATCH}, .hops = hops, .hop_count = 0};
	struct view_reading reading = {.view = &play->view, .sweep = &sweep, .vantage = vantage};

	for (uint32_t target = SERVER; target <= OTHER; target += OTHER - SERVER)
		for (size_t i = 0; i <= count; i++) {
			uint32_t responder = i < count ? via[i] : reached ? target : 0;
			hops[sweep.hop_count++] = (struct hop){.address = {target},
				.ttl = (uint8_t)(13 + i),
				.probed_at = {MINUTE},
				.outcome = !responder  ? OUTCOME_SILENT
					   : i < count ? OUTCOME_TTL_EXCEEDED
						       : OUTCOME_ECHO_REPLY,
				.has_responder = responder != 0,
				.responder = {responder},
				.rtt_ns = -1};
		}
	for (int i = 0; i < times; i++)
		view_read_hops(&reading);
}
#define PATHS(play, times, ...)                                                                    \
	sweep_paths(play, (const uint32_t[]){__VA_ARGS__},                                         \
		sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t), true, 0, times)

/* Somebody answers, and then a router says it is not to be reached. */
static enum error_from says(struct play *play, uint32_t responder)
{
	struct observation rows[2] = {observation_blank(), observation_blank()};
	struct sweep sweep = {.info = {.vantage = "vp1", .tier = TIER_WATCH}};
	struct view_reading reading = {.view = &play->view, .sweep = &sweep};
	struct block *block = view_block_at(&play->view, (struct ip4){SERVER});
	size_t before = play->view.error_count;

	rows[0].address.host = rows[1].address.host = SERVER;
	rows[0].outcome = OUTCOME_ECHO_REPLY;
	rows[0].probed_at.ns = MINUTE;
	view_read_address(&reading, block, &rows[0], &rows[0]);
	rows[1].outcome = OUTCOME_UNREACHABLE;
	rows[1].probed_at.ns = 2 * MINUTE;
	rows[1].has_responder = true;
	rows[1].responder.host = responder;
	view_read_address(&reading, block, &rows[1], &rows[1]);
	assert_int_equal(play->view.error_count, before + 1);
	return play->view.errors[before].from;
}

static void the_last_router_before_the_country_is_the_providers(void **state)
{
	struct play *play = begin();
	(void)state;

	PATHS(play, 2, FAR, EDGE, BORDER);
	assert_int_equal(says(play, EDGE), ERROR_TRANSIT);
	PATHS(play, 1, FAR, EDGE, BORDER);
	assert_int_equal(says(play, EDGE), ERROR_UPSTREAM);
	assert_int_equal(view_role_of(&play->view, (struct ip4){FAR}), ROLE_TARGET);
	finish(play);
}

/* A host that is there becomes one, and one that answers for itself only now. */
static void a_router_inside_is_the_countrys_border(void **state)
{
	struct observation row = observation_blank();
	struct sweep sweep = {.info = {.vantage = "vp1", .tier = TIER_WATCH}};
	(void)state;

	for (int first = 0; first <= 1; first++) {
		struct play *play = begin();
		struct view_reading reading = {.view = &play->view, .sweep = &sweep};
		row.address.host = BORDER;
		row.outcome = OUTCOME_ECHO_REPLY;
		row.probed_at.ns = MINUTE;
		if (first)
			PATHS(play, 3, EDGE, BORDER);
		view_read_address(&reading, view_block_at(&play->view, row.address), &row, &row);
		assert_int_equal(play->view.hosts[0].router, first);
		PATHS(play, 3, EDGE, BORDER);
		assert_true(play->view.hosts[0].router);
		const struct border *border = view_border_at(&play->view, 0, MINUTE);
		assert_non_null(border);
		assert_false(border_is_proven(border->named, border->went_ns, INT64_MAX));
		PATHS(play, 20, EDGE, BORDER + 1); /* and is it no more */
		assert_null(view_border_at(&play->view, 0, INT64_MAX - 1));
		finish(play);
	}
}

static void a_path_that_ends_early_teaches_nothing(void **state)
{
	struct play *play = begin();
	const uint32_t cut[] = {FAR, 0, 0};
	(void)state;

	sweep_paths(play, cut, 3, false, 0, 9);
	PATHS(play, 9, FAR, 0, 0);
	assert_int_equal(view_role_of(&play->view, (struct ip4){FAR}), ROLE_TARGET);
	finish(play);
}

/* Two vantage points have two providers; neither talks the other's away. */
static void each_vantage_point_has_paths_of_its_own(void **state)
{
	struct play *play = begin();
	const uint32_t here[] = {FAR, EDGE};
	const uint32_t there[] = {FAR, EDGE + 1};
	(void)state;

	for (int i = 0; i < 4; i++) {
		sweep_paths(play, here, 2, true, 0, 1);
		sweep_paths(play, there, 2, true, 1, 1);
	}
	assert_int_equal(view_role_of(&play->view, (struct ip4){EDGE}), ROLE_UPSTREAM);
	assert_int_equal(view_role_of(&play->view, (struct ip4){EDGE + 1}), ROLE_UPSTREAM);
	finish(play);
}

/* What a list says that was learned holds until the paths say other. */
static void the_paths_outrank_a_list_that_was_learned(void **state)
{
	struct play *play = begin();
	(void)state;

	assert_int_equal(says(play, OLD), ERROR_BORDER);
	assert_int_equal(says(play, LEARNED), ERROR_UPSTREAM);
	finish(play);
	play = begin();
	assert_int_equal(says(play, LEARNED - 1), ERROR_TRANSIT); /* beside it: nobody */
	PATHS(play, 3, FAR, OLD);
	assert_int_equal(says(play, OLD), ERROR_UPSTREAM);
	finish(play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_router_before_the_country_is_the_providers),
		cmocka_unit_test(a_router_inside_is_the_countrys_border),
		cmocka_unit_test(a_path_that_ends_early_teaches_nothing),
		cmocka_unit_test(each_vantage_point_has_paths_of_its_own),
		cmocka_unit_test(the_paths_outrank_a_list_that_was_learned),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
