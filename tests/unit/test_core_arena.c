#include "tests/unit/unit.h"

#include <sys/mman.h>

#include "core/arena.h"
#include "core/mem.h"

/* Pieces of all sizes, each with its own byte all over. */
enum { PIECES = 400 };
static unsigned char *pieces[PIECES];
static size_t sizes[PIECES];
static uint64_t state_of_chance = 1;

static size_t below(size_t most)
{
	state_of_chance = state_of_chance * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(state_of_chance >> 33) % most;
}

static void put(size_t i, size_t size)
{
	pieces[i] = mem_zeroed(size, 1);
	for (size_t k = 0; k < size; k++)
		assert_int_equal(pieces[i][k], 0);
	memset(pieces[i], (int)(i & 255) + 1, size);
	sizes[i] = size;
}

static void all_are_as_they_were_left(void)
{
	for (size_t i = 0; i < PIECES; i++)
		for (size_t k = 0; k < sizes[i]; k++)
			if (pieces[i][k] != (unsigned char)((i & 255) + 1))
				fail_msg("piece %zu of %zu bytes", i, sizes[i]);
}

static void pieces_do_not_overlap(void **state)
{
	struct arena *arena = arena_create();
	size_t grown;
	(void)state;

	assert_non_null(arena);
	arena_enter(arena);
	for (size_t i = 0; i < PIECES; i++)
		put(i, 1 + below(i % 10 ? 300 : 60000));
	for (size_t turn = 0; turn < 3000; turn++) {
		size_t i = below(PIECES);
		assert_true(arena_holds(pieces[i]));
		assert_int_equal((uintptr_t)pieces[i] % 16, 0);
		if (turn % 3) {
			mem_free(pieces[i]);
			put(i, 1 + below(5000));
			continue;
		}
		grown = sizes[i] + below(3000);
		size_t capacity = sizes[i];
		pieces[i] = mem_grow(pieces[i], &capacity, grown + 1, 1);
		memset(pieces[i], (int)(i & 255) + 1, grown);
		sizes[i] = grown;
	}
	all_are_as_they_were_left();
	arena_leave(arena);
	arena_destroy(arena);
}

static void memory_is_used_again(void **state)
{
	struct arena *arena = arena_create();
	size_t before, after;
	(void)state;

	arena_enter(arena);
	for (size_t turn = 0; turn < 1000; turn++) {
		put(0, 1000 + turn % 7);
		mem_free(pieces[0]);
		if (turn == 10)
			arena_image(arena, &before);
	}
	arena_image(arena, &after);
	assert_int_equal(before, after);
	arena_leave(arena);
	arena_destroy(arena);
}

static void what_is_tried_is_undone(void **state)
{
	struct arena *arena = arena_create();
	size_t len, again;
	(void)state;

	arena_enter(arena);
	for (size_t i = 0; i < PIECES; i++)
		put(i, 1 + below(5000));
	arena_leave(arena);
	const void *image = arena_image(arena, &len);
	void *before = mem_copy(image, len);
	for (size_t turn = 0; turn < 3; turn++) {
		arena_try(arena);
		arena_enter(arena);
		for (size_t i = 0; i < PIECES; i += 2)
			mem_free(pieces[i]);
		for (size_t i = 1; i < PIECES; i += 2)
			memset(pieces[i], 255, sizes[i]);
		/* More than there is room for. */
		memset(mem_zeroed(turn * 8 << 20, 1), 7, turn * 8 << 20);
		arena_leave(arena);
		arena_undo(arena);
		image = arena_image(arena, &again);
		assert_int_equal(again, len);
		assert_memory_equal(image, before, len);
	}
	all_are_as_they_were_left();
	mem_free(before);
	arena_destroy(arena);
}

static void one_is_shown_at_a_time_and_none_is_lost(void **state)
{
	struct arena *arenas[3];
	int *numbers[3];
	(void)state;

	for (int i = 0; i < 3; i++) {
		arenas[i] = arena_create();
		arena_enter(arenas[i]);
		numbers[i] = mem_zeroed(1 << 20, sizeof(int));
		numbers[i][12345] = i;
		arena_leave(arenas[i]);
	}
	for (int i = 0; i < 3; i++) {
		arena_try(arenas[i]);
		numbers[i][12345] += 10;
	}
	for (int i = 0; i < 3; i++) {
		arena_show(arenas[i]);
		assert_int_equal(numbers[i][12345], 10 + i);
	}
	for (int i = 2; i >= 0; i--) {
		arena_undo(arenas[i]);
		assert_int_equal(numbers[i][12345], i);
	}
	for (int i = 0; i < 3; i++)
		arena_destroy(arenas[i]);
}

static void an_image_is_read_back_pointers_included(void **state)
{
	struct link {
		struct link *next;
		int number;
	} *last = NULL;
	struct arena *arena = arena_create();
	size_t len;
	(void)state;

	arena_enter(arena);
	for (int i = 0; i < 1000; i++) {
		struct link *link = mem_zeroed(1, sizeof(*link));
		*link = (struct link){last, i};
		last = link;
	}
	arena_leave(arena);
	arena_set_root(arena, last);
	const void *image = arena_image(arena, &len);
	void *kept = mem_copy(image, len);
	arena_destroy(arena);

	arena = arena_create();
	memcpy(arena_room(arena, len), kept, len);
	assert_true(arena_adopt(arena, len));
	struct link *link = arena_root(arena);
	for (int i = 999; i >= 0; i--, link = link->next)
		assert_int_equal(link->number, i);
	assert_null(link);
	/* Of another length, or none: it is empty, and can be used. */
	memcpy(arena_room(arena, len), kept, len);
	assert_false(arena_adopt(arena, len - 1));
	assert_null(arena_root(arena));
	arena_enter(arena);
	mem_free(mem_text("something"));
	arena_leave(arena);
	mem_free(kept);
	arena_destroy(arena);
}

static void without_an_arena_it_is_the_heap(void **state)
{
	char *text = mem_text("outside");
	struct arena *arena = arena_create();
	size_t capacity = 8;
	(void)state;

	assert_false(arena_holds(text));
	arena_enter(arena);
	/* It stays where it is. */
	text = mem_grow(text, &capacity, 100, 1);
	assert_false(arena_holds(text));
	mem_free(text);
	arena_leave(arena);
	arena_destroy(arena);
}

static void a_taken_address_is_no_arena(void **state)
{
	void *taken = mmap((void *)(uintptr_t)ARENA_AT, 4096, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	(void)state;

	assert_true(taken != MAP_FAILED);
	assert_null(arena_create());
	munmap(taken, 4096);
	struct arena *arena = arena_create();
	assert_non_null(arena);
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_do_not_overlap),
		cmocka_unit_test(memory_is_used_again),
		cmocka_unit_test(what_is_tried_is_undone),
		cmocka_unit_test(one_is_shown_at_a_time_and_none_is_lost),
		cmocka_unit_test(an_image_is_read_back_pointers_included),
		cmocka_unit_test(without_an_arena_it_is_the_heap),
		cmocka_unit_test(a_taken_address_is_no_arena),
	};
	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
