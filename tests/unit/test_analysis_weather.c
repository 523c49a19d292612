#include "tests/unit/unit.h"

#include <math.h>

#include "analysis/host/weather.h"
#include "core/clock.h"

/* Twelve machines, each asked once a minute, five seconds apart. */
enum { MACHINES = 12, STEP_S = 5, START_S = 1000020 };

struct sky {
	struct weather weather;
	struct constants constants;
	struct spell spells[MACHINES];
	uint64_t random;
};

static struct sky clear(void)
{
	struct sky sky = {.constants = constants_of(1), .random = 3};

	for (int m = 0; m < MACHINES; m++)
		sky.spells[m].replied_ns = START_S * NS_PER_S;
	return sky;
}

static double chance(struct sky *sky)
{
	sky->random = sky->random * 6364136223846793005u + 1442695040888963407u;
	return (double)(sky->random >> 40) / (double)(1 << 24);
}

static void see(struct sky *sky, int machine, int64_t at_ns, bool answered, double excess_s)
{
	struct spell *s = &sky->spells[machine];

	weather_add(&sky->weather, at_ns, 1, answered, 1, answered ? excess_s : (double)NAN,
		&sky->constants);
	if (!answered) {
		if (s->count < 2)
			s->silent_ns[s->count] = at_ns;
		s->last_ns[1] = s->last_ns[0];
		s->last_ns[0] = at_ns;
		s->count++;
		return;
	}
	s->back_ns = at_ns;
	if (s->count)
		weather_lapse(&sky->weather, s, &sky->constants);
	*s = (struct spell){.replied_ns = at_ns};
}

/* From minute `from` on: how much is lost, and what comes late. */
static void minutes(
	struct sky *sky, int from, int until, double lost, double excess_s, double spread)
{
	for (int minute = from; minute < until; minute++)
		for (int m = 0; m < MACHINES; m++) {
			int64_t at_s = START_S + minute * 60 + m * STEP_S;
			bool answered = chance(sky) >= lost;
			double late = excess_s + spread * (chance(sky) - 0.5);
			see(sky, m, at_s * NS_PER_S, answered, late + 0.002 * chance(sky));
		}
}

static double ramp_at(const struct sky *sky, int minute)
{
	int64_t at_ns = (START_S + minute * 60) * NS_PER_S;

	return weather_ramp(&sky->weather, at_ns, &sky->constants).minutes;
}

static void loss_that_grows_is_a_ramp(void **state)
{
	struct sky sky = clear();
	(void)state;

	minutes(&sky, 0, 300, 0.02, 0, 0);
	assert_true(ramp_at(&sky, 300) < 5);
	minutes(&sky, 300, 330, 0.4, 0, 0);
	assert_true(ramp_at(&sky, 330) >= 20);
}

static void delay_that_varies_is_a_ramp_and_a_new_route_is_none(void **state)
{
	struct sky sky = clear();
	struct sky other = clear();
	(void)state;

	minutes(&sky, 0, 300, 0.02, 0, 0);
	minutes(&sky, 300, 330, 0.02, 0.1, 0.06);
	assert_true(ramp_at(&sky, 330) >= 20);
	minutes(&other, 0, 300, 0.02, 0, 0);
	minutes(&other, 300, 330, 0.02, 0.1, 0);
	assert_true(ramp_at(&other, 330) < 8);
}

static void a_machine_is_silent_by_itself_where_the_others_lose_nothing(void **state)
{
	int64_t from_ns = (START_S + 300 * 60) * NS_PER_S;
	int64_t to_ns = from_ns + 179 * NS_PER_S;
	(void)state;

	for (uint64_t seed = 1; seed <= 50; seed++) {
		struct sky quiet = clear();
		struct sky lossy = clear();
		quiet.random = lossy.random = seed;
		minutes(&quiet, 0, 304, 0.01, 0, 0);
		assert_true(weather_alone(&quiet.weather, from_ns, to_ns, 5, &quiet.constants) > 9);
		minutes(&lossy, 0, 300, 0.01, 0, 0);
		minutes(&lossy, 300, 304, 0.6, 0, 0);
		assert_true(weather_alone(&lossy.weather, from_ns, to_ns, 5, &lossy.constants) < 9);
	}
	struct sky never = clear();
	assert_true(weather_alone(&never.weather, from_ns, to_ns, 5, &never.constants) <= 0);
}

static void machines_that_go_one_by_one_are_no_ramp(void **state)
{
	struct sky sky = clear();
	(void)state;

	minutes(&sky, 0, 300, 0.02, 0, 0);
	for (int minute = 300; minute < 330; minute++)
		for (int m = 0; m < MACHINES; m++)
			see(&sky, m, (START_S + minute * 60 + m * STEP_S) * NS_PER_S,
				m > (minute - 300) / 3, 0);
	assert_true(ramp_at(&sky, 330) < 5);
}

static void a_train_of_short_cuts_is_no_ramp(void **state)
{
	struct sky sky = clear();
	(void)state;

	minutes(&sky, 0, 300, 0.02, 0, 0);
	for (int minute = 300; minute < 340; minute += 4) {
		minutes(&sky, minute, minute + 2, 1, 0, 0);
		minutes(&sky, minute + 2, minute + 4, 0, 0, 0);
	}
	assert_true(ramp_at(&sky, 340) < 10);
}

static void without_looks_there_is_no_telling(void **state)
{
	struct sky sky = clear();
	(void)state;

	assert_true(isnan(ramp_at(&sky, 300)));
	minutes(&sky, 0, 10, 0, 0, 0);
	assert_true(isnan(ramp_at(&sky, 300)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loss_that_grows_is_a_ramp),
		cmocka_unit_test(delay_that_varies_is_a_ramp_and_a_new_route_is_none),
		cmocka_unit_test(a_machine_is_silent_by_itself_where_the_others_lose_nothing),
		cmocka_unit_test(machines_that_go_one_by_one_are_no_ramp),
		cmocka_unit_test(a_train_of_short_cuts_is_no_ramp),
		cmocka_unit_test(without_looks_there_is_no_telling),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
