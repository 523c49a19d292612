#include "tests/lab/truth.h"

#include <stdlib.h>

#include "core/mem.h"

static int order(const void *a, const void *b)
{
	const int64_t *x = a;
	const int64_t *y = b;

	return (*x > *y) - (*x < *y);
}

static void change_add(struct history *h, size_t *capacity, int64_t at, int64_t end)
{
	if (at < 0 || at >= end)
		return;
	h->changes = mem_grow(h->changes, capacity, h->change_count + 1, sizeof(*h->changes));
	h->changes[h->change_count++] = at;
}

void history_init(struct history *h, const struct scenario *s, const struct plan *plan)
{
	size_t capacity = 0;
	int64_t end = PLAN_FOREVER;

	*h = (struct history){.s = s, .plan = plan, .block_count = (s->host_count + 255) / 256};
	for (size_t i = 0; i < s->event_count; i++)
		if (s->events[i].kind == EVENT_END && s->events[i].at_ns < end)
			end = s->events[i].at_ns;
	h->until = end;
	change_add(h, &capacity, 0, end);
	for (size_t i = 0; i < s->event_count; i++)
		change_add(h, &capacity, s->events[i].at_ns, end);
	for (size_t i = 0; i < plan->count; i++)
		for (size_t k = 0; k < plan->hosts[i].count; k++) {
			change_add(h, &capacity, plan->hosts[i].at[k].from, end);
			change_add(h, &capacity, plan->hosts[i].at[k].until, end);
		}
	qsort(h->changes, h->change_count, sizeof(*h->changes), order);
	size_t kept = 0;
	for (size_t i = 0; i < h->change_count; i++)
		if (kept == 0 || h->changes[kept - 1] != h->changes[i])
			h->changes[kept++] = h->changes[i];
	h->change_count = kept;
	h->changes = mem_grow(h->changes, &capacity, kept + 1, sizeof(*h->changes));
	h->changes[kept] = end;
	h->conditions = mem_zeroed(s->host_count, sizeof(*h->conditions));
	h->blocks = mem_zeroed(h->block_count, sizeof(*h->blocks));
}

void history_finish(struct history *h)
{
	free(h->changes);
	free(h->conditions);
	free(h->blocks);
}

bool history_step(struct history *h)
{
	if (h->next == h->change_count)
		return false;
	h->from = h->changes[h->next];
	h->until = h->changes[++h->next];
	for (; h->next_event < h->s->event_count && h->s->events[h->next_event].at_ns <= h->from;
		h->next_event++)
		for (size_t i = 0; i < h->s->host_count; i++)
			if (range_holds(
				    h->s->events[h->next_event].range, scenario_address(h->s, i)))
				condition_change(&h->conditions[i], &h->s->events[h->next_event]);
	for (size_t b = 0; b < h->block_count; b++)
		h->blocks[b] = (struct tally){0};
	for (size_t i = 0; i < h->s->host_count; i++) {
		struct tally *t = &h->blocks[i / 256];
		const struct condition *c = &h->conditions[i];
		if (!h->s->hosts[i].present)
			continue;
		t->present++;
		if (!plan_life(h->plan, i, h->from))
			t->powerless++;
		else if (c->cut != ROUTER_NONE)
			t->cut++;
		else if (c->silenced)
			t->silenced++;
		else
			t->reachable++;
	}
	return true;
}

const char *tally_state(const struct tally *t)
{
	size_t gone = t->present - t->reachable;

	if (t->present == 0)
		return "unknown";
	if (t->reachable == 0)
		return "down";
	return gone >= 2 && gone * 4 >= t->present ? "degraded" : "up";
}

const char *tally_cause(const struct tally *t)
{
	if (t->powerless + t->cut + t->silenced == 0)
		return "";
	if (t->powerless >= t->cut && t->powerless >= t->silenced)
		return "power_loss";
	return t->cut >= t->silenced ? "upstream_disconnect" : "routing";
}
