#include "prober/sweep/timer_queue.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

void timer_queue_init(struct timer_queue *timers, size_t capacity)
{
	struct timer_queue_run *run = &timers->runs[0];

	*timers = (struct timer_queue){.heap = {NULL, 0, 0, 0}};
	run->entries = mem_grow(NULL, &run->capacity, capacity, sizeof(*run->entries));
}

void timer_queue_finish(struct timer_queue *timers)
{
	for (size_t i = 0; i < TIMER_QUEUE_RUNS; i++)
		free(timers->runs[i].entries);
	free(timers->heap.entries);
	*timers = (struct timer_queue){.heap = {NULL, 0, 0, 0}};
}

static bool earlier(const struct timer_queue_entry *a, const struct timer_queue_entry *b)
{
	return a->at.ns != b->at.ns ? a->at.ns < b->at.ns : a->task < b->task;
}

static bool is_empty(const struct timer_queue_run *run)
{
	return run->first == run->end;
}

/* Room for one more at the end. */
static void make_room(struct timer_queue_run *run)
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
static struct timer_queue_run *run_for(
	struct timer_queue *timers, const struct timer_queue_entry *entry)
{
	struct timer_queue_run *best = NULL;

	for (size_t i = 0; i < TIMER_QUEUE_RUNS; i++) {
		struct timer_queue_run *run = &timers->runs[i];
		if (is_empty(run)) {
			run->first = run->end = 0;
			if (!best)
				best = run;
			continue;
		}
		const struct timer_queue_entry *last = &run->entries[run->end - 1];
		if (earlier(entry, last))
			continue;
		if (!best || is_empty(best) || earlier(&best->entries[best->end - 1], last))
			best = run;
	}
	return best;
}

static void heap_add(struct timer_queue_run *heap, struct timer_queue_entry entry)
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

static void heap_drop_first(struct timer_queue_run *heap)
{
	struct timer_queue_entry last = heap->entries[--heap->end];
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

void timer_queue_add(struct timer_queue *timers, struct mono at, uint32_t task)
{
	struct timer_queue_entry entry = {at, task};
	struct timer_queue_run *run = run_for(timers, &entry);

	if (run) {
		make_room(run);
		run->entries[run->end++] = entry;
	} else {
		make_room(&timers->heap);
		heap_add(&timers->heap, entry);
	}
}

/* Where the earliest stands. */
static const struct timer_queue_run *earliest(const struct timer_queue *timers)
{
	const struct timer_queue_run *best = is_empty(&timers->heap) ? NULL : &timers->heap;

	for (size_t i = 0; i < TIMER_QUEUE_RUNS; i++) {
		const struct timer_queue_run *run = &timers->runs[i];
		if (!is_empty(run) &&
			(!best || earlier(&run->entries[run->first], &best->entries[best->first])))
			best = run;
	}
	return best;
}

const struct timer_queue_entry *timer_queue_first(const struct timer_queue *timers)
{
	const struct timer_queue_run *run = earliest(timers);

	return run ? &run->entries[run->first] : NULL;
}

void timer_queue_drop_first(struct timer_queue *timers)
{
	const struct timer_queue_run *run = earliest(timers);

	if (run == &timers->heap)
		heap_drop_first(&timers->heap);
	else
		timers->runs[run - timers->runs].first++;
}
