#include "core/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"

void *mem_checked(void *memory)
{
	if (!memory)
		memory_ends();
	return memory;
}

/* So many bytes; more than there are ends the program. */
static size_t bytes_of(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		memory_ends();
	return bytes ? bytes : 1;
}

static void *take(size_t bytes)
{
	return arena_is_entered() ? arena_take(bytes) : mem_checked(malloc(bytes));
}

void *mem_zeroed(size_t count, size_t size)
{
	size_t bytes = bytes_of(count, size);

	if (arena_is_entered())
		return memset(arena_take(bytes), 0, bytes);
	return mem_checked(calloc(1, bytes));
}

void *mem_copy(const void *bytes, size_t len)
{
	void *copy = take(len ? len : 1);

	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

char *mem_text(const char *text)
{
	return mem_copy(text, strlen(text) + 1);
}

/* It stays where it is: in the arena, or outside. */
static void *resize(void *array, size_t bytes)
{
	if (!array)
		return take(bytes);
	if (!arena_holds(array))
		return mem_checked(realloc(array, bytes));
	size_t room = arena_size(array);
	if (bytes <= room && bytes > room / 2)
		return array;
	void *moved = memcpy(arena_take(bytes), array, bytes < room ? bytes : room);
	arena_give(array);
	return moved;
}

void *mem_grow(void *array, size_t *capacity, size_t need, size_t size)
{
	if (need <= *capacity)
		return array;
	size_t room = *capacity ? *capacity : 16;
	while (room < need)
		room = room > SIZE_MAX / 2 ? need : room * 2;
	array = resize(array, bytes_of(room, size));
	*capacity = room;
	return array;
}

void *mem_shrink(void *array, size_t count, size_t size)
{
	return resize(array, bytes_of(count, size));
}

void mem_free(void *memory)
{
	if (arena_holds(memory))
		arena_give(memory);
	else
		free(memory);
}
