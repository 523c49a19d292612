#include "live/told/told.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/mem.h"

const char *told_sight_name(enum told_sight sight)
{
	static const char *const names[] = {"sees", "blind", "no_sweep"};

	return names[sight];
}

void told_init(struct told *told, uint64_t run)
{
	*told = (struct told){.next = 1};
	snprintf(told->run, sizeof(told->run), "%016" PRIx64, run);
}

void told_finish(struct told *told)
{
	for (size_t i = 0; i < told->event_count; i++)
		mem_free(told->events[i].json);
	mem_free(told->events);
	mem_free(told->blocks);
	mem_free(told->vantages);
	mem_free(told->causes);
}

struct told_block *told_block_of(struct told *told, struct prefix prefix)
{
	size_t low = 0, high = told->block_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = prefix_order(&told->blocks[middle].prefix, &prefix);
		if (order == 0)
			return &told->blocks[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	told->blocks = mem_grow(
		told->blocks, &told->block_capacity, told->block_count + 1, sizeof(*told->blocks));
	memmove(&told->blocks[low + 1], &told->blocks[low],
		(told->block_count++ - low) * sizeof(*told->blocks));
	told->blocks[low] =
		(struct told_block){.prefix = prefix, .state = BLOCK_UNKNOWN, .since = {-1}};
	return &told->blocks[low];
}

struct told_vantage *told_vantage_of(struct told *told, const char *name)
{
	for (size_t i = 0; i < told->vantage_count; i++)
		if (strcmp(told->vantages[i].name, name) == 0)
			return &told->vantages[i];
	told->vantages = mem_grow(told->vantages, &told->vantage_capacity, told->vantage_count + 1,
		sizeof(*told->vantages));
	struct told_vantage *vantage = &told->vantages[told->vantage_count++];
	*vantage = (struct told_vantage){.sight = SIGHT_SEES};
	snprintf(vantage->name, sizeof(vantage->name), "%s", name);
	return vantage;
}

struct told_cause *told_cause_of(struct told *told, const char *outage)
{
	for (size_t i = 0; i < told->cause_count; i++)
		if (strcmp(told->causes[i].outage, outage) == 0)
			return &told->causes[i];
	return NULL;
}

struct told_cause *told_cause_add(struct told *told, const char *outage, int cause)
{
	if (told->cause_count == TOLD_CAUSES_MOST)
		memmove(told->causes, told->causes + 1,
			--told->cause_count * sizeof(*told->causes));
	told->causes = mem_grow(
		told->causes, &told->cause_capacity, told->cause_count + 1, sizeof(*told->causes));
	struct told_cause *one = &told->causes[told->cause_count++];
	*one = (struct told_cause){.cause = cause};
	snprintf(one->outage, sizeof(one->outage), "%s", outage);
	return one;
}

static void forget(struct told *told, size_t i)
{
	mem_free(told->events[i].json);
	told->event_count--;
	memmove(&told->events[i], &told->events[i + 1],
		(told->event_count - i) * sizeof(*told->events));
}

void told_owe(struct told *told, unsigned channels, char *json)
{
	if (told->event_count == TOLD_EVENTS_MOST) {
		told->lost++;
		forget(told, 0);
	}
	told->events = mem_grow(
		told->events, &told->event_capacity, told->event_count + 1, sizeof(*told->events));
	told->events[told->event_count++] =
		(struct told_event){.number = told->next++, .owed = channels, .json = json};
}

const struct told_event *told_owed(const struct told *told, enum told_channel channel)
{
	for (size_t i = 0; i < told->event_count; i++)
		if (told->events[i].owed >> channel & 1)
			return &told->events[i];
	return NULL;
}

void told_acknowledge(struct told *told, enum told_channel channel, uint64_t number)
{
	for (size_t i = 0; i < told->event_count; i++)
		if (told->events[i].number == number) {
			told->events[i].owed &= ~(1U << channel);
			if (!told->events[i].owed)
				forget(told, i);
			return;
		}
}

void told_drop_channels(struct told *told, unsigned channels)
{
	for (size_t i = told->event_count; i-- > 0;) {
		told->events[i].owed &= channels;
		if (!told->events[i].owed)
			forget(told, i);
	}
}
