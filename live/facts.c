#include "live/facts.h"

#include <string.h>

static size_t number_of(struct series_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->vantage_count; i++)
		if (strcmp(facts->vantages[i].name, name) == 0)
			return i;
	struct vantage_facts *vantage = &facts->vantages[facts->vantage_count];
	*vantage = (struct vantage_facts){.end = {INT64_MIN}};
	memcpy(vantage->name, name, strlen(name) + 1);
	return facts->vantage_count++;
}

static int64_t shorter(int64_t a, int64_t b)
{
	return a && (!b || a < b) ? a : b;
}

static struct sweep_name name_of(const struct sweep_info *info)
{
	struct sweep_name name = {.number = info->sweep, .start = info->start};

	memcpy(name.vantage, info->vantage, sizeof(name.vantage));
	memcpy(name.epoch, info->epoch, sizeof(name.epoch));
	return name;
}

static void note_gap(struct series_facts *facts, const struct sweep_info *info)
{
	int64_t gap_ns = facts->sweeps ? wall_since(info->start, facts->last.start) : 0;
	struct sweep_name now = name_of(info);

	if (gap_ns > wall_since(facts->after.start, facts->before.start)) {
		facts->before = facts->last;
		facts->after = now;
		facts->until = facts->sweeps;
	}
	facts->last = now;
}

static int64_t longer(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

void facts_note(struct series_facts *facts, const struct sweep_info *info)
{
	size_t number = number_of(facts, info->vantage);
	struct vantage_facts *vantage = &facts->vantages[number];
	int64_t *intervals = facts->interval_of[number];

	if (facts->sweeps == 0) {
		facts->start = info->start;
		facts->end = info->end;
	}
	note_gap(facts, info);
	facts->sweeps++;
	facts->anchored += info->anchors_probed > 0;
	facts->interval_ns = longer(facts->interval_ns, info->interval_ns);
	facts->span_ns = longer(facts->span_ns, wall_since(info->end, info->start));
	if (info->end.ns > facts->end.ns)
		facts->end = info->end;
	vantage->sweeps++;
	intervals[info->tier] = info->interval_ns;
	vantage->interval_ns = shorter(intervals[TIER_FULL], intervals[TIER_WATCH]);
	if (info->end.ns < vantage->end.ns)
		return;
	vantage->tier = info->tier;
	vantage->start = info->start;
	vantage->end = info->end;
	vantage->anchors_probed = info->anchors_probed;
	vantage->anchors_up = info->anchors_up;
}

void facts_settle(struct series_facts *facts, const struct judgement *judgement)
{
	for (size_t i = 0; i < facts->vantage_count && judgement->view; i++)
		facts->vantages[i].blind = judgement->view->blind[i];
}

bool facts_is_late(const struct vantage_facts *vantage, struct wall now)
{
	const int64_t hour_ns = 3600 * NS_PER_S;
	int64_t most_ns = vantage->interval_ns ? 2 * vantage->interval_ns : hour_ns;

	return wall_since(now, vantage->end) > most_ns;
}
