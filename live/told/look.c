/* What has changed for long enough to be told. */
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "live/told/event.h"
#include "live/told/told.h"

enum { DAY_S = 86400 };

/* What is said of the past now may differ from what was said: a change is news for a day. */
static const int64_t news_ns = DAY_S * NS_PER_S;

struct looking {
	struct told *told;
	const struct scene *scene;
	const struct told_rule *rule;
	struct wall now;
	struct told_change *changes;
	size_t count, capacity;
	bool changed;
};

static bool is_told(const struct looking *l, enum change_kind tell)
{
	return l->rule->tell >> tell & 1;
}

static enum change_kind tell_of(enum block_state state)
{
	return state == BLOCK_DOWN       ? CHANGE_DOWN
	       : state == BLOCK_DEGRADED ? CHANGE_DEGRADED
					 : CHANGE_RECOVERED;
}

/* The block is in another state than was told, and stays there. */
static void note_change(
	struct looking *l, size_t number, const struct timeline_row *row, struct told_block *told)
{
	enum change_kind tell = tell_of(row->state);
	bool bad = row->state != BLOCK_UP;
	bool say = is_told(l, tell) && (bad || told->open);

	if (say) {
		l->changes = mem_grow(l->changes, &l->capacity, l->count + 1, sizeof(*l->changes));
		l->changes[l->count++] = (struct told_change){.block = number,
			.from = told->state,
			.row = row,
			.due = wall_after(row->start, l->rule->hold_ns)};
	}
	told->open = bad ? told->open || say : false;
	told->state = row->state;
	l->changed = true;
}

/* The rows of a block since the one by which its state was told. */
static void look_at_block(struct looking *l, size_t number)
{
	const struct scene_block *block = &l->scene->blocks[number];
	const struct timeline_row *rows = &l->scene->rows[block->first];
	struct told_block *told = told_block_of(l->told, block->prefix);

	for (size_t i = 0; i < block->count;) {
		size_t last = i;
		while (last + 1 < block->count && rows[last + 1].state == rows[i].state)
			last++;
		const struct timeline_row *row = &rows[i];
		int64_t lasted = wall_since(rows[last].end, row->start);
		bool current = last + 1 == block->count;
		bool news = row->start.ns > told->since.ns &&
			    row->start.ns + l->rule->hold_ns + news_ns > l->told->seen.ns;
		i = last + 1;
		if (row->state == BLOCK_UNKNOWN || lasted < l->rule->hold_ns || !(news || current))
			continue;
		if (told->state == BLOCK_UNKNOWN &&
			row->state == BLOCK_UP) { /* known from now on */
			told->state = BLOCK_UP;
			l->changed = true;
		} else if (row->state != told->state) {
			note_change(l, number, row, told);
		}
		if (row->start.ns > told->since.ns)
			told->since = row->start;
	}
}

/* By when they are due, then by state, so that what goes together is together. */
static int change_order(const void *a, const void *b)
{
	const struct told_change *x = a;
	const struct told_change *y = b;

	if (x->due.ns != y->due.ns)
		return x->due.ns < y->due.ns ? -1 : 1;
	return x->block < y->block ? -1 : x->block > y->block;
}

/* One event for blocks that come to one state within the time that is waited anyway. */
static void owe_changes(struct looking *l)
{
	if (l->count)
		qsort(l->changes, l->count, sizeof(*l->changes), change_order);
	for (size_t i = 0; i < l->count;) {
		size_t count = 1;
		while (i + count < l->count &&
			l->changes[i + count].row->state == l->changes[i].row->state &&
			wall_since(l->changes[i + count].due, l->changes[i].due) <=
				l->rule->hold_ns)
			count++;
		told_owe(l->told, l->rule->channels,
			event_of_blocks(l->told, l->scene, &l->changes[i], count));
		i += count;
	}
	mem_free(l->changes);
}

/* --- vantage points --- */

static enum told_sight sight_of(const struct looking *l, const struct vantage_facts *facts)
{
	if (l->rule->lateness && facts_is_late(facts, l->now))
		return SIGHT_LATE;
	return facts->blind != REASON_NONE ? SIGHT_BLIND : SIGHT_SEES;
}

