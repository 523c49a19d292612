#include "tests/unit/unit.h"

#include "analysis/method/belief.h"
#include "core/clock.h"

static uint64_t random_state;

static double draw(void)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (double)(random_state >> 11) / 9007199254740992.0;
}

static void a_reply_never_raises_and_a_silence_never_lowers(void **state)
{
	struct constants constants = constants_of(1);
	(void)state;

	for (unsigned seed = 1; seed <= 200; seed++) {
		struct belief belief;
		random_state = seed;
		belief_init(&belief);
		for (int i = 0; i < 200; i++) {
			double before = belief_probability(&belief);
			if (draw() < 0.2) {
				belief_reply(&belief);
				assert_true(belief_probability(&belief) <= before);
				continue;
			}
			double nats = belief_silence_nats(draw(), draw());
			assert_true(nats >= 0 && nats <= BELIEF_SILENCE);
			belief_silent(&belief, nats, (int64_t)(draw() * 1e13), &constants);
			assert_true(belief_probability(&belief) >= before);
			assert_true(belief_probability(&belief) <= 1 - BELIEF_FLOOR / 2);
		}
	}
}

static void a_reply_means_up_at_once(void **state)
{
	struct constants constants = constants_of(1);
	struct belief belief;
	(void)state;

	belief_init(&belief);
	for (int i = 0; i < 20; i++)
		belief_silent(&belief, 3, 60 * NS_PER_S, &constants);
	assert_true(belief_probability(&belief) > BELIEF_DOWN);
	belief_reply(&belief);
	assert_true(belief_probability(&belief) <= BELIEF_UP * 1.000001);
}

static void silence_that_was_expected_says_nothing(void **state)
{
	(void)state;
	assert_float_equal((float)belief_silence_nats(0, 0), (float)0, 1e-6F);
	assert_float_equal((float)belief_silence_nats(1, 1), (float)0, 1e-6F);
	assert_float_equal((float)belief_silence_nats(1, 0), (float)BELIEF_SILENCE, 1e-6F);
	assert_true(belief_silence_nats(0.9, 0.5) < belief_silence_nats(0.9, 0.1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_never_raises_and_a_silence_never_lowers),
		cmocka_unit_test(a_reply_means_up_at_once),
		cmocka_unit_test(silence_that_was_expected_says_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
