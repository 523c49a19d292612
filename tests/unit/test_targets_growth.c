/*
 * What resolving targets costs as lists grow, in steps and not in time: this
 * test's targets/ and series.c are compiled so that each basic block calls
 * __sanitizer_cov_trace_pc.
 */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <unistd.h>

#include "prober/schedule/series.h"
#include "targets/lines.h"
#include "targets/targets.h"

static uint64_t steps;

void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
	steps++;
}

static FILE *open_temporary(char *name)
{
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	return fdopen(fd, "w");
}

/* Single targets, every fourth of them blocked by an entry of its own, the other entries spread
 * over all the world, in no order. */
static void write_lists(char *targets, char *blocked, uint32_t target_count, uint32_t entry_count)
{
	FILE *out = open_temporary(targets);
	uint32_t value = 5;
	char text[RANGE_TEXT_SIZE];

	for (uint32_t i = 0; i < target_count; i++) {
		ip4_format((struct ip4){0xc6120000u + 2 * i}, text);
		fprintf(out, "%s\n", text);
	}
	fclose(out);
	out = open_temporary(blocked);
	for (uint32_t i = 0; i < entry_count; i++) {
		value = value * 1664525u + 1013904223u;
		struct range range = {{value >> 1}, {(value >> 1) + 99}};
		if (i < target_count / 4)
			range.first.host = range.last.host = 0xc6120000u + 8 * i;
		range_format(range, text);
		fprintf(out, "%s reason-%u\n", text, i);
	}
	fclose(out);
}

static uint64_t cost_of(uint32_t target_count, uint32_t entry_count)
{
	char targets[] = "/tmp/lightsout-growth-t-XXXXXX";
	char blocked[] = "/tmp/lightsout-growth-b-XXXXXX";
	char argument[64];
	const char *arguments[] = {argument};
	struct target_sources sources = {.blocklist = blocked};
	struct target_set set;
	struct diag why;

	write_lists(targets, blocked, target_count, entry_count);
	snprintf(argument, sizeof(argument), "@%s", targets);
	steps = 0;
	assert_int_equal(target_set_resolve(arguments, 1, &sources, &set, &why), 0);
	assert_int_equal(set.address_count, target_count - target_count / 4);
	assert_int_equal(set.refused_count, target_count / 4);
	series_add(&set, false, NULL, 0);
	assert_int_equal(set.row_count, target_count);
	assert_int_equal(set.unasked_count, target_count / 4);
	uint64_t cost = steps;
	target_set_finish(&set);
	unlink(targets);
	unlink(blocked);
	return cost;
}

static void eight_times_the_lists_are_little_more_than_eight_times_the_steps(void **state)
{
	uint64_t small = cost_of(512, 4096);
	uint64_t large = cost_of(8 * 512, 8 * 4096);
	(void)state;

	assert_true(small > 4096); /* they are counted at all */
	if (large > 12 * small)
		fail_msg("%llu steps became %llu", (unsigned long long)small,
			(unsigned long long)large);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(eight_times_the_lists_are_little_more_than_eight_times_the_steps),
	};
	return cmocka_run_group_tests_name("growth", tests, NULL, NULL);
}
