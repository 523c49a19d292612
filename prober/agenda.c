#include "prober/agenda.h"

#include <stdlib.h>

#include "core/mem.h"

void agenda_init(struct agenda *agenda, size_t capacity)
{
	*agenda = (struct agenda){
		.entries = mem_zeroed(capacity, sizeof(*agenda->entries)),
		.capacity = capacity,
	};
}

void agenda_finish(struct agenda *agenda)
{
	free(agenda->entries);
	*agenda = (struct agenda){0};
}

static bool earlier(const struct agenda_entry *a, const struct agenda_entry *b)
{
	return a->at.ns != b->at.ns ? a->at.ns < b->at.ns : a->task < b->task;
}

void agenda_add(struct agenda *agenda, struct mono at, uint32_t task)
{
	struct agenda_entry entry = {at, task};

	agenda->entries =
		mem_grow(agenda->entries, &agenda->capacity, agenda->count + 1, sizeof(entry));
	size_t i = agenda->count++;
	for (; i > 0; i = (i - 1) / 2) {
		size_t parent = (i - 1) / 2;
		if (!earlier(&entry, &agenda->entries[parent]))
			break;
		agenda->entries[i] = agenda->entries[parent];
	}
	agenda->entries[i] = entry;
}

const struct agenda_entry *agenda_first(const struct agenda *agenda)
{
	return agenda->count ? &agenda->entries[0] : NULL;
}

void agenda_drop_first(struct agenda *agenda)
{
	struct agenda_entry last = agenda->entries[--agenda->count];
	size_t i = 0;

	for (;;) {
		size_t child = 2 * i + 1;
		if (child >= agenda->count)
			break;
		if (child + 1 < agenda->count &&
			earlier(&agenda->entries[child + 1], &agenda->entries[child]))
			child++;
		if (!earlier(&agenda->entries[child], &last))
			break;
		agenda->entries[i] = agenda->entries[child];
		i = child;
	}
	agenda->entries[i] = last;
}