static void look_at_vantage(struct looking *l, const struct vantage_facts *facts, bool first)
{
	struct told_vantage *told = told_vantage_of(l->told, facts->name);
	enum told_sight sight = sight_of(l, facts);
	struct wall clock = sight == SIGHT_LATE ? l->now : l->scene->end;

	if (!told->looked || told->is != sight) {
		told->looked = true;
		told->is = sight;
		told->since = clock;
	}
	if (sight == told->sight || (!first && wall_since(clock, told->since) < l->rule->hold_ns))
		return;
	enum change_kind tell = sight == SIGHT_SEES    ? CHANGE_RECOVERED
				: sight == SIGHT_BLIND ? CHANGE_BLIND
						       : CHANGE_NO_SWEEP;
	bool bad = sight != SIGHT_SEES;
	bool say = is_told(l, tell) && (bad || told->open);
	told->sight = sight;
	told->open = bad ? told->open || say : false;
	l->changed = true;
	if (say && !first)
		told_owe(l->told, l->rule->channels,
			event_of_vantage(l->told, l->scene, facts, tell));
}

/* --- causes --- */

/* An outage of a block of which it was told that it is not up. */
static void follow_causes(struct looking *l)
{
	for (size_t i = 0; i < l->scene->block_count; i++) {
		const struct timeline_row *row = scene_last(l->scene, &l->scene->blocks[i]);
		if (!row || row->state == BLOCK_UP || row->state == BLOCK_UNKNOWN)
			continue;
		size_t outage = l->scene->row_outage[row - l->scene->rows];
		if (!outage || !told_block_of(l->told, row->block)->open)
			continue;
		const struct outage *o = &l->scene->outages[outage - 1];
		if (!told_cause_of(l->told, o->id)) {
			told_cause_add(l->told, o->id, CAUSE_UNDETERMINED);
			l->changed = true;
		}
	}
}

static void look_at_causes(struct looking *l)
{
	for (size_t i = l->told->cause_count; i-- > 0;) {
		struct told_cause *told = &l->told->causes[i];
		const struct outage *o = scene_outage(l->scene, told->outage);
		if (!o)
			continue;
		if (!told->looked || told->is != (int)o->verdict.cause) {
			told->looked = true;
			told->is = (int)o->verdict.cause;
			told->since = l->scene->end;
		}
		if (told->is != told->cause &&
			wall_since(l->scene->end, told->since) >= l->rule->hold_ns) {
			int from = told->cause;
			told->cause = told->is;
			l->changed = true;
			if (is_told(l, CHANGE_CAUSE))
				told_owe(l->told, l->rule->channels,
					event_of_cause(l->told, l->scene, o, from));
		}
		if (o->end_high_ns && l->scene->end.ns - o->end_high_ns > news_ns) {
			l->told->cause_count--;
			memmove(told, told + 1, (l->told->cause_count - i) * sizeof(*told));
			l->changed = true;
		}
	}
}

/* Another store than before: what was told was told of that one. */
static void begin(struct told *told, const struct scene *scene)
{
	memcpy(told->epoch, scene->facts.epoch, sizeof(told->epoch));
	told->block_count = told->vantage_count = told->cause_count = 0;
	told->seen.ns = INT64_MIN / 2;
}

/* At first: what is so now. */
static void adopt_block(struct looking *l, size_t number)
{
	const struct scene_block *block = &l->scene->blocks[number];
	struct told_block *told = told_block_of(l->told, block->prefix);

	for (size_t i = block->count; i-- > 0;) {
		const struct timeline_row *row = &l->scene->rows[block->first + i];
		if (row->state == BLOCK_UNKNOWN ||
			wall_since(row->end, row->start) < l->rule->hold_ns)
			continue;
		told->state = row->state;
		told->since = row->start;
		told->open = row->state != BLOCK_UP && is_told(l, tell_of(row->state));
		return;
	}
}

bool told_look(
	struct told *told, const struct scene *scene, const struct told_rule *rule, struct wall now)
{
	struct looking l = {.told = told, .scene = scene, .rule = rule, .now = now};
	bool first = strcmp(told->epoch, scene->facts.epoch) != 0;

	if (scene->facts.sweeps == 0)
		return false;
	if (first)
		begin(told, scene);
	for (size_t i = 0; i < scene->block_count; i++)
		if (first)
			adopt_block(&l, i);
		else
			look_at_block(&l, i);
	owe_changes(&l);
	for (size_t i = 0; i < scene->facts.vantage_count; i++)
		look_at_vantage(&l, &scene->facts.vantages[i], first);
	follow_causes(&l);
	look_at_causes(&l);
	told->seen = scene->end;
	return first || l.changed;
}
