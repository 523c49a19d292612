#include "tests/unit/unit.h"

#include <stdlib.h>

#include "analysis/outage/site.h"
#include "core/clock.h"
#include "core/mem.h"

enum { HOSTS = 24, LOSSES = 200 };

static void hosts_that_went_together_are_a_site(void **state)
{
	double share[] = {0.2, 0.2, 0.2, 0.2, 0.05};
	uint64_t masks[HOSTS] = {[2] = 15, [3] = 15, [7] = 15, [8] = 7, [9] = 16};
	uint32_t sites[HOSTS];
	(void)state;

	assert_int_equal(sites_of_masks(masks, HOSTS, share, sites), 1);
	assert_int_equal(sites[2], 1);
	assert_int_equal(sites[3], 1);
	assert_int_equal(sites[7], 1);
	assert_int_equal(sites[9], 0);
	assert_int_equal(sites[0], 0);
	/* Once is no habit, and with half of the country four times are chance. */
	masks[2] = masks[3] = masks[7] = masks[8] = 16;
	assert_int_equal(sites_of_masks(masks, HOSTS, share, sites), 0);
	share[0] = share[1] = share[2] = share[3] = 0.5;
	masks[2] = masks[3] = masks[7] = 15;
	assert_int_equal(sites_of_masks(masks, HOSTS, share, sites), 0);
}

static void one_that_goes_as_often_alone_is_of_no_site(void **state)
{
	double share[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
	uint64_t masks[HOSTS] = {[0] = 0x0f, [1] = 0xf3};
	uint32_t sites[HOSTS];
	(void)state;

	assert_int_equal(sites_of_masks(masks, HOSTS, share, sites), 0);
	masks[1] = 0x1f;
	assert_int_equal(sites_of_masks(masks, HOSTS, share, sites), 1);
}

struct past {
	struct disruption disruptions[LOSSES];
	struct host hosts[HOSTS];
	size_t count;
	uint64_t random;
};

static uint64_t draw(struct past *past, uint64_t below)
{
	past->random = past->random * 6364136223846793005u + 1442695040888963407u;
	return (past->random >> 33) % below;
}

/* Some go; mostly those of one of three sites of five. */
static void add_loss(struct past *past, int64_t at_s)
{
	struct disruption *l = &past->disruptions[past->count++];
	uint32_t site = (uint32_t)draw(past, 3);

	*l = (struct disruption){.start_low_ns = (at_s - 10) * NS_PER_S,
		.start_high_ns = at_s * NS_PER_S,
		.over_ns = (at_s + 900) * NS_PER_S,
		.down = draw(past, 10) == 0,
		.outs = mem_zeroed(HOSTS, sizeof(struct host_outage))};
	for (uint32_t m = 0; m < HOSTS; m++)
		if ((m < 15 && m / 5 == site) ? draw(past, 20) != 0 : draw(past, 30) == 0)
			l->outs[l->out_count++] = (struct host_outage){.host = m,
				.run = {.replied_ns = l->start_low_ns,
					.silent_ns = {l->start_high_ns}}};
}

static struct past *make_past(uint64_t seed, size_t count)
{
	struct past *past = mem_zeroed(1, sizeof(*past));

	past->random = seed;
	for (uint32_t m = 0; m < HOSTS; m++)
		past->hosts[m].first_reply_ns = NS_PER_S;
	for (size_t i = 0; i < count; i++)
		add_loss(past, 100000 + (int64_t)i * 7200);
	return past;
}

static void finish_past(struct past *past)
{
	for (size_t i = 0; i < past->count; i++)
		free(past->disruptions[i].outs);
	free(past);
}

static void sites_are_found_and_what_comes_later_never_changes_them(void **state)
{
	struct parameters parameters = parameters_of(1);
	(void)state;

	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct past *past = make_past(seed, LOSSES);
		for (size_t known = 10; known <= 130; known += 60) {
			int64_t at_ns = (100000 + (int64_t)known * 7200) * NS_PER_S - NS_PER_S;
			uint32_t then[HOSTS];
			uint32_t now[HOSTS];
			uint32_t count = sites_learn(past->disruptions, known, past->hosts, HOSTS,
				at_ns, &parameters, then);
			assert_int_equal(
				count, sites_learn(past->disruptions, past->count, past->hosts,
					       HOSTS, at_ns, &parameters, now));
			assert_memory_equal(then, now, sizeof(then));
			if (known < 70)
				continue;
			assert_int_equal(count, 3);
			for (uint32_t m = 0; m < HOSTS; m++)
				assert_int_equal(then[m], m < 15 ? 1 + m / 5 : 0);
		}
		finish_past(past);
	}
}

static void what_takes_most_or_whole_blocks_only_teaches_no_site(void **state)
{
	struct parameters parameters = parameters_of(1);
	struct past *past = make_past(7, 20);
	uint32_t sites[HOSTS];
	(void)state;

	for (size_t i = 0; i < past->count; i++)
		past->disruptions[i].down = true;
	assert_int_equal(sites_learn(past->disruptions, past->count, past->hosts, HOSTS,
				 INT64_MAX / 2, &parameters, sites),
		0);
	for (size_t i = 0; i < past->count; i++) {
		past->disruptions[i].down = false;
		past->disruptions[i].out_count = 0;
		for (uint32_t m = 0; m < 20; m++)
			past->disruptions[i].outs[past->disruptions[i].out_count++] =
				(struct host_outage){.host = m};
	}
	assert_int_equal(sites_learn(past->disruptions, past->count, past->hosts, HOSTS,
				 INT64_MAX / 2, &parameters, sites),
		0);
	finish_past(past);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_that_went_together_are_a_site),
		cmocka_unit_test(one_that_goes_as_often_alone_is_of_no_site),
		cmocka_unit_test(sites_are_found_and_what_comes_later_never_changes_them),
		cmocka_unit_test(what_takes_most_or_whole_blocks_only_teaches_no_site),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
