#include "core/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *mem_checked(void *memory)
{
	if (memory)
		return memory;
	fputs("lightsout: out of memory\n", stderr);
	exit(2);
}

void *mem_zeroed(size_t count, size_t size)
{
	return mem_checked(calloc(count ? count : 1, size ? size : 1));
}

void *mem_copy(const void *bytes, size_t len)
{
	void *copy = mem_checked(malloc(len ? len : 1));

	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

char *mem_text(const char *text)
{
	return mem_copy(text, strlen(text) + 1);
}

void *mem_grow(void *array, size_t *capacity, size_t need, size_t size)
{
	if (need <= *capacity)
		return array;
	size_t room = *capacity ? *capacity : 16;
	while (room < need)
		room = room > SIZE_MAX / 2 ? need : room * 2;
	array = mem_checked(reallocarray(array, room, size));
	*capacity = room;
	return array;
}

void *mem_shrink(void *array, size_t count, size_t size)
{
	return mem_checked(reallocarray(array, count ? count : 1, size));
}

void mem_free(void *memory)
{
	free(memory);
}
