#include "prober/sweep/timer_queue.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

void agenda_init(struct agenda *agenda, size_t capacity)
{
	struct agenda_run *run = &agenda->runs[0];

	*agenda = (struct agenda){.heap = {NULL, 0, 0, 0}};
	run->entries = mem_grow(NULL, &run->capacity, capacity, sizeof(*run->entries));
}

void agenda_finish(struct agenda *agenda)
{
	for (size_t i = 0; i < AGENDA_RUNS; i++)
		free(agenda->runs[i].entries);
	free(agenda->heap.entries);
	*agenda = (struct agenda){.heap = {NULL, 0, 0, 0}};
}

static bool earlier(const struct agenda_entry *a, const struct agenda_entry *b)
{
	return a->at.ns != b->at.ns ? a->at.ns < b->at.ns : a->task < b->task;
}

static bool is_empty(const struct agenda_run *run)
{
	return run->first == run->end;
}

/* Room for one more at the end. */
static void make_room(struct agenda_run *run)
{
	if (run->end == run->capacity && run->first > run->capacity / 2) {
		memmove(run->entries, run->entries + run->first,
			(run->end - run->first) * sizeof(*run->entries));
		run->end -= run->first;
		run->first = 0;
	}
	run->entries = mem_grow(run->entries, &run->capacity, run->end + 1, sizeof(*run->entries));
}

/* The run that ends latest and not behind this entry; else an empty one, or NULL. */
static struct agenda_run *run_for(struct agenda *agenda, const struct agenda_entry *entry)
{
	struct agenda_run *best = NULL;

	for (size_t i = 0; i < AGENDA_RUNS; i++) {
		struct agenda_run *run = &agenda->runs[i];
		if (is_empty(run)) {
			run->first = run->end = 0;
			if (!best)
				best = run;
			continue;
		}
		const struct agenda_entry *last = &run->entries[run->end - 1];
		if (earlier(entry, last))
			continue;
		if (!best || is_empty(best) || earlier(&best->entries[best->end - 1], last))
			best = run;
	}
	return best;
}

static void heap_add(struct agenda_run *heap, struct agenda_entry entry)
{
	size_t i = heap->end++;

	for (; i > 0; i = (i - 1) / 2) {
		size_t parent = (i - 1) / 2;
		if (!earlier(&entry, &heap->entries[parent]))
			break;
		heap->entries[i] = heap->entries[parent];
	}
	heap->entries[i] = entry;
}

static void heap_drop_first(struct agenda_run *heap)
{
	struct agenda_entry last = heap->entries[--heap->end];
	size_t i = 0;

	for (;;) {
		size_t child = 2 * i + 1;
		if (child >= heap->end)
			break;
		if (child + 1 < heap->end &&
			earlier(&heap->entries[child + 1], &heap->entries[child]))
			child++;
		if (!earlier(&heap->entries[child], &last))
			break;
		heap->entries[i] = heap->entries[child];
		i = child;
	}
	heap->entries[i] = last;
}

void agenda_add(struct agenda *agenda, struct mono at, uint32_t task)
{
	struct agenda_entry entry = {at, task};
	struct agenda_run *run = run_for(agenda, &entry);

	if (run) {
		make_room(run);
		run->entries[run->end++] = entry;
	} else {
		make_room(&agenda->heap);
		heap_add(&agenda->heap, entry);
	}
}

/* Where the earliest stands. */
static const struct agenda_run *earliest(const struct agenda *agenda)
{
	const struct agenda_run *best = is_empty(&agenda->heap) ? NULL : &agenda->heap;

	for (size_t i = 0; i < AGENDA_RUNS; i++) {
		const struct agenda_run *run = &agenda->runs[i];
		if (!is_empty(run) &&
			(!best || earlier(&run->entries[run->first], &best->entries[best->first])))
			best = run;
	}
	return best;
}

const struct agenda_entry *agenda_first(const struct agenda *agenda)
{
	const struct agenda_run *run = earliest(agenda);

	return run ? &run->entries[run->first] : NULL;
}

void agenda_drop_first(struct agenda *agenda)
{
	const struct agenda_run *run = earliest(agenda);

	if (run == &agenda->heap)
		heap_drop_first(&agenda->heap);
	else
		agenda->runs[run - agenda->runs].first++;
}
