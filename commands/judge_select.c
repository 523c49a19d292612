#include "commands/judge_select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/country_word.h"
#include "core/mem.h"
#include "core/text.h"

bool select_sweep(
	const struct judge_run *run, const struct sweep_info *info, struct vantage_names *names)
{
	size_t i = 0;

	if (!run->vantage)
		return true;
	if (strcmp(info->vantage, run->vantage) == 0) {
		names->found = true;
		return true;
	}
	while (i < names->count && strcmp(names->items[i], info->vantage) != 0)
		i++;
	if (i == names->count && i < VANTAGES_MOST)
		memcpy(names->items[names->count++], info->vantage, VANTAGE_SIZE);
	return false;
}

int select_vantage(const struct judge_run *run, const struct vantage_names *names)
{
	if (!run->vantage || names->found || names->count == 0)
		return 0;
	fprintf(stderr, "lightsout: %s: no vantage point \"%s\", expected ", run->store,
		run->vantage);
	for (size_t i = 0; i < names->count; i++) {
		char name[VANTAGE_SIZE];
		memcpy(name, names->items[i], sizeof(name));
		text_clean(name);
		fprintf(stderr, "%s\"%s\"",
			i == 0                  ? ""
			: i + 1 == names->count ? " or "
						: ", ",
			name);
	}
	putc('\n', stderr);
	return -1;
}

static bool overlap(struct prefix a, struct prefix b)
{
	return prefix_holds(a, b.base) || prefix_holds(b, a.base);
}

static int say_blocks(const struct judge_run *run, const struct timeline_rows *rows)
{
	enum { NAMED_MOST = 16 };
	char text[ADDRESS_TEXT_SIZE];
	size_t named = 0;

	prefix_format(run->block, text);
	fprintf(stderr, "lightsout: %s: no block in %s, expected some of ", run->store, text);
	for (size_t i = 0; i < rows->count; i++) {
		if (i && prefix_order(&rows->items[i - 1].block, &rows->items[i].block) == 0)
			continue;
		if (++named > NAMED_MOST)
			continue;
		prefix_format(rows->items[i].block, text);
		fprintf(stderr, "%s%s", named > 1 ? ", " : "", text);
	}
	if (named > NAMED_MOST)
		fprintf(stderr, " and %zu more", named - NAMED_MOST);
	putc('\n', stderr);
	return -1;
}

static void keep_rows(struct timeline_rows *rows, struct prefix block)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->count; i++)
		if (overlap(rows->items[i].block, block))
			rows->items[kept++] = rows->items[i];
	rows->count = kept;
}

static bool is_of(const struct outage *outage, struct prefix block)
{
	for (size_t i = 0; i < outage->block_count; i++)
		if (overlap(outage->blocks[i], block))
			return true;
	return false;
}

static void keep_outages(struct judge_run *run)
{
	struct outages *outages = &run->judgement.outages;
	size_t *to = mem_zeroed(outages->count + 1, sizeof(*to)); /* 1 + where it went; 0: not shown */
	size_t kept = 0;

	for (size_t i = 0; i < outages->count; i++)
		if (is_of(&outages->items[i], run->block)) {
			outages->items[kept++] = outages->items[i];
			to[i] = kept;
		}
	for (size_t i = 0; i < run->judgement.view->disruptions.count; i++) {
		size_t *outage = &run->judgement.outage_of[i];
		*outage = *outage ? to[*outage - 1] : 0;
	}
	outages->count = kept;
	mem_free(to);
}

/* What is asked of the targets is asked of those in the block. */
static void keep_targets(struct judge_run *run)
{
	size_t kept = 0;

	for (size_t i = 0; i < run->target_count; i++) {
		struct target_row row = run->targets[i];
		if (row.role == ROLE_TARGET && !overlap(row.prefix, run->block))
			continue;
		if (row.role == ROLE_TARGET && row.prefix.len < run->block.len)
			row.prefix = run->block;
		run->targets[kept++] = row;
	}
	run->target_count = kept;
}

int select_block(struct judge_run *run)
{
	struct timeline_rows *rows = &run->judgement.rows;
	bool any = false;

	if (run->country)
		country_rows(rows->items, rows->count, &run->country_rows);
	if (!run->block_given || rows->count == 0)
		return 0;
	for (size_t i = 0; i < rows->count; i++)
		any |= overlap(rows->items[i].block, run->block);
	if (!any)
		return say_blocks(run, rows);
	keep_rows(rows, run->block);
	keep_outages(run);
	keep_targets(run);
	return 0;
}

void select_begin(struct judge_run *run, const struct judgement *judgement)
{
	struct judgement *j = &run->judgement;
	size_t losses = judgement->view ? judgement->view->disruptions.count : 0;

	*j = *judgement;
	j->rows.items = mem_copy(j->rows.items, j->rows.count * sizeof(*j->rows.items));
	j->outages.items = mem_copy(j->outages.items, j->outages.count * sizeof(*j->outages.items));
	j->outage_of = mem_copy(j->outage_of, losses * sizeof(*j->outage_of));
}

void select_undo(struct judge_run *run)
{
	mem_free(run->judgement.rows.items);
	mem_free(run->judgement.outages.items);
	mem_free(run->judgement.outage_of);
	mem_free(run->targets);
	mem_free(run->country_rows.items);
}
