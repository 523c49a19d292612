#ifndef CORE_MEM_H
#define CORE_MEM_H

#include <stddef.h>

/*
 * Memory that is there or the program ends: a daemon that is restarted beats
 * one that goes on with half its state. What is returned is owned by the
 * caller and given back with mem_free(). While an arena is entered (core/arena.h) it lies
 * there; who never works in one may use free().
 */
void *mem_zeroed(size_t count, size_t size);
void *mem_copy(const void *bytes, size_t len);
char *mem_text(const char *text);

/* What a library allocated, if it could: the same rule for its memory. */
void *mem_checked(void *memory);

/*
 * Room for `need` elements in a growing array: returns the array, perhaps
 * moved, and raises *capacity (elements, not bytes) when it had to grow.
 */
void *mem_grow(void *array, size_t *capacity, size_t need, size_t size);

/* The same array with room for no more than `count`, perhaps moved. */
void *mem_shrink(void *array, size_t count, size_t size);

void mem_free(void *memory); /* NULL is fine */

#endif
