#include "tests/unit/unit.h"

#include <stdio.h>

#include "core/mem.h"
#include "prober/schedule/plan.h"

static int by_slot(const void *a, const void *b)
{
	const struct sweep_task *x = a;
	const struct sweep_task *y = b;

	return (x->slot_ns > y->slot_ns) - (x->slot_ns < y->slot_ns);
}

/* n machines that answer both kinds, all watched. */
static void plan_for(size_t n, struct plan *ret)
{
	struct settings settings;
	struct target_set set = {0};
	struct learn learn;
	struct diag why;
	char range[64];
	const char *const names[] = {range};
	const struct target_sources sources = {0};

	settings_init(&settings);
	snprintf(range, sizeof(range), "198.18.0.1-198.18.0.%zu", n);
	assert_int_equal(target_set_resolve(names, 1, &sources, &set, &why), 0);
	struct way *ours = mem_zeroed(n, sizeof(*ours));
	learn_init(&learn, &settings, set.addresses, set.address_count);
	for (size_t i = 0; i < n; i++)
		learn.entries[i] = (struct learned){.port = 80, .watched = {true, true}};
	const struct plan_input input = {
		.settings = &settings, .set = &set, .ways = ours, .learn = &learn};
	plan_watch(&input, ret);
	learn_finish(&learn);
	free(ours);
	target_set_finish(&set);
	settings_finish(&settings);
}

static void watch_probes_are_spread_evenly_however_many_there_are(void **state)
{
	(void)state;
	for (size_t n = 1; n <= 40; n++) {
		struct plan plan;
		int64_t span = 60 * NS_PER_S;
		int64_t step = span / (int64_t)(2 * n);

		plan_for(n, &plan);
		assert_int_equal(plan.count, 2 * n);
		qsort(plan.tasks, plan.count, sizeof(plan.tasks[0]), by_slot);
		for (size_t i = 0; i < plan.count; i++) {
			int64_t next = i + 1 < plan.count ? plan.tasks[i + 1].slot_ns
							  : plan.tasks[0].slot_ns + span;
			int64_t gap = next - plan.tasks[i].slot_ns;
			assert_true(llabs(gap - step) <= NS_PER_MS);
		}
		plan_finish(&plan);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(watch_probes_are_spread_evenly_however_many_there_are),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
