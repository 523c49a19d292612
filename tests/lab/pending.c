#include "tests/lab/pending.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/mem.h"

static bool before(const struct parcel *a, const struct parcel *b)
{
	return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->order < b->order;
}

void pending_add(struct pending *p, int64_t due_ns, const uint8_t *bytes, size_t len)
{
	struct parcel parcel = {due_ns, p->added++, mem_copy(bytes, len), len};
	size_t at = p->count++;

	p->heap = mem_grow(p->heap, &p->capacity, p->count, sizeof(*p->heap));
	for (; at > 0 && before(&parcel, &p->heap[(at - 1) / 2]); at = (at - 1) / 2)
		p->heap[at] = p->heap[(at - 1) / 2];
	p->heap[at] = parcel;
}

int64_t pending_next(const struct pending *p)
{
	return p->count ? p->heap[0].due_ns : INT64_MAX;
}

struct parcel pending_pop(struct pending *p)
{
	assert(p->count > 0);
	struct parcel first = p->heap[0];
	struct parcel last = p->heap[--p->count];
	size_t at = 0;

	for (size_t child = 1; child < p->count; child = at * 2 + 1) {
		if (child + 1 < p->count && before(&p->heap[child + 1], &p->heap[child]))
			child++;
		if (!before(&p->heap[child], &last))
			break;
		p->heap[at] = p->heap[child];
		at = child;
	}
	p->heap[at] = last; /* when it was the only one: itself, behind the end */
	return first;
}

void pending_finish(struct pending *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->heap[i].bytes);
	free(p->heap);
	*p = (struct pending){0};
}
