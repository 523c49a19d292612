#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Memory that can be tried, undone and kept: all of it lies at one address, ARENA_AT, in every
 * process, so that what was built in it can be written to a file as it is and read back, pointers
 * included. Nothing in it may point to the outside.
 *
 * While an arena is entered, core/mem takes its memory from it; mem_free knows by the address
 * where a piece belongs. One arena lies at the address at a time, and only its memory can be
 * used: the others are moved aside, whole, and come back when they are entered. One thread.
 *
 * Memory that is not there ends the program, as in core/mem.
 */
#define ARENA_AT UINT64_C(0x200000000000) /* far from where Linux puts anything by itself */
#define ARENA_MOST (UINT64_C(1) << 40)

struct arena;

/* NULL: this machine has no room at the address. */
struct arena *arena_create(void);
void arena_destroy(struct arena *arena); /* NULL is fine; not while it is entered */

/* From here on memory comes from it. May be nested, of one arena. */
void arena_enter(struct arena *arena);
void arena_leave(struct arena *arena);

/* Have its memory at the address, to be read, without taking more from it. */
void arena_show(struct arena *arena);

/* What is done from here on is for the moment: arena_undo takes all of it back. Once at a time.
 * It costs what is changed. */
void arena_try(struct arena *arena);
void arena_undo(struct arena *arena);
bool arena_is_tried(const struct arena *arena);

/* Where whoever comes back to this memory begins: a piece of it, or NULL. */
void arena_set_root(struct arena *arena, void *root);
void *arena_root(struct arena *arena);

/* All of it as bytes, to be written to a file. Not while it is tried. */
const void *arena_image(struct arena *arena, size_t *ret_len);
/* Room for an image of so many bytes, to be read into; what was there before is gone. Then
 * arena_adopt: false where it is none, and the arena is empty. It trusts the bytes: they must
 * be known to be ours. */
void *arena_room(struct arena *arena, size_t len);
bool arena_adopt(struct arena *arena, size_t len);

/* Say that there is no more, and end the program. */
_Noreturn void memory_ends(void);

/* For core/mem. */
bool arena_is_entered(void);
static inline bool arena_holds(const void *memory)
{
	return (uint64_t)(uintptr_t)memory - ARENA_AT < ARENA_MOST;
}
void *arena_take(size_t size); /* aligned for everything; not zeroed */
void arena_give(void *memory);
size_t arena_size(const void *memory); /* what arena_take gave, or more */

#endif
