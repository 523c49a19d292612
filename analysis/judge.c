#include "analysis/judge.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/view.h"
#include "core/mem.h"

struct judge {
	struct constants constants;
	const struct target_row *targets;
	size_t target_count;
	struct view whole;
	bool begun;
	struct wall start, end;
	char **vantages; /* names, by first sweep */
	size_t vantage_count, vantage_capacity;
};

struct judge *judge_create(
	const struct target_row *targets, size_t count, const struct constants *constants)
{
	struct judge *judge = mem_zeroed(1, sizeof(*judge));

	judge->constants = *constants;
	judge->targets = targets;
	judge->target_count = count;
	return judge;
}

void judge_destroy(struct judge *judge)
{
	if (!judge)
		return;
	if (judge->begun)
		view_finish(&judge->whole);
	for (size_t i = 0; i < judge->vantage_count; i++)
		free(judge->vantages[i]);
	free(judge->vantages);
	free(judge);
}

static size_t vantage_number(struct judge *judge, const char *name)
{
	for (size_t i = 0; i < judge->vantage_count; i++)
		if (strcmp(judge->vantages[i], name) == 0)
			return i;
	judge->vantages = mem_grow(judge->vantages, &judge->vantage_capacity,
		judge->vantage_count + 1, sizeof(*judge->vantages));
	judge->vantages[judge->vantage_count] = mem_text(name);
	return judge->vantage_count++;
}

void judge_sweep(struct judge *judge, const struct sweep *sweep)
{
	size_t vantage = vantage_number(judge, sweep->info.vantage);

	if (!judge->begun) {
		judge->begun = true;
		judge->start = judge->end = sweep->info.start;
		view_init(&judge->whole, judge->targets, judge->target_count, judge->start,
			&judge->constants);
	}
	if (sweep->info.end.ns > judge->end.ns)
		judge->end = sweep->info.end;
	view_sweep(&judge->whole, sweep, vantage);
}

void judge_end(struct judge *judge, struct judgement *ret)
{
	*ret = (struct judgement){.start = judge->start,
		.end = judge->end,
		.vantage_count = judge->vantage_count,
		.vantages = judge->vantages};
	if (!judge->begun)
		return;
	view_end(&judge->whole, judge->end);
	for (size_t i = 0; i < judge->whole.block_count; i++)
		timeline_block(&judge->whole.blocks[i], judge->start, judge->end, &ret->rows);
}

const char *judgement_outage(const struct judgement *judgement, size_t loss)
{
	(void)judgement;
	return loss ? "o" : "";
}

void judgement_finish(struct judgement *judgement)
{
	free(judgement->rows.items);
}
