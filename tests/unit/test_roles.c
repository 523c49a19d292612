#include "tests/unit/unit.h"

#include "analysis/country/parts.h"
#include "prober/schedule/trial.h"
#include "prober/sweep/order.h"

/*
 * The same pictures told to both programs: what a router is, the one that asks and the
 * one that judges say alike, whatever hosts and routers say on the way.
 */
#define COUNTRY 0xcb00a000 /* 203.0.160.0 */
#define OUTSIDE 0xcb010900
enum { BLOCKS = 4, HOSTS = 2, HOPS = 4, RUNS = 200, PICTURES = 40 };

static const struct target_row rows[] = {{{{COUNTRY}, 22}, ROLE_TARGET, "test"}};

static uint64_t chance;

static uint32_t below(uint32_t n)
{
	return (uint32_t)(order_mix(chance++) % n);
}

/* Who is met at this TTL: mostly the same, at times another, a host inside, or nobody. */
static uint32_t responder_at(uint32_t block, uint8_t ttl)
{
	switch (below(12)) {
	case 0:
		return 0;
	case 1:
		return OUTSIDE + below(6);
	case 2:
		return COUNTRY + 0x100 * below(BLOCKS) + 200 + below(3);
	default:
		if (ttl == HOPS)
			return COUNTRY + 254;
		return OUTSIDE + ttl + (ttl == HOPS - 1 && block == BLOCKS - 1 ? 16 : 0);
	}
}

static size_t draw_picture(struct hop *hops)
{
	size_t count = 0;

	for (uint32_t i = 0; i < BLOCKS * HOSTS; i++) {
		uint32_t target = COUNTRY + 0x100 * (i / HOSTS) + 1 + i % HOSTS;
		bool reached = below(8) > 0;
		for (uint8_t ttl = 1; ttl <= HOPS + 1; ttl++) {
			bool last = ttl == HOPS + 1;
			uint32_t responder = !last     ? responder_at(i / HOSTS, ttl)
					     : reached ? target
						       : 0;
			hops[count++] = (struct hop){.address = {target},
				.ttl = ttl,
				.outcome = !responder ? OUTCOME_SILENT
					   : last     ? OUTCOME_ECHO_REPLY
						      : OUTCOME_TTL_EXCEEDED,
				.has_responder = responder != 0,
				.responder = {responder},
				.rtt_ns = 10 * NS_PER_MS};
		}
	}
	return count;
}

/* All that may be met. */
static size_t compare(const struct view *view, const struct routers *routers)
{
	size_t known = 0;

	for (uint32_t i = 0; i < 32 + 0x400; i++) {
		struct ip4 address = {i < 32 ? OUTSIDE + i : COUNTRY + i - 32};
		const struct router_known *met = routers_find(routers, address);
		assert_int_equal(
			view_role_of(view, address), met ? met->role : (enum role)ROLE_TARGET);
		known += met != NULL;
	}
	return known;
}

static void both_programs_say_alike_what_a_router_is(void **state)
{
	struct parameters parameters = parameters_of(1);
	struct hop hops[BLOCKS * HOSTS * (HOPS + 1)];
	size_t known[2] = {0, 0}; /* upstream, border */
	size_t asked = 0;
	(void)state;

	for (chance = 0; chance < RUNS * (UINT64_C(1) << 32);
		chance = (chance >> 32 << 32) + (UINT64_C(1) << 32)) {
		struct target_set set = {.rows = NULL};
		struct trial_news news[TRIAL_NEWS];
		struct trial trial = {.count = 0};
		struct routers routers;
		struct view view;

		routers_init(&routers, rows, 1);
		view_init(&view, rows, 1, (struct wall){0}, &parameters);
		for (int picture = 0; picture < PICTURES; picture++) {
			struct sweep sweep = {.info = {.vantage = "vp1", .tier = TIER_WATCH},
				.hops = hops,
				.hop_count = draw_picture(hops)};
			view_sweep(&view, &sweep, 0);
			routers_learn(&routers, hops, sweep.hop_count);
			trial_sweep(&trial, &routers, &sweep, &set, news);
			compare(&view, &routers);
		}
		for (size_t i = 0; i < routers.known_count; i++)
			known[routers.known[i].role == ROLE_BORDER]++;
		/* And who is asked is somebody the analysis takes for the provider's. */
		for (size_t i = 0; i < trial.count; i++, asked++)
			assert_int_equal(
				view_role_of(&view, trial.routers[i].address), ROLE_UPSTREAM);
		view_finish(&view);
		routers_finish(&routers);
		target_set_finish(&set);
	}
	assert_true(known[0] > 0 && known[1] > 0 && asked > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_programs_say_alike_what_a_router_is),
	};
	return cmocka_run_group_tests_name("roles", tests, NULL, NULL);
}
