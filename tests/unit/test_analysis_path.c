#include "tests/unit/unit.h"

#include "analysis/view_parts.h"

/* 198.18.0.0/24, reached by way of 203.0.113.1 and .2; .254 forwards inside. */
static const struct target_row targets[] = {{{{0xc6120000}, 24}, ROLE_TARGET, "test"}};
#define FAR 0xcb007101
#define EDGE 0xcb007102
#define BORDER 0xc61200fe
#define SERVER 0xc6120005
#define MINUTE (60 * NS_PER_S)

static struct hop hop(uint8_t ttl, uint32_t responder, enum outcome outcome)
{
	return (struct hop){.address = {SERVER},
		.ttl = ttl,
		.probed_at = {MINUTE},
		.outcome = outcome,
		.has_responder = responder != 0,
		.responder = {responder},
		.rtt_ns = -1};
}

struct play {
	struct constants constants;
	struct view view;
};

static struct play *begin(void)
{
	struct play *play = calloc(1, sizeof(*play));

	play->constants = constants_of(1);
	view_init(&play->view, targets, 1, (struct wall){0}, &play->constants);
	return play;
}

static void finish(struct play *play)
{
	view_finish(&play->view);
	free(play);
}

static void sweep_paths(struct play *play, struct hop *hops, size_t count, int times)
{
	struct sweep sweep = {
		.info = {.vantage = "vp1", .tier = TIER_WATCH}, .hops = hops, .hop_count = count};
	struct view_reading reading = {.view = &play->view, .sweep = &sweep};

	for (int i = 0; i < times; i++)
		view_read_hops(&reading);
}

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
	struct hop hops[] = {hop(13, FAR, OUTCOME_TTL_EXCEEDED),
		hop(14, EDGE, OUTCOME_TTL_EXCEEDED), hop(15, BORDER, OUTCOME_TTL_EXCEEDED),
		hop(16, SERVER, OUTCOME_ECHO_REPLY)};
	(void)state;

	sweep_paths(play, hops, 4, 4);
	assert_int_equal(says(play, EDGE), ERROR_TRANSIT);
	sweep_paths(play, hops, 4, 1);
	assert_int_equal(says(play, EDGE), ERROR_UPSTREAM);
	finish(play);
	play = begin();
	sweep_paths(play, hops, 4, 5);
	assert_int_equal(says(play, FAR), ERROR_TRANSIT);
	finish(play);
}

static void a_router_inside_is_the_countrys_border(void **state)
{
	struct play *play = begin();
	struct hop hops[] = {hop(14, EDGE, OUTCOME_TTL_EXCEEDED),
		hop(15, BORDER, OUTCOME_TTL_EXCEEDED), hop(16, SERVER, OUTCOME_ECHO_REPLY)};
	struct observation row = observation_blank();
	struct sweep sweep = {.info = {.vantage = "vp1", .tier = TIER_WATCH}};
	struct view_reading reading = {.view = &play->view, .sweep = &sweep};
	(void)state;

	sweep_paths(play, hops, 3, 5);
	row.address.host = BORDER;
	row.outcome = OUTCOME_ECHO_REPLY;
	row.probed_at.ns = MINUTE;
	view_read_address(&reading, view_block_at(&play->view, row.address), &row, &row);
	assert_int_equal(play->view.machine_count, 1);
	assert_false(play->view.machines[0].router);
	/* It answers for itself only now: the next path finds it. */
	sweep_paths(play, hops, 3, 1);
	assert_true(play->view.machines[0].router);
	finish(play);
}

static void a_path_that_ends_early_teaches_nothing(void **state)
{
	struct play *play = begin();
	struct hop cut[] = {hop(13, FAR, OUTCOME_TTL_EXCEEDED), hop(14, 0, OUTCOME_SILENT),
		hop(15, 0, OUTCOME_SILENT), hop(16, 0, OUTCOME_SILENT)};
	struct hop hidden[] = {hop(13, FAR, OUTCOME_TTL_EXCEEDED), hop(14, 0, OUTCOME_SILENT),
		hop(15, 0, OUTCOME_SILENT), hop(16, SERVER, OUTCOME_ECHO_REPLY)};
	(void)state;

	sweep_paths(play, cut, 4, 9);
	sweep_paths(play, hidden, 4, 9);
	assert_int_equal(play->view.learned_count, 0);
	finish(play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_router_before_the_country_is_the_providers),
		cmocka_unit_test(a_router_inside_is_the_countrys_border),
		cmocka_unit_test(a_path_that_ends_early_teaches_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
