#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "report/figure_parts.h"

double panel_x(const struct panel *panel, struct wall at)
{
	double span = (double)wall_since(panel->to, panel->from);
	double share = (double)wall_since(at, panel->from) / span;

	if (share < 0)
		share = 0;
	if (share > 1)
		share = 1;
	return panel->left + share * (panel->right - panel->left);
}

/* Who has so many blocks has no room for letters: height, gap to the next, and whether each has
 * a label. */
static const struct {
	size_t most;
	double height, gap;
	bool named;
} sizes[] = {
	{8, 10, 3.4, true},
	{16, 8, 2.4, true},
	{48, 6, 1.6, true},
	{120, 2.6, 0.6, false},
	{400, 1, 0.2, false},
};
enum { SIZE_COUNT = sizeof(sizes) / sizeof(sizes[0]) };
/* All strips together are no higher; the rest of a page is for the rest of the figure. */
#define STRIPS_MOST 480.0
#define GROUP_GAP 3.4

/* The allocation that a block lies in: the longest row of the targets that holds it, if that is
 * wider than the block. */
static struct prefix allocation_of(const struct figure_data *data, struct prefix block)
{
	struct prefix best = block;
	int longest = -1;

	for (size_t i = 0; i < data->target_count; i++) {
		const struct target_row *row = &data->targets[i];
		if (row->role == ROLE_TARGET && prefix_holds(row->prefix, block.base) &&
			row->prefix.len > longest && row->prefix.len <= block.len) {
			longest = row->prefix.len;
			best = row->prefix;
		}
	}
	return best;
}

/* Does it belong to the group before it? Blocks that are listed one by one do where they adjoin. */
static bool joins(const struct strips *strips, const struct group *group, struct prefix block,
	struct prefix allocation)
{
	bool same = ip4_equal(group->prefix.base, allocation.base) &&
		    group->prefix.len == allocation.len;
	const struct strip *last = &strips->items[strips->count - 1];
	bool adjoins = prefix_last(last->block).host + 1 == block.base.host;
	bool single = allocation.len == block.len && group->prefix.len == block.len;

	return same || (single && adjoins);
}

static void take_block(const struct figure_data *data, const struct timeline_row *rows,
	size_t count, struct strips *strips)
{
	const struct figure_panel_data *panel = &data->panels[0];
	struct strip *strip = &strips->items[strips->count];
	struct prefix allocation = allocation_of(data, rows->block);
	struct group *group = strips->group_count ? &strips->groups[strips->group_count - 1] : NULL;

	if (!group || !joins(strips, group, rows->block, allocation)) {
		group = &strips->groups[strips->group_count++];
		*group = (struct group){.prefix = allocation, .first = strips->count};
	}
	*strip = (struct strip){.block = rows->block,
		.group = strips->group_count - 1,
		.rows = rows,
		.row_count = count};
	for (size_t i = 0; i < count; i++)
		if (rows[i].end.ns > panel->from.ns && rows[i].start.ns < panel->to.ns &&
			rows[i].hosts > strip->hosts)
			strip->hosts = rows[i].hosts;
	group->count++;
	group->hosts += strip->hosts;
	strips->count++;
}

static void place_strips(struct strips *strips)
{
	size_t size = 0;

	while (size + 1 < SIZE_COUNT && strips->count > sizes[size].most)
		size++;
	double height = sizes[size].height;
	double gap = sizes[size].gap;
	double apart = strips->group_count > 1 ? GROUP_GAP : 0;
	double all = (double)strips->count * (height + gap) + (double)strips->group_count * apart;
	/* More than any page has room for: thinner still. */
	double fit = all > STRIPS_MOST ? STRIPS_MOST / all : 1;
	double y = 0;

	strips->height = height * fit;
	strips->named = sizes[size].named;
	for (size_t i = 0; i < strips->count; i++) {
		if (i > 0 && strips->items[i].group != strips->items[i - 1].group)
			y += apart * fit;
		strips->items[i].offset = y;
		y += (height + gap) * fit;
	}
	strips->all = strips->count ? y - gap * fit : 0;
}

void strips_lay_out(const struct figure_data *data, struct strips *ret)
{
	const struct timeline_rows *rows = &data->judgement->rows;
	size_t count = 0;

	for (size_t i = 0; i < rows->count; i++)
		count += i == 0 ||
			 !ip4_equal(rows->items[i].block.base, rows->items[i - 1].block.base);
	*ret = (struct strips){.items = mem_zeroed(count, sizeof(*ret->items)),
		.groups = mem_zeroed(count, sizeof(*ret->groups))};
	for (size_t i = 0, next; i < rows->count; i = next) {
		for (next = i + 1; next < rows->count && ip4_equal(rows->items[next].block.base,
								 rows->items[i].block.base);)
			next++;
		take_block(data, &rows->items[i], next - i, ret);
	}
	place_strips(ret);
}

void strips_finish(struct strips *strips)
{
	free(strips->items);
	free(strips->groups);
}
