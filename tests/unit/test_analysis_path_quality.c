#include "tests/unit/unit.h"

#include <math.h>

#include "analysis/host/path_quality.h"
#include "core/clock.h"

/* Twelve hosts, each asked once a minute, five seconds apart. */
enum { HOSTS = 12, STEP_S = 5, START_S = 1000020 };

struct sky {
	struct path_quality quality;
	struct parameters parameters;
	struct silence_run runs[HOSTS];
	uint64_t random;
};

static struct sky clear(void)
{
	struct sky sky = {.parameters = parameters_of(1), .random = 3};

	for (int m = 0; m < HOSTS; m++)
		sky.runs[m].replied_ns = START_S * NS_PER_S;
	return sky;
}

static double chance(struct sky *sky)
{
	sky->random = sky->random * 6364136223846793005u + 1442695040888963407u;
	return (double)(sky->random >> 40) / (double)(1 << 24);
}

static void see(struct sky *sky, int host, int64_t at_ns, bool answered, double excess_s)
{
	struct silence_run *s = &sky->runs[host];

	path_quality_add(&sky->quality, at_ns, 1, answered, 1, answered ? excess_s : (double)NAN,
		&sky->parameters);
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
		path_quality_lose(&sky->quality, s, &sky->parameters);
	*s = (struct silence_run){.replied_ns = at_ns};
}

/* From minute `from` on: how much is lost, and what comes late. */
static void bins(struct sky *sky, int from, int until, double lost, double excess_s, double spread)
{
	for (int bin = from; bin < until; bin++)
		for (int m = 0; m < HOSTS; m++) {
			int64_t at_s = START_S + bin * 60 + m * STEP_S;
			bool answered = chance(sky) >= lost;
			double late = excess_s + spread * (chance(sky) - 0.5);
			see(sky, m, at_s * NS_PER_S, answered, late + 0.002 * chance(sky));
		}
}

static double buildup_at(const struct sky *sky, int bin)
{
	int64_t at_ns = (START_S + bin * 60) * NS_PER_S;

	return path_quality_buildup(&sky->quality, at_ns, &sky->parameters).bins;
}

static void loss_that_grows_is_a_buildup(void **state)
{
	struct sky sky = clear();
	(void)state;

	bins(&sky, 0, 300, 0.02, 0, 0);
	assert_true(buildup_at(&sky, 300) < 5);
	bins(&sky, 300, 330, 0.4, 0, 0);
	assert_true(buildup_at(&sky, 330) >= 20);
}

static void delay_that_varies_is_a_buildup_and_a_new_route_is_none(void **state)
{
	struct sky sky = clear();
	struct sky other = clear();
	(void)state;

	bins(&sky, 0, 300, 0.02, 0, 0);
	bins(&sky, 300, 330, 0.02, 0.1, 0.06);
	assert_true(buildup_at(&sky, 330) >= 20);
	bins(&other, 0, 300, 0.02, 0, 0);
	bins(&other, 300, 330, 0.02, 0.1, 0);
	assert_true(buildup_at(&other, 330) < 8);
}

static void a_host_is_silent_by_itself_where_the_others_lose_nothing(void **state)
{
	int64_t from_ns = (START_S + 300 * 60) * NS_PER_S;
	int64_t to_ns = from_ns + 179 * NS_PER_S;
	(void)state;

	for (uint64_t seed = 1; seed <= 50; seed++) {
		struct sky quiet = clear();
		struct sky lossy = clear();
		quiet.random = lossy.random = seed;
		bins(&quiet, 0, 304, 0.01, 0, 0);
		assert_true(path_quality_alone(
				    &quiet.quality, from_ns, to_ns, 5, &quiet.parameters) > 9);
		bins(&lossy, 0, 300, 0.01, 0, 0);
		bins(&lossy, 300, 304, 0.6, 0, 0);
		assert_true(path_quality_alone(
				    &lossy.quality, from_ns, to_ns, 5, &lossy.parameters) < 9);
	}
	struct sky never = clear();
	assert_true(path_quality_alone(&never.quality, from_ns, to_ns, 5, &never.parameters) <= 0);
}

static void hosts_that_go_one_by_one_are_no_buildup(void **state)
{
	struct sky sky = clear();
	(void)state;

	bins(&sky, 0, 300, 0.02, 0, 0);
	for (int bin = 300; bin < 330; bin++)
		for (int m = 0; m < HOSTS; m++)
			see(&sky, m, (START_S + bin * 60 + m * STEP_S) * NS_PER_S,
				m > (bin - 300) / 3, 0);
	assert_true(buildup_at(&sky, 330) < 5);
}

static void a_train_of_short_cuts_is_no_buildup(void **state)
{
	struct sky sky = clear();
	(void)state;

	bins(&sky, 0, 300, 0.02, 0, 0);
	for (int bin = 300; bin < 340; bin += 4) {
		bins(&sky, bin, bin + 2, 1, 0, 0);
		bins(&sky, bin + 2, bin + 4, 0, 0, 0);
	}
	assert_true(buildup_at(&sky, 340) < 10);
}

static void without_looks_there_is_no_telling(void **state)
{
	struct sky sky = clear();
	(void)state;

	assert_true(isnan(buildup_at(&sky, 300)));
	bins(&sky, 0, 10, 0, 0, 0);
	assert_true(isnan(buildup_at(&sky, 300)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loss_that_grows_is_a_buildup),
		cmocka_unit_test(delay_that_varies_is_a_buildup_and_a_new_route_is_none),
		cmocka_unit_test(a_host_is_silent_by_itself_where_the_others_lose_nothing),
		cmocka_unit_test(hosts_that_go_one_by_one_are_no_buildup),
		cmocka_unit_test(a_train_of_short_cuts_is_no_buildup),
		cmocka_unit_test(without_looks_there_is_no_telling),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
