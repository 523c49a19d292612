#include "tests/unit/unit.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/mem.h"
#include "tests/live/played.h"

/*
 * The state of a judge in an arena: to ask for the judgement changes nothing, and an image of it
 * is plain data.
 */
static char *judged(struct judge *judge)
{
	struct judgement judgement;

	judge_end(judge, &judgement);
	char *text = judgement_text(&judgement);
	judgement_finish(&judgement);
	return text;
}

static char *judged_for_the_moment(struct arena *arena, struct judge *judge)
{
	struct judgement judgement;

	arena_try(arena);
	arena_enter(arena);
	judge_end(judge, &judgement);
	arena_leave(arena);
	char *text = judgement_text(&judgement);
	arena_undo(arena);
	return text;
}

/* Mappings of this process that a pointer could lead into, but for the arena. */
struct mapping {
	uint64_t from, to;
};
enum { MAPPINGS = 4096 };
static struct mapping mappings[MAPPINGS];
static size_t mapping_count;

static void look_where_memory_is(void)
{
	/* A sanitizer's shadow is huge, or lies low, where numbers look like pointers to it. */
	const uint64_t shadow = UINT64_C(1) << 36;
	FILE *maps = fopen("/proc/self/maps", "r");
	uint64_t from, to;

	assert_non_null(maps);
	mapping_count = 0;
	while (fscanf(maps, "%" SCNx64 "-%" SCNx64 "%*[^\n]", &from, &to) == 2)
		if (mapping_count < MAPPINGS && !arena_holds((void *)(uintptr_t)from) &&
			to - from < shadow && from >= shadow)
			mappings[mapping_count++] = (struct mapping){from, to};
	fclose(maps);
	assert_true(mapping_count > 5);
}

static bool leads_outside(uint64_t word)
{
	for (size_t i = 0; i < mapping_count; i++)
		if (word >= mappings[i].from && word < mappings[i].to)
			return true;
	return false;
}

static size_t pointers_to_the_outside(struct arena *arena)
{
	size_t len;
	const uint64_t *words = arena_image(arena, &len);
	size_t found = 0;

	look_where_memory_is();
	for (size_t i = 0; i < len / sizeof(*words); i++)
		found += leads_outside(words[i]);
	return found;
}

/* At each sweep; outside is the replay up to it. */
static void asks(const char *family, uint64_t seed, double days)
{
	struct parameters parameters = parameters_of(1);
	struct arena *arena = arena_create();
	struct played played;

	played_make(family, seed, days, &played);
	arena_enter(arena);
	struct judge *judge = judge_create(played.targets, played.target_count, &parameters);
	arena_leave(arena);
	for (size_t i = 0; i < played.count; i++) {
		arena_enter(arena);
		assert_int_equal(judge_sweep(judge, &played.sweeps[i]), 0);
		arena_leave(arena);
		char *now = judged_for_the_moment(arena, judge);
		struct judge *replay =
			judge_create(played.targets, played.target_count, &parameters);
		for (size_t k = 0; k <= i; k++)
			judge_sweep(replay, &played.sweeps[k]);
		char *expected = judged(replay);
		judge_destroy(replay);
		assert_string_equal(now, expected);
		free(now);
		free(expected);
	}
	assert_int_equal(pointers_to_the_outside(arena), 0);
	arena_destroy(arena);
	played_finish(&played);
}

static void at_each_sweep(void **state)
{
	(void)state;
	asks("F4", 3, 0.25);
	asks("F8", 5, 0.15);
	asks("F9", 2, 0.2);
}

static void long_histories_are_plain_data(void **state)
{
	static const char *const families[] = {"F3", "F6", "F8", "F10", "F15", "A1"};
	struct parameters parameters = parameters_of(1);
	(void)state;

	for (size_t f = 0; f < sizeof(families) / sizeof(families[0]); f++) {
		struct arena *arena = arena_create();
		struct played played;
		played_make(families[f], 1, 2, &played);
		arena_enter(arena);
		struct judge *judge =
			judge_create(played.targets, played.target_count, &parameters);
		for (size_t i = 0; i < played.count; i++)
			judge_sweep(judge, &played.sweeps[i]);
		arena_leave(arena);
		assert_int_equal(pointers_to_the_outside(arena), 0);
		arena_destroy(arena);
		played_finish(&played);
	}
}

/* The test itself sees one. */
static void a_pointer_to_the_outside_is_seen(void **state)
{
	struct arena *arena = arena_create();
	(void)state;

	arena_enter(arena);
	const char **word = mem_zeroed(1, sizeof(*word));
	*word = "outside";
	arena_leave(arena);
	assert_int_equal(pointers_to_the_outside(arena), 1);
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_each_sweep),
		cmocka_unit_test(long_histories_are_plain_data),
		cmocka_unit_test(a_pointer_to_the_outside_is_seen),
	};
	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
