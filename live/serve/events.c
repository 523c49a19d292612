#include "live/serve/events.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/text.h"
#include "live/serve/state.h"

enum { IDS = 2048 };

struct events {
	uint64_t run;
	uint64_t count;      /* events so far */
	uint64_t end;        /* bytes so far; byte i is at i % EVENTS_BYTES */
	uint64_t after[IDS]; /* where event n ends, at n % IDS */
	char ring[EVENTS_BYTES];
};

struct events *events_create(uint64_t run)
{
	struct events *events = mem_zeroed(1, sizeof(*events));

	events->run = run;
	return events;
}

void events_destroy(struct events *events)
{
	free(events);
}

static void append(struct events *events, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		events->ring[(events->end + i) % EVENTS_BYTES] = text[i];
	events->end += len;
}

void events_add(struct events *events, const char *name, const char *data)
{
	char head[160];
	uint64_t number = ++events->count;
	int len = snprintf(head, sizeof(head),
		"id: %016" PRIx64 "-%" PRIu64 "\nevent: %s\ndata: ", events->run, number, name);

	append(events, head, (size_t)len);
	append(events, data, strlen(data));
	append(events, "\n\n", 2);
	events->after[number % IDS] = events->end;
}

void events_beat(struct events *events)
{
	static const char beat[] = "event: beat\ndata: {}\n\n";

	append(events, beat, sizeof(beat) - 1);
}

void events_last_id(const struct events *events, char id[EVENT_ID_SIZE])
{
	snprintf(id, EVENT_ID_SIZE, "%016" PRIx64 "-%" PRIu64, events->run, events->count);
}

uint64_t events_end(const struct events *events)
{
	return events->end;
}

bool events_find(const struct events *events, const char *id, uint64_t *ret_at)
{
	char run[17];
	uint64_t number;
	char own[17];

	if (!id || strlen(id) < 18 || id[16] != '-')
		return false;
	memcpy(run, id, 16);
	run[16] = '\0';
	snprintf(own, sizeof(own), "%016" PRIx64, events->run);
	if (strcmp(run, own) != 0 || !text_u64(id + 17, events->count, &number))
		return false;
	if (number + IDS <= events->count)
		return false;
	uint64_t at = number ? events->after[number % IDS] : 0;
	if (at + EVENTS_BYTES < events->end)
		return false;
	*ret_at = at;
	return true;
}

ptrdiff_t events_read(const struct events *events, uint64_t *at, char *bytes, size_t room)
{
	if (*at + EVENTS_BYTES < events->end)
		return -1;
	size_t len = events->end - *at < room ? (size_t)(events->end - *at) : room;
	for (size_t i = 0; i < len; i++)
		bytes[i] = events->ring[(*at + i) % EVENTS_BYTES];
	*at += len;
	return (ptrdiff_t)len;
}

/* --- what changed --- */

static void tell(struct events *events, const char *name, void (*write)(FILE *out, const void *ctx),
	const void *ctx)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		abort();
	write(out, ctx);
	fclose(out);
	events_add(events, name, text);
	free(text);
}

static const struct scene_block *same_block(
	const struct scene *scene, struct prefix prefix, size_t *at)
{
	while (scene && *at < scene->block_count &&
		prefix_order(&scene->blocks[*at].prefix, &prefix) < 0)
		(*at)++;
	return scene && *at < scene->block_count &&
			       prefix_order(&scene->blocks[*at].prefix, &prefix) == 0
		       ? &scene->blocks[*at]
		       : NULL;
}

static void write_change(FILE *out, const void *ctx)
{
	state_write_change(out, ctx);
}

static void write_sweep(FILE *out, const void *ctx)
{
	state_write_sweep(out, ctx);
}

static size_t compare_blocks(
	struct events *events, const struct scene *before, const struct scene *after)
{
	size_t at = 0, changed = 0;

	for (size_t i = 0; before && i < after->block_count; i++) {
		const struct scene_block *block = &after->blocks[i];
		const struct scene_block *old = same_block(before, block->prefix, &at);
		const struct timeline_row *was = old ? scene_last(before, old) : NULL;
		const struct timeline_row *is = scene_last(after, block);
		enum block_state from = was ? was->state : BLOCK_UNKNOWN;
		if (!is || is->state == from)
			continue;
		struct state_change change = {after, block, from, is, NULL};
		tell(events, "change", write_change, &change);
		changed++;
	}
	return changed;
}

static size_t compare_vantages(
	struct events *events, const struct scene *before, const struct scene *after)
{
	size_t changed = 0;

	for (size_t i = 0; before && i < after->facts.vantage_count; i++) {
		const struct vantage_facts *is = &after->facts.vantages[i];
		const struct vantage_facts *was =
			i < before->facts.vantage_count ? &before->facts.vantages[i] : NULL;
		bool blind_before = was && was->blind != REASON_NONE;
		if (blind_before == (is->blind != REASON_NONE))
			continue;
		struct state_change change = {.scene = after, .vantage = is};
		tell(events, "vantage", write_change, &change);
		changed++;
	}
	return changed;
}

size_t events_compare(struct events *events, const struct scene *before, const struct scene *after)
{
	size_t changed =
		compare_blocks(events, before, after) + compare_vantages(events, before, after);

	if (!before || before->end.ns != after->end.ns ||
		before->facts.sweeps != after->facts.sweeps)
		tell(events, "sweep", write_sweep, after);
	return changed;
}

char *events_state(const struct events *events, const struct scene *const *scenes, size_t count)
{
	char id[EVENT_ID_SIZE];
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		abort();
	events_last_id(events, id);
	fprintf(out, "retry: 3000\nid: %s\nevent: state\ndata: ", id);
	state_write_all(out, scenes, count);
	fputs("\n\n", out);
	fclose(out);
	return text;
}
