#include "core/arena.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * The file of a memfd, mapped as one piece: shared, or private while it is tried, when the kernel
 * keeps what is written apart from the file and forgets it with the mapping. It grows in place.
 */
struct arena {
	int fd;
	unsigned char *at; /* ARENA_AT, or aside */
	size_t capacity;   /* bytes of the file and of the mapping */
	unsigned entered;
	bool tried;
};

/*
 * Pieces have sizes of a few classes, four to a power of two, and go to a list of their class
 * when they are given back. These lists, and all else that is known of the memory, lie in it.
 */
enum { CLASSES = 160, ALIGN = 16, FIRST_CAPACITY = 1 << 20 };
static const uint64_t magic = UINT64_C(0x4c4f2061726e6131); /* "LO arna1" */

struct piece {
	uint32_t class;
	uint32_t taken;
	struct piece *next; /* on its list */
};

struct region {
	uint64_t magic;
	uint64_t used; /* bytes, this included */
	void *root;
	struct piece *lists[CLASSES];
};

static_assert(sizeof(struct piece) % ALIGN == 0, "what follows it is aligned");

static struct arena *shown;        /* the one at the address */
static _Thread_local struct arena *entered;

static struct region *region(void)
{
	return (struct region *)(uintptr_t)ARENA_AT;
}

static void *address(void)
{
	return (void *)(uintptr_t)ARENA_AT;
}

_Noreturn void memory_ends(void)
{
	fputs("lightsout: out of memory\n", stderr);
	exit(2);
}

static void end_without(const void *mapping)
{
	if (mapping == MAP_FAILED)
		memory_ends();
}

static void *map(const struct arena *arena, bool private, int more)
{
	return mmap(address(), arena->capacity, PROT_READ | PROT_WRITE,
		(private ? MAP_PRIVATE : MAP_SHARED) | more, arena->fd, 0);
}

static void move(struct arena *arena, void *to)
{
	end_without(mremap(arena->at, arena->capacity, arena->capacity,
		MREMAP_MAYMOVE | MREMAP_FIXED, to));
	arena->at = to;
}

static void move_aside(struct arena *arena)
{
	void *room = mmap(NULL, arena->capacity, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	end_without(room);
	move(arena, room);
	shown = NULL;
}

void arena_show(struct arena *arena)
{
	assert(!entered || entered == arena);
	if (shown == arena)
		return;
	if (shown)
		move_aside(shown);
	move(arena, address());
	shown = arena;
}

static void begin(struct region *r)
{
	*r = (struct region){.magic = magic, .used = (sizeof(*r) + ALIGN - 1) / ALIGN * ALIGN};
}

struct arena *arena_create(void)
{
	assert(!entered);
	if (shown)
		move_aside(shown);
	struct arena *arena = calloc(1, sizeof(*arena));
	if (!arena)
		memory_ends();
	arena->capacity = FIRST_CAPACITY;
	arena->fd = memfd_create("lightsout", MFD_CLOEXEC);
	if (arena->fd >= 0 && ftruncate(arena->fd, (off_t)arena->capacity) == 0) {
		arena->at = map(arena, false, MAP_FIXED_NOREPLACE);
		if (arena->at == address()) {
			shown = arena;
			begin(region());
			return arena;
		}
		if (arena->at != MAP_FAILED) /* an old kernel took it for a wish */
			munmap(arena->at, arena->capacity);
	}
	if (arena->fd >= 0)
		close(arena->fd);
	free(arena);
	return NULL;
}

void arena_destroy(struct arena *arena)
{
	if (!arena)
		return;
	assert(!arena->entered);
	munmap(arena->at, arena->capacity);
	if (shown == arena)
		shown = NULL;
	close(arena->fd);
	free(arena);
}

void arena_enter(struct arena *arena)
{
	arena_show(arena);
	entered = arena;
	arena->entered++;
}

void arena_leave(struct arena *arena)
{
	assert(entered == arena && arena->entered);
	if (--arena->entered == 0)
		entered = NULL;
}

void arena_try(struct arena *arena)
{
	assert(!arena->tried);
	arena_show(arena);
	end_without(map(arena, true, MAP_FIXED));
	arena->tried = true;
}

void arena_undo(struct arena *arena)
{
	assert(arena->tried && !arena->entered);
	arena_show(arena);
	end_without(map(arena, false, MAP_FIXED));
	arena->tried = false;
}

bool arena_is_tried(const struct arena *arena)
{
	return arena->tried;
}

void arena_set_root(struct arena *arena, void *root)
{
	arena_show(arena);
	region()->root = root;
}

void *arena_root(struct arena *arena)
{
	arena_show(arena);
	return region()->root;
}

const void *arena_image(struct arena *arena, size_t *ret_len)
{
	assert(!arena->tried);
	arena_show(arena);
	*ret_len = region()->used;
	return region();
}

/* The file first: what is mapped beyond its end cannot be touched. */
static void grow(struct arena *arena, size_t need)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t capacity = arena->capacity + arena->capacity / 2;

	if (capacity < need)
		capacity = need;
	capacity = (capacity + page - 1) / page * page;
	if (capacity > ARENA_MOST || ftruncate(arena->fd, (off_t)capacity) < 0)
		memory_ends();
	end_without(mremap(arena->at, arena->capacity, capacity, 0));
	arena->capacity = capacity;
}

void *arena_room(struct arena *arena, size_t len)
{
	assert(!arena->tried && !arena->entered);
	arena_show(arena);
	if (len > arena->capacity)
		grow(arena, len);
	return region();
}

bool arena_adopt(struct arena *arena, size_t len)
{
	struct region *r = region();

	assert(shown == arena);
	if (len >= sizeof(*r) && r->magic == magic && r->used == len)
		return true;
	begin(r);
	return false;
}

bool arena_is_entered(void)
{
	return entered != NULL;
}

/* 16, 20, 24, 28, 32, 40, 48, 56, 64, ... times four: the least that is enough. */
static unsigned class_of(size_t size)
{
	if (size <= 64)
		return 0;
	unsigned top = 63u - (unsigned)__builtin_clzll(size - 1); /* 2^top < size <= 2^(top + 1) */
	return 1 + (top - 6) * 4 + (unsigned)((size - 1) >> (top - 2) & 3);
}

static size_t class_size(unsigned class)
{
	if (class == 0)
		return 64;
	size_t quarter = (size_t)16 << (class - 1) / 4;
	return quarter * (5 + (class - 1) % 4);
}

static struct piece *piece_of(const void *memory)
{
	return (struct piece *)((uintptr_t)memory - sizeof(struct piece));
}

void *arena_take(size_t size)
{
	struct region *r = region();

	if (size > ARENA_MOST / 2)
		memory_ends();
	unsigned class = class_of(size);
	struct piece *piece = r->lists[class];
	if (piece) {
		r->lists[class] = piece->next;
	} else {
		size_t need = r->used + sizeof(*piece) + class_size(class);
		if (need > entered->capacity)
			grow(entered, need);
		piece = (struct piece *)(uintptr_t)(ARENA_AT + r->used);
		r->used = need;
	}
	*piece = (struct piece){.class = class, .taken = 1};
	return piece + 1;
}

void arena_give(void *memory)
{
	struct piece *piece = piece_of(memory);
	struct region *r = region();

	assert(shown && piece->taken);
	piece->taken = 0;
	piece->next = r->lists[piece->class];
	r->lists[piece->class] = piece;
}

size_t arena_size(const void *memory)
{
	return class_size(piece_of(memory)->class);
}
